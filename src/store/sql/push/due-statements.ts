// The compiled queries on what is due. Each purpose of each carrier has its pushes in the order of an index.
import { sql } from 'kysely';
import type { OverduePush, OverdueRequest, PushPurpose } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import type { ListArgs } from '../engine/lists.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';
import { deviceColumns, type FoldedRow, messageColumns } from '../set/folded-rows.ts';
import { notificationColumns } from '../set/push-rows.ts';

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

/** Those of a list, of them. */
export interface ChosenArgs extends DueArgs, ListArgs {}

/** What ends without its carrier. */
export interface OverdueArgs extends OverdueRequest {
  readonly now: number;
}

/** Statements on what waits for a carrier, or on what waits for none. */
type Waiting = 'placed' | 'unplaced';

export function dueStatements({ builder, keys, locksRows, unfolding }: SqlEngine) {
  const purpose = sql.ref<string>('purpose');
  const lane = <Args extends LaneArgs>(slot: SlotMaker<Args>, waiting: Waiting) => sql`
    ${waiting === 'placed' ? sql`carrier = ${slot('carrier')}` : sql`carrier is null`}
    and ${keys.purpose(purpose)} = ${keys.purpose(sql`${slot('purpose')}`)}`;
  const skipped = locksRows ? sql` for update of pushes skip locked` : sql``;
  const folded = (table: string, columns: readonly string[]) =>
    unfolding.fold(columns.map((name) => sql.ref(`${table}.${name}`)));
  const dueOf = (waiting: Waiting, columns: readonly string[]) =>
    statement<DueArgs>()((slot) =>
      inWords(
        builder,
        sql<FoldedRow>`select ${folded('pushes', columns)} as push, ${folded('devices', deviceColumns)} as device
          from pushes left join devices on devices.id = pushes.device_id
          where ${lane(slot, waiting)} and due_at <= ${slot('now')} order by due_at limit ${slot('limit')}${skipped}`,
      ),
    );
  const due = (waiting: Waiting) => {
    const message = dueOf(waiting, messageColumns);
    return { notification: dueOf(waiting, notificationColumns), message, relayed: message };
  };
  // Found by their ids, in the order of the list: SQLite looks at the left of a cross join first.
  const chosenOf = (waiting: Waiting, columns: readonly string[]) =>
    statement<ChosenArgs>()((slot) =>
      inWords(
        builder,
        sql<FoldedRow>`select ${folded('pushes', columns)} as push, ${folded('devices', deviceColumns)} as device
          from ${unfolding.rows(slot('list'))} cross join pushes left join devices on devices.id = pushes.device_id
          where pushes.id = ${unfolding.element('text')}
          and ${lane(slot, waiting)} and due_at <= ${slot('now')} limit ${slot('limit')}${skipped}`,
      ),
    );
  const chosen = (waiting: Waiting) => {
    const message = chosenOf(waiting, messageColumns);
    return { notification: chosenOf(waiting, notificationColumns), message, relayed: message };
  };
  const nextDueAt = (waiting: Waiting) =>
    statement<LaneArgs>()((slot) =>
      inWords(
        builder,
        sql<{ due_at: number }>`select due_at from pushes
          where ${lane(slot, waiting)} and due_at is not null order by due_at limit 1`,
      ),
    );
  const countDue = (waiting: Waiting) =>
    statement<DueArgs>()((slot) =>
      inWords(
        builder,
        sql<{ count: number; oldest: number | null }>`select count(*) as count, min(due_at) as oldest from (
          select due_at from pushes where ${lane(slot, waiting)} and due_at <= ${slot('now')}
          order by due_at limit ${slot('limit')}) as found`,
      ),
    );
  return {
    placed: {
      due: due('placed'),
      chosen: chosen('placed'),
      countDue: countDue('placed'),
      nextDueAt: nextDueAt('placed'),
    },
    unplaced: {
      due: due('unplaced'),
      chosen: chosen('unplaced'),
      countDue: countDue('unplaced'),
      nextDueAt: nextDueAt('unplaced'),
    },
    /** A notification that waits for an answer alone, and that went out as often as it may, ends at its next look. */
    overdue: statement<OverdueArgs>()((slot) =>
      inWords(
        builder,
        sql<OverduePush>`select id, purpose from pushes
          where carrier = ${slot('carrier')} and due_at <= ${slot('now')} and (expires_at <= ${slot('now')}
          or (purpose = 'notification' and sends >= ${slot('attempts')} and state not in ('queued', 'sending')))
          limit ${slot('limit')}`,
      ),
    ),
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
