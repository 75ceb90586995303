// Requests that were answered a moment ago, whose answers may come again (timer K, RFC 3261 §17.1.2.2): only their keys are kept,
// for they are thousands, and those of about the same moment are forgotten together.
import type { Clock, Timer } from '../../core/index.ts';

/** Keys that came within a while of each other. */
interface Batch {
  readonly keys: Set<string>;
  /** When it takes no more, and when it is forgotten, on the monotonic clock. */
  readonly closesAt: number;
  forgottenAt: number;
}

/** Of the time that keys are kept, a batch gathers them for this part. */
const gathering = 1 / 8;

/** Keys, each for a time. */
export class AnsweredKeys {
  readonly #clock: Clock;
  readonly #keepMs: number;
  /** The oldest first. */
  readonly #batches: Batch[] = [];
  #timer: Timer | undefined;

  /** Keeps each for `keepMs` milliseconds, or an eighth longer where others came soon after it. */
  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  add(key: string): void {
    const now = this.#clock.monotonic();
    let batch = this.#batches.at(-1);
    if (batch === undefined || now >= batch.closesAt) {
      batch = { keys: new Set(), closesAt: now + this.#keepMs * gathering, forgottenAt: 0 };
      this.#batches.push(batch);
    }
    batch.keys.add(key);
    batch.forgottenAt = now + this.#keepMs;
    this.#timer ??= this.#clock.after(this.#keepMs, () => this.#forget());
  }

  has(key: string): boolean {
    return this.#batches.some(({ keys }) => keys.has(key));
  }

  /** Forgets all of them. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#batches.length = 0;
  }

  #forget(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    while ((this.#batches[0]?.forgottenAt ?? Number.POSITIVE_INFINITY) <= now) this.#batches.shift();
    const [next] = this.#batches;
    if (next !== undefined) this.#timer = this.#clock.after(next.forgottenAt - now, () => this.#forget());
  }
}
