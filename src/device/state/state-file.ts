// The state file, replaced whole by each save: a crash at any moment leaves the old or the new state, never a mixture.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError, messageOf, parseJson } from '../../core/index.ts';
import { FileRefusal, guardOwnFile } from '../../files/index.ts';
import { writeFileAtomic } from '../../tree/index.ts';
import { lockState } from './state-lock.ts';
import type { StateStorage } from './state-storage.ts';

/** A state file beyond this is not ours. */
const largestStateFile = 256 * 1024 * 1024;

/** How a state file is opened. */
export interface StateFileOptions {
  /** Takes a sentence when the file was open to others and has been closed to them. Default: nobody is told. */
  readonly onRemark?: (text: string) => void;
}

/**
 * Opens a state file and locks it for this process until `close`, or until `load` finds that it cannot be used. The file
 * need not exist yet; its folder must. It is created readable by its owner only, for it holds secrets, and one that exists
 * with a wider mode is narrowed.
 * @throws {ConfigError} when another living process uses it, another user owns it, or the folder is missing or not writable
 */
export function openStateFile(file: string, { onRemark }: StateFileOptions = {}): StateStorage {
  const path = canonical(file);
  const lock = lockState(path);
  let last: Promise<void> = Promise.resolve();

  const write = async (text: string): Promise<void> => {
    // Seen when someone removed the lock by hand and started a second device.
    if (!lock.isHeld()) {
      throw new ConfigError(`${path} was taken over by another process; run one device per state file`);
    }
    try {
      await writeFileAtomic(path, text);
    } catch (error) {
      throw new ConfigError(
        `cannot write ${path} (${codeOf(error)}); make the folder writable and free space`,
        { cause: error },
      );
    }
  };

  return {
    name: path,
    load() {
      try {
        const document = readDocument(path);
        // By the name that was given, so that a link to the file is looked at too.
        if (document !== undefined) keepPrivate(file, onRemark);
        return document;
      } catch (error) {
        // Nobody can go on with it; a lock left behind would stand beside the repaired file.
        lock.release();
        throw error;
      }
    },
    save(document) {
      const text = `${JSON.stringify(document)}\n`;
      const done = last.then(() => write(text));
      last = done.catch(() => undefined);
      return done;
    },
    async close() {
      await last;
      lock.release();
    },
  };
}

function readDocument(path: string): unknown {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > largestStateFile) {
      throw new ConfigError(`${path} is too large to be a device state; give the right file`);
    }
    if (size === 0) {
      throw new ConfigError(
        `${path} is empty; restore it from a copy, or remove it and provision the device again`,
      );
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError(`cannot read ${path} (${codeOf(error)}); give a file that this user can read`, {
      cause: error,
    });
  }
  try {
    return parseJson(text);
  } catch (error) {
    throw new ConfigError(
      `${path} is damaged (${messageOf(error)}); restore it from a copy, or remove it and provision the device again`,
      { cause: error },
    );
  }
}

/** Once it is known for a state: a file that was named by mistake keeps its mode. @throws {ConfigError} */
function keepPrivate(file: string, onRemark: StateFileOptions['onRemark']): void {
  try {
    guardOwnFile(file, onRemark ?? (() => undefined));
  } catch (error) {
    if (error instanceof FileRefusal) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}

// Through links, so that the rename replaces the file and the lock stands beside it whatever name was used.
function canonical(file: string): string {
  const path = resolve(file);
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch (error) {
      throw new ConfigError(`folder ${dirname(path)} of the state file does not exist; create it first`, {
        cause: error,
      });
    }
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? 'error');
}
