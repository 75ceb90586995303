// What the thread that writes is asked, and what it answers. Rows cross as lists of values, since a copy of an object costs
// twice that; the names of their columns cross once for each statement.
import type { MessagePort } from 'node:worker_threads';

/** Given to the thread when it starts. */
export interface WriterStart {
  readonly port: MessagePort;
  /** Counts the requests; the thread sleeps on it, which costs half of what an event loop does. */
  readonly calls: Int32Array<SharedArrayBuffer>;
}

/** Opens a database, for this process alone. */
export interface OpenRequest {
  readonly open: string;
  /** How long to wait for another process to let go of it, in milliseconds. */
  readonly busyTimeoutMs: number;
}

/**
 * How the transaction changes before the queries run: `begin` undoes one that was left over; `savepoint` and `release`
 * are around a piece; `undo` takes the piece back and begins another; `commit` and `rollback` end it.
 */
export type TransactionStep = 'begin' | 'savepoint' | 'release' | 'undo' | 'commit' | 'rollback';

/** A value in a row. */
export type WireValue = string | number | null;

/**
 * A query: the number of its statement, its values, its text when the thread has not been told the number's yet, and how many
 * rows it has to write (`Query.expected`).
 */
export type WireQuery = readonly [
  statement: number,
  values: readonly WireValue[],
  sql: string | undefined,
  expected: number | undefined,
];

/** Steps, then queries up to the first that fails. */
export interface WirePart {
  readonly steps: readonly TransactionStep[];
  readonly queries: readonly WireQuery[];
}

/**
 * Runs parts, one after the other. Where one fails and others follow, it is taken back by itself: to its savepoint, or with the
 * whole transaction where it has none.
 */
export interface RunRequest {
  readonly parts: readonly WirePart[];
  /** Each piece has a savepoint. */
  readonly apart: boolean;
  /** All numbers of statements are free again. */
  readonly forget?: true;
}

/** `null` closes the database. */
export type WriterRequest = OpenRequest | RunRequest | null;

/** Rows of a query, or how many rows it wrote where it gives none back. */
export type WireAnswer = number | readonly (readonly WireValue[])[];

/** Columns of the statements that were prepared for this request and give rows. */
export type NamedColumns = readonly (readonly [statement: number, columns: readonly string[]])[];

/** What the queries of a part gave. */
export interface PartAnswer {
  readonly answers: readonly WireAnswer[];
  readonly named: NamedColumns;
}

/** What was thrown, and whether the transaction is still open. */
export interface WriterFailure {
  readonly failure: string;
  /** SQLite's extended result code; 0 when it was not SQLite that failed. */
  readonly errcode: number;
  /** A query wrote another number of rows than it had to. */
  readonly unexpected: boolean;
  readonly open: boolean;
  readonly named: NamedColumns;
}

/** Answers of the parts up to the last that was run; nothing for opening and closing. */
export type WriterAnswer = readonly (PartAnswer | WriterFailure)[];
