// The server of a trial of campaigns as a process of its own: started, asked, stopped, killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SenderSections } from '../../../src/cli/bindings/sender-shapes.ts';
import type { PushPolicy } from '../../../src/server/index.ts';

/** What the process is started with. */
export interface TrialServerSpec {
  readonly data: string;
  readonly dmPort: number;
  readonly apiPort: number;
  readonly bindings: SenderSections;
  readonly policy: Partial<PushPolicy>;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The server; every start has the same folder and ports. */
export class TrialServer {
  readonly #spec: TrialServerSpec;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #child: ChildProcess | undefined;
  #calls = 0;

  constructor(spec: TrialServerSpec) {
    this.#spec = spec;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const file = join(import.meta.dirname, 'children/serve.ts');
    const child = spawn(process.execPath, [file, JSON.stringify(this.#spec)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    const up = new Promise<void>((resolve, reject) => {
      this.#waiting.set(0, () => resolve());
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
    child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.on('exit', () => {
      for (const [id, tell] of this.#waiting) tell({ id, error: 'the server is gone' });
      this.#waiting.clear();
    });
    await up;
  }

  /** @throws what the call throws, and when the server ends before it answers */
  async call<Result>(name: string, ...args: readonly unknown[]): Promise<Result> {
    this.#calls += 1;
    const id = this.#calls;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child?.send({ id, name, args });
    });
    if (answer.error !== undefined) throw new Error(`${name}: ${answer.error}`);
    return answer.result as Result;
  }

  /** Ends the process with a signal; resolves when it is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
