// A disk of few megabytes that outlives the server which is killed on it: a file system in memory, in a mount namespace that a
// process of ours holds.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

// It ends with its standard input, so with the run.
const hold = 'mount -t tmpfs -o size="$2",mode=0700 none "$1" && echo mounted && exec cat >/dev/null';

/** The disk. */
export class SmallDisk {
  /** Its folder, for processes that are started with `prefix`. */
  readonly folder: string;
  readonly #holder: ChildProcess;

  private constructor(folder: string, holder: ChildProcess) {
    this.folder = folder;
    this.#holder = holder;
  }

  /** Mounts one of `megabytes` at `folder`. @throws {Error} where the system does not let us */
  static async mount(folder: string, megabytes: number): Promise<SmallDisk> {
    mkdirSync(folder, { mode: 0o700 });
    const args = ['--mount', 'sh', '-c', hold, 'sh', folder, `${megabytes}m`];
    const holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    holder.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const mounted = await new Promise<boolean>((resolve) => {
      holder.once('error', (error) => {
        said += error.message;
        resolve(false);
      });
      holder.stdout.once('data', () => resolve(true));
      holder.once('close', () => resolve(false));
    });
    if (mounted) return new SmallDisk(folder, holder);
    throw new Error(
      `no small disk (${said.trim()}): unshare and mount (util-linux) need root; --no-disk leaves this fault out`,
    );
  }

  /** Words before a command that is to see the disk. */
  get prefix(): readonly string[] {
    return ['nsenter', `--mount=/proc/${this.#holder.pid}/ns/mnt`, '--'];
  }

  /** Takes all the room that is left. */
  fill(): void {
    const handle = openSync(this.#filler, 'a');
    for (const size of [65_536, 4096, 1]) {
      try {
        for (;;) writeSync(handle, new Uint8Array(size));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
    closeSync(handle);
  }

  /** Gives it back. */
  empty(): void {
    rmSync(this.#filler, { force: true });
  }

  async close(): Promise<void> {
    const ended = once(this.#holder, 'close');
    this.#holder.stdin?.end();
    await ended;
  }

  get #filler(): string {
    return join(`/proc/${this.#holder.pid}/root`, this.folder, 'filler');
  }
}
