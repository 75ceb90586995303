// Whose queue is full: ESME_RMSGQFUL says it of a number's queue, and some centres say it of their own (SMPP 3.4 §5.1.3).
import type { Clock } from '../../../core/index.ts';

/**
 * Fresh numbers that have to be refused one after the other, with nothing taken between, before it is the centre's queue.
 * A number is fresh that was not full when it was asked last: it was tried for the first time, or a message to it was taken.
 * Handsets that are off say nothing, however many they are and however often they are tried.
 */
const manyNumbers = 32;

/** For how long, in milliseconds: many pushes that leave together are answered together. */
const longEnoughMs = 5000;

/** Full numbers that are remembered. Those that are forgotten are fresh again. */
const maxRemembered = 10_000;

/** Tells one from the other by the numbers that are refused. For all links to a centre. */
export class FullQueues {
  readonly #clock: Clock;
  /** Numbers that were full when they were asked last, the one that was asked longest ago first. */
  readonly #full = new Set<string>();
  /** Fresh numbers that were refused since a message was taken, and since when. */
  #fresh = 0;
  #since = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A queue was full for a message to `number`. True when by all that is known it is the centre's own: it gets too many
   * messages. Where that is in doubt it is the number's, for others must not wait for handsets that are off.
   */
  refused(number: string): boolean {
    const known = this.#full.delete(number);
    this.#full.add(number);
    if (known) return false;
    if (this.#full.size > maxRemembered) {
      for (const oldest of this.#full) {
        this.#full.delete(oldest);
        break;
      }
    }
    const now = this.#clock.monotonic();
    if (this.#fresh === 0) this.#since = now;
    this.#fresh += 1;
    if (this.#fresh < manyNumbers || now - this.#since < longEnoughMs) return false;
    this.#fresh = 0;
    return true;
  }

  /** A message to `number` was taken: there is room in the centre. */
  accepted(number: string): void {
    this.#full.delete(number);
    this.#fresh = 0;
  }
}
