// Programs and whole stores on a SQLite database in memory, without a thread, a file or a wait.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { EventListener, JobSummary, Notice, Store, ToldEvent } from '../../../src/store/index.ts';
import {
  changedMeanwhile,
  migrate,
  type Program,
  type ProgramRunner,
  type Query,
  type SqlRow,
  sqlStore,
} from '../../../src/store/sql/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { ManualClock } from '../../../src/testing/index.ts';

/** Steps of the longest program of a test: one that takes more does not end. */
const mostSteps = 2000;

/** An empty database, which holds references to what they name. */
export function emptyDatabase(): DatabaseSync {
  return new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
}

/** A database of the newest version. */
export function newDatabase(): DatabaseSync {
  const database = emptyDatabase();
  runProgram(database, migrate(sqliteEngine));
  return database;
}

/** Runs a program to its end, and puts the texts of its queries into `log`. */
export function runProgram<Result>(
  database: DatabaseSync,
  program: Program<Result>,
  log: string[] = [],
): Result {
  let step = program.next([]);
  for (let count = 0; step.done !== true; count += 1) {
    assert.ok(count < mostSteps, `a program that asked ${count} times does not end`);
    log.push(...step.value.map(({ sql }) => sql));
    step = program.next(step.value.map((query) => answerOf(database, query)));
  }
  return step.value;
}

function answerOf(database: DatabaseSync, { sql, values, expected }: Query) {
  const statement = database.prepare(sql);
  if (statement.columns().length > 0) return { rows: statement.all(...values) as SqlRow[], changed: 0 };
  const changed = Number(statement.run(...values).changes);
  if (expected !== undefined && changed !== expected) throw changedMeanwhile;
  return { rows: [], changed };
}

/** Rows of a query, as plain objects. */
export function rowsOf(database: DatabaseSync, sql: string): readonly object[] {
  return database
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
}

/** Programs on a database in memory: each that writes is a transaction, in a later turn of the event loop. */
class MemoryRunner implements ProgramRunner {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #log: string[];
  readonly #jobListeners = new Set<(job: JobSummary) => void>();
  readonly #listeners = new Set<EventListener>();
  readonly #noticeListeners = new Set<(notice: Notice) => void>();

  constructor(database: DatabaseSync, now: () => number, log: string[]) {
    this.#database = database;
    this.#now = now;
    this.#log = log;
  }

  async write<Result>(program: Parameters<ProgramRunner['write']>[0]): Promise<Result> {
    await new Promise(setImmediate);
    const events: ToldEvent[] = [];
    const endedJobs: JobSummary[] = [];
    const notices: Notice[] = [];
    this.#database.exec('begin');
    try {
      const result = runProgram(
        this.#database,
        program({ now: this.#now(), events, endedJobs, notices }),
        this.#log,
      );
      this.#database.exec('commit');
      for (const { event, context } of events)
        for (const listener of this.#listeners) listener(event, context);
      for (const job of endedJobs) for (const listener of this.#jobListeners) listener(job);
      for (const notice of notices) for (const listener of this.#noticeListeners) listener(notice);
      return result as Result;
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }

  writeAlone<Result>(program: Parameters<ProgramRunner['write']>[0]): Promise<Result> {
    return this.write(program);
  }

  get isWaitedFor(): boolean {
    return false;
  }

  async read<Result>(program: () => Program<Result>): Promise<Result> {
    return runProgram(this.#database, program(), this.#log);
  }

  scan<Result>(program: () => Program<Result>): Promise<Result> {
    return this.read(program);
  }

  onJobEnd(listener: (job: JobSummary) => void): () => void {
    this.#jobListeners.add(listener);
    return () => this.#jobListeners.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener);
    return () => this.#noticeListeners.delete(listener);
  }

  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onClockMoved(): () => void {
    return () => undefined;
  }

  async check(): Promise<void> {}

  async close(): Promise<void> {
    this.#database.close();
  }
}

/** A store in memory, its database and its clock; `log` has the texts of all queries so far. */
export function memoryStore(): {
  readonly store: Store;
  readonly database: DatabaseSync;
  readonly clock: ManualClock;
  readonly log: string[];
} {
  const database = newDatabase();
  const clock = new ManualClock();
  const log: string[] = [];
  const store = sqlStore(sqliteEngine, new MemoryRunner(database, () => clock.now(), log), clock);
  return { store, database, clock, log };
}
