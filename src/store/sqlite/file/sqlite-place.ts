// The database's place on the disk: its folder, the file with its journals, whose they are, and who may read them.
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../../core/index.ts';
import {
  FileRefusal,
  guardFolder,
  guardOwnFile,
  ownUser,
  type Remark,
  superuser,
} from '../../../files/index.ts';
import { copyMark } from './copy-database.ts';
import { makeFolder } from './make-folder.ts';
import { storeErrorOf } from './sqlite-error.ts';

/** Takes a sentence for the operator about a file whose mode was changed. */
export type FileRemark = Remark;

/** What SQLite puts beside a database, by the ends of its names. The last one is on its way to become the database. */
const companions = ['-wal', '-shm', '-journal'] as const;
export const newMark = '.new-';

/** What `reveille serve` puts beside a database: a folder that holds it too is ours all the same. */
const ofServe: readonly string[] = ['first-admin-token'];

/**
 * The path to open, through links; when it resolves there is a database of ours, or an empty one was made. SQLite gives
 * its journals the mode of the database, but only those that it makes.
 * @throws {StoreError} NOT_WRITABLE, NOT_OURS, EMPTY, FULL, IO
 */
export function placeOf(file: string, remark: Remark): string {
  try {
    makeFolder(dirname(file));
    const { path, size } = guardPlace(file, remark);
    if (size === undefined) makeDatabase(path);
    else if (size === 0) throw emptyFile(file);
    return path;
  } catch (error) {
    throw refusalOf(error, file);
  }
}

/**
 * Looks at the place of a database as `placeOf` does, and changes nothing; a folder that is not there is fine.
 * @throws {StoreError} NOT_WRITABLE, NOT_OURS, NOT_A_STORE, IO
 */
export function lookAtPlace(file: string): void {
  if (statSync(dirname(file), { throwIfNoEntry: false }) === undefined) return;
  try {
    guardPlace(file, undefined);
  } catch (error) {
    // Whoever may do everything looks at what a service of another user has, too.
    if (error instanceof FileRefusal && error.code === 'NOT_OURS' && ownUser() === superuser) return;
    throw refusalOf(error, file);
  }
}

/** The path through links, and how large what is there is; whose all of it is, and who may read it, is seen to. */
function guardPlace(file: string, remark: Remark | undefined): { path: string; size: number | undefined } {
  const size = guardOwnFile(file, remark);
  const path = size === undefined ? join(realpathSync(dirname(file)), basename(file)) : realpathSync(file);
  const name = basename(path);
  const isOurs = (each: string): boolean =>
    each === name ||
    ofServe.some((ours) => each === ours || each.startsWith(`${ours}.`)) ||
    companions.some((end) => each === name + end) ||
    [newMark, copyMark].some((mark) => each.startsWith(`${name}${mark}`));
  guardFolder(dirname(path), isOurs, remark);
  // Who can change the folder of a link can change where it points to.
  if (dirname(path) !== realpathSync(dirname(file))) guardFolder(dirname(file), () => false, remark);
  const beside = companions.filter((end) => guardOwnFile(path + end, remark) !== undefined);
  if (size === undefined) refuseOrphans(path, beside);
  return { path, size };
}

/** A journal without its database would be played into the new one. */
function refuseOrphans(path: string, beside: readonly string[]): void {
  const [found] = beside;
  if (found === undefined || found === '-shm') return;
  throw new StoreError(
    'NOT_A_STORE',
    `${path}${found} is there without ${path}: put the database back beside it, or move it away to begin anew`,
  );
}

/** We never leave one: the name is given to a database that is whole. */
function emptyFile(file: string): StoreError {
  return new StoreError(
    'EMPTY',
    `${file} is empty, so it is no database, and who made it may still have it open: put the database back from a copy, ` +
      'or remove it to begin anew',
  );
}

/**
 * Makes an empty database under a name of its own, then gives it the right one in one step: a crash leaves nothing under
 * the right name, and of two processes that start at once one finds the other's.
 */
function makeDatabase(path: string): void {
  const temporary = `${path}${newMark}${randomUUID()}`;
  try {
    // SQLite gives its journals the mode of this file.
    closeSync(openSync(temporary, 'wx', 0o600));
    const database = new DatabaseSync(temporary);
    try {
      database.exec('PRAGMA journal_mode = WAL');
    } finally {
      database.close();
    }
    giveName(temporary, path);
    syncFolder(dirname(path));
  } finally {
    for (const end of ['', ...companions]) rmSync(temporary + end, { force: true });
  }
}

function giveName(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = codeOf(error);
    // Another process was faster: its database is as good.
    if (code === 'EEXIST') return;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'].includes(code ?? '')) throw error;
    // A file system without links.
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    chmodSync(to, 0o600);
  }
}

/** What was renamed, made or removed in it is on disk afterwards. */
export function syncFolder(folder: string): void {
  // Windows has no such thing.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function refusalOf(error: unknown, file: string): Error {
  if (error instanceof StoreError) return error;
  if (error instanceof FileRefusal) {
    const code = error.code === 'NOT_A_FILE' ? 'NOT_WRITABLE' : 'NOT_OURS';
    return new StoreError(code, error.message, { cause: error });
  }
  if (typeof error === 'object' && error !== null && 'errcode' in error) return storeErrorOf(error, file);
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StoreError('FULL', `${file} cannot be made: the disk or its quota is full`, { cause: error });
  }
  const why = code === undefined ? '' : ` (${code})`;
  return new StoreError(
    'NOT_WRITABLE',
    `${file} cannot be written${why}: choose a folder that you may write to`,
    { cause: error },
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
