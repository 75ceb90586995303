// Time for what nobody has proved yet: reading and checking what strangers send takes a bounded share of the device, so that
// notifications, sessions and the user are served whatever arrives.
import { type Clock, sleep } from '../../core/index.ts';

/** How much time there is. */
export interface WorkShareOptions {
  readonly clock: Clock;
  /** Share of all time, above 0 and up to 1. */
  readonly share: number;
  /** What may be used up at once, in milliseconds: whoever sends a few at a time never waits. */
  readonly allowanceMs: number;
  /** Ends all waits. */
  readonly signal: AbortSignal;
}

interface Task {
  readonly run: () => Promise<void>;
}

/** Runs work in the order of the calls, within its share. The number that wait is for the caller to bound. */
export class WorkShare {
  readonly #options: WorkShareOptions;
  readonly #tasks = new Set<Task>();
  /** Milliseconds of work beyond the share, as of `#countedAt`. */
  #debtMs = 0;
  #countedAt: number;
  #working = false;

  constructor(options: WorkShareOptions) {
    this.#options = options;
    this.#countedAt = options.clock.monotonic();
  }

  /**
   * Runs `work`, at once where nothing else waits and there is time; `undefined` when `signal` aborts before its turn.
   * Rejects with what it throws.
   */
  run<Result>(work: () => Result | Promise<Result>, signal: AbortSignal): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      const drop = (): void => {
        this.#tasks.delete(task);
        resolve(undefined);
      };
      const task: Task = {
        run: async () => {
          signal.removeEventListener('abort', drop);
          try {
            resolve(await work());
          } catch (error) {
            reject(error);
          }
        },
      };
      if (signal.aborted) return drop();
      signal.addEventListener('abort', drop, { once: true });
      this.#tasks.add(task);
      if (!this.#working) void this.#work();
    });
  }

  async #work(): Promise<void> {
    const { clock, signal } = this.#options;
    this.#working = true;
    while (this.#tasks.size > 0) {
      const waitMs = this.#waitMs();
      if (waitMs > 0) await sleep(clock, waitMs, signal);
      const [next] = this.#tasks;
      if (next === undefined) break;
      this.#tasks.delete(next);
      const from = clock.monotonic();
      await next.run();
      this.#debtMs += clock.monotonic() - from;
    }
    this.#working = false;
  }

  /** How long until there is time again. */
  #waitMs(): number {
    const { clock, share, allowanceMs } = this.#options;
    const now = clock.monotonic();
    this.#debtMs = Math.max(0, this.#debtMs - (now - this.#countedAt) * share);
    this.#countedAt = now;
    return Math.max(0, (this.#debtMs - allowanceMs) / share);
  }
}
