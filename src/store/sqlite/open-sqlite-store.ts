// The embedded store: one SQLite file, one process.
import { type Clock, systemClock } from '../../core/index.ts';
import type { Store } from '../index.ts';
import { migrate, sqlStore } from '../sql/index.ts';
import { sqliteEngine } from './sqlite-engine.ts';
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
  /** Takes a sentence when a file or folder was open to others and has been closed to them. Default: nobody is told. */
  readonly onRemark?: (text: string) => void;
}

/** Defaults of `SqliteStoreOptions`. */
export const sqliteStoreDefaults = Object.freeze({ groupCommitMs: 1, busyTimeoutMs: 500 });

/**
 * Opens the store and brings its tables to the newest version.
 * @throws {StoreError} NOT_WRITABLE, NOT_OURS when another user owns the file or can replace it, EMPTY when there is nothing in
 *   it, BUSY when another process has it open, NOT_A_STORE, NEWER_VERSION, DAMAGED, FULL, IO
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const database = openSqliteFile(
    options.file,
    options.busyTimeoutMs ?? sqliteStoreDefaults.busyTimeoutMs,
    options.onRemark ?? (() => undefined),
  );
  const runner = new SqliteRunner(
    database,
    options.file,
    options.clock ?? systemClock(),
    options.groupCommitMs ?? sqliteStoreDefaults.groupCommitMs,
  );
  try {
    await runner.write(() => migrate(sqliteEngine));
  } catch (error) {
    await runner.close();
    throw error;
  }
  return sqlStore(sqliteEngine, runner);
}
