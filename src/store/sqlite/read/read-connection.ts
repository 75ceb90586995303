// The connection that reads, in the call: what it sees is what was committed before.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Answer, Program, Query } from '../../sql/index.ts';
import { rowsOf } from './rows.ts';

/** Prepared statements that are kept; queries built for one use come in few shapes. */
const largestCache = 200;

interface Prepared {
  readonly statement: StatementSync;
  /** Absent before it has run: until then the connection may go by tables that an upgrade has changed since. */
  columns?: readonly string[];
}

/** One open database, for reading. */
export class ReadConnection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();
  readonly #begin: StatementSync;
  readonly #end: StatementSync;

  /** Opens a file that this process has open for writing. @throws SQLite's error */
  constructor(path: string, busyTimeoutMs: number) {
    this.#database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
    try {
      this.#begin = this.#database.prepare('BEGIN');
      this.#end = this.#database.prepare('COMMIT');
      // From here on it holds its part of the lock.
      this.#database.exec('SELECT count(*) FROM sqlite_schema');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Runs a program on the database as it is now, to its end. @throws SQLite's error, and what the program throws */
  run<Result>(program: Program<Result>): Result {
    this.#begin.run();
    try {
      let step = program.next([]);
      while (step.done !== true) step = program.next(step.value.map((query) => this.#query(query)));
      return step.value;
    } finally {
      // Nothing was written: this only lets go of the moment that was read.
      if (this.#database.isTransaction) this.#end.run();
    }
  }

  /** Answers queries about the database as it is now. @throws SQLite's error */
  answers(queries: readonly Query[]): readonly Answer[] {
    return this.run(
      (function* (): Program<readonly Answer[]> {
        return yield queries;
      })(),
    );
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #query({ sql, values }: Query): Answer {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      if (this.#prepared.size >= largestCache) this.#prepared.clear();
      const statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      prepared = { statement };
      this.#prepared.set(sql, prepared);
    }
    // With `setReturnArrays` a row is a list.
    const rows = prepared.statement.all(...values) as unknown as unknown[][];
    prepared.columns ??= prepared.statement.columns().map(({ name }) => name);
    return { rows: rowsOf(rows, prepared.columns), changed: 0 };
  }
}
