// How a road stands that has no link of its own: up after an answer, down for a while after it did not answer or took nothing of us.
import type { Clock, PushError } from '../../core/index.ts';
import type { CarrierStatus } from '../index.ts';

/** For how long a road counts as down, in milliseconds, unless it is told. */
export const roadDownMs = 5000;

/** What was seen of one road. */
export class RoadHealth {
  readonly #clock: Clock;
  readonly #downMs: number;
  readonly #withoutSecrets: (text: string) => string;
  /** On the monotonic clock. */
  #downUntil = Number.NEGATIVE_INFINITY;
  #state: CarrierStatus['state'] = 'unknown';
  #since: number | undefined;
  #lastError: string | undefined;
  readonly #listeners = new Set<() => void>();

  /** `withoutSecrets` takes out of errors what nobody may see. */
  constructor(clock: Clock, downMs: number, withoutSecrets: (text: string) => string = (text) => text) {
    this.#clock = clock;
    this.#downMs = downMs;
    this.#withoutSecrets = withoutSecrets;
  }

  /** False while it counts as down. */
  get isUp(): boolean {
    return this.#clock.monotonic() >= this.#downUntil;
  }

  /** It answered, and takes messages. */
  answered(): void {
    this.#downUntil = Number.NEGATIVE_INFINITY;
    this.#turn('up');
  }

  /** It could not be reached, did not answer, or takes nothing of us: others get its pushes for a while. */
  failed(error: PushError): void {
    this.#downUntil = this.#clock.monotonic() + this.#downMs;
    this.#turn('down');
    this.#lastError = this.#withoutSecrets(error.message);
    for (const listener of this.#listeners) listener();
  }

  /** As `SmsRoad.onDown`. */
  onDown(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** How it stands, as the carrier of this name: down until it has answered again. */
  status(name: string): CarrierStatus {
    return {
      name,
      state: this.#state,
      ...(this.#since === undefined ? {} : { since: this.#since }),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  #turn(state: 'up' | 'down'): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#since = this.#clock.now();
  }
}
