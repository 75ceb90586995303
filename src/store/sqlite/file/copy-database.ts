// A consistent copy of a database, while others write it: one file, for its owner only, on disk when it is given.
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { StoreError } from '../../../core/index.ts';
import { storeErrorOf } from './sqlite-error.ts';

/** Given to the thread. */
export interface CopyStart {
  readonly from: string;
  /** A file that is there and empty. */
  readonly to: string;
  readonly busyTimeoutMs: number;
}

/** What the thread answers: nothing, or SQLite's error. */
export type CopyAnswer =
  | { readonly failure?: undefined }
  | { readonly failure: string; readonly errcode: number };

/** A copy that is to be read once, from its beginning. */
export interface StoreCopy {
  /** Its length. */
  readonly octets: number;
  /** Gives it, in pieces of 64 KiB at most. Ends the copy however it ends. */
  readonly pieces: () => AsyncGenerator<Uint8Array, void>;
  /** Lets go of it. Any number of times. */
  readonly end: () => Promise<void>;
}

const entry = new URL(import.meta.url.endsWith('.ts') ? 'copy-thread.ts' : 'copy-thread.js', import.meta.url);

/** Marks copies on their way, beside the database. */
export const copyMark = '.copy-';

const pieceOctets = 65_536;

/**
 * Copies the database `from` into the empty file `to`, in a thread of its own.
 * @throws {StoreError} FULL, IO, BUSY, DAMAGED, NOT_A_STORE
 */
export async function copyDatabase(from: string, to: string, busyTimeoutMs = 500): Promise<void> {
  const start: CopyStart = { from, to, busyTimeoutMs };
  const worker = new Worker(entry, { workerData: start, env: SHARE_ENV, execArgv: [] });
  const answer = await new Promise<CopyAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new StoreError('IO', `the thread that copies the database has ended (exit code ${code})`)),
    );
  });
  if (answer.failure !== undefined) {
    throw storeErrorOf(Object.assign(new Error(answer.failure), { errcode: answer.errcode }), from);
  }
  const handle = await open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * A copy of the database `path` as it is now. It has no name by the time it is given, where the system allows that, so that
 * nothing of it is left however the process ends.
 * @throws {StoreError} as `copyDatabase`
 */
export async function copyForReading(path: string, busyTimeoutMs: number): Promise<StoreCopy> {
  const file = `${path}${copyMark}${randomUUID()}`;
  try {
    closeSync(openSync(file, 'wx', 0o600));
    await copyDatabase(path, file, busyTimeoutMs);
    const handle = await open(file, 'r');
    tryRemove(file);
    const { size } = await handle.stat();
    let ended: Promise<void> | undefined;
    const end = (): Promise<void> => {
      ended ??= handle.close().finally(() => tryRemove(file));
      return ended;
    };
    return {
      octets: size,
      end,
      async *pieces() {
        try {
          for (;;) {
            const { buffer, bytesRead } = await handle.read(Buffer.alloc(pieceOctets), 0, pieceOctets, null);
            if (bytesRead === 0) return;
            yield buffer.subarray(0, bytesRead);
          }
        } finally {
          await end();
        }
      },
    };
  } catch (error) {
    tryRemove(file);
    throw storeErrorOf(error, path);
  }
}

/** Removes what copies have left behind whose process was killed. Nobody else may have the database open. */
export function removeOldCopies(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(path)}${copyMark}`)) tryRemove(join(folder, name));
  }
}

/** Where a file that is open cannot go, it goes when it is closed. */
function tryRemove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}
