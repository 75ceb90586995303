// Attempts of one push in turn, and what came of those that nobody waited for any more: an answer that is late counts for the next one.
import type { SendResult } from '../index.ts';

/** Answers that are kept, at most; the oldest are forgotten, and their pushes stay in doubt. */
const mostLate = 1000;

/** Results by the ids of pushes, until they are asked for. */
export class LateAnswers {
  readonly #late = new Map<string, SendResult>();
  /** The last attempt of each push that is under way. */
  readonly #running = new Map<string, Promise<unknown>>();

  /** Carries out an attempt once those of the same push before it are over: one that was given up may still get its answer. */
  async inTurn<T>(pushId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#running.get(pushId);
    const running = before === undefined ? work() : before.then(work, work);
    this.#running.set(pushId, running);
    try {
      return await running;
    } finally {
      if (this.#running.get(pushId) === running) this.#running.delete(pushId);
    }
  }

  /** What came of an attempt after it had been given up. */
  keep(pushId: string, result: SendResult): void {
    const [oldest] = this.#late.keys();
    if (oldest !== undefined && this.#late.size >= mostLate) this.#late.delete(oldest);
    this.#late.set(pushId, result);
  }

  /** That, once. */
  take(pushId: string): SendResult | undefined {
    const result = this.#late.get(pushId);
    this.#late.delete(pushId);
    return result;
  }
}
