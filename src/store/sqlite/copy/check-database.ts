// Whether a file is a whole database of ours that this release knows.
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../../core/index.ts';
import { migrations } from '../../sql/index.ts';
import { storeErrorOf } from '../file/sqlite-error.ts';

/** What is said of one. */
export interface CheckedDatabase {
  /** Number of the newest migration that it has. */
  readonly version: number;
}

/**
 * Reads all of `file`, which nobody else has open. `named` is what errors call it.
 * @throws {StoreError} NOT_A_STORE, DAMAGED, NEWER_VERSION, IO
 */
export function checkDatabase(file: string, named = file): CheckedDatabase {
  let database: DatabaseSync | undefined;
  try {
    if (statSync(file).size === 0) throw notAStore(named, 'it is empty');
    database = new DatabaseSync(file);
    const [fault] = database.prepare('PRAGMA integrity_check(1)').all();
    const found = String(Object.values(fault ?? {})[0]);
    if (found !== 'ok') throw damaged(named, found);
    const tables = database
      .prepare(`SELECT count(*) AS count FROM sqlite_schema WHERE name = 'schema_version'`)
      .get();
    if (Object(tables).count === 0) throw notAStore(named, 'it is a database of another program');
    const version = Number(Object(database.prepare('SELECT version FROM schema_version').get()).version ?? 0);
    const newest = migrations.at(-1)?.version ?? 0;
    if (version > newest) {
      throw new StoreError(
        'NEWER_VERSION',
        `${named} has version ${version} of the database, this release knows ${newest}: use the release that wrote it, or a newer one`,
      );
    }
    return { version };
  } catch (error) {
    throw storeErrorOf(error, named);
  } finally {
    database?.close();
  }
}

function notAStore(named: string, why: string): StoreError {
  return new StoreError('NOT_A_STORE', `${named} is not a copy of a store: ${why}`);
}

function damaged(named: string, found: string): StoreError {
  return new StoreError('DAMAGED', `${named} is damaged (${found}): use another copy`);
}
