// Opens the database file: for its owner only, by one process, safe against power loss.
import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../core/index.ts';
import { makeFolder } from './make-folder.ts';
import { storeErrorOf } from './sqlite-error.ts';

/**
 * Opens `file`, which is made with its folder when it does not exist, readable and writable by its owner only.
 * @throws {StoreError} NOT_WRITABLE, BUSY when another process has it open, NOT_A_STORE, DAMAGED, FULL, IO
 */
export function openSqliteFile(file: string, busyTimeoutMs: number): DatabaseSync {
  try {
    makeFolder(dirname(file));
    // SQLite gives its journal files the mode of the database file.
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new StoreError(
      'NOT_WRITABLE',
      `${file} cannot be written${why}: choose a folder that you may write to`,
      { cause: error },
    );
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    // In exclusive mode the lock is held until the process ends, however it ends.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    // A write takes the lock, so that another process shows now and not at the first notification.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    return database;
  } catch (error) {
    database?.close();
    throw storeErrorOf(error, file);
  }
}
