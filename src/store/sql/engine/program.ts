// A transaction as a generator: it yields queries and is given their rows. The same program runs at once on a connection
// that answers in the call (SQLite's for reading) and with awaits on one that answers later (SQLite's for writing, PostgreSQL).
import type { EventListener, JobSummary, Notice, ToldEvent } from '../../index.ts';
import type { SqlRow, SqlValue, Statement } from './statement.ts';

/** One query to run. */
export interface Query {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /**
   * How many rows it has to write, of those that were read outside the transaction: where it writes another number, they were
   * changed meanwhile, and the program is undone with `changedMeanwhile`. Absent: it may be any.
   */
  readonly expected?: number;
}

/** What came of a query. */
export interface Answer {
  readonly rows: readonly SqlRow[];
  /** How many rows it wrote, where it gives none back. */
  readonly changed: number;
}

/**
 * Queries that can go to the engine together. Those of a step that `reads` write nothing: where nobody else writes, they need not
 * wait for the transaction to begin. After `last` ones a program asks nothing and throws nothing: they may be on disk before it is
 * resumed, so that a transaction need not wait for it between its last query and its end.
 */
export type Step = readonly Query[] & { readonly reads?: true; readonly last?: true };

/**
 * Yields queries, is resumed with their answers in the same order, returns a result. What it throws undoes all that it wrote.
 */
export type Program<Result> = Generator<Step, Result, readonly Answer[]>;

/** Queries as the last ones of a program. */
export function lastStep(queries: readonly Query[]): Step {
  return Object.assign([...queries], { last: true as const });
}

/** Queries that write nothing. */
export function readingStep(queries: readonly Query[]): Step {
  return Object.assign([...queries], { reads: true as const });
}

/** The same program, none of whose steps is `last`: for one that something follows. */
export function* notLast<Result>(program: Program<Result>): Program<Result> {
  let step = program.next([]);
  while (step.done !== true)
    step = program.next(yield step.value.last === true ? [...step.value] : step.value);
  return step.value;
}

/** What a program sees besides rows. */
export interface Transaction {
  /** Milliseconds since the POSIX epoch, the same throughout the transaction. */
  readonly now: number;
  /** Events written so far; told to listeners once the transaction is on disk. */
  readonly events: ToldEvent[];
  /** Jobs that came to their end, as they are then; told likewise. */
  readonly endedJobs: JobSummary[];
  /** Notices written so far; told likewise. */
  readonly notices: Notice[];
}

/** Runs programs on an engine. */
export interface ProgramRunner {
  /**
   * Runs one that writes. Resolves when its work is on disk and its events are told. `guarded`: it was judged outside the transaction
   * and all that it writes is `expected`, so that others that were asked for later may come before it.
   */
  write<Result>(program: (transaction: Transaction) => Program<Result>, guarded?: boolean): Promise<Result>;
  /** As `write`, for one that writes much: no other shares its transaction. */
  writeAlone<Result>(program: (transaction: Transaction) => Program<Result>): Promise<Result>;
  /** Others wait to write until the transaction that runs is over. */
  readonly isWaitedFor: boolean;
  /**
   * Runs one that only reads, at one moment of the database. It sees what every write has brought that has resolved, and may see
   * what one brings a little before that resolves and its events are told.
   */
  read<Result>(program: () => Program<Result>): Promise<Result>;
  /**
   * Runs one that reads much, as `read` does but each step at a moment of its own, and beside everything else: nothing waits for it
   * but others like it.
   */
  scan<Result>(program: () => Program<Result>): Promise<Result>;
  onEvent(listener: EventListener): () => void;
  /** As `JobStore.onJobEnd`. */
  onJobEnd(listener: (job: JobSummary) => void): () => void;
  /** As `NoticeStore.onNotice`. */
  onNotice(listener: (notice: Notice) => void): () => void;
  /** As `ClockMoves.onClockMoved`: the runner finds out, and runs `clockPrograms`. */
  onClockMoved(listener: () => void): () => void;
  /** As `StoreHealth.check`. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** A statement with its values. */
export function query<Args, Row>({ sql, bind }: Statement<Args, Row>, args: Args): Query {
  return { sql, values: bind(args) };
}

/** Runs a statement and gives its rows. */
export function* all<Args, Row>(statement: Statement<Args, Row>, args: Args): Program<readonly Row[]> {
  const [answer] = yield [query(statement, args)];
  return (answer?.rows ?? []) as readonly Row[];
}

/** Runs a statement and gives its first row, if any. */
export function* first<Args, Row>(statement: Statement<Args, Row>, args: Args): Program<Row | undefined> {
  const rows = yield* all(statement, args);
  return rows[0];
}

/** Runs a statement that gives no rows back, and says how many it wrote. */
export function* run<Args, Row>(statement: Statement<Args, Row>, args: Args): Program<number> {
  const [answer] = yield [query(statement, args)];
  return answer?.changed ?? 0;
}
