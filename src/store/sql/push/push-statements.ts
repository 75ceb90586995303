// The compiled queries on pushes as work: looked up, released, placed, told.
import { sql } from 'kysely';
import { pushPurposes } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import type { ListArgs } from '../engine/lists.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';
import { waitedCarriers } from './due-statements.ts';

/** Every write of a row counts. */
const written = sql<number>`version + 1`;

/** In words that no index answers to: there may be many of them, and those that are meant are found by their ids. */
const waitsForNone = sql`coalesce(carrier, '') = ''`;

export function pushStatements({
  builder,
  locksRows,
  keys,
  unfolding: { rows, element, member },
}: SqlEngine) {
  const those = (slot: SlotMaker<ListArgs>) => sql`(select ${element('text')} from ${rows(slot('list'))})`;
  const key = keys.ordered(sql.ref('id'));
  return {
    byId: statement<{ id: string }>()((slot) =>
      builder.selectFrom('pushes').selectAll().where('id', '=', slot('id')),
    ),
    openOfSession: statement<{ device_id: string; session_id: number }>()((slot) =>
      builder
        .selectFrom('push_sessions')
        .innerJoin('pushes', 'pushes.id', 'push_sessions.push_id')
        .selectAll('pushes')
        .where('push_sessions.device_id', '=', slot('device_id'))
        .where('push_sessions.session_id', '=', slot('session_id')),
    ),
    pastOfSession: statement<{ device_id: string; session_id: number }>()((slot) =>
      builder
        .selectFrom('pushes')
        .selectAll()
        .where('device_id', '=', slot('device_id'))
        .where('session_id', '=', slot('session_id'))
        .orderBy(key, 'desc')
        .limit(1),
    ),
    ofInitiator: statement<{ initiator: string; initiator_push_id: string }>()((slot) =>
      builder
        .selectFrom('initiator_pushes')
        .innerJoin('pushes', 'pushes.id', 'initiator_pushes.id')
        .selectAll('pushes')
        .where('initiator_pushes.initiator', '=', slot('initiator'))
        .where('initiator_pushes.initiator_push_id', '=', slot('initiator_push_id'))
        .orderBy('pushes.id'),
    ),
    release: statement<{ node: string; now: number }>()((slot) =>
      builder
        .updateTable('pushes')
        .set({ due_at: slot('now'), version: written })
        // Purposes are named where the state is, as the index has both.
        .where(
          keys.purpose(sql.ref('purpose')),
          'in',
          pushPurposes.map((each) => keys.purpose(sql.lit(each))),
        )
        .where(keys.state(sql.ref('state')), '=', keys.state(sql.lit('sending')))
        .where('claimed_by', '=', slot('node')),
    ),
    /** Those that wait for a carrier that is not in the list wait for none. */
    leaveCarriers: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql`${waitedCarriers} update pushes set carrier = null, version = ${written} where due_at is not null
          and carrier in (select name from waited where name not in ${those(slot)})`,
      ),
    ),
    place: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql`update pushes set carrier = ${member(1, 'text')}, version = ${written} from ${rows(slot('list'))}
          where pushes.id = ${member(0, 'text')} and ${waitsForNone} and due_at is not null`,
      ),
    ),
    resultsDue: statement<{ now: number; limit: number }>()((slot) => {
      const query = builder
        .selectFrom('pushes')
        .selectAll()
        .where('result_due_at', '<=', slot('now'))
        .orderBy('result_due_at')
        .limit(slot('limit'));
      return locksRows ? query.forUpdate().skipLocked() : query;
    }),
    leaseResults: statement<ListArgs & { until: number; node: string }>()((slot) =>
      inWords(
        builder,
        sql`update pushes set result_due_at = ${slot('until')}, result_claimed_by = ${slot('node')},
          version = ${written} where id in ${those(slot)}`,
      ),
    ),
    nextResultDueAt: statement<Record<never, never>>()(() =>
      builder
        .selectFrom('pushes')
        .select('result_due_at')
        .where('result_due_at', 'is not', null)
        .orderBy('result_due_at')
        .limit(1),
    ),
    releaseResults: statement<{ node: string; now: number }>()((slot) =>
      builder
        .updateTable('pushes')
        .set({ result_due_at: slot('now'), result_claimed_by: sql.lit(null), version: written })
        .where('result_due_at', 'is not', null)
        .where('result_claimed_by', '=', slot('node')),
    ),
  };
}
