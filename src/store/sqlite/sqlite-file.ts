// Opens the database file: for its owner only, by one process, safe against power loss.
import { DatabaseSync } from 'node:sqlite';
import { storeErrorOf } from './sqlite-error.ts';
import { type FileRemark, placeOf } from './sqlite-place.ts';

/**
 * Opens `file`, which is made with its folder when it does not exist, readable and writable by its owner only. What
 * exists with a wider mode is narrowed, and `remark` says so.
 * @throws {StoreError} NOT_WRITABLE, NOT_OURS, EMPTY, BUSY when another process has it open, NOT_A_STORE, DAMAGED, FULL, IO
 */
export function openSqliteFile(file: string, busyTimeoutMs: number, remark: FileRemark): DatabaseSync {
  const path = placeOf(file, remark);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
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
