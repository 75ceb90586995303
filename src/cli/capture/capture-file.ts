// The file that a capture is written to: for us alone, bounded, and never waited for by what is recorded.
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { ConfigError } from '../../core/index.ts';
import { reasonOf } from '../io/input.ts';

/** Octets that wait for the disk at most. */
const mostQueued = 16 * 1_048_576;

/** What was not written, and why. */
export interface CaptureLoss {
  /** Blocks that the disk was too slow for. */
  readonly slow: number;
  /** Blocks after the file was full, or could not be written any more. */
  readonly full: number;
}

/** The file while it is written. */
export class CaptureFile {
  readonly #handle: FileHandle;
  readonly #maxOctets: number;
  readonly #onTrouble: (text: string) => void;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #writing: Promise<void> | undefined;
  #octets = 0;
  #slow = 0;
  #full = 0;
  #over = false;

  private constructor(handle: FileHandle, maxOctets: number, onTrouble: (text: string) => void) {
    this.#handle = handle;
    this.#maxOctets = maxOctets;
    this.#onTrouble = onTrouble;
  }

  /**
   * Makes the file, with mode 0600; an older capture is replaced with `force` alone. `onTrouble` hears once why no more is
   * written.
   * @throws {ConfigError} when there is something already, or it cannot be made
   */
  static async create(
    path: string,
    maxOctets: number,
    force: boolean,
    onTrouble: (text: string) => void,
  ): Promise<CaptureFile> {
    const found = await lstat(path).catch(() => undefined);
    if (found !== undefined) await checkReplaced(path, found, force);
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const flags = O_WRONLY | O_NOFOLLOW | (found === undefined ? O_CREAT | O_EXCL : 0);
    try {
      const handle = await open(path, flags, 0o600);
      try {
        const stats = await handle.stat();
        if (!stats.isFile()) throw new ConfigError(`${path} is no regular file: give another name`);
        await handle.chmod(0o600);
        await handle.truncate(0);
      } catch (error) {
        await handle.close();
        throw error;
      }
      return new CaptureFile(handle, maxOctets, onTrouble);
    } catch (cause) {
      if (cause instanceof ConfigError) throw cause;
      throw new ConfigError(`cannot write ${path}: ${reasonOf(cause)}`, { cause });
    }
  }

  /** Octets that were taken. */
  get octets(): number {
    return this.#octets;
  }

  get loss(): CaptureLoss {
    return { slow: this.#slow, full: this.#full };
  }

  /**
   * Takes a block for the file; false where it is left out. `last` is written behind the last block that the bound has room
   * for, and says so; it does not count.
   */
  take(block: Uint8Array, last: () => Uint8Array): boolean {
    if (this.#over) this.#full += 1;
    else if (this.#octets + block.length > this.#maxOctets) {
      this.#over = true;
      this.#full += 1;
      this.#onTrouble(`the capture has reached ${this.#maxOctets} octets: what follows is not recorded`);
      this.#push(last());
    } else if (this.#queued + block.length > mostQueued) this.#slow += 1;
    else {
      this.#octets += block.length;
      this.#push(block);
      return true;
    }
    return false;
  }

  /** Waits for the disk and closes the file. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    try {
      await this.#handle.close();
    } catch (error) {
      this.#fail(error);
    }
  }

  #push(block: Uint8Array): void {
    this.#queue.push(block);
    this.#queued += block.length;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    while (this.#queue.length > 0) {
      const octets = Buffer.concat(this.#queue);
      this.#queue = [];
      try {
        await this.#handle.writeFile(octets);
      } catch (error) {
        this.#fail(error);
      }
      this.#queued -= octets.length;
    }
    this.#writing = undefined;
  }

  #fail(error: unknown): void {
    if (!this.#over) this.#onTrouble(`the capture cannot be written any more: ${reasonOf(error)}`);
    this.#over = true;
    this.#full += this.#queue.length;
    this.#queue = [];
  }
}

/** @throws {ConfigError} for what must not be written over */
async function checkReplaced(path: string, found: Stats, force: boolean): Promise<void> {
  if (!found.isFile()) {
    throw new ConfigError(
      `${path} is ${found.isSymbolicLink() ? 'a link' : 'no regular file'}: give another name`,
    );
  }
  if (!force)
    throw new ConfigError(`${path} exists: give another name, or --force where it is an older capture`);
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: unknown) => {
    throw new ConfigError(`cannot read ${path}: ${reasonOf(cause)}`, { cause });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    const isOurs = buffer.subarray(0, 4).toString('hex') === '0a0d0d0a' && buffer.includes('Reveille');
    if (bytesRead > 0 && !isOurs)
      throw new ConfigError(`${path} is no capture of Reveille: it is not replaced`);
  } finally {
    await handle.close();
  }
}
