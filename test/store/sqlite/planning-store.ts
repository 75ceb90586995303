// A store that tells how SQLite finds what its calls ask for.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after } from 'node:test';
import { systemClock } from '../../../src/core/index.ts';
import type { Store } from '../../../src/store/index.ts';
import {
  type Answer,
  type Program,
  type ProgramRunner,
  sqlStore,
  type Transaction,
} from '../../../src/store/sql/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';

/** A new, empty store; `planOf` gives how the queries of a call find their rows. */
export async function planningStore(): Promise<{
  readonly store: Store;
  readonly planOf: (call: () => Promise<unknown>) => Promise<readonly string[]>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-plans-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'plans.db');
  await (await openSqliteStore({ file })).close();
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: true });
  after(() => database.close());

  let seen: string[] = [];

  /** Runs programs at once, and keeps how each of their queries finds its rows. */
  function run<Result>(program: Program<Result>): Promise<Result> {
    let step = program.next([]);
    while (step.done !== true) {
      step = program.next(
        step.value.map(({ sql, values }): Answer => {
          const plan = database.prepare(`explain query plan ${sql}`).all(...values);
          seen.push(...plan.map(({ detail }) => String(detail)));
          const statement = database.prepare(sql);
          if (statement.columns().length > 0) return { rows: statement.all(...values), changed: 0 };
          return { rows: [], changed: Number(statement.run(...values).changes) };
        }),
      );
    }
    return Promise.resolve(step.value);
  }

  const runner: ProgramRunner = {
    write: (program) =>
      run(
        program({ now: systemClock().now(), events: [], endedJobs: [], notices: [] } satisfies Transaction),
      ),
    writeAlone: (program) => runner.write(program),
    isWaitedFor: false,
    read: (program) => run(program()),
    scan: (program) => run(program()),
    onEvent: () => () => undefined,
    onJobEnd: () => () => undefined,
    onNotice: () => () => undefined,
    onClockMoved: () => () => undefined,
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const store = sqlStore(sqliteEngine, runner, systemClock());

  return {
    store,
    planOf: async (call) => {
      seen = [];
      await call();
      return seen;
    },
  };
}

/** Part of a plan that reads a whole table; one that walks an index only takes what it is asked for. */
export const readsAll = (detail: string): boolean =>
  /^SCAN (?!.*INDEX)/.test(detail) &&
  !/^SCAN (CONSTANT ROW|r VIRTUAL TABLE|waited|waiting|found|push)\b/.test(detail);

/** Part of a plan that puts rows in order. */
export const sorts = (detail: string): boolean => /TEMP B-TREE/.test(detail);
