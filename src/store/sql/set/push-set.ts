// Changes of pushes that are made together: judged one after the other in memory by the rules of the life cycle, then written
// with a few statements, however many they are.
import {
  type ChangeVerdict,
  changedPush,
  isOpenPush,
  judgeChange,
  type PushChange,
  type PushRecord,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { lastStep, type Program, type Query, query, type Transaction } from '../engine/program.ts';
import { type SetColumn, setStatements } from '../engine/set-statement.ts';
import type { SqlRow } from '../engine/statement.ts';
import { asTheyWere, type ChangedRow, changedColumns } from './changing-columns.ts';
import { newEvents, type ToldChange, toldOf } from './event-rows.ts';
import { setOfPushes } from './push-set-statements.ts';

/** A place in a set to go back to. */
export interface SetMark {
  readonly told: number;
  readonly steps: number;
}

/** How a change of one of the set was taken, and the push as it is then. */
export interface JudgedChange<Push extends PushRecord = PushRecord> {
  readonly verdict: ChangeVerdict;
  readonly push: Push;
}

/** Makes sets for an engine. */
export function pushSets(engine: SqlEngine) {
  const statements = {
    ...setOfPushes(engine),
    sets: setStatements(engine),
    // Where one writes at a time, the events of one statement have numbers one after the other.
    numbersFollow: !engine.locksRows,
  };
  return { begin: (now: number): PushSet => new PushSet(now, statements) };
}

type Statements = ReturnType<typeof setOfPushes> & {
  readonly sets: ReturnType<typeof setStatements>;
  readonly numbersFollow: boolean;
};

/** The changes of one set. */
export class PushSet {
  /** Milliseconds since the POSIX epoch: the moment of all its changes. */
  readonly now: number;
  readonly #statements: Statements;
  readonly #rows = new Map<string, ChangedRow>();
  readonly #told: ToldChange[] = [];
  /** What the rows were before each step, to go back. */
  readonly #steps: (readonly [id: string, row: ChangedRow | undefined])[] = [];

  constructor(now: number, statements: Statements) {
    this.now = now;
    this.#statements = statements;
  }

  /** The push as the changes so far leave it; `undefined` for one that they do not touch. */
  current(id: string): PushRecord | undefined {
    return this.#rows.get(id)?.after;
  }

  /** Judges a change of a push as it is now; `read`: as it stands in the database, where that is another. */
  change<Push extends PushRecord>(
    current: Push,
    change: PushChange,
    read: PushRecord = current,
  ): JudgedChange<Push> {
    const verdict = judgeChange(current, change);
    if (verdict === 'refused') return { verdict, push: current };
    const push = changedPush(current, change, this.now);
    this.#put(push, read);
    this.#told.push({ push, change, before: current.state, moved: verdict === 'changed' });
    return { verdict, push };
  }

  /** Writes a push that was changed without an event; gives it as it is then. `read`: as it stands in the database. */
  save<Push extends PushRecord>(push: Push, read: PushRecord): Push {
    const saved = { ...push, version: push.version + 1 };
    this.#put(saved, read);
    return saved;
  }

  /** Tells of a push that is inserted in the same transaction. */
  tellQueued(push: PushRecord, actor: string | undefined): void {
    this.#told.push({ push, change: actor === undefined ? queued : { ...queued, actor }, moved: true });
  }

  /** Where the set stands. */
  mark(): SetMark {
    return { told: this.#told.length, steps: this.#steps.length };
  }

  /** Takes back what came after a mark. */
  backTo({ told, steps }: SetMark): void {
    this.#told.length = told;
    for (const [id, row] of this.#steps.splice(steps).reverse()) {
      if (row === undefined) this.#rows.delete(id);
      else this.#rows.set(id, row);
    }
  }

  /**
   * Writes all of it together with `others`, and gives the events to the transaction; nothing may follow. Fails with
   * `changedMeanwhile` when a row is not as it was read.
   */
  *write({ events }: Transaction, others: readonly Query[] = []): Program<void> {
    const rows = [...this.#rows.values()];
    const queries = [...this.#updates(rows), ...others, ...this.#consequences(rows), ...this.#eventQueries()];
    if (queries.length === 0) return;
    const answers = yield lastStep(queries);
    const numberOf = this.#numbers(answers.at(-1)?.rows ?? []);
    for (const [index, told] of this.#told.entries()) events.push(toldOf(told, this.now, numberOf(index)));
  }

  /** Writes the events, and asks for their numbers with the last query. */
  #eventQueries(): Query[] {
    if (this.#told.length === 0) return [];
    const { sets, numbersFollow, lastSequence } = this.#statements;
    const columns = newEvents(this.#told, this.now);
    if (!numbersFollow) return [sets.insert('events', columns, 'sequence')];
    return [sets.insert('events', columns), query(lastSequence, {})];
  }

  /** Numbers of the events: they come in the order in which they were given. */
  #numbers(rows: readonly SqlRow[]): (index: number) => number {
    if (this.#statements.numbersFollow) {
      const first = Number(rows[0]?.last) - this.#told.length + 1;
      return (index) => first + index;
    }
    const given = rows.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b);
    return (index) => given[index] ?? Number.NaN;
  }

  #put(after: PushRecord, read: PushRecord): void {
    const row = this.#rows.get(after.id);
    this.#steps.push([after.id, row]);
    this.#rows.set(after.id, { before: row?.before ?? read, after });
  }

  /** One for each state that pushes come to: those of one state have most in common. */
  #updates(rows: readonly ChangedRow[]): Query[] {
    const groups = new Map<string, ChangedRow[]>();
    for (const row of rows) {
      const name = `${row.after.state} ${forgetsBody(row)} ${forgetsTeller(row)}`;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [row]);
      else group.push(row);
    }
    return [...groups.values()].map((group) => {
      const set = [...changedColumns(group), ...forgotten(group)];
      const update = this.#statements.sets.update('pushes', asTheyWere(group), set);
      return { ...update, expected: group.length };
    });
  }

  /** The Session-IDs of notifications that are over may be given again. */
  #consequences(rows: readonly ChangedRow[]): Query[] {
    const freed: (readonly [deviceId: string, sessionId: number, pushId: string])[] = [];
    for (const { before, after } of rows) {
      if (after.purpose !== 'notification' || isOpenPush(after) || !isOpenPush(before)) continue;
      freed.push([after.deviceId, after.sessionId, after.id]);
    }
    return freed.length === 0 ? [] : [query(this.#statements.freeSessions, { list: JSON.stringify(freed) })];
  }
}

const queued: PushChange = { event: 'queued' };

/** What a push holds may be secret, and when it is over nobody needs it any more. */
function forgetsBody({ before, after }: ChangedRow): boolean {
  return (
    before.purpose !== 'notification' &&
    after.purpose !== 'notification' &&
    (after.body.length < before.body.length || before.unreadable !== after.unreadable)
  );
}

/** Whoever was telling the result goes on with it, unless the change says when it is told next. */
function forgetsTeller({ before, after }: ChangedRow): boolean {
  if (before.purpose === 'notification' || after.purpose === 'notification') return false;
  return before.resultDueAt !== undefined && after.resultDueAt !== before.resultDueAt;
}

/** What all rows of a group forget; the record does not have it, or not all of it. */
function forgotten(group: readonly ChangedRow[]): SetColumn[] {
  const [first] = group;
  if (first === undefined) return [];
  return [
    ...(forgetsBody(first) ? [{ name: 'body', type: 'text', values: group.map(() => '') } as const] : []),
    ...(forgetsTeller(first)
      ? [{ name: 'result_claimed_by', type: 'text', values: group.map(() => null) } as const]
      : []),
  ];
}
