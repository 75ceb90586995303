// Requests that were taken of late, so that one which comes by two ways is handed over once (RFC 3261 §8.2.2.2).
import { bytesToHex, type Clock, sha256, utf8ToBytes } from '../../core/index.ts';

/** Keys longer than this are kept as their digest. */
const longestKey = 256;

/** A key for memories that strangers fill: as it is, or its digest where it is long. */
export function boundedKey(key: string): string {
  return key.length <= longestKey ? key : bytesToHex(sha256(utf8ToBytes(key)));
}

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
  seen(given: string): boolean {
    const key = boundedKey(given);
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
