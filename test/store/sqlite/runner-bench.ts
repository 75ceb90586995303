// A runner on a file of its own with one small table, for tests of how programs are run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { systemClock } from '../../../src/core/index.ts';
import type { Program, Query } from '../../../src/store/sql/index.ts';
import { openSqliteFile, type SqliteFile } from '../../../src/store/sqlite/sqlite-file.ts';
import { SqliteRunner } from '../../../src/store/sqlite/sqlite-runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-runner-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

export interface RunnerBench {
  readonly file: string;
  readonly database: SqliteFile;
  readonly runner: SqliteRunner;
  /** Runs queries without values in one list, each time as a piece of its own. */
  write(...statements: readonly string[]): Promise<readonly (readonly object[])[]>;
  /** Numbers in the table, in order. */
  numbers(): Promise<readonly unknown[]>;
}

/** A query without values. */
export const query = (sql: string): Query => ({ sql, values: [] });

/** A table `t` whose column `n` holds each number once, opened with a busy timeout in milliseconds. */
export async function openBench(busyTimeoutMs = 0): Promise<RunnerBench> {
  count += 1;
  const file = join(folder, `${count}.db`);
  const database = await openSqliteFile(file, busyTimeoutMs, () => undefined);
  const runner = new SqliteRunner({
    database,
    file,
    clock: systemClock(),
    groupCommitMs: 0,
    moved: function* () {},
  });
  const write = (...statements: readonly string[]) => runner.write(() => listOf(statements));
  await write('create table t (n integer primary key)');
  return {
    file,
    database,
    runner,
    write,
    numbers: async () => {
      const [rows = []] = await runner.read(() => listOf(['select n from t order by n']));
      return rows.map((row) => (row as { n: number }).n);
    },
  };
}

function* listOf(statements: readonly string[]): Program<readonly (readonly object[])[]> {
  return (yield statements.map(query)).map(({ rows }) => rows);
}
