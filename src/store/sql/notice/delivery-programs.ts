// Deliveries of webhooks that are held, in SQL: those that wait, lane by lane, and dead ones.
import { sql } from 'kysely';
import {
  type HeldDelivery,
  type Page,
  type PageRequest,
  type WebhookStep,
  webhookLimits,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { listOf } from '../engine/lists.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Query, query, run, type Transaction } from '../engine/program.ts';
import type { WebhookDeliveryTable } from '../engine/schema.ts';
import { setStatements } from '../engine/set-statement.ts';
import { inWords, once, type SlotMaker, statement } from '../engine/statement.ts';
import { type DeliveryRow, deliveryRecord, newDeliveries } from './webhook-rows.ts';

export function deliveryPrograms(engine: SqlEngine) {
  const { builder, unfolding } = engine;
  const sets = setStatements(engine);
  type Of = { id: string };
  const ofState = (slot: SlotMaker<Of>, state: WebhookDeliveryTable['state']) =>
    builder
      .selectFrom('webhook_deliveries as one')
      .where('one.webhook_id', '=', slot('id'))
      .where('one.state', '=', state);
  /** Of each lane the one that nothing waits before. */
  const heads = (slot: SlotMaker<Of>) =>
    ofState(slot, 'waiting').where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('webhook_deliveries as before')
            .select('before.number')
            .whereRef('before.webhook_id', '=', 'one.webhook_id')
            .where('before.state', '=', 'waiting')
            .whereRef('before.lane', '=', 'one.lane')
            .whereRef('before.number', '<', 'one.number'),
        ),
      ),
    );
  const due = statement<Of & { now: number; limit: number }>()((slot) =>
    heads(slot)
      .selectAll('one')
      .where('one.due_at', '<=', slot('now'))
      .orderBy('one.due_at')
      .orderBy('one.number')
      .limit(slot('limit')),
  );
  const nextDue = statement<Of>()((slot) =>
    heads(slot).select(({ fn }) => fn.min('one.due_at').as('due_at')),
  );
  const held = statement<Of>()((slot) =>
    builder
      .selectFrom('webhook_deliveries')
      .select(['number', 'event_id', 'lane', 'state'])
      .where('webhook_id', '=', slot('id'))
      .orderBy('number'),
  );
  const counts = statement<Of>()((slot) =>
    builder
      .selectFrom('webhook_deliveries')
      .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
      .where('webhook_id', '=', slot('id'))
      .groupBy('state'),
  );
  const known = statement<Of & { list: string }>()((slot) =>
    inWords(
      builder,
      sql<{ event_id: string }>`select event_id from webhook_deliveries where webhook_id = ${slot('id')}
        and event_id in (select ${unfolding.element('text')} from ${unfolding.rows(slot('list'))})`,
    ),
  );
  const remove = statement<Of & { list: string }>()((slot) =>
    inWords(
      builder,
      sql<never>`delete from webhook_deliveries where webhook_id = ${slot('id')}
        and number in (select ${unfolding.element('number')} from ${unfolding.rows(slot('list'))})`,
    ),
  );
  const failed = statement<
    Of & {
      number: number;
      state: 'waiting' | 'dead';
      attempts: number;
      due: number;
      error: string;
      now: number;
    }
  >()((slot) =>
    builder
      .updateTable('webhook_deliveries')
      .set({
        state: slot('state'),
        attempts: slot('attempts'),
        due_at: slot('due'),
        error: slot('error'),
        updated_at: slot('now'),
      })
      .where('webhook_id', '=', slot('id'))
      .where('number', '=', slot('number')),
  );
  /** The newest dead one that is too many. */
  const firstTooMany = statement<Of & { kept: number }>()((slot) =>
    inWords(
      builder,
      sql<{
        number: number;
      }>`select number from webhook_deliveries where webhook_id = ${slot('id')} and state = 'dead'
        order by number desc limit 1 offset ${slot('kept')}`,
    ),
  );
  const dropUntil = statement<Of & { number: number }>()((slot) =>
    builder
      .deleteFrom('webhook_deliveries')
      .where('webhook_id', '=', slot('id'))
      .where('state', '=', 'dead')
      .where('number', '<=', slot('number')),
  );
  const forget = statement<Of>()((slot) =>
    builder.deleteFrom('webhook_deliveries').where('webhook_id', '=', slot('id')),
  );

  /** What begins to wait, but for what is held already. */
  function* hold(id: string, step: WebhookStep, now: number): Program<void> {
    const { hold: asked = [] } = step;
    if (asked.length === 0) return;
    const ids = asked.map(({ eventId }) => eventId);
    const there = new Set((yield* all(known, { id, ...listOf(ids) })).map(({ event_id }) => event_id));
    const fresh = asked.filter(({ eventId }) => !there.has(eventId));
    if (fresh.length > 0) yield [sets.insert('webhook_deliveries', newDeliveries(id, fresh, now))];
  }

  return {
    *counts(id: string): Program<{ readonly waiting: number; readonly dead: number }> {
      const found = yield* all(counts, { id });
      const of = (state: string) => Number(found.find((row) => row.state === state)?.count ?? 0);
      return { waiting: of('waiting'), dead: of('dead') };
    },

    /** Writes what became of deliveries, and gives how many dead ones had to go. */
    *settle({ now }: Transaction, id: string, step: WebhookStep): Program<number> {
      const { done = [], again = [], dead = [] } = step;
      const queries: Query[] = [
        ...(done.length === 0 ? [] : [query(remove, { id, ...listOf(done) })]),
        ...again.map(({ number, attempts, dueAt, error }) =>
          query(failed, { id, number, attempts, error, now, state: 'waiting', due: dueAt }),
        ),
        ...dead.map(({ number, attempts, error }) =>
          query(failed, { id, number, attempts, error, now, state: 'dead', due: 0 }),
        ),
      ];
      if (queries.length > 0) yield queries;
      yield* hold(id, step, now);
      if (dead.length === 0) return 0;
      const tooMany = yield* first(firstTooMany, { id, kept: webhookLimits.dead });
      return tooMany === undefined ? 0 : yield* run(dropUntil, { id, number: Number(tooMany.number) });
    },

    *held(id: string) {
      const rows = (yield* all(held, { id })) as readonly DeliveryRow[];
      return rows.map(({ number, event_id: eventId, lane, state }) => ({
        number: Number(number),
        eventId,
        lane,
        state,
      }));
    },

    *due(id: string, now: number, limit: number): Program<readonly HeldDelivery[]> {
      return ((yield* all(due, { id, now, limit })) as readonly DeliveryRow[]).map(deliveryRecord);
    },

    *nextDue(id: string): Program<number | undefined> {
      const found = yield* first(nextDue, { id });
      return found?.due_at === null || found === undefined ? undefined : Number(found.due_at);
    },

    *dead(id: string, { limit, after }: PageRequest): Program<Page<HeldDelivery>> {
      let list = builder
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('webhook_id', '=', id)
        .where('state', '=', 'dead')
        .orderBy('number')
        .limit(limit + 1);
      if (after !== undefined) list = list.where('number', '>', numberOf(after));
      const rows = (yield* all(once(list), undefined)) as readonly DeliveryRow[];
      return pageOf(rows.map(deliveryRecord), limit, ({ number }) => String(number));
    },

    *retryDead({ now }: Transaction, id: string, eventIds?: readonly string[]): Program<number> {
      let update = builder
        .updateTable('webhook_deliveries')
        .set({ state: 'waiting', attempts: 0, due_at: 0, updated_at: now })
        .where('webhook_id', '=', id)
        .where('state', '=', 'dead');
      if (eventIds !== undefined) update = update.where('event_id', 'in', eventIds);
      return eventIds?.length === 0 ? 0 : yield* run(once(update), undefined);
    },

    *dropDead(id: string, eventIds?: readonly string[]): Program<number> {
      let removal = builder
        .deleteFrom('webhook_deliveries')
        .where('webhook_id', '=', id)
        .where('state', '=', 'dead');
      if (eventIds !== undefined) removal = removal.where('event_id', 'in', eventIds);
      return eventIds?.length === 0 ? 0 : yield* run(once(removal), undefined);
    },

    forget: (id: string): Program<number> => run(forget, { id }),
  };
}

/** What is no number is behind all of them: nothing comes after it. */
function numberOf(after: string): number {
  return /^[0-9]{1,15}$/.test(after) ? Number(after) : Number.MAX_SAFE_INTEGER;
}
