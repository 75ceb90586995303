// A copy of a store as a file: whole and checked under its name, or not there.
import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StoreError } from '../../../core/index.ts';
import { copyDatabase } from '../file/copy-database.ts';
import { storeErrorOf } from '../file/sqlite-error.ts';
import { syncFolder } from '../file/sqlite-place.ts';
import { checkDatabase } from './check-database.ts';

/** Stands in the name of a copy that is not whole yet. */
const partMark = '.part-';
/** Longest that a copy may be on its way, in milliseconds; older ones were left behind. */
const longestCopyMs = 86_400_000;

/** What was written. */
export interface WrittenCopy {
  readonly octets: number;
  /** Version of the database in it. */
  readonly version: number;
}

export interface WriteCopyOptions {
  /** True: a file that is there is replaced. Default: it stays, and nothing is written. */
  readonly replace?: boolean;
}

/**
 * Writes what `pieces` gives into `file`, for its owner only, and checks it. It is on disk when the promise resolves.
 * @param octets how many there have to be
 * @throws {StoreError} ALREADY_EXISTS, CUT_SHORT, DAMAGED, NOT_A_STORE, NEWER_VERSION, NOT_WRITABLE, FULL; what `pieces` throws
 */
export async function writeCopy(
  file: string,
  pieces: AsyncIterable<Uint8Array>,
  octets: number | undefined,
  options: WriteCopyOptions = {},
): Promise<WrittenCopy> {
  return await written(file, options, async (_, handle) => {
    let count = 0;
    for await (const piece of pieces) {
      await handle.writeFile(piece);
      count += piece.length;
    }
    if (octets !== undefined && count !== octets) {
      throw new StoreError(
        'CUT_SHORT',
        `the copy ended after ${count} of ${octets} octets: make another one`,
      );
    }
    await handle.sync();
  });
}

/**
 * Writes a copy of the store in the database `from` into `file`, as `writeCopy` does.
 * @throws {StoreError} as `writeCopy`, and BUSY
 */
export async function copyStore(
  from: string,
  file: string,
  options: WriteCopyOptions = {},
): Promise<WrittenCopy> {
  return await written(file, options, (part) => copyDatabase(from, part));
}

async function written(
  file: string,
  { replace = false }: WriteCopyOptions,
  fill: (part: string, handle: FileHandle) => Promise<void>,
): Promise<WrittenCopy> {
  const part = `${file}${partMark}${randomUUID()}`;
  try {
    if (!replace && statSync(file, { throwIfNoEntry: false }) !== undefined) throw exists(file);
    removeOldParts(file);
    const handle = await open(part, 'wx', 0o600);
    try {
      await fill(part, handle);
    } finally {
      await handle.close();
    }
    const { version } = checkDatabase(part, file);
    const { size } = statSync(part);
    if (replace) renameSync(part, file);
    else giveNewName(part, file);
    syncFolder(dirname(file));
    return { octets: size, version };
  } catch (error) {
    throw errorOf(error, file);
  } finally {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(part + end, { force: true });
  }
}

/** Of two who write at once, one finds the other's. */
function giveNewName(part: string, file: string): void {
  try {
    linkSync(part, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw exists(file);
    // A file system without links.
    renameSync(part, file);
  }
}

function removeOldParts(file: string): void {
  const folder = dirname(file);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(file)}${partMark}`)) continue;
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > longestCopyMs) rmSync(path, { force: true });
  }
}

function exists(file: string): StoreError {
  return new StoreError(
    'ALREADY_EXISTS',
    `${file} is there already: choose another name, or have it replaced with --force`,
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function errorOf(error: unknown, file: string): Error {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StoreError('FULL', `${file} cannot be written: the disk or its quota is full`, {
      cause: error,
    });
  }
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    return new StoreError(
      'NOT_WRITABLE',
      code === 'ENOENT'
        ? `${file} cannot be written: there is no folder ${dirname(file)}; make it, or choose another`
        : `${file} cannot be written (${code}): choose a place that you may write to`,
      {
        cause: error,
      },
    );
  }
  return error instanceof Error ? storeErrorOf(error, file) : new Error(String(error));
}
