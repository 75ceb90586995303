// What is over goes after its age, and what stands about a device goes with it, in SQL.
import { type RawBuilder, sql } from 'kysely';
import type { RetentionCounts, RetentionLimits } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { type ListArgs, listOf } from '../engine/lists.ts';
import { all, first, type Program, query, run } from '../engine/program.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';

// Written into the text, not bound: only so does SQLite see which index applies.
const isOver = sql.lit(0);

export function retentionPrograms({ builder, locksRows, keys, unfolding }: SqlEngine) {
  type Step = { before: number; limit: number };
  const overPushes = statement<Step>()((slot) => {
    const query = builder
      .selectFrom('pushes')
      .select('id')
      .where('ended_at', '<', slot('before'))
      .where('result_due_at', 'is', null)
      .where('held_result_at', 'is', null)
      .orderBy('ended_at')
      .limit(slot('limit'));
    return locksRows ? query.forUpdate().skipLocked() : query;
  });
  const removeJobs = statement<Step>()((slot) =>
    builder
      .deleteFrom('jobs')
      .where('id', 'in', (from) =>
        from
          .selectFrom('jobs as over')
          .select('over.id')
          .where('over.ended_at', '<', slot('before'))
          .orderBy('over.ended_at')
          .limit(slot('limit')),
      ),
  );
  const firstEvent = statement<Record<never, never>>()(() =>
    builder.selectFrom('events').select(({ fn }) => fn.min('sequence').as('first')),
  );
  const lastEvent = statement<Record<never, never>>()(() =>
    builder.selectFrom('events').select(({ fn }) => fn.max('sequence').as('last')),
  );
  const eventFrom = statement<{ sequence: number }>()((slot) =>
    builder
      .selectFrom('events')
      .select(['sequence', 'at'])
      .where('sequence', '>=', slot('sequence'))
      .orderBy('sequence')
      .limit(1),
  );
  const removeEvents = statement<Step & { until: number }>()((slot) =>
    builder.deleteFrom('events').where('sequence', 'in', (from) =>
      from
        .selectFrom('events as old')
        .select('old.sequence')
        .where('old.sequence', '<', slot('until'))
        .where('old.at', '<', slot('before'))
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('pushes')
              .select('pushes.id')
              .whereRef('pushes.id', '=', 'old.subject_id')
              .where('pushes.open', '=', isOver),
          ),
        )
        .orderBy('old.sequence')
        .limit(slot('limit')),
    ),
  );

  /**
   * Number of the first event that is not older. Events have no index on their age: they come in the order of their numbers,
   * so that steps that double, then halve, find it, and what is looked through is about what is old. Where the clock was set
   * back, or an upgrade has put the events of messages behind all others, some that are old enough wait until those before
   * them are.
   */
  function* firstSince(before: number): Program<number> {
    const last = Number((yield* first(lastEvent, {}))?.last ?? -1);
    let low = Number((yield* first(firstEvent, {}))?.first ?? 0);
    let high = low;
    for (let step = 1; high <= last; step *= 2) {
      const event = yield* first(eventFrom, { sequence: high });
      if (event === undefined || event.at >= before) break;
      low = Number(event.sequence) + 1;
      high = low + step;
    }
    high = Math.min(high, last + 1);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const event = yield* first(eventFrom, { sequence: middle });
      if (event !== undefined && event.at < before) low = Number(event.sequence) + 1;
      else high = middle;
    }
    return low;
  }

  /** Removes what no foreign key ties to the pushes that `those` selects: their timelines, keys and push-ids. */
  const forget = <Args>(those: (slot: SlotMaker<Args>) => RawBuilder<unknown>) => {
    const inSet = (build: (of: RawBuilder<unknown>) => RawBuilder<unknown>) =>
      statement<Args>()((slot) => inWords(builder, build(those(slot))));
    const subject = sql.ref<string>('subject_id');
    return [
      inSet(
        (
          of,
        ) => sql`delete from events where ${keys.found(subject)} in (select ${keys.found(sql.ref('id'))} from pushes where ${of})
          and subject_id in (select id from pushes where ${of})`,
      ),
      inSet(
        (of) => sql`delete from push_keys where (server_id, scope, key) in (
          select server_id, case purpose when 'notification' then purpose else 'message' end, idempotency_key
          from pushes where ${of} and idempotency_key is not null)`,
      ),
      inSet(
        (of) => sql`delete from initiator_pushes where (initiator, initiator_push_id, recipient) in (
          select initiator, initiator_push_id, recipient from pushes where ${of} and initiator_push_id is not null)`,
      ),
    ];
  };
  const inList = (slot: SlotMaker<ListArgs>) =>
    sql`id in (select ${unfolding.element('text')} from ${unfolding.rows(slot('list'))})`;
  const forgetPushes = forget(inList);
  const forgetDevices = forget<ListArgs>(
    (slot) => sql`device_id in (select ${unfolding.element('text')} from ${unfolding.rows(slot('list'))})`,
  );
  const removePushes = statement<ListArgs>()((slot) =>
    inWords(builder, sql`delete from pushes where ${inList(slot)}`),
  );

  function* removeOverPushes(step: Step): Program<number> {
    const ids = (yield* all(overPushes, step)).map(({ id }) => id);
    if (ids.length === 0) return 0;
    const list = listOf(ids);
    yield [...forgetPushes.map((each) => query(each, list)), query(removePushes, list)];
    return ids.length;
  }

  return {
    /** As `firstSince`: where `removeOver` begins to keep events. */
    firstSince,

    /** `until` comes of `firstSince`, where the limits name events. */
    *removeOver(
      { pushes, jobs, events }: RetentionLimits,
      limit: number,
      until = 0,
    ): Program<RetentionCounts> {
      const over = (before: number): Step => ({ before, limit });
      return {
        pushes: pushes === undefined ? 0 : yield* removeOverPushes(over(pushes)),
        jobs: jobs === undefined ? 0 : yield* run(removeJobs, over(jobs)),
        events: events === undefined ? 0 : yield* run(removeEvents, { ...over(events), until }),
      };
    },

    /** Removes what stands about devices, whose removal takes their pushes and jobs with it. */
    *forgetDevices(list: ListArgs): Program<void> {
      yield forgetDevices.map((each) => query(each, list));
    },
  };
}
