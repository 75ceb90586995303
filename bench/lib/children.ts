// Children: what a row runs beside itself, each killed by its process id when this process ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { atEnd } from './at-end.ts';

const running = new Set<ChildProcess>();
let watched = false;

/** How a child is started. */
export interface ChildOptions {
  readonly cwd?: string;
  /** Opens a channel for messages. */
  readonly ipc?: boolean;
}

/** Characters of output that are kept. */
const kept = 65_536;

/** A child in the foreground. */
export class Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** Standard output. */
  stdout = '';
  /** Standard error. */
  stderr = '';
  /** Resolves with the exit code, -1 when it never ran or a signal ended it. */
  readonly ended: Promise<number>;
  #code: number | undefined;

  constructor(
    name: string,
    command: string,
    args: readonly string[],
    { cwd, ipc = false }: ChildOptions = {},
  ) {
    this.name = name;
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
      // Debian's daemons stand there, which is not everybody's PATH.
      env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
      ...(cwd !== undefined && { cwd }),
    });
    this.process = child;
    watch(child);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout = (this.stdout + text).slice(-kept);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-kept);
    });
    this.ended = new Promise((resolve) => {
      const end = (code: number): void => {
        running.delete(child);
        this.#code ??= code;
        resolve(this.#code);
      };
      child.once('error', (error) => {
        this.stderr += error.message;
        end(-1);
      });
      child.once('close', (code) => end(code ?? -1));
    });
  }

  /** @throws {Error} when it never ran */
  get pid(): number {
    if (this.process.pid === undefined) throw new Error(`${this.name} did not start: ${this.stderr}`);
    return this.process.pid;
  }

  /** @throws {Error} when it has ended, with what it said of it */
  expectRunning(): void {
    if (this.#code === undefined) return;
    throw new Error(`${this.name} ended with ${this.#code}: ${tellingLine(this.stderr || this.stdout)}`);
  }

  /** Waits until `ready` holds. @throws {Error} when the child ends before, or after `limitMs` */
  async until(ready: () => boolean | Promise<boolean>, what: string, limitMs = 60_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!(await ready())) {
      this.expectRunning();
      if (performance.now() > end) throw new Error(`${this.name}: no ${what} within ${limitMs / 1000} s`);
      await wait(20);
    }
  }

  /** Ends it, by SIGKILL when it takes longer than `limitMs`. */
  async stop(limitMs = 30_000): Promise<void> {
    if (this.#code !== undefined) return;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), limitMs);
    await this.ended;
    clearTimeout(timer);
  }
}

/**
 * Runs a program to its end and gives the last line that it printed, as JSON.
 * @throws {Error} when it fails, prints none, or takes longer than `limitMs`
 */
export async function lastLineOf(child: Child, limitMs: number): Promise<unknown> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.process.kill('SIGKILL');
  }, limitMs);
  const code = await child.ended;
  clearTimeout(timer);
  if (late) throw new Error(`${child.name} was not done within ${limitMs / 1000} s`);
  if (code !== 0) throw new Error(`${child.name} ended with ${code}: ${tellingLine(child.stderr)}`);
  return JSON.parse(child.stdout.trimEnd().split('\n').at(-1) ?? '');
}

/** The first line that speaks of an error, else the last one. */
function tellingLine(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.find((line) => /error|panic/i.test(line)) ?? lines.at(-1) ?? '').slice(0, 300);
}

function watch(child: ChildProcess): void {
  running.add(child);
  if (watched) return;
  watched = true;
  atEnd(() => {
    for (const each of running) each.kill('SIGKILL');
  });
}
