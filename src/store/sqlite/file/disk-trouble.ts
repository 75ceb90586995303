// What the system says about the disk when SQLite only says that writing failed.
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../../core/index.ts';

/** Errors of the system that mean that there is no room; SQLite knows the first one only. */
const noRoom: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** True when a file of a page cannot be written in the folder for want of room: the disk, or the quota of its owner. */
export function isFull(folder: string): boolean {
  const file = join(folder, `.reveille-room-${randomUUID()}`);
  try {
    const handle = openSync(file, 'wx', 0o600);
    try {
      writeSync(handle, new Uint8Array(4096));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    return false;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return noRoom.has(code);
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Sees to it that a database that is open still has its name: what is written to one that was removed is gone with the
 * process.
 * @throws {StoreError} GONE
 */
export function requireFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  throw new StoreError(
    'GONE',
    `${path} was removed while the server runs, so nothing more is written: stop the server, put the file back from a ` +
      'copy, and start it again',
  );
}
