// A clock that moves when the test says so.
import type { Clock, Timer } from '../../src/core/index.ts';

export class ManualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  constructor(nowMs = 1_331_000_000_000) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const timer = { at: this.#nowMs + Math.max(0, delayMs), run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Timers that have not run. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves the clock and runs what falls due, in order. */
  advance(byMs: number): void {
    const end = this.#nowMs + byMs;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.at);
      due.run();
    }
    this.#nowMs = end;
  }
}
