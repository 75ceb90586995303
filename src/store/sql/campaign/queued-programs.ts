// What campaigns ask of pushes, in SQL: how many wait, which are kept back, how often a device was woken.
import { sql } from 'kysely';
import type { QueuedOfCampaign, WakeCount } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { firstIdentifier } from '../engine/identifier.ts';
import { type ListArgs, listOf } from '../engine/lists.ts';
import { all, type Program, query, type Transaction } from '../engine/program.ts';
import { inWords, statement } from '../engine/statement.ts';

interface GatedArgs {
  readonly campaign: string;
  readonly limit: number;
}

export function queuedPrograms({ builder, keys, unfolding: { rows, rowsOf, element } }: SqlEngine) {
  // Written into the text, not bound: only so does SQLite see that the partial index applies.
  const isGated = sql`gated = 1 and due_at is not null`;
  const ids = (words: (slot: (name: 'campaign' | 'limit') => unknown) => ReturnType<typeof sql>) =>
    statement<GatedArgs>()((slot) => inWords(builder, words(slot) as ReturnType<typeof sql<{ id: string }>>));
  const made = ids(
    (slot) =>
      sql`select id from pushes where ${isGated} and campaign_id = ${slot('campaign')} limit ${slot('limit')}`,
  );
  const shared = ids(
    (slot) => sql`select id from pushes where ${isGated} and other_campaigns is not null and exists (
      select 1 from ${rowsOf(sql.ref('pushes.other_campaigns'))} where ${element('text')} = ${slot('campaign')})
      limit ${slot('limit')}`,
  );
  const ungate = statement<ListArgs & { now: number }>()((slot) =>
    inWords(
      builder,
      sql`update pushes set due_at = ${slot('now')}, gated = null, version = version + 1
        where id in (select ${element('text')} from ${rows(slot('list'))})`,
    ),
  );
  const queued = statement<Record<never, never>>()(() =>
    inWords(
      builder,
      sql<QueuedOfCampaign>`select campaigns.id as campaign, pushes.carrier, count(*) as count
        from campaigns cross join pushes where campaigns.ended_at is null and pushes.campaign_id = campaigns.id
          and pushes.state = 'queued' and pushes.gated is null and pushes.due_at is not null
        group by campaigns.id, pushes.carrier`,
    ),
  );
  const key = keys.ordered(sql.ref('pushes.id'));
  const wakes = statement<ListArgs & { from: string; since: number }>()((slot) =>
    inWords(
      builder,
      sql<{ device_id: string; count: number; oldest: number }>`select device_id, count(*) as count,
          min(created_at) as oldest
        from ${rows(slot('list'))} cross join pushes where device_id = ${element('text')}
          and ${key} >= ${keys.ordered(sql`${slot('from')}`)} and created_at >= ${slot('since')}
          and purpose = 'notification' and (sends > 0 or state not in ('cancelled', 'expired', 'failed'))
        group by device_id`,
    ),
  );

  return {
    *ungate({ now }: Transaction, campaign: string, limit: number): Program<number> {
      const [own, others] = yield [query(made, { campaign, limit }), query(shared, { campaign, limit })];
      const found = new Set([...(own?.rows ?? []), ...(others?.rows ?? [])].map(({ id }) => String(id)));
      const list = [...found].slice(0, limit);
      if (list.length > 0) yield [query(ungate, { ...listOf(list), now })];
      return list.length;
    },

    *queued(): Program<readonly QueuedOfCampaign[]> {
      return (yield* all(queued, {})).map(({ campaign, carrier, count }) => ({
        campaign,
        carrier,
        count: Number(count),
      }));
    },

    *wakes(deviceIds: readonly string[], since: number): Program<ReadonlyMap<string, WakeCount>> {
      const found = yield* all(wakes, { ...listOf(deviceIds), from: firstIdentifier(since), since });
      return new Map(
        found.map(({ device_id, count, oldest }) => [
          device_id,
          { count: Number(count), oldestAt: Number(oldest) },
        ]),
      );
    },
  };
}
