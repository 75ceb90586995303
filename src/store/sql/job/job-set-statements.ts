// The compiled queries that take jobs in: what has to be known of all requests of a set, each thing in one statement.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { ListArgs } from '../engine/lists.ts';
import type { JobTable, PushKeyTable } from '../engine/schema.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';

/** An idempotency key of a notification, and the job that was created with it, if one was. */
export type WakeKeyRow = Pick<PushKeyTable, 'server_id' | 'key' | 'fingerprint'> & {
  readonly job_id: string | null;
};

export function jobSetStatements({ builder, locksRows, unfolding }: SqlEngine) {
  const { rows, element, member } = unfolding;
  const list = (slot: SlotMaker<ListArgs>) => rows(slot('list'));
  const those = (slot: SlotMaker<ListArgs>) => sql`(select ${element('text')} from ${list(slot)})`;
  return {
    /** Accounts of devices, by a list of ids. */
    accounts: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<{ id: string; server_id: string }>`select id, server_id from devices where id in ${those(slot)}
          ${locksRows ? sql`for update` : sql``}`,
      ),
    ),
    /** How many jobs of devices are not over, by a list of ids. */
    openCounts: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        // Written into the text, not bound: only so does SQLite see that the partial index applies.
        sql<{ device_id: string; count: number }>`select device_id, count(*) as count from jobs
          where open = ${sql.lit(1)} and device_id in ${those(slot)} group by device_id`,
      ),
    ),
    /** Jobs under keys, by a list of devices and keys. */
    byKeys: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<JobTable>`select jobs.* from ${list(slot)}
          join devices on devices.id = ${member(0, 'text')}
          join jobs on jobs.server_id = devices.server_id and jobs.idempotency_key = ${member(1, 'text')}`,
      ),
    ),
    /** Keys of notifications with what came with them, by a list of devices and keys. */
    wakeKeys: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<WakeKeyRow>`select push_keys.server_id, push_keys.key, push_keys.fingerprint, jobs.id as job_id
          from ${list(slot)}
          join devices on devices.id = ${member(0, 'text')}
          join push_keys on push_keys.server_id = devices.server_id
            and push_keys.scope = ${sql.lit('notification')} and push_keys.key = ${member(1, 'text')}
          left join jobs on jobs.push_id = push_keys.push_id`,
      ),
    ),
  };
}
