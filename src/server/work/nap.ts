// A sleep that others may end, and that is not begun when they have called already.
import type { Clock, Timer } from '../../core/index.ts';

/** Pause after the store has failed, and while others are at what is due, in milliseconds. */
export const storePauseMs = 1000;

/** The sleep of a loop that looks for work. */
export class Nap {
  readonly #clock: Clock;
  #called = false;
  #asleepUntil: number | undefined;
  #timer: Timer | undefined;
  #resolve: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A look begins: what is called from now on is not slept through. */
  begin(): void {
    this.#called = false;
  }

  /** Sleeps for `ms` milliseconds, or until `wake`; not at all when that was called since `begin`. */
  sleep(ms: number): Promise<void> {
    if (this.#called) return Promise.resolve();
    return new Promise((resolve) => {
      this.#asleepUntil = this.#clock.now() + ms;
      this.#resolve = resolve;
      this.#timer = this.#clock.after(ms, () => this.wake());
    });
  }

  /** Ends the sleep; with `dueAt`, milliseconds since the POSIX epoch, only one that would last longer than until then. */
  wake(dueAt?: number): void {
    if (dueAt !== undefined && this.#asleepUntil !== undefined && dueAt >= this.#asleepUntil) return;
    this.#called = true;
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#resolve = undefined;
    this.#asleepUntil = undefined;
    resolve();
  }
}
