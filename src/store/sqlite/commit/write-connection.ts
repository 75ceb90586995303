// The connection that writes, as the rest of the process sees it: queries go over in lists, and their rows come back.
import { StoreError } from '../../../core/index.ts';
import type { Answer, Query } from '../../sql/index.ts';
import { rowsOf } from '../read/rows.ts';
import type {
  NamedColumns,
  PartAnswer,
  TransactionStep,
  WireAnswer,
  WirePart,
  WireQuery,
  WriterFailure,
} from './writer-messages.ts';
import { giveBack, takeThread, WriteFailure, type WriterThread } from './writer-threads.ts';

/** Prepared statements that are kept; queries built for one use come in few shapes. */
const largestCache = 200;

/** Changes what `*` means in statements that were prepared before. */
const changesTables = /^\s*(?:create|alter|drop)\b/i;

interface Known {
  readonly number: number;
  /** Columns of its rows, where it gives any. */
  columns: readonly string[];
}

/** What changes the transaction, and queries after it. */
export interface Part {
  readonly steps: readonly TransactionStep[];
  readonly queries: readonly Query[];
}

/** What the queries of a part gave, or SQLite's error. */
export type PartOutcome = readonly Answer[] | WriteFailure;

/** One open database, for writing. */
export class WriteConnection {
  readonly #thread: WriterThread;
  /** Statements that the thread has been told, by their texts. */
  readonly #known = new Map<string, Known>();
  /** The thread has to be told that its numbers mean nothing any more. */
  #forget = false;
  #closed: Promise<void> | undefined;

  private constructor(thread: WriterThread) {
    this.#thread = thread;
  }

  /** Opens a file, for this process alone. @throws {WriteFailure} {StoreError} CLOSED the thread has ended */
  static async open(path: string, busyTimeoutMs: number): Promise<WriteConnection> {
    const thread = takeThread();
    try {
      const [failure] = await thread.ask({ open: path, busyTimeoutMs });
      if (failure !== undefined && 'failure' in failure) throw new WriteFailure(failure);
    } catch (error) {
      await giveBack(thread);
      throw error;
    }
    return new WriteConnection(thread);
  }

  /**
   * Runs parts in one message, each up to the first query that fails. One that fails is taken back where others follow: to its
   * savepoint, where pieces have one (`apart`), else with the whole transaction. The outcomes are those of the parts up to the
   * last that was run: when a step failed, or the transaction is gone, none follows.
   * @throws {StoreError} CLOSED the connection has been closed, or its thread has ended
   */
  async run(parts: readonly Part[], apart = false): Promise<readonly PartOutcome[]> {
    if (this.#closed !== undefined) throw new StoreError('CLOSED', 'the store has been closed');
    const count = parts.reduce((sum, { queries }) => sum + queries.length, 0);
    if (this.#known.size + count > largestCache) this.#forgetAll();
    const known: (readonly Known[])[] = [];
    const wire: WirePart[] = [];
    let changed = false;
    for (const { steps, queries } of parts) {
      const statements = queries.map(({ sql }) => this.#statement(sql));
      known.push(statements.map(({ statement }) => statement));
      wire.push({ steps, queries: queries.map((query, index) => wireQuery(query, statements[index])) });
      changed ||= statements.some(
        ({ isNew }, index) => isNew && changesTables.test(queries[index]?.sql ?? ''),
      );
    }
    const forget = this.#forget;
    this.#forget = false;
    if (changed) this.#forgetAll();
    try {
      const outcomes = await this.#thread.ask({ parts: wire, apart, ...(forget && { forget }) });
      return outcomes.map((outcome, index) => partOutcome(outcome, known[index] ?? []));
    } catch (error) {
      // The thread may not have been told its statements.
      this.#forgetAll();
      throw error;
    }
  }

  /** Runs one statement outside any transaction. @throws {WriteFailure} {StoreError} as `run` */
  async execute(sql: string): Promise<void> {
    const [outcome] = await this.run([{ steps: [], queries: [{ sql, values: [] }] }]);
    if (outcome instanceof WriteFailure) throw outcome;
  }

  /** @throws {StoreError} CLOSED its thread has ended */
  requireAlive(): void {
    this.#thread.requireAlive();
  }

  /** Closes the file; what was asked before is done first. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Ends the thread whatever it does, and with it the connection. */
  kill(): Promise<void> {
    return this.#thread.end();
  }

  async #close(): Promise<void> {
    try {
      const [failure] = await this.#thread.ask(null);
      if (failure !== undefined && 'failure' in failure) throw new WriteFailure(failure);
    } catch (error) {
      await this.#thread.end();
      // Where the thread had ended, so had its connection.
      if (error instanceof StoreError) return;
      throw error;
    }
    await giveBack(this.#thread);
  }

  /** The statement of a text, and whether the thread has still to be told of it. */
  #statement(sql: string): { readonly statement: Known; readonly isNew: boolean } {
    const known = this.#known.get(sql);
    if (known !== undefined) return { statement: known, isNew: false };
    const statement: Known = { number: this.#known.size, columns: [] };
    this.#known.set(sql, statement);
    return { statement, isNew: true };
  }

  #forgetAll(): void {
    this.#known.clear();
    this.#forget = true;
  }
}

function wireQuery(
  { sql, values, expected }: Query,
  told: { readonly statement: Known; readonly isNew: boolean } | undefined,
): WireQuery {
  return [told?.statement.number ?? 0, values, told?.isNew === true ? sql : undefined, expected];
}

function partOutcome(outcome: PartAnswer | WriterFailure, known: readonly Known[]): PartOutcome {
  nameColumns(known, outcome.named);
  if ('failure' in outcome) return new WriteFailure(outcome);
  return outcome.answers.map((answer, index) => answerOf(answer, known[index]?.columns ?? []));
}

function nameColumns(known: readonly Known[], named: NamedColumns): void {
  for (const [number, columns] of named) {
    for (const statement of known) if (statement.number === number) statement.columns = columns;
  }
}

function answerOf(answer: WireAnswer, columns: readonly string[]): Answer {
  if (typeof answer === 'number') return { rows: [], changed: answer };
  return { rows: rowsOf(answer, columns), changed: 0 };
}
