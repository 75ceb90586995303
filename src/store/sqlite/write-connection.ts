// The connection that writes, as the rest of the process sees it: queries go over in lists, and their rows come back.
import { StoreError } from '../../core/index.ts';
import type { Answer, Query, SqlRow } from '../sql/index.ts';
import type { NamedColumns, TransactionStep, WireAnswer, WireQuery } from './writer-messages.ts';
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
      await thread.ask({ open: path, busyTimeoutMs });
    } catch (error) {
      await giveBack(thread);
      throw error;
    }
    return new WriteConnection(thread);
  }

  /**
   * Changes the transaction, then runs the queries up to the first that fails, in one message.
   * @throws {WriteFailure} SQLite's error; when a step failed, nothing of the transaction is left
   * @throws {StoreError} CLOSED the connection has been closed, or its thread has ended
   */
  async run(steps: readonly TransactionStep[], queries: readonly Query[]): Promise<readonly Answer[]> {
    if (this.#closed !== undefined) throw new StoreError('CLOSED', 'the store has been closed');
    if (this.#known.size + queries.length > largestCache) this.#forgetAll();
    const known: Known[] = [];
    const wire: WireQuery[] = [];
    let changed = false;
    for (const { sql, values } of queries) {
      let statement = this.#known.get(sql);
      if (statement !== undefined) wire.push([statement.number, values]);
      else {
        statement = { number: this.#known.size, columns: [] };
        this.#known.set(sql, statement);
        wire.push([statement.number, values, sql]);
        changed ||= changesTables.test(sql);
      }
      known.push(statement);
    }
    const forget = this.#forget;
    this.#forget = false;
    if (changed) this.#forgetAll();
    try {
      const { answers, named } = await this.#thread.ask({ steps, queries: wire, ...(forget && { forget }) });
      nameColumns(known, named);
      return answers.map((answer, index) => answerOf(answer, known[index]?.columns ?? []));
    } catch (error) {
      if (error instanceof WriteFailure) nameColumns(known, error.named);
      throw error;
    }
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
      await this.#thread.ask(null);
    } catch (error) {
      await this.#thread.end();
      // Where the thread had ended, so had its connection.
      if (error instanceof StoreError) return;
      throw error;
    }
    await giveBack(this.#thread);
  }

  #forgetAll(): void {
    this.#known.clear();
    this.#forget = true;
  }
}

function nameColumns(known: readonly Known[], named: NamedColumns): void {
  for (const [number, columns] of named) {
    for (const statement of known) if (statement.number === number) statement.columns = columns;
  }
}

function answerOf(answer: WireAnswer, columns: readonly string[]): Answer {
  if (typeof answer === 'number') return { rows: [], changed: answer };
  return { rows: answer.map((values) => rowOf(values, columns)), changed: 0 };
}

function rowOf(values: readonly unknown[], columns: readonly string[]): SqlRow {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index += 1) row[columns[index] as string] = values[index];
  return row;
}
