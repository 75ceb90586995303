// OpenSSL's own client and server, and what passes between them; with the key log that the client writes.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Said } from '../inspect/streams/samples.ts';

/** Where files of a test are. */
export const folder = mkdtempSync(join(tmpdir(), 'reveille-openssl-'));
after(() => rmSync(folder, { recursive: true }));
const pem = (name: string): string => fileURLToPath(new URL(`../device/tls/${name}.pem`, import.meta.url));

/** A line that a process prints; what it printed so far is in `seen`. */
export class Process {
  readonly child: ChildProcessWithoutNullStreams;
  seen = '';
  readonly #waiting = new Set<() => void>();

  constructor(args: readonly string[]) {
    this.child = spawn('openssl', args);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (data) => {
        this.seen += String(data);
        for (const each of this.#waiting) each();
      });
    }
  }

  prints(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.seen);
        if (found === null) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      this.child.once('close', () => reject(new Error(`openssl ended: ${this.seen.slice(-500)}`)));
      look();
    });
  }

  say(text: string): void {
    this.child.stdin.write(text);
  }
}

/** What passed, and the keys of it. */
export interface OpensslExchange {
  readonly pieces: readonly Said[];
  readonly keyLog: string;
}

/** Has both ends say something; `passed` resolves with the next octets that pass. */
export type Talk = (client: Process, server: Process, passed: () => Promise<void>) => Promise<void>;

/** What passes while `talk` has both ends say something. */
export async function exchangeOf(
  name: string,
  options: readonly string[],
  talk: Talk,
): Promise<OpensslExchange> {
  const server = await OpensslServer.start(options, 1);
  try {
    return await server.exchange(name, options, talk);
  } finally {
    server.stop();
  }
}

/** A server of OpenSSL, whose connections go through a relay. */
export class OpensslServer {
  readonly process: Process;
  readonly #relay;
  readonly #sockets: Socket[] = [];
  #pieces: Said[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(process: Process, port: number) {
    this.process = process;
    this.#relay = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      this.#sockets.push(near, far);
      for (const [from, one, other] of [
        ['client', near, far],
        ['server', far, near],
      ] as const) {
        one.on('data', (octets) => {
          this.#pieces.push({ from, octets: Uint8Array.from(octets) });
          other.write(octets);
          for (const each of this.#waiting) each();
          this.#waiting.clear();
        });
        one.on('end', () => other.end()).on('error', () => other.destroy());
      }
    });
  }

  /** Starts one that takes `connections`. */
  static async start(options: readonly string[], connections: number): Promise<OpensslServer> {
    const files = ['-key', pem('server.key'), '-cert', pem('server')];
    const bounds = ['-accept', '127.0.0.1:0', '-naccept', String(connections)];
    const process = new Process(['s_server', ...bounds, ...files, ...options]);
    const [, port = ''] = await process.prints(/ACCEPT 127\.0\.0\.1:(\d+)/);
    const server = new OpensslServer(process, Number(port));
    server.#relay.listen(0, '127.0.0.1');
    await once(server.#relay, 'listening');
    return server;
  }

  /** What passes between it and one client. */
  async exchange(name: string, options: readonly string[], talk: Talk): Promise<OpensslExchange> {
    const keys = join(folder, `${name}.log`);
    const pieces: Said[] = [];
    this.#pieces = pieces;
    const address = `127.0.0.1:${(this.#relay.address() as AddressInfo).port}`;
    const client = new Process(['s_client', '-connect', address, '-keylogfile', keys, ...options]);
    try {
      await client.prints(/Verify return code/);
      await talk(client, this.process, () => new Promise((resolve) => this.#waiting.add(resolve)));
    } finally {
      client.child.kill();
    }
    return { pieces, keyLog: readFileSync(keys, 'utf8') };
  }

  stop(): void {
    this.process.child.kill();
    for (const socket of this.#sockets) socket.destroy();
    this.#relay.close();
  }
}
