// Submissions under way: while a push has no ids yet, a receipt for its device may be about it.
import { deviceDigits } from './device-digits.ts';

/** The submission of a push, from when its first message leaves. */
export interface Submission {
  /** Digits of its device. */
  readonly digits: string;
  /** The moment in the order of early receipts at which it began. */
  readonly begunAt: number;
}

/** Knows which are under way, and what came before them. */
export class Submissions {
  readonly #underWay = new Set<Submission>();
  /** How many, by the digits of their device. */
  readonly #byDigits = new Map<string, number>();
  #moment = 0;

  /** One begins: its first message leaves now. */
  begin(number: string): Submission {
    const submission = { digits: deviceDigits(number), begunAt: this.#moment };
    this.#underWay.add(submission);
    this.#byDigits.set(submission.digits, (this.#byDigits.get(submission.digits) ?? 0) + 1);
    return submission;
  }

  /** It is under way no longer. May be called again. */
  end(submission: Submission): void {
    if (!this.#underWay.delete(submission)) return;
    const { digits } = submission;
    const count = (this.#byDigits.get(digits) ?? 1) - 1;
    if (count === 0) this.#byDigits.delete(digits);
    else this.#byDigits.set(digits, count);
  }

  /** The place of what comes now: after the early receipts so far. */
  get moment(): number {
    return this.#moment;
  }

  /** True while one to that device is under way. */
  areUnderWay(digits: string): boolean {
    return this.#byDigits.has(digits);
  }

  /** The place of an early receipt in the order: after what has begun, before what begins later. */
  nextMoment(): number {
    this.#moment += 1;
    return this.#moment;
  }
}
