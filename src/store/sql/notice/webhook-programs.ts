// Webhooks in SQL: kept, changed, and how far they are.
import { StoreError } from '../../../core/index.ts';
import {
  type FeedPosition,
  type Page,
  type PageRequest,
  type RecordVersion,
  requireVersion,
  type WebhookChange,
  type WebhookInput,
  type WebhookRecord,
  type WebhookStep,
  webhookLimits,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, run, type Transaction } from '../engine/program.ts';
import type { WebhookTable } from '../engine/schema.ts';
import { once, statement } from '../engine/statement.ts';
import { Seals } from '../seal/seals.ts';
import { deliveryPrograms } from './delivery-programs.ts';
import { changedColumns, healthColumns, newWebhookRow, webhookRecord } from './webhook-rows.ts';

export function webhookPrograms(engine: SqlEngine, { end }: { readonly end: () => Program<FeedPosition> }) {
  const { builder, locksRows } = engine;
  const seals = new Seals(engine.sealer);
  const deliveries = deliveryPrograms(engine);
  const newIdentifier = identifierMaker();
  const byId = statement<{ id: string }>()((slot) =>
    builder.selectFrom('webhooks').selectAll().where('id', '=', slot('id')),
  );
  const byIdForChange = statement<{ id: string }>()((slot) => {
    const found = builder.selectFrom('webhooks').selectAll().where('id', '=', slot('id'));
    return locksRows ? found.forUpdate() : found;
  });
  const counted = statement<Record<never, never>>()(() =>
    builder.selectFrom('webhooks').select(({ fn }) => fn.countAll<number>().as('count')),
  );

  function* recordOf(row: WebhookTable): Program<WebhookRecord> {
    return webhookRecord(row, yield* deliveries.counts(row.id), seals);
  }

  const write = (id: string, columns: Partial<WebhookTable>): Program<readonly unknown[]> =>
    all(once(builder.updateTable('webhooks').set(columns).where('id', '=', id)), undefined);

  return {
    ...deliveries,

    *create({ now }: Transaction, input: WebhookInput): Program<WebhookRecord> {
      if (Number((yield* first(counted, {}))?.count ?? 0) >= webhookLimits.webhooks) {
        const text = `there are ${webhookLimits.webhooks} webhooks, and no more may be: delete some first`;
        throw new StoreError('TOO_MANY_WEBHOOKS', text);
      }
      const row = newWebhookRow(input, { id: newIdentifier(now), now, ...(yield* end()) }, seals);
      yield* all(once(builder.insertInto('webhooks').values(row)), undefined);
      return yield* recordOf(row);
    },

    *get(id: string): Program<WebhookRecord | undefined> {
      const row = yield* first(byId, { id });
      return row === undefined ? undefined : yield* recordOf(row);
    },

    *list({ limit, after }: PageRequest): Program<Page<WebhookRecord>> {
      let list = builder
        .selectFrom('webhooks')
        .selectAll()
        .orderBy('id')
        .limit(limit + 1);
      if (after !== undefined) list = list.where('id', '>', after);
      const items: WebhookRecord[] = [];
      for (const row of yield* all(once(list), undefined)) items.push(yield* recordOf(row));
      return pageOf(items, limit, ({ id }) => id);
    },

    *change(
      { now }: Transaction,
      id: string,
      change: WebhookChange,
      expected?: readonly RecordVersion[],
    ): Program<WebhookRecord | undefined> {
      const row = yield* first(byIdForChange, { id });
      if (row === undefined) return undefined;
      requireVersion(`webhook ${id}`, { createdAt: row.created_at, revision: row.revision }, expected);
      const columns = changedColumns(row, change, now, seals);
      yield* write(id, columns);
      return yield* recordOf({ ...row, ...columns });
    },

    *delete(id: string, expected?: readonly RecordVersion[]): Program<boolean> {
      const row = yield* first(byIdForChange, { id });
      if (row === undefined) return false;
      requireVersion(`webhook ${id}`, { createdAt: row.created_at, revision: row.revision }, expected);
      yield* deliveries.forget(id);
      yield* all(once(builder.deleteFrom('webhooks').where('id', '=', id)), undefined);
      return true;
    },

    *settle(transaction: Transaction, id: string, step: WebhookStep): Program<void> {
      const { now } = transaction;
      const row = yield* first(byIdForChange, { id });
      if (row === undefined) return;
      const dropped = yield* deliveries.settle(transaction, id, step);
      const suspends = step.suspend !== undefined && row.state === 'active';
      yield* write(id, {
        event_position: step.position.event,
        notice_position: step.position.notice,
        ...healthColumns(step.health),
        dropped: Number(row.dropped) + dropped,
        ...(suspends && { state: 'suspended', reason: step.suspend, suspended_at: now, updated_at: now }),
      });
    },

    /** A store that was put back: nobody is told of anything until somebody says so. */
    *suspendAll({ now }: Transaction, reason: string): Program<number> {
      const columns = { state: 'suspended', reason, suspended_at: now, updated_at: now } as const;
      return yield* run(
        once(builder.updateTable('webhooks').set(columns).where('state', '=', 'active')),
        undefined,
      );
    },
  };
}
