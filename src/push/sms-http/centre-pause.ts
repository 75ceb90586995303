// A road that was told that it asks too often: nothing leaves until that is over.
import { type Clock, sleep, type Timer } from '../../core/index.ts';
import { abortError } from '../index.ts';

/** One road's pause. */
export class CentrePause {
  readonly #clock: Clock;
  readonly #onOver: () => void;
  /** End of the pause, on the monotonic clock. */
  #until = 0;
  #timer: Timer | undefined;

  /** `onOver` is called when a pause is over. Must not throw. */
  constructor(clock: Clock, onOver: () => void) {
    this.#clock = clock;
    this.#onOver = onOver;
    this.#until = clock.monotonic();
  }

  /** True while nothing may leave. */
  get isOn(): boolean {
    return this.#clock.monotonic() < this.#until;
  }

  /** Nothing leaves for so many milliseconds; a longer pause that is on goes on. */
  begin(forMs: number): void {
    const until = this.#clock.monotonic() + forMs;
    if (until <= this.#until) return;
    this.#until = until;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(forMs, () => {
      // It is over when it is told to be: whoever is told asks `isOn`, and nobody tells again.
      this.#until = this.#clock.monotonic();
      this.#onOver();
    });
  }

  /** Resolves when nothing holds messages up. @throws {PushError} ABORTED */
  async over(signal: AbortSignal): Promise<void> {
    while (this.isOn) {
      await sleep(this.#clock, this.#until - this.#clock.monotonic(), signal);
      if (signal.aborted) throw abortError(signal);
    }
  }

  /** No more calls. */
  close(): void {
    this.#timer?.cancel();
  }
}
