// One process of a run: started, spoken to, killed, started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A line that a process prints. */
export type Told = Readonly<Record<string, unknown>>;

/** How a process is started. */
export interface ProcessOptions {
  readonly name: string;
  /** The TypeScript program. */
  readonly program: string;
  /** Folder for its settings and what it says on standard error. */
  readonly folder: string;
  /** Asked for at each start. */
  readonly settings: () => object;
  /** Words before Node's, for a process in a namespace of its own. */
  readonly prefix?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called for each line that it prints, but for the first that says that it is ready. */
  readonly onTold?: (told: Told) => void;
}

/** How long a process may take to be ready. */
const readyMs = 60_000;

/** It ends when its standard input does, so none stays behind when the run is killed. */
export class RunProcess {
  readonly name: string;
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  /** True while its end is wanted. */
  #ending = false;
  /** Why it ended when nobody wanted it to. */
  failure: string | undefined;

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  /** Starts it; resolves with what it says when it is ready. @throws {Error} when it ends before */
  async start(): Promise<Told> {
    if (this.#child !== undefined) throw new Error(`${this.name} runs already`);
    const { name, program, folder, settings, prefix = [], env, onTold } = this.#options;
    const file = join(folder, `${name}.settings.json`);
    writeFileSync(file, JSON.stringify(settings()), { mode: 0o600 });
    const log = openSync(join(folder, `${name}.log`), 'a', 0o600);
    const [command = '', ...args] = [...prefix, process.execPath, program, file];
    // Most of the time of a start is reading the source, which is the same each time.
    const cache = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', log],
      env: { ...process.env, ...cache, ...env },
    });
    closeSync(log);
    this.#ending = false;
    this.#child = child;
    child.stdin?.on('error', () => {});
    this.#ended = once(child, 'close').then(([code, signal]) => {
      this.#child = undefined;
      if (this.#ending) return;
      this.failure = `${name} ended by itself (${code ?? signal}); see ${join(folder, `${name}.log`)}`;
    });
    const out = child.stdout;
    if (out === null) throw new Error('no standard output');
    return await new Promise<Told>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name} is not ready after ${readyMs} ms`)), readyMs);
      createInterface({ input: out }).on('line', (line) => {
        const told = JSON.parse(line) as Told;
        if (told.ready !== true) onTold?.(told);
        else {
          clearTimeout(timer);
          resolve(told);
        }
      });
      void this.#ended.then(() => {
        clearTimeout(timer);
        reject(new Error(this.failure ?? `${name} was ended before it was ready`));
      });
    });
  }

  /** Tells it something; nothing happens when it is not there. */
  tell(command: object): void {
    this.#child?.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** Has it stop in good order; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.tell({ end: true });
    await this.#ended;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#ending = true;
    child.kill('SIGKILL');
    await this.#ended;
    // libfaketime shares its state below /dev/shm, and a killed process cannot tidy up.
    for (const kind of ['sem', 'shm']) {
      rmSync(`/dev/shm/${kind}.faketime_sem_${child.pid}`, { force: true });
      rmSync(`/dev/shm/faketime_${kind}_${child.pid}`, { force: true });
    }
  }
}
