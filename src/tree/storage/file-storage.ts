// The tree in a file: written beside the old one, synchronised, renamed over it, and the folder synchronised, so that a
// crash or a power loss leaves the old or the new tree, never a mixture.
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, parseJson, StoreError } from '../../core/index.ts';
import type { TreeSnapshot } from './snapshot.ts';
import type { TreeStorage } from './storage.ts';

/** A tree file. One process at a time may use it. */
export interface TreeFile extends TreeStorage {
  /** What the file holds, to be given to `ManagementTree`; `undefined` when there is no file yet. */
  load(): Promise<TreeSnapshot | undefined>;
}

/** Opens nothing yet: the file is read by `load` and written by `save`, readable by its owner only. */
export function createFileStorage(path: string): TreeFile {
  const file = resolve(path);
  let last: Promise<void> = Promise.resolve();
  return {
    async load() {
      const text = await readTreeFile(file);
      if (text === undefined) return undefined;
      try {
        // Its shape is checked by whoever makes a tree of it.
        return parseJson(text) as TreeSnapshot;
      } catch (error) {
        throw new StoreError(
          'TREE_CORRUPT',
          `${file} is damaged (${messageOf(error)}); restore it from a copy, or remove it and provision the device again`,
          { cause: error },
        );
      }
    },
    save(snapshot) {
      const done = last.then(() => writeTreeFile(file, `${JSON.stringify(snapshot)}\n`));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

/**
 * Replaces a file, whole or not at all, by way of a temporary file `.NAME.tmp` in the same folder. Resolves when the
 * content is on the disk. Calls for one file must not overlap.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.tmp`);
  // What a crash left; and a new file has the right owner and mode, and is nobody's link.
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no such thing.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readTreeFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return undefined;
    throw new StoreError('TREE_UNREADABLE', `cannot read ${file} (${code}); make it readable for this user`, {
      cause: error,
    });
  }
}

async function writeTreeFile(file: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(file, text);
  } catch (error) {
    throw new StoreError(
      'TREE_UNWRITABLE',
      `cannot write ${file} (${codeOf(error)}); the folder must exist, be writable and have space`,
      { cause: error },
    );
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? 'error');
}
