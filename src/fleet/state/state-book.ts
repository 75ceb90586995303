// What a fleet keeps of its devices from one run to the next: one file to which each change is appended, written anew when most
// of it is out of date.
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, codeOf } from '../../core/index.ts';
import { lockState, type StateLock } from '../../device/index.ts';
import type { PackedState } from './packed-state.ts';

/** What is kept of one device. */
export interface KeptState {
  /** Pushes that it was sent. */
  readonly pushes: number;
  /** Pushes that it is still to miss (fault `dead`). */
  readonly missing: number;
  /** True when it was killed and not started again. */
  readonly off: boolean;
  /** Port on which it listens; 0 without one of its own. */
  readonly port: number;
  /** Absent while it is as it was provisioned. */
  readonly packed?: PackedState | undefined;
}

/** What a file is of; another fleet does not use it. */
export interface BookHead {
  readonly seed: number;
  readonly first: number;
  readonly devices: number;
  readonly serverId: string;
  /** Of what the mix says about the kinds of devices. */
  readonly kinds: string;
}

/** A file that is smaller is not written anew, in octets. */
const smallFile = 8 * 1024 * 1024;
/** Largest file that is read, in octets. */
const largestFile = 256 * 1024 * 1024;

/** The file of a fleet, locked for this process until it is closed. */
export class StateBook {
  readonly #path: string;
  readonly #lock: StateLock;
  readonly #head: string;
  /** Everything that is to be kept now, for when the file is written anew. */
  readonly #all: () => Iterable<readonly [index: number, state: KeptState]>;
  #file: number;
  #size = 0;
  /** Size from which the file is written anew. */
  #limit = smallFile;

  private constructor(
    path: string,
    lock: StateLock,
    head: BookHead,
    all: () => Iterable<readonly [index: number, state: KeptState]>,
  ) {
    this.#path = path;
    this.#lock = lock;
    this.#head = headLine(head);
    this.#all = all;
    this.#file = -1;
  }

  /**
   * Opens or makes the file, and hands over what it holds. `all` says what is to be kept whenever the file is written anew.
   * @throws {ConfigError} when another process uses it, it is of another fleet, or it cannot be read or written
   */
  static open(
    file: string,
    head: BookHead,
    found: (index: number, state: KeptState) => void,
    all: () => Iterable<readonly [index: number, state: KeptState]>,
  ): StateBook {
    const path = resolve(file);
    const lock = lockState(path);
    try {
      readBook(path, headLine(head), found);
      const book = new StateBook(path, lock, head, all);
      book.#rewrite();
      return book;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Keeps the state of one device: handed to the system when this returns, so that a killed process loses nothing. It is not
   * forced to the disk, for a fleet is a simulation.
   * @throws {ConfigError} when it cannot be written
   */
  keep(index: number, state: KeptState): void {
    this.#write(stateLine(index, state));
    if (this.#size > this.#limit) this.#rewrite();
  }

  /** Writes the file anew, once, and gives it up. */
  close(): void {
    if (this.#file < 0) return;
    try {
      this.#rewrite();
    } finally {
      this.abandon();
    }
  }

  /** Gives the file up as it is. */
  abandon(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
    this.#lock.release();
  }

  #write(text: string): void {
    if (this.#file < 0) throw new ConfigError(`${this.#path} is closed`);
    const octets = Buffer.from(text);
    try {
      for (let at = 0; at < octets.length; ) at += writeSync(this.#file, octets, at);
    } catch (cause) {
      throw cannotWrite(this.#path, cause);
    }
    this.#size += octets.length;
  }

  #rewrite(): void {
    if (!this.#lock.isHeld()) {
      throw new ConfigError(`${this.#path} was taken over by another process; run one fleet per state file`);
    }
    const aside = `${this.#path}.new`;
    const before = this.#file;
    try {
      this.#file = openSync(
        aside,
        constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY | constants.O_APPEND,
        0o600,
      );
      this.#size = 0;
      this.#write(this.#head);
      let lines = '';
      for (const [index, state] of this.#all()) {
        lines += stateLine(index, state);
        if (lines.length > 1024 * 1024) {
          this.#write(lines);
          lines = '';
        }
      }
      this.#write(lines);
      fsyncSync(this.#file);
      renameSync(aside, this.#path);
    } catch (cause) {
      if (this.#file >= 0 && this.#file !== before) closeSync(this.#file);
      this.#file = before;
      rmSync(aside, { force: true });
      if (cause instanceof ConfigError) throw cause;
      throw cannotWrite(this.#path, cause);
    }
    if (before >= 0) closeSync(before);
    this.#limit = Math.max(smallFile, this.#size * 4);
  }
}

function headLine(head: BookHead): string {
  const { seed, first, devices, serverId, kinds } = head;
  return `${JSON.stringify({ format: 'reveille-fleet', version: 1, seed, first, devices, serverId, kinds })}\n`;
}

function stateLine(index: number, { pushes, missing, off, port, packed }: KeptState): string {
  const octets = packed === undefined ? '' : Buffer.from(packed, 'latin1').toString('base64');
  return `[${index},${pushes},${missing},${off ? 1 : 0},${port},"${octets}"]\n`;
}

function readBook(path: string, head: string, found: (index: number, state: KeptState) => void): void {
  let text: string;
  try {
    if (statSync(path).size > largestFile) {
      throw new ConfigError(`${path} is too large to be the states of a fleet; give the right file`);
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (codeOf(error) === 'ENOENT') return;
    throw new ConfigError(`cannot read ${path} (${codeOf(error)}); give a file that this user can read`, {
      cause: error,
    });
  }
  if (text === '') return;
  if (!text.startsWith(head)) {
    throw new ConfigError(
      `${path} holds the states of another fleet (number, seed, server or mix), or no states; give the right file, or remove it`,
    );
  }
  let line = 1;
  for (let from = head.length; from < text.length; ) {
    line += 1;
    const end = text.indexOf('\n', from);
    // The last line of a process that was killed may be half there: what it was about had not been kept.
    if (end < 0) return;
    const entry = readLine(text.slice(from, end));
    if (entry === undefined) {
      throw new ConfigError(`${path} is damaged at line ${line}; restore it from a copy, or remove it`);
    }
    found(entry[0], entry[1]);
    from = end + 1;
  }
}

function readLine(text: string): readonly [number, KeptState] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== 6) return undefined;
  const [index, pushes, missing, off, port, octets] = value as readonly unknown[];
  const numbers = [index, pushes, missing, off, port];
  if (!numbers.every((each) => Number.isSafeInteger(each) && Number(each) >= 0)) return undefined;
  if (typeof octets !== 'string') return undefined;
  const packed = octets === '' ? undefined : Buffer.from(octets, 'base64').toString('latin1');
  return [
    Number(index),
    {
      pushes: Number(pushes),
      missing: Number(missing),
      off: off === 1,
      port: Number(port),
      ...(packed === undefined ? {} : { packed }),
    },
  ];
}

function cannotWrite(path: string, cause: unknown): ConfigError {
  return new ConfigError(`cannot write ${path} (${codeOf(cause)}); make its folder writable and free space`, {
    cause,
  });
}
