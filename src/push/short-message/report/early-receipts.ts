// Receipts that no push has an id for: they may have overtaken the response to their message.
import type { ReceiptMarks } from './find-push.ts';

/** A receipt for a message that is not known, for a log or a search in a store. */
export interface UnmatchedReceipt {
  /** Name of the centre. */
  readonly smsc: string;
  /** Ids as the receipt has them. */
  readonly ids: readonly string[];
  /** The carrier's word. */
  readonly state: string;
}

/** A final receipt, as far as its matching goes. */
export interface TakenReceipt {
  readonly marks: ReceiptMarks;
  /** What it says. */
  readonly said: UnmatchedReceipt;
  readonly outcome: 'delivered' | 'failed';
  readonly error: string;
  /** True when it counts for a message to its own number alone, and is nothing else. */
  readonly doubtful: boolean;
}

/** One that may have overtaken. */
export interface EarlyReceipt extends TakenReceipt {
  /** What its message may be called. */
  readonly keys: readonly string[];
  /** How many of them, from the first, are no guesses. */
  readonly sure: number;
  /** Its place in the order of what came and what was submitted. */
  readonly at: number;
  /** On the monotonic clock, in milliseconds. */
  readonly deadline: number;
}

/** Early receipts, at most, and how long they are kept in milliseconds. */
const maxEarly = 10_000;
export const earlyMs = 600_000;

/** Keeps them for a while. */
export class EarlyReceipts {
  readonly #all = new Set<EarlyReceipt>();
  readonly #byKey = new Map<string, Set<EarlyReceipt>>();

  /** Keeps one; gives the oldest that have to give way. */
  add(early: EarlyReceipt): readonly EarlyReceipt[] {
    const given: EarlyReceipt[] = [];
    for (const oldest of this.#all) {
      if (this.#all.size < maxEarly) break;
      this.remove(oldest);
      given.push(oldest);
    }
    this.#all.add(early);
    for (const key of early.keys) {
      const set = this.#byKey.get(key);
      if (set === undefined) this.#byKey.set(key, new Set([early]));
      else set.add(early);
    }
    return given;
  }

  /** Those with that key, in the order in which they came. */
  withId(key: string): readonly EarlyReceipt[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  remove(early: EarlyReceipt): void {
    this.#all.delete(early);
    for (const key of early.keys) {
      const set = this.#byKey.get(key);
      set?.delete(early);
      if (set?.size === 0) this.#byKey.delete(key);
    }
  }

  /** Takes out what has been kept long enough by then. */
  expire(now: number): readonly EarlyReceipt[] {
    const given: EarlyReceipt[] = [];
    for (const early of this.#all) {
      if (early.deadline > now) break;
      this.remove(early);
      given.push(early);
    }
    return given;
  }
}
