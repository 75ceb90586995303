// A lock file beside the state file: one process at a time may own a device's state. The lock names its owner, so that
// the lock of a process that was killed is recognised and taken over.
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ConfigError } from '../../core/index.ts';

/** A lock that this process holds. */
export interface StateLock {
  /** True while the lock file still names this holder. */
  isHeld(): boolean;
  /** Removes the lock file, if it is still ours. Safe to call again. */
  release(): void;
}

interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, where the system tells: a pid alone may be used again. */
  readonly started: string;
  readonly token: string;
}

/** Locks held by this process, by lock file. */
const held = new Set<string>();

/**
 * Takes the lock of `path` (an absolute path).
 * @throws {ConfigError} when a living process holds it, or the lock file cannot be written
 */
export function lockState(path: string): StateLock {
  const lockFile = `${path}.lock`;
  const owner: Owner = { pid: process.pid, started: startOf(process.pid), token: randomUUID() };
  const text = JSON.stringify(owner);
  // Each turn ends with the lock, an error, or one stale lock less; a race with others that start costs a turn.
  for (let turn = 0; turn < 16; turn += 1) {
    try {
      writeFileSync(lockFile, text, { flag: 'wx', mode: 0o600 });
      held.add(lockFile);
      return lock(lockFile, text);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') {
        throw new ConfigError(
          `cannot write ${lockFile} (${codeOf(error)}); make its folder exist and be writable`,
          {
            cause: error,
          },
        );
      }
    }
    const found = read(lockFile);
    if (found === undefined) continue;
    const other = ownerOf(found);
    if (other !== undefined && isAlive(other, lockFile)) {
      throw new ConfigError(
        `${path} is in use by process ${other.pid}; stop that one, or use another state file`,
      );
    }
    removeStale(lockFile, found);
  }
  throw new ConfigError(`${path} is being opened by several processes at once; start one of them only`);
}

function lock(lockFile: string, text: string): StateLock {
  const isHeld = (): boolean => held.has(lockFile) && read(lockFile) === text;
  return {
    isHeld,
    release() {
      if (isHeld()) rmSync(lockFile, { force: true });
      held.delete(lockFile);
    },
  };
}

// Moves the file away before looking at it again: of several processes only one gets it, and what is moved is what is
// judged. Should it be a new owner's lock after all, it is put back.
function removeStale(lockFile: string, stale: string): void {
  const aside = `${lockFile}.${randomUUID()}`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw new ConfigError(`cannot remove the stale lock ${lockFile} (${codeOf(error)}); remove it by hand`, {
      cause: error,
    });
  }
  if (read(aside) !== stale) {
    try {
      linkSync(aside, lockFile);
    } catch {
      // A third process holds the lock now; the owner that lost it finds out by `isHeld` before it writes.
    }
  }
  rmSync(aside, { force: true });
}

function isAlive(owner: Owner, lockFile: string): boolean {
  // Our own pid in a lock that we do not hold: a predecessor with the same pid, as in a restarted container.
  if (owner.pid === process.pid) return held.has(lockFile);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM' && owner.started === startOf(owner.pid);
  }
  return owner.started === startOf(owner.pid);
}

// Linux only: field 22 of /proc/PID/stat with the boot it counts from. Elsewhere the pid has to do.
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended and only waits for its parent to take note.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}/${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}

function ownerOf(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, started, token } = value as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || Number(pid) < 1) return undefined;
    return { pid: Number(pid), started: String(started ?? ''), token: String(token ?? '') };
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? 'error');
}
