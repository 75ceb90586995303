// The embedded store: one SQLite file, one process.
import { type Clock, longestMs, systemClock, wholeNumber } from '../../core/index.ts';
import type { Store } from '../index.ts';
import { clockPrograms, migrate, migrations, sqlStore } from '../sql/index.ts';
import { sqliteEngine } from './sqlite-engine.ts';
import { storeErrorOf } from './sqlite-error.ts';
import { openSqliteFile } from './sqlite-file.ts';
import { SqliteRunner } from './sqlite-runner.ts';

export interface SqliteStoreOptions {
  /** Path of the database file; it and its folder are made when they do not exist, for their owner only. */
  readonly file: string;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** How long a write waits for others to share its transaction, in milliseconds. Default 1. */
  readonly groupCommitMs?: number;
  /** How long to wait for a process that is just closing the file, in milliseconds. Default 500. */
  readonly busyTimeoutMs?: number;
  /**
   * Largest number of pages of 4096 octets that the database may have; beyond it writes fail with FULL, and it is never
   * less than the file has when it is opened. Default: what SQLite allows.
   */
  readonly maxPages?: number;
  /** Takes a sentence when a file or folder was open to others and has been closed to them. Default: nobody is told. */
  readonly onRemark?: (text: string) => void;
}

const newestVersion = migrations.at(-1)?.version ?? 0;

/** Defaults of `SqliteStoreOptions`. */
export const sqliteStoreDefaults = Object.freeze({ groupCommitMs: 1, busyTimeoutMs: 500 });

/**
 * Opens the store and brings its tables to the newest version.
 * @throws {ValueError} a number of the options is none that can be
 * @throws {StoreError} NOT_WRITABLE, NOT_OURS when another user owns the file or can replace it, EMPTY when there is nothing in
 *   it, BUSY when another process has it open, NOT_A_STORE, NEWER_VERSION, DAMAGED, FULL, IO
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const settings = { ...sqliteStoreDefaults, ...options };
  const groupCommitMs = wholeNumber(settings.groupCommitMs, 0, longestMs, 'groupCommitMs');
  const busyTimeoutMs = wholeNumber(settings.busyTimeoutMs, 0, longestMs, 'busyTimeoutMs');
  const { file, maxPages, clock = systemClock(), onRemark = () => undefined } = options;
  if (maxPages !== undefined) wholeNumber(maxPages, 1, 2 ** 32 - 2, 'maxPages');
  const database = await openSqliteFile(file, busyTimeoutMs, onRemark);
  const clockMoves = clockPrograms(sqliteEngine);
  const runner = new SqliteRunner({ database, file, clock, groupCommitMs, moved: clockMoves.moved });
  const execute = (sql: string) => database.writer.execute(sql);
  try {
    const before = await runner.write(() => migrate(sqliteEngine));
    // An upgrade may have written all of it anew: its journal would stay as large until the process ends.
    if (before !== 0 && before < newestVersion) await execute('PRAGMA wal_checkpoint(TRUNCATE)');
    await runner.write((transaction) => clockMoves.resumed(transaction));
    if (maxPages !== undefined) await execute(`PRAGMA max_page_count = ${maxPages}`);
  } catch (error) {
    await runner.close();
    throw storeErrorOf(error, file);
  }
  return sqlStore(sqliteEngine, runner, clock);
}
