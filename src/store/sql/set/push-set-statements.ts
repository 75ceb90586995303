// The compiled queries on pushes, and on what stands about them, that take a list as one parameter.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { ListArgs } from '../engine/lists.ts';
import type { DeviceTable, PushSessionTable } from '../engine/schema.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';
import { type FoldedPush, messageColumns } from './folded-rows.ts';

export function setOfPushes({ builder, unfolding: { rows, element, member, fold }, locksRows }: SqlEngine) {
  const list = (slot: SlotMaker<ListArgs>) => rows(slot('list'));
  const those = (slot: SlotMaker<ListArgs>) => sql`(select ${element('text')} from ${list(slot)})`;
  const locked = locksRows ? sql` for update` : sql``;
  return {
    /** Pushes by their ids, to be changed. */
    byIds: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<FoldedPush>`select ${fold(messageColumns.map((name) => sql.ref(name)))} as push from pushes
          where id in ${those(slot)}${locked}`,
      ),
    ),
    /** The devices that pushes are for, to be changed. */
    devicesOfPushes: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<DeviceTable>`select * from devices
          where id in (select device_id from pushes where id in ${those(slot)})${locked}`,
      ),
    ),
    /** Devices by their ids. */
    devices: statement<ListArgs>()((slot) =>
      inWords(builder, sql<DeviceTable>`select * from devices where id in ${those(slot)}`),
    ),
    /** The same, to be changed. */
    devicesForChange: statement<ListArgs>()((slot) =>
      inWords(builder, sql<DeviceTable>`select * from devices where id in ${those(slot)}${locked}`),
    ),
    /** The number of the event that was written last. */
    lastSequence: statement<Record<never, never>>()(() =>
      inWords(builder, sql<{ last: number }>`select max(sequence) as last from events`),
    ),
    freeSessions: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<PushSessionTable>`delete from push_sessions where (device_id, session_id, push_id) in
          (select ${member(0, 'text')}, ${member(1, 'number')}, ${member(2, 'text')} from ${list(slot)})`,
      ),
    ),
  };
}
