// The compiled queries on what is due. Each purpose of each carrier has its pushes in the order of an index.
import { type RawBuilder, sql } from 'kysely';
import type { PushPurpose } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import type { PushTable } from '../engine/schema.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';
import { type NotificationRow, notificationColumns } from './push-rows.ts';

/** A purpose of a carrier. */
export interface LaneArgs {
  /** Not looked at by the statements on what waits for none. */
  readonly carrier: string | null;
  readonly purpose: PushPurpose;
}

/** Up to `limit` of them that are due. */
export interface DueArgs extends LaneArgs {
  readonly now: number;
  readonly limit: number;
}

/** Statements on what waits for a carrier, or on what waits for none. */
type Waiting = 'placed' | 'unplaced';

export function dueStatements({ builder, keys, locksRows }: SqlEngine) {
  const purpose = sql.ref<string>('purpose');
  const lane = <Args extends LaneArgs>(slot: SlotMaker<Args>, waiting: Waiting) => sql`
    ${waiting === 'placed' ? sql`carrier = ${slot('carrier')}` : sql`carrier is null`}
    and ${keys.purpose(purpose)} = ${keys.purpose(sql`${slot('purpose')}`)}`;
  const skipped = locksRows ? sql` for update skip locked` : sql``;
  const dueOf = <Row>(waiting: Waiting, columns: RawBuilder<unknown>) =>
    statement<DueArgs>()((slot) =>
      inWords(
        builder,
        sql<Row>`select ${columns} from pushes where ${lane(slot, waiting)} and due_at <= ${slot('now')}
          order by due_at limit ${slot('limit')}${skipped}`,
      ),
    );
  const due = (waiting: Waiting) => {
    const notifications = sql.join(notificationColumns.map((name) => sql.ref(name)));
    const message = dueOf<PushTable>(waiting, sql`*`);
    return { notification: dueOf<NotificationRow>(waiting, notifications), message, relayed: message };
  };
  const nextDueAt = (waiting: Waiting) =>
    statement<LaneArgs>()((slot) =>
      inWords(
        builder,
        sql<{ due_at: number }>`select due_at from pushes
          where ${lane(slot, waiting)} and due_at is not null order by due_at limit 1`,
      ),
    );
  return {
    placed: { due: due('placed'), nextDueAt: nextDueAt('placed') },
    unplaced: { due: due('unplaced'), nextDueAt: nextDueAt('unplaced') },
    /** Carriers that pushes wait for, each found by one step in the index. */
    carriers: statement<Record<never, never>>()(() =>
      inWords(
        builder,
        sql<{ name: string }>`${waitedCarriers} select name from waited where name is not null`,
      ),
    ),
  };
}

/** What pushes wait for as `waited (name)`, for a query after it; null is the last of the names. */
export const waitedCarriers = sql`with recursive waited (name) as (
  select min(carrier) from pushes where due_at is not null
  union all
  select (select min(carrier) from pushes where due_at is not null and carrier > name) from waited
  where name is not null
)`;
