// A clock that moves only when a test says so.
import type { Clock, Timer } from '../../core/index.ts';

/** Time for tests: it stands still until `advance`, and the wall clock can be set apart from it by `jump`. */
export class ManualClock implements Clock {
  // Not 0 and no date, so that who takes one reading for the other fails.
  #monotonic = 5_000_000;
  #offset: number;
  #timers: { readonly at: number; readonly order: number; readonly run: () => void }[] = [];
  #order = 0;

  /** `now` in milliseconds since the POSIX epoch; default 2026-01-01T00:00:00Z. */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#offset = now - this.#monotonic;
  }

  now(): number {
    return this.#monotonic + this.#offset;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, run: () => void): Timer {
    this.#order += 1;
    const timer = { at: this.#monotonic + Math.max(delayMs, 0), order: this.#order, run };
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

  /** What `now` will say when the next timer runs, unless the wall clock jumps; `undefined` when none is set. */
  nextTimerAt(): number | undefined {
    const at = this.#timers.reduce<number | undefined>(
      (least, timer) => (least === undefined || timer.at < least ? timer.at : least),
      undefined,
    );
    return at === undefined ? undefined : at + this.#offset;
  }

  /** Moves on by `durationMs` and runs the timers that fall due, in order, each at its own moment. */
  advance(durationMs: number): void {
    const end = this.#monotonic + durationMs;
    for (;;) {
      const due = this.#timers
        .filter((timer) => timer.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#monotonic = Math.max(this.#monotonic, due.at);
      due.run();
    }
    this.#monotonic = end;
  }

  /** Sets the wall clock, forward or (below 0) back; no time passes, and no timer runs. */
  jump(byMs: number): void {
    this.#offset += byMs;
  }
}
