// Time as a dependency, so that nothing that waits needs a real wait in its tests.

/** A cancellable timer. */
export interface Timer {
  cancel(): void;
}

/** The only source of time for everything above the codecs. */
export interface Clock {
  /** Milliseconds since the POSIX epoch. */
  now(): number;
  /**
   * Calls `run` once, `delayMs` milliseconds from now (0 or more). A delay beyond 24.8 days may end then: who waits that
   * long looks again.
   */
  after(delayMs: number, run: () => void): Timer;
}

// Node fires a longer timer at once.
const longestTimerMs = 2 ** 31 - 1;

/** The machine's clock. Its timers keep the process alive unless `unref` is true. */
export function systemClock(options: { readonly unref?: boolean } = {}): Clock {
  return {
    now: () => Date.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, Math.min(Math.max(delayMs, 0), longestTimerMs));
      if (options.unref === true) timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
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
