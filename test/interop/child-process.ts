// A peer as a child in the foreground, ended by its process id.
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** A running peer. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  #output = '';
  #code: number | undefined;
  readonly #ended: Promise<number>;

  /** `home` is its home directory; `keepInput` leaves its standard input open, for peers that end with it. */
  constructor(
    command: string,
    args: readonly string[],
    cwd?: string,
    { home, keepInput = false }: { readonly home?: string; readonly keepInput?: boolean } = {},
  ) {
    this.#name = command;
    const path = `${process.env.PATH ?? ''}:/usr/sbin`;
    this.#child = spawn(command, args, {
      stdio: [keepInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: path, TERM: 'dumb', ...(home === undefined ? {} : { HOME: home }) },
      ...(cwd === undefined ? {} : { cwd }),
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-100_000);
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#output += `${error.message}: is it installed?`;
        this.#code = -1;
        resolve(-1);
      });
      this.#child.once('close', (code) => {
        this.#code ??= code ?? -1;
        resolve(this.#code);
      });
    });
  }

  /** What it has printed. */
  get output(): string {
    return this.#output;
  }

  /** @throws {Error} when it has ended, with what it printed */
  expectRunning(): void {
    if (this.#code !== undefined) throw new Error(`${this.#name} ended with ${this.#code}: ${this.#output}`);
  }

  /** Resolves with its exit code. */
  ended(): Promise<number> {
    return this.#ended;
  }

  /** Ends it, and waits for that. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#code === undefined) this.#child.kill(signal);
    await this.#ended;
  }
}

/** A port of 127.0.0.1 that is free at this moment for UDP and TCP. */
export async function freePort(): Promise<number> {
  const udp = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      udp.once('error', reject);
      udp.bind(0, '127.0.0.1', resolve);
    });
    const { port } = udp.address();
    const tcp = createServer();
    const free = await new Promise<boolean>((resolve) => {
      tcp.once('error', () => resolve(false));
      tcp.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (free) {
      await new Promise((resolve) => tcp.close(resolve));
      return port;
    }
  } finally {
    udp.close();
  }
  return freePort();
}
