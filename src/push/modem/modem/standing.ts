// How a modem stands: its state, since when, what stands in the way, and who waits for another state.
import { type Clock, PushError } from '../../../core/index.ts';
import { abortable, closedError } from '../../index.ts';
import type { ModemState } from './modem-status.ts';

/** The state of one modem. */
export class Standing {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #state: ModemState = 'closed';
  #since: number;
  #error: PushError | undefined;
  #cameUp = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  get state(): ModemState {
    return this.#state;
  }

  /** Milliseconds since the POSIX epoch. */
  get since(): number {
    return this.#since;
  }

  /** What stands in the way; `undefined` once it was ready again. */
  get error(): PushError | undefined {
    return this.#error;
  }

  /** It was ready, or has failed, once. */
  get cameUp(): boolean {
    return this.#cameUp;
  }

  get ready(): boolean {
    return this.#state === 'ready';
  }

  become(state: ModemState): void {
    if (this.#state === state) return;
    if (state === 'ready') this.#error = undefined;
    this.#state = state;
    this.#cameUp ||= state !== 'opening' && state !== 'initialising';
    this.#since = this.#clock.now();
    for (const wake of [...this.#waiting]) wake();
  }

  /** Something is in the way: for a while, or for good. */
  fail(error: PushError): void {
    this.#error = error;
    this.become(error.retryable ? 'waiting' : 'failed');
  }

  /**
   * Resolves when it is ready. `stopped` is the modem's own end, `name` how errors call it.
   * @throws {PushError} what stands in the way once `waitMs` milliseconds are over, or at once when it will not go away
   */
  async whenReady(name: string, waitMs: number, stopped: AbortSignal, signal: AbortSignal): Promise<void> {
    const end = this.#clock.monotonic() + waitMs;
    while (!this.ready) {
      if (this.#state === 'failed' && this.#error !== undefined) throw this.#error;
      if (stopped.aborted) throw closedError('modem');
      const left = end - this.#clock.monotonic();
      if (left <= 0) {
        const why = this.#error?.message ?? 'it is being opened';
        throw new PushError('LINK_DOWN', `${name}: not ready within ${waitMs} ms: ${why}`, true, {
          notTaken: true,
        });
      }
      await abortable(this.#change(left), signal);
    }
  }

  /** Resolves when the state changes, or after so many milliseconds. */
  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        this.#waiting.delete(done);
        resolve();
      };
      const timer = this.#clock.after(withinMs, done);
      this.#waiting.add(done);
    });
  }
}
