// Pushes that end while their carrier is suspended: looked for among all that wait for it, and not too often where those are many.
import type { Clock } from '../../core/index.ts';
import type { OverduePush, PushQueue } from '../../store/index.ts';

/** What is looked with. */
export interface OverdueLooksOptions {
  readonly queue: Pick<PushQueue, 'overdue'>;
  readonly clock: Clock;
  readonly carrier: string;
  /** A notification that went out so often is not sent again. */
  readonly attempts: () => number;
  /** Largest number of pushes that one look gives. */
  readonly limit: number;
}

/** Shortest and longest pause between two looks, in milliseconds. */
const pauseMs = { least: 1000, most: 60_000 };

/** So many times as long as a look takes is the pause after it. */
const pauseTimes = 50;

/** Looks of one carrier. */
export class OverdueLooks {
  readonly #options: OverdueLooksOptions;
  /** On the monotonic clock. */
  #nextAt = 0;

  constructor(options: OverdueLooksOptions) {
    this.#options = options;
  }

  /** How long the next look has to wait, in milliseconds. */
  waitMs(): number {
    return Math.max(0, this.#nextAt - this.#options.clock.monotonic());
  }

  /** Up to as many as there may be at once; where there are so many, the next look need not wait. Rejects as the store does. */
  async look(): Promise<readonly OverduePush[]> {
    const { queue, clock, carrier, attempts, limit } = this.#options;
    const beganAt = performance.now();
    const found = await queue.overdue({ carrier, attempts: attempts(), limit });
    const tookMs = performance.now() - beganAt;
    const pause = Math.min(pauseMs.most, Math.max(pauseMs.least, tookMs * pauseTimes));
    this.#nextAt = clock.monotonic() + (found.length < limit ? pause : 0);
    return found;
  }
}
