// The disk below the folder: room, places for files, and how long it takes until something is on it.
import { randomUUID } from 'node:crypto';
import { rmSync, statfsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf } from '../../core/index.ts';
import { databaseName } from '../../store/sqlite/index.ts';
import { type Check, type Finding, type Means, tellerOf } from '../doctor-base/finding.ts';

const name = 'disk';
const tell = tellerOf(name);

const mib = 2 ** 20;
/** Free octets below which the server soon has to refuse work. */
const leastFree = 64 * mib;
/** Free octets from which nothing is said, and as many as the database has: a copy and an upgrade take that. */
const enoughFree = 512 * mib;
/** Files that can still be made, from which nothing is said. */
const enoughFiles = 1000;
/** Milliseconds until one write is on the disk, the median of some; a disk that turns takes ten to thirty. */
const slowMs = 100;
const tries = 5;
const pageOctets = 4096;

/** The check. */
export const diskCheck: Check = {
  name,
  async run({ setUp, means }) {
    if (setUp === undefined) return [];
    const folder = resolve(setUp.data);
    let there = folder;
    while (statSync(there, { throwIfNoEntry: false }) === undefined && there !== dirname(there))
      there = dirname(there);
    const found = roomOf(there, folder);
    // Where there is no folder yet nothing is written beside the files of others.
    if (there !== folder || !statSync(folder).isDirectory()) return found;
    return [...found, ...(await paceOf(folder, means))];
  },
};

function roomOf(there: string, folder: string): readonly Finding[] {
  const { bavail, bsize, files, ffree } = statfsSync(there);
  const found: Finding[] = [];
  const free = bavail * bsize;
  const database = statSync(join(folder, databaseName), { throwIfNoEntry: false })?.size ?? 0;
  const remedy =
    'make room, or move the folder to a larger disk; `serve` keeps what is over for a shorter time with --keep-pushes and its like';
  if (free < leastFree) {
    found.push(tell.error(folder, `${inMib(free)} are free: writes fail when the disk is full`, remedy));
  } else if (free < enoughFree) {
    found.push(tell.warning(folder, `${inMib(free)} are free`, remedy));
  } else if (free < database) {
    const what = `${inMib(free)} are free, and the database has ${inMib(database)}: there is no room for a copy, nor for an upgrade`;
    found.push(tell.warning(folder, what, remedy));
  }
  // Some file systems count no files.
  if (files > 0 && ffree < enoughFiles) {
    const what = `only ${ffree} more files can be made on the file system (inodes)`;
    found.push(tell.warning(folder, what, 'remove small files that nobody needs, or move the folder'));
  }
  return found;
}

/** Writes a page some times, in a file that goes again. */
async function paceOf(folder: string, { clock, stop }: Means): Promise<readonly Finding[]> {
  // A name that a server removes when it starts, should this process be killed.
  const file = join(folder, `${databaseName}.copy-${randomUUID()}`);
  const times: number[] = [];
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      for (let index = 0; index < tries && !stop.aborted; index += 1) {
        const from = clock.monotonic();
        await handle.write(new Uint8Array(pageOctets), 0, pageOctets, index * pageOctets);
        await handle.sync();
        times.push(clock.monotonic() - from);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = codeOf(error);
    // Of a folder that cannot be written another check tells.
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return [];
    return [
      tell.error(
        folder,
        `writing a file there failed (${code})`,
        'make room, or check the disk and its quota',
      ),
    ];
  } finally {
    rmSync(file, { force: true });
  }
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  if (median <= slowMs) return [];
  const what = `a write takes ${Math.round(median)} ms until it is on the disk: everything that is accepted waits so long`;
  return [tell.warning(folder, what, 'use a faster disk, or one that nothing else keeps busy')];
}

function inMib(octets: number): string {
  return `${Math.floor(octets / mib)} MiB`;
}
