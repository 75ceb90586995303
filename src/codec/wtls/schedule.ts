// When a flight is sent again: after 2, 4, 8 … seconds, four times in all (docs/secure-push.md).
import { ValueError } from '../../core/index.ts';

/** Settings of retransmission. */
export interface RetransmitOptions {
  /** Wait before the first repetition, in milliseconds; each further wait is twice as long. Default 2000. */
  readonly retransmitMs?: number | undefined;
  /**
   * How often a HelloRequest is sent in all, 1–8; after the last, one more wait ends the handshake. The terminal, which
   * answers and never repeats by itself, gives up after the same time. Default 4.
   */
  readonly tries?: number | undefined;
}

/** Defaults of `RetransmitOptions`: a peer that never answers is given up after 30 seconds. */
export const retransmitDefaults = Object.freeze({ retransmitMs: 2000, tries: 4 });

/** Counts the tries of one flight. */
export class Schedule {
  readonly #firstMs: number;
  readonly #tries: number;
  #sent = 0;
  #nextAt: number | undefined;

  /** @throws {ValueError} OUT_OF_RANGE */
  constructor(options: RetransmitOptions) {
    const { retransmitMs = retransmitDefaults.retransmitMs, tries = retransmitDefaults.tries } = options;
    if (!Number.isInteger(retransmitMs) || retransmitMs < 1 || retransmitMs > 60_000) {
      throw new ValueError('OUT_OF_RANGE', 'must be an integer from 1 to 60000', 'retransmitMs');
    }
    if (!Number.isInteger(tries) || tries < 1 || tries > 8) {
      throw new ValueError('OUT_OF_RANGE', 'must be an integer from 1 to 8', 'tries');
    }
    this.#firstMs = retransmitMs;
    this.#tries = tries;
  }

  /** All waits together, in milliseconds. */
  get totalMs(): number {
    return this.#firstMs * (2 ** this.#tries - 1);
  }

  /** When something is to be done next, on the clock of `now`; `undefined` when nothing is. */
  get nextAt(): number | undefined {
    return this.#nextAt;
  }

  /** A new flight goes out at `now`. */
  start(now: number): void {
    this.#sent = 1;
    this.#nextAt = now + this.#firstMs;
  }

  /** Asked at `nextAt`: true when the flight is to be sent once more, false when its tries are used up. */
  again(now: number): boolean {
    if (this.#sent >= this.#tries) {
      this.#nextAt = undefined;
      return false;
    }
    this.#nextAt = now + this.#firstMs * 2 ** this.#sent;
    this.#sent += 1;
    return true;
  }

  /** The flight was answered. */
  stop(): void {
    this.#nextAt = undefined;
  }
}
