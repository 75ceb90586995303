// Ports of a run. They stay those of their processes while these are down, so they are none that the system gives to whoever asks
// for any free one.

import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below what Linux, macOS and IANA have for any free port. */
const range = { least: 10_000, most: 31_000 } as const;
const tries = 100;

/** The first of so many neighbouring ports of 127.0.0.1 that nobody has, for UDP and TCP. @throws {Error} when none are found */
export async function portBlock(count: number): Promise<number> {
  for (let tried = 0; tried < tries; tried += 1) {
    const first = randomInt(range.least, range.most - count);
    if (await areFree(first, count)) return first;
  }
  throw new Error(`no ${count} neighbouring ports are free between ${range.least} and ${range.most}`);
}

async function areFree(first: number, count: number): Promise<boolean> {
  for (let port = first; port < first + count; port += 1) {
    if (!(await isFree(port))) return false;
  }
  return true;
}

async function isFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, '127.0.0.1', resolve);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return true;
  } catch {
    return false;
  } finally {
    await new Promise<void>((resolve) => socket.close(resolve));
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}
