// The ends of attempts' times: one timer for all that are under way, which the first of them sets.
import type { Clock, Timer } from '../../core/index.ts';

/** Something that ends when its time has passed. */
export interface Bounded {
  /** On the monotonic clock, in milliseconds. */
  readonly deadline: number;
  /** Called once it has passed. Must not throw. */
  expire(): void;
}

/** Ends what takes too long. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #open = new Set<Bounded>();
  #timer: Timer | undefined;
  /** When the timer ends. */
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Its time begins. */
  add(bounded: Bounded): void {
    this.#open.add(bounded);
    if (bounded.deadline < this.#timerAt) this.#watch(bounded.deadline);
  }

  /** It is over; false when it was before. */
  end(bounded: Bounded): boolean {
    return this.#open.delete(bounded);
  }

  /** Ends nothing more until something is added. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #watch(deadline: number): void {
    this.#timer?.cancel();
    this.#timerAt = deadline;
    this.#timer = this.#clock.after(Math.max(0, deadline - this.#clock.monotonic()), () => this.#sweep());
  }

  #sweep(): void {
    this.close();
    const now = this.#clock.monotonic();
    let next = Number.POSITIVE_INFINITY;
    for (const bounded of this.#open) {
      if (bounded.deadline > now) next = Math.min(next, bounded.deadline);
      else if (this.#open.delete(bounded)) bounded.expire();
    }
    // What has expired may have been followed by something that set the timer.
    if (next < this.#timerAt) this.#watch(next);
  }
}
