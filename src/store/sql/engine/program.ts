// A transaction as a generator: it yields queries and is given their rows. The same program runs at once on an engine
// that answers in the call (SQLite) and with awaits on one that answers later (PostgreSQL).
import type { PushEvent } from '../../index.ts';
import type { SqlRow, SqlValue, Statement } from './statement.ts';

/** One query to run. */
export interface Query {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Yields queries, is resumed with their rows, returns a result. What it throws undoes all that it wrote. */
export type Program<Result> = Generator<Query, Result, readonly SqlRow[]>;

/** What a program sees besides rows. */
export interface Transaction {
  /** Milliseconds since the POSIX epoch, the same throughout the transaction. */
  readonly now: number;
  /** Events written so far; told to listeners once the transaction is on disk. */
  readonly events: PushEvent[];
}

/** Runs programs on an engine. */
export interface ProgramRunner {
  /** Runs one that writes. Resolves when its work is on disk and its events are told. */
  write<Result>(program: (transaction: Transaction) => Program<Result>): Promise<Result>;
  /** Runs one that only reads. */
  read<Result>(program: () => Program<Result>): Promise<Result>;
  onEvent(listener: (event: PushEvent) => void): () => void;
  /** As `ClockMoves.onClockMoved`: the runner finds out, and runs `clockPrograms`. */
  onClockMoved(listener: () => void): () => void;
  /** As `StoreHealth.check`. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Runs a statement and gives its rows. */
export function* all<Args, Row>(statement: Statement<Args, Row>, args: Args): Program<readonly Row[]> {
  return (yield { sql: statement.sql, values: statement.bind(args) }) as readonly Row[];
}

/** Runs a statement and gives its first row, if any. */
export function* first<Args, Row>(statement: Statement<Args, Row>, args: Args): Program<Row | undefined> {
  const rows = yield* all(statement, args);
  return rows[0];
}
