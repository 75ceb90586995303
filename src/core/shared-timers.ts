// One timer for all waits of the same length: thousands of them that nearly always end before their time cost little more than
// their places in a list.
import type { Clock, Timer } from './clock.ts';

/** One wait. It stands in the list of its length until it is over or cancelled. */
class Wait implements Timer {
  readonly at: number;
  readonly run: () => void;
  before: Wait | undefined;
  behind: Wait | undefined;
  #list: WaitList | undefined;

  constructor(list: WaitList, at: number, run: () => void) {
    this.#list = list;
    this.at = at;
    this.run = run;
  }

  cancel(): void {
    this.#list?.remove(this);
    this.#list = undefined;
  }
}

/** Waits of one length, in the order in which they end. */
class WaitList {
  readonly #clock: Clock;
  #first: Wait | undefined;
  #last: Wait | undefined;
  /** Set for the first of them, or for one that was first. */
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(delayMs: number, run: () => void): Timer {
    const wait = new Wait(this, this.#clock.monotonic() + delayMs, run);
    wait.before = this.#last;
    if (this.#last === undefined) this.#first = wait;
    else this.#last.behind = wait;
    this.#last = wait;
    this.#timer ??= this.#clock.after(delayMs, () => this.#sweep());
    return wait;
  }

  remove(wait: Wait): void {
    if (wait.before === undefined) this.#first = wait.behind;
    else wait.before.behind = wait.behind;
    if (wait.behind === undefined) this.#last = wait.before;
    else wait.behind.before = wait.before;
    if (this.#first !== undefined) return;
    // Nothing is waited for: nothing may keep the process alive.
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    try {
      for (let due = this.#first; due !== undefined && due.at <= now; due = this.#first) {
        due.cancel();
        due.run();
      }
    } finally {
      const next = this.#first;
      if (next !== undefined) {
        this.#timer ??= this.#clock.after(Math.max(next.at - this.#clock.monotonic(), 0), () =>
          this.#sweep(),
        );
      }
    }
  }
}

/**
 * The same clock for waits of a few different lengths: `after` sets one timer of `clock` for all waits of a length, not one for
 * each. Lengths are remembered, so that they must not be many. What runs must not throw.
 */
export function sharedTimers(clock: Clock): Clock {
  const lists = new Map<number, WaitList>();
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after(delayMs, run) {
      if (delayMs <= 0) return clock.after(0, run);
      let list = lists.get(delayMs);
      if (list === undefined) {
        list = new WaitList(clock);
        lists.set(delayMs, list);
      }
      return list.add(delayMs, run);
    },
  };
}
