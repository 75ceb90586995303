// Witnesses in Python, its standard library unless they say otherwise: scripts beside the tests that share no code with the
// project.
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A running witness. It prints one JSON value in a line for each thing that it has made or seen. */
export class Witness {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #seen: unknown[] = [];
  #waiting: (() => void) | undefined;
  #ended = false;

  /** `python` names the interpreter: that of Debian, `/usr/bin/python3`, for witnesses that use its packages. */
  constructor(script: string, args: readonly string[] = [], python = 'python3') {
    this.#name = script;
    const path = resolve(import.meta.dirname, script);
    const child = spawn(python, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#seen.push(JSON.parse(line));
      this.#waiting?.();
    });
    child.on('error', () => this.#end());
    child.on('close', () => this.#end());
  }

  /** The answer to a question, for witnesses that read one JSON value in a line. @throws {Error} when it has ended */
  ask(question: unknown): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    return this.next();
  }

  /** The next thing. @throws {Error} when it has ended before */
  async next(): Promise<unknown> {
    while (this.#seen.length === 0) {
      if (this.#ended) throw new Error(`${this.#name} has ended`);
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    return this.#seen.shift();
  }

  /** What it has told and nobody has taken. */
  get left(): readonly unknown[] {
    return this.#seen;
  }

  /** Ends it, and waits for that. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }

  #end(): void {
    this.#ended = true;
    this.#waiting?.();
  }
}
