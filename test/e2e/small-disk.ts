// A server on a disk of its own that can be filled up and emptied while it runs. Where the system lets us mount one, that is
// a small file system in memory (ENOSPC); elsewhere files of the process may not grow beyond a bound (EFBIG), which the
// store takes for a disk that fails.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../../src/testing/index.ts';

const main = resolve(import.meta.dirname, '../../bin/reveille.js');

/** A running server on its small disk. */
export interface SmallDisk {
  /** What a write is answered while there is no room. */
  readonly refusedWith: 507 | 503;
  readonly stderr: () => string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  empty(): void;
  end(): Promise<void>;
}

const namespaces = [['--mount'], ['--mount', '--map-root-user']] as const;
const mount = 'mount -t tmpfs -o "size=$2,mode=0700" none "$1" && shift 2 && exec "$@"';

/** What stands before a command that has a file system of that size on `folder` to itself; `undefined` where none can be mounted. */
export function mountingPrefix(folder: string, size = '4m'): readonly string[] | undefined {
  for (const namespace of namespaces) {
    const prefix = ['unshare', ...namespace, 'sh', '-c', mount, 'sh', folder, size];
    const [command = '', ...rest] = prefix;
    if (spawnSync(command, [...rest, 'true']).status === 0) return prefix;
  }
  return undefined;
}

/** Starts `reveille serve` with its data there; `args` without `--data`. */
export async function serveOnSmallDisk(args: readonly string[]): Promise<SmallDisk> {
  const root = mkdtempSync(join(tmpdir(), 'reveille-small-disk-'));
  const disk = join(root, 'disk');
  mkdirSync(disk, { mode: 0o700 });
  const prefix = mountingPrefix(disk);
  const serve = [process.execPath, main, 'serve', '--data', join(disk, 'data'), ...args];
  const [command = '', ...rest] = prefix === undefined ? serve : [...prefix, ...serve];
  const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await eventually(() => {
    if (child.exitCode !== null) throw new Error(`the server ended: ${stderr}`);
    return /DM endpoint/.test(stderr);
  }, 'the server');
  const room = prefix === undefined ? boundOfFiles(child) : fileSystemOf(child, disk);
  return {
    refusedWith: prefix === undefined ? 503 : 507,
    stderr: () => stderr,
    ...room,
    async end() {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The file system is in the namespace of the server alone; the system shows it below the process. */
function fileSystemOf(child: ChildProcess, disk: string): Pick<SmallDisk, 'fill' | 'empty'> {
  const filler = join(`/proc/${child.pid}/root`, disk, 'filler');
  return {
    fill() {
      const handle = openSync(filler, 'a');
      for (const size of [65_536, 4096, 1]) {
        try {
          for (;;) writeSync(handle, new Uint8Array(size));
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        }
      }
      closeSync(handle);
    },
    empty: () => rmSync(filler),
  };
}

/** The largest size of files, set from outside (prlimit, util-linux). */
function boundOfFiles(child: ChildProcess): Pick<SmallDisk, 'fill' | 'empty'> {
  const set = (bound: string): void => {
    const { status, stderr, error } = spawnSync('prlimit', [
      '--pid',
      String(child.pid),
      `--fsize=${bound}:unlimited`,
    ]);
    if (status !== 0) throw new Error(`prlimit (util-linux) is needed: ${error?.message ?? String(stderr)}`);
  };
  return { fill: () => set('4096'), empty: () => set('unlimited') };
}
