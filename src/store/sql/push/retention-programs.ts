// What is over goes after its age, and what stands about a device goes with it, in SQL.
import { sql } from 'kysely';
import type { RetentionCounts, RetentionLimits } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program } from '../engine/program.ts';
import { once, statement } from '../engine/statement.ts';

// Written into the text, not bound: only so does SQLite see which index applies.
const isOver = sql.lit(0);

export function retentionPrograms({ builder, locksRows }: SqlEngine) {
  type Step = { before: number; limit: number };
  const overPushes = statement<Step>()((slot) => {
    const query = builder
      .selectFrom('pushes')
      .select('id')
      .where('ended_at', '<', slot('before'))
      .where('result_due_at', 'is', null)
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
      )
      .returning('id'),
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
    builder
      .deleteFrom('events')
      .where('sequence', 'in', (from) =>
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
      )
      .returning('sequence'),
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

  /** Removes what no foreign key ties to these pushes: their timelines, keys and push-ids. */
  function* forget(
    where: { readonly ids: readonly string[] } | { readonly deviceId: string },
  ): Program<void> {
    const pushes = builder.selectFrom('pushes');
    const those =
      'ids' in where ? pushes.where('id', 'in', where.ids) : pushes.where('device_id', '=', where.deviceId);
    const scope = sql<string>`case purpose when 'notification' then purpose else 'message' end`;
    const keys = those
      .select(['server_id', scope.as('scope'), 'idempotency_key'])
      .where('idempotency_key', 'is not', null);
    const names = those
      .select(['initiator', 'initiator_push_id', 'recipient'])
      .where('initiator_push_id', 'is not', null);
    yield* run(builder.deleteFrom('events').where('subject_id', 'in', those.select('id')));
    yield* run(builder.deleteFrom('push_keys').where(sql<boolean>`(server_id, scope, key) in ${keys}`));
    yield* run(
      builder
        .deleteFrom('initiator_pushes')
        .where(sql<boolean>`(initiator, initiator_push_id, recipient) in ${names}`),
    );
  }

  function* removePushes(step: Step): Program<number> {
    const ids = (yield* all(overPushes, step)).map(({ id }) => id);
    if (ids.length === 0) return 0;
    yield* forget({ ids });
    yield* run(builder.deleteFrom('pushes').where('id', 'in', ids));
    return ids.length;
  }

  return {
    *removeOver({ pushes, jobs, events }: RetentionLimits, limit: number): Program<RetentionCounts> {
      const over = (before: number): Step => ({ before, limit });
      return {
        pushes: pushes === undefined ? 0 : yield* removePushes(over(pushes)),
        jobs: jobs === undefined ? 0 : (yield* all(removeJobs, over(jobs))).length,
        events:
          events === undefined
            ? 0
            : (yield* all(removeEvents, { ...over(events), until: yield* firstSince(events) })).length,
      };
    },

    /** Removes what stands about a device, whose removal takes its pushes and jobs with it. */
    *forgetDevice(deviceId: string): Program<void> {
      yield* forget({ deviceId });
    },
  };

  function* run(query: Parameters<typeof once>[0]): Program<void> {
    yield* all(once(query), undefined);
  }
}
