// A store put back from a copy: whole, with what it had queued held, or not there.
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, StoreError, systemClock } from '../../core/index.ts';
import type { HeldByRestore, SealKey } from '../index.ts';
import { checkDatabase } from './copy/check-database.ts';
import { makeFolder } from './file/make-folder.ts';
import { storeErrorOf } from './file/sqlite-error.ts';
import { newMark, syncFolder } from './file/sqlite-place.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

/** Name of the database in its folder. */
export const databaseName = 'reveille.sqlite';

/** How far the numbers of events go on from those of the copy: whoever reads on from a later one misses none that is new. */
const sequenceStep = 1_000_000_000;
/** The tables that readers of the feed go on in by their numbers. */
const toldTables = ['events', 'notices'] as const;

/** Beside a database that was not closed: what it has committed stands there. */
const journals = ['-wal', '-journal'] as const;
const companions = [...journals, '-shm'] as const;

export interface RestoreOptions {
  /** The copy. */
  readonly file: string;
  /** Folder of the store; made when it does not exist. */
  readonly folder: string;
  /** True: a store that is there is replaced, and other files stay. Default: the folder has to be empty. */
  readonly force?: boolean;
  /** Keys that its secrets are sealed under; the first one seals from now on. */
  readonly sealKeys?: readonly SealKey[];
  readonly clock?: Clock;
}

/** What was put back. */
export interface Restored {
  readonly octets: number;
  /** Version of the database in the copy; what was put back has that of this release. */
  readonly version: number;
  readonly held: HeldByRestore;
}

/**
 * Puts a store back. A process that is killed meanwhile leaves what was there before; what it had made so far is no database of
 * a server and goes with the next restore.
 * @throws {StoreError} NOT_A_STORE, DAMAGED, NEWER_VERSION for the copy; NOT_EMPTY, BUSY while a server has the folder's database
 *   open; SEALED when it needs a key that was not given; NOT_WRITABLE, NOT_OURS, FULL, IO
 */
export async function restoreStore(options: RestoreOptions): Promise<Restored> {
  const { file, folder, force = false, sealKeys = [], clock = systemClock() } = options;
  const path = join(folder, databaseName);
  const part = `${path}${newMark}${randomUUID()}`;
  requireCopy(file);
  const isNew = statSync(folder, { throwIfNoEntry: false }) === undefined;
  let old: DatabaseSync | undefined;
  try {
    makeFolder(folder);
    removeOldParts(folder);
    const [other] = readdirSync(folder);
    if (other !== undefined && !force) {
      throw new StoreError(
        'NOT_EMPTY',
        `${folder} is not empty (${other}): choose another folder, or have its store replaced with --force`,
      );
    }
    old = openAlone(path);
    copyFileSync(file, part);
    chmodSync(part, 0o600);
    const { version } = checkDatabase(part, file);
    const held = await holdAll(part, sealKeys, clock);
    await sync(part);
    const { size } = statSync(part);
    takePlace({ part, path, old });
    old = undefined;
    syncFolder(folder);
    return { octets: size, version, held };
  } catch (error) {
    throw errorOf(error, path);
  } finally {
    old?.close();
    for (const end of ['', ...companions]) rmSync(part + end, { force: true });
    // What was refused leaves no empty folder, which would look like a store to begin with.
    if (isNew) removeEmpty(folder);
  }
}

/** Removes a folder that has nothing in it; one that has, or is not there, stays as it is. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds the store that was put back.
  }
}

/** @throws {StoreError} */
function requireCopy(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new StoreError('NOT_A_STORE', `there is no ${file}`);
  if (!found.isFile()) throw new StoreError('NOT_A_STORE', `${file} is no file`);
  const beside = journals.find((end) => (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0) > 0);
  if (beside === undefined) return;
  throw new StoreError(
    'NOT_A_STORE',
    `${file}${beside} stands beside it: it is the database of a server and no copy; make one with reveille backup --data`,
  );
}

/** Brings it to the version of this release, and holds what it had queued. */
async function holdAll(part: string, sealKeys: readonly SealKey[], clock: Clock): Promise<HeldByRestore> {
  const store = await openSqliteStore({ file: part, sealKeys, clock });
  try {
    return await store.holdRestored();
  } finally {
    await store.close();
    const database = new DatabaseSync(part);
    for (const table of toldTables) goOnFar(database, table);
    database.close();
  }
}

/** The next row of a table gets a number far beyond its last one; a table that never had a row has no number yet. */
function goOnFar(database: DatabaseSync, table: string): void {
  const { changes } = database
    .prepare('UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?')
    .run(sequenceStep, table);
  if (changes === 0) {
    database.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, sequenceStep);
  }
}

/** The store that is there, so that no server opens it; `undefined` where there is none, or none that can be opened. */
function openAlone(path: string): DatabaseSync | undefined {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  const database = new DatabaseSync(path, { timeout: 500 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    const known = storeErrorOf(error, path);
    if (known.code === 'BUSY') throw known;
    return undefined;
  }
}

function takePlace({ part, path, old }: { part: string; path: string; old: DatabaseSync | undefined }): void {
  // What closes it last plays its journal in, so that it is whole until the name is the other's.
  old?.close();
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    // Somebody may have started a server meanwhile.
    giveName(part, path);
    return;
  }
  // A journal that stayed would be played into the new one.
  for (const end of companions) rmSync(path + end, { force: true });
  renameSync(part, path);
}

function giveName(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (error) {
    if (Object(error).code === 'EEXIST') {
      throw new StoreError('NOT_EMPTY', `${path} was made meanwhile: is a server running on it?`);
    }
    // A file system without links.
    renameSync(part, path);
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Leftovers of restores, and of servers that were killed while they made their database. */
function removeOldParts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(databaseName)}${newMark}`)) rmSync(join(folder, name), { force: true });
  }
}

function errorOf(error: unknown, path: string): Error {
  if (error instanceof StoreError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StoreError('FULL', `${path} cannot be made: the disk or its quota is full`, { cause: error });
  }
  if (/^E[A-Z]+$/.test(code)) {
    return new StoreError(
      'NOT_WRITABLE',
      `${path} cannot be written (${code}): choose a folder that you may write to`,
      {
        cause: error,
      },
    );
  }
  return storeErrorOf(error, path);
}
