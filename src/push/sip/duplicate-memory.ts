// Requests that were taken of late, so that one which comes by two ways is handed over once (RFC 3261 §8.2.2.2).
import type { Clock } from '../../core/index.ts';

/** Remembers keys for a while, in bounded memory. */
export class DuplicateMemory {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #capacity: number;
  /** When each was seen, the oldest first. */
  readonly #seen = new Map<string, number>();

  /** Remembers the newest `capacity` keys for `keepMs` milliseconds. */
  constructor(clock: Clock, keepMs: number, capacity = 10_000) {
    this.#clock = clock;
    this.#keepMs = keepMs;
    this.#capacity = capacity;
  }

  /** Notes a key; true when it has been noted before. */
  seen(key: string): boolean {
    const now = this.#clock.monotonic();
    for (const [oldest, at] of this.#seen) {
      if (at + this.#keepMs > now && this.#seen.size <= this.#capacity) break;
      this.#seen.delete(oldest);
    }
    if (this.#seen.has(key)) return true;
    this.#seen.set(key, now);
    return false;
  }
}
