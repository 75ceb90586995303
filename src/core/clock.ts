// Time as a dependency, so that nothing that waits needs a real wait in its tests.

/** A cancellable timer. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time for everything above the codecs. `now` is for what people, files and other machines are told
 * and tell us (dates, ages, ends of life); `monotonic` is for how long something takes or waits in this process, since a
 * clock that is set must neither prolong nor end a wait.
 */
export interface Clock {
  /** The wall clock: milliseconds since the POSIX epoch. Whoever sets the machine's clock moves it, either way. */
  now(): number;
  /**
   * Milliseconds since a moment that means nothing, which may be fractions. It never goes back, and setting the machine's
   * clock does not move it; whether it goes on while the machine sleeps is the system's affair. Not to be stored.
   */
  monotonic(): number;
  /**
   * Calls `run` once, `delayMs` milliseconds of `monotonic` from now (0 or more), and never before: who then compares
   * `monotonic` with the end of the delay finds it reached. A delay beyond 24.8 days may end then: who waits that long looks
   * again.
   */
  after(delayMs: number, run: () => void): Timer;
}

// Node fires a longer timer at once.
const longestTimerMs = 2 ** 31 - 1;

/** The machine's clock. Its timers keep the process alive unless `unref` is true. */
export function systemClock(options: { readonly unref?: boolean } = {}): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delayMs, run) {
      const waitMs = Math.min(Math.max(delayMs, 0), longestTimerMs);
      const end = performance.now() + waitMs;
      let timer: ReturnType<typeof setTimeout>;
      const arm = (ms: number): void => {
        timer = setTimeout(fire, ms);
        if (options.unref === true && hasUnref(timer)) timer.unref();
      };
      // Timers count whole milliseconds from when the event loop last looked, so they may be early by a part of one.
      const fire = (): void => {
        const leftMs = end - performance.now();
        if (leftMs > 0) arm(Math.ceil(leftMs));
        else run();
      };
      arm(Math.ceil(waitMs));
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** Timers of Node have it; those of a browser keep nothing alive. */
function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer;
}

/** Resolves after `delayMs` on `clock`, or at once when `signal` aborts. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Least move of the wall clock that counts as a jump unless a watch says otherwise, in milliseconds. */
const leastJumpMs = 1000;

/**
 * Finds out when the wall clock was set: how far it has moved against `monotonic`. What a clock gains or loses little by
 * little is kept until it is enough to count, so nothing is lost between two looks.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #leastMs: number;
  #offsetMs: number;

  /** `leastMs`: a smaller move is no jump; in milliseconds, above 0, default 1000. @throws {RangeError} for another */
  constructor(clock: Clock, leastMs = leastJumpMs) {
    if (!(leastMs > 0 && leastMs < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`leastMs is ${leastMs}; use milliseconds above 0`);
    }
    this.#clock = clock;
    this.#leastMs = leastMs;
    this.#offsetMs = clock.now() - clock.monotonic();
  }

  /** Milliseconds by which the wall clock was set since the last look that found it so: below 0 when back, 0 when not. */
  moved(): number {
    const offsetMs = this.#clock.now() - this.#clock.monotonic();
    const movedMs = Math.round(offsetMs - this.#offsetMs);
    if (Math.abs(movedMs) < this.#leastMs) return 0;
    this.#offsetMs += movedMs;
    return movedMs;
  }
}

/**
 * Looks at the wall clock every `everyMs` (default 1000) and calls `onMoved` with the milliseconds that it was set by.
 * Gives what ends it.
 */
export function watchClock(clock: Clock, onMoved: (byMs: number) => void, everyMs = 1000): () => void {
  const watch = new ClockWatch(clock);
  let timer: Timer;
  const look = (): void => {
    timer = clock.after(everyMs, look);
    const byMs = watch.moved();
    if (byMs !== 0) onMoved(byMs);
  };
  timer = clock.after(everyMs, look);
  return () => timer.cancel();
}
