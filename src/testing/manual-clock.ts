// A clock that moves only when a test says so.
import type { Clock, Timer } from '../core/index.ts';

/** Time for tests: it stands still until `advance`. */
export class ManualClock implements Clock {
  #now: number;
  #timers: { readonly at: number; readonly order: number; readonly run: () => void }[] = [];
  #order = 0;

  /** `now` in milliseconds since the POSIX epoch; default 2026-01-01T00:00:00Z. */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Timer {
    this.#order += 1;
    const timer = { at: this.#now + Math.max(delayMs, 0), order: this.#order, run };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Timers that have not run. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** When the next timer runs; `undefined` when none is set. */
  nextTimerAt(): number | undefined {
    return this.#timers.reduce<number | undefined>(
      (least, timer) => (least === undefined || timer.at < least ? timer.at : least),
      undefined,
    );
  }

  /** Moves on by `durationMs` and runs the timers that fall due, in order, each at its own moment. */
  advance(durationMs: number): void {
    const end = this.#now + durationMs;
    for (;;) {
      const due = this.#timers
        .filter((timer) => timer.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = end;
  }
}
