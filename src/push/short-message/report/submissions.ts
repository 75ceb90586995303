// Submissions under way: while a push has no ids yet, a receipt may be about it.
import { agreement, allDigits, deviceDigits } from '../number/device-digits.ts';

/** The submission of a push, from when its first message leaves. */
export interface Submission {
  /** All digits of its device. */
  readonly number: string;
  /** The last of them, which receipts are compared with. */
  readonly digits: string;
  /** The moment in the order of early receipts at which it began. */
  readonly begunAt: number;
  /** Its place in the order of submissions, from 1. */
  readonly nth: number;
}

/** Knows which are under way, and what came before them. */
export class Submissions {
  readonly #underWay = new Set<Submission>();
  readonly #byDigits = new Map<string, Set<Submission>>();
  readonly #onEnd: () => void;
  #moment = 0;
  #begun = 0;

  /** `onEnd` is called when one has ended without a push that is tracked. */
  constructor(onEnd: () => void = () => {}) {
    this.#onEnd = onEnd;
  }

  /** One begins: its first message leaves now. */
  begin(number: string): Submission {
    this.#begun += 1;
    const digits = deviceDigits(number);
    const submission = { number: allDigits(number), digits, begunAt: this.#moment, nth: this.#begun };
    this.#underWay.add(submission);
    const same = this.#byDigits.get(digits);
    if (same === undefined) this.#byDigits.set(digits, new Set([submission]));
    else same.add(submission);
    return submission;
  }

  /** It is under way no longer. May be called again. */
  end(submission: Submission): void {
    if (this.takeOut(submission)) this.#onEnd();
  }

  /** The same, without a word to `onEnd`; false when it was not under way. */
  takeOut(submission: Submission): boolean {
    if (!this.#underWay.delete(submission)) return false;
    const same = this.#byDigits.get(submission.digits);
    same?.delete(submission);
    if (same?.size === 0) this.#byDigits.delete(submission.digits);
    return true;
  }

  /** The place of what comes now: after the early receipts so far. */
  get moment(): number {
    return this.#moment;
  }

  /** How many have begun so far. */
  get begun(): number {
    return this.#begun;
  }

  /** True while one of the first `nth` is under way. */
  anyOfFirst(nth: number): boolean {
    for (const oldest of this.#underWay) return oldest.nth <= nth;
    return false;
  }

  /** True while one to that device is under way. */
  areUnderWay(digits: string): boolean {
    return this.#byDigits.has(digits);
  }

  /** The longest agreement with the number of one of the first `nth` that goes to another device than `own`; 0 without any. */
  rival(number: string, own: string, nth: number): number {
    let longest = 0;
    for (const other of this.#byDigits.get(deviceDigits(number)) ?? [])
      if (other.number !== own && other.nth <= nth)
        longest = Math.max(longest, agreement(other.number, number));
    return longest;
  }

  /** The place of an early receipt in the order: after what has begun, before what begins later. */
  nextMoment(): number {
    this.#moment += 1;
    return this.#moment;
  }
}
