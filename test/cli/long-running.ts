// Starts the command line as a process of its own, for what has to be killed or stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const main = resolve(import.meta.dirname, '../../bin/reveille.js');

/** A running `reveille` process. */
export class CliProcess {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(
    args: readonly string[],
    options: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
  ) {
    this.#child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString('utf8');
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString('utf8');
    });
    this.#exited = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Exit status; `null` when a signal ended it. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  /** The first match of `pattern` in what the process printed; waits for it. @throws when it exits before */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    let over = false;
    void this.#exited.then(() => {
      over = true;
    });
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (found !== null) return found;
      if (over) throw new Error(`exited without printing ${pattern}:\n${this.stdout}\n${this.stderr}`);
      await new Promise((resume) => setTimeout(resume, 20));
    }
  }

  /** Sends SIGHUP. */
  hangUp(): void {
    this.#child.kill('SIGHUP');
  }

  /** Sends a signal and waits for the end. */
  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    return this.#exited;
  }
}
