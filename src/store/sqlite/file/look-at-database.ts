// What a database is, read from its file and nothing else: neither is it locked, nor is anything written beside it.
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreError } from '../../../core/index.ts';
import { migrations } from '../../sql/index.ts';
import { storeErrorOf } from './sqlite-error.ts';
import { lookAtPlace } from './sqlite-place.ts';

/** What is said of one. */
export interface LookedAtDatabase {
  /** Number of the newest migration that it has. */
  readonly version: number;
  /** Number of the newest migration of this release. */
  readonly newest: number;
  /** Ids of the keys that its secrets may be sealed under: a server needs all of them. */
  readonly neededKeys: readonly string[];
  /** URL of the account that was asked for; absent where it is not there, or its journal may know a later one. */
  readonly accountUrl?: string;
}

/**
 * Looks at `file`, which a server may have open: what that has not moved from its journal yet is not seen. `undefined` where there
 * is none. `serverId` is an account whose URL is looked for.
 * @throws {StoreError} EMPTY, NOT_A_STORE, DAMAGED, NOT_WRITABLE, IO; NEWER_VERSION when this release may not write it
 */
export function lookAtDatabase(file: string, serverId?: string): LookedAtDatabase | undefined {
  lookAtPlace(file);
  let database: DatabaseSync | undefined;
  try {
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) return undefined;
    if (size === 0) throw new StoreError('EMPTY', `${file} is empty: put a copy back, or remove it`);
    const place = pathToFileURL(file);
    place.searchParams.set('immutable', '1');
    database = new DatabaseSync(place, { readOnly: true });
    const tables = database.prepare(`SELECT count(*) AS count FROM sqlite_schema`).get();
    // All of a new one may still be in its journal.
    if (Object(tables).count === 0) return undefined;
    const row = Object(database.prepare('SELECT * FROM schema_version').get());
    const version = Number(row.version ?? 0);
    const oldestWriter = Number(row.oldest_writer ?? version);
    const newest = migrations.at(-1)?.version ?? 0;
    if (version > newest && oldestWriter > newest) {
      throw new StoreError(
        'NEWER_VERSION',
        `${file} has version ${version} of the database, this release knows ${newest}: use the release that wrote it, or a newer one`,
      );
    }
    const accountUrl = hasJournal(file) ? undefined : urlOf(database, serverId);
    return { version, newest, neededKeys: keysOf(database), ...(accountUrl !== undefined && { accountUrl }) };
  } catch (error) {
    if (isWithoutTable(error)) {
      throw new StoreError('NOT_A_STORE', `${file} is a database of another program: choose another folder`);
    }
    throw storeErrorOf(error, file);
  } finally {
    database?.close();
  }
}

/** None where it is of a version that knows none. */
function keysOf(database: DatabaseSync): readonly string[] {
  const known = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'seal_keys'`).get();
  if (known === undefined) return [];
  return database
    .prepare('SELECT id FROM seal_keys ORDER BY since, id')
    .all()
    .map(({ id }) => String(id));
}

function hasJournal(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function urlOf(database: DatabaseSync, serverId: string | undefined): string | undefined {
  if (serverId === undefined) return undefined;
  const row = database.prepare('SELECT url FROM accounts WHERE server_id = ?').get(serverId);
  return row === undefined ? undefined : String(row.url);
}

function isWithoutTable(error: unknown): boolean {
  return error instanceof Error && /no such table: schema_version/.test(error.message);
}
