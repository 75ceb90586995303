// Receipts of which only the answers to the submissions under way can say whose they are.
import type { TakenReceipt } from './early-receipts.ts';
import type { Submissions } from './submissions.ts';

/** Held receipts, at most. */
const maxHeld = 10_000;

/** Holds them, in the order in which they came. */
export class HeldReceipts {
  readonly #all = new Set<TakenReceipt>();

  /** Holds one; gives the oldest that have to give way. */
  add(receipt: TakenReceipt): readonly TakenReceipt[] {
    const given: TakenReceipt[] = [];
    for (const oldest of this.#all) {
      if (this.#all.size < maxHeld) break;
      this.#all.delete(oldest);
      given.push(oldest);
    }
    this.#all.add(receipt);
    return given;
  }

  /** Takes out those that none of the submissions that they wait for holds up any more. */
  ready(submissions: Submissions): readonly TakenReceipt[] {
    const given: TakenReceipt[] = [];
    for (const receipt of this.#all) {
      if (submissions.anyOfFirst(receipt.marks.begun)) break;
      this.#all.delete(receipt);
      given.push(receipt);
    }
    return given;
  }
}
