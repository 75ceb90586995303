// Waits in SQL, when the wall clock was set (store/clock-moves.ts).
import { type RawBuilder, sql } from 'kysely';
import type { SqlEngine } from './engine/engine.ts';
import { all, type Program, type Transaction } from './engine/program.ts';
import { type SlotMaker, statement } from './engine/statement.ts';

/** Moments in the future by less than this are not taken for those of another clock; in milliseconds. */
const toleranceMs = 1000;

/** Nothing of a webhook waits longer for its next attempt, in milliseconds. */
const longestPauseMs = 28 * 3_600_000;

type Value = RawBuilder<number>;

/** How a wait is rewritten: its moment, and the row's last change, from which it was counted. */
type Rewrite = (moment: Value) => Value;

const dueAt = sql<number>`due_at`;
const expiresAt = sql<number>`expires_at`;
/** Whoever has read the row before reads it again. */
const written = sql<number>`version + 1`;

/** The end of a row: a date stays, a life that was counted is a wait. */
function endOf(rewrite: Rewrite): Value {
  return sql<number>`case when end_counted = 1 then ${rewrite(expiresAt)} else expires_at end`;
}

/**
 * When a row is looked at next. What nobody has tried yet, and is due later than it was made, waits for a date, and so does what a
 * campaign keeps back until a window of it; but `created_at` stays where it was, and what was due at once is due no later than its
 * last change. A lease and a session under way have their own ends; else a row that waits for its end goes on to do so, and none
 * waits beyond.
 */
function dueOf(rewrite: Rewrite): Value {
  const moved = rewrite(dueAt);
  const end = endOf(rewrite);
  return sql<number>`case
    when gated = 1 and due_at < expires_at then case when due_at > ${end} then ${end} else due_at end
    when state = 'queued' and attempts = 0 and due_at > created_at and due_at > updated_at then due_at
    when state in ('sending', 'answered') then ${moved}
    when due_at >= expires_at or ${moved} > ${end} then ${end}
    else ${moved} end`;
}

/** The last change of a push that is over; the statement for those that are not sets theirs. */
function unlessOpen(changed: Value): Value {
  return sql<number>`case when due_at is null then ${changed} else updated_at end`;
}

export function clockPrograms({ builder }: SqlEngine) {
  type By = { by: number };
  type At = { now: number; limit: number };
  const movedBy =
    (slot: SlotMaker<By>): Rewrite =>
    (moment) =>
      sql<number>`(${moment} + ${slot('by')})`;
  // What was left when the row was changed last is left now: nobody knows how long ago that is.
  const fromNow =
    (slot: SlotMaker<At>): Rewrite =>
    (moment) =>
      sql<number>`(${slot('now')} + case when ${moment} > updated_at then ${moment} - updated_at else 0 end)`;

  const move = {
    pushes: statement<By>()((slot) =>
      builder
        .updateTable('pushes')
        .set({
          due_at: dueOf(movedBy(slot)),
          expires_at: endOf(movedBy(slot)),
          updated_at: sql<number>`updated_at + ${slot('by')}`,
          version: written,
        })
        .where('due_at', 'is not', null),
    ),
    results: statement<By>()((slot) =>
      builder
        .updateTable('pushes')
        .set({
          result_due_at: sql<number>`result_due_at + ${slot('by')}`,
          updated_at: unlessOpen(sql<number>`updated_at + ${slot('by')}`),
          version: written,
        })
        .where('result_due_at', 'is not', null),
    ),
    jobs: statement<By>()((slot) =>
      builder
        .updateTable('jobs')
        .set({ expires_at: endOf(movedBy(slot)), updated_at: sql<number>`updated_at + ${slot('by')}` })
        .where('open', '=', sql.lit(1)),
    ),
  };

  const deliveries = statement<By>()((slot) =>
    builder
      .updateTable('webhook_deliveries')
      .set({ due_at: sql<number>`due_at + ${slot('by')}` })
      .where('due_at', '>', 0),
  );
  const longest = statement<{ now: number; limit: number }>()((slot) =>
    builder
      .updateTable('webhook_deliveries')
      .set({ due_at: slot('now') })
      .where('due_at', '>', slot('limit')),
  );

  // The time that a canary is waited for; all other times of campaigns are dates.
  const canaries = statement<By>()((slot) =>
    builder
      .updateTable('campaigns')
      .set({ canary_at: sql<number>`canary_at + ${slot('by')}` })
      .where('canary_at', 'is not', null)
      .where('ended_at', 'is', null),
  );
  const laterCanaries = statement<At>()((slot) =>
    builder
      .updateTable('campaigns')
      .set({ canary_at: slot('now') })
      .where('canary_at', '>', slot('limit'))
      .where('ended_at', 'is', null),
  );

  const windows = statement<By>()((slot) =>
    builder
      .updateTable('devices')
      .set({ resync_window_at: sql<number>`resync_window_at + ${slot('by')}` })
      .where('resync_in_window', '>', 0),
  );

  const resume = {
    results: statement<At>()((slot) =>
      builder
        .updateTable('pushes')
        .set({
          result_due_at: fromNow(slot)(sql<number>`result_due_at`),
          updated_at: unlessOpen(sql<number>`${slot('now')}`),
          version: written,
        })
        .where('result_due_at', 'is not', null)
        .where('updated_at', '>', slot('limit')),
    ),
    pushes: statement<At>()((slot) =>
      builder
        .updateTable('pushes')
        .set({
          due_at: dueOf(fromNow(slot)),
          expires_at: endOf(fromNow(slot)),
          updated_at: slot('now'),
          version: written,
        })
        .where('due_at', 'is not', null)
        .where('updated_at', '>', slot('limit')),
    ),
    jobs: statement<At>()((slot) =>
      builder
        .updateTable('jobs')
        .set({ expires_at: endOf(fromNow(slot)), updated_at: slot('now') })
        .where('open', '=', sql.lit(1))
        .where('updated_at', '>', slot('limit')),
    ),
  };

  return {
    /** The clock was set by `by` milliseconds while the store was open. */
    *moved(by: number): Program<void> {
      yield* all(move.pushes, { by });
      yield* all(move.results, { by });
      yield* all(move.jobs, { by });
      yield* all(windows, { by });
      yield* all(deliveries, { by });
      yield* all(canaries, { by });
    },

    /** The store is opened: what was written later than now was written under another clock. */
    *resumed({ now }: Pick<Transaction, 'now'>): Program<void> {
      const at = { now, limit: now + toleranceMs };
      // First, for they are counted from the same moment as the rest of their row.
      yield* all(resume.results, at);
      yield* all(resume.pushes, at);
      yield* all(resume.jobs, at);
      // No pause between attempts is longer.
      yield* all(longest, { now, limit: now + longestPauseMs });
      yield* all(laterCanaries, at);
    },
  };
}
