// How a receiver has taken what was sent to it of late: whether it is given a rest, and whether it is given up.
import type { WebhookHealth } from '../../store/index.ts';
import type { WebhookAnswer } from './webhook-client.ts';

type Failed = Extract<WebhookAnswer, { readonly outcome: 'failed' }>;

/** Bounds. */
export const receiverLimits = Object.freeze({
  /** Lanes that fail in a row, none between that does not, from which on it is the receiver that is ill. */
  lanes: 3,
  /** First and longest rest, in milliseconds. */
  firstRestMs: 1000,
  longestRestMs: 60_000,
  /** For how long it may fail before it is suspended, in milliseconds: five days. */
  failingMs: 5 * 86_400_000,
  /** Attempts that have to have failed for that. */
  failures: 10,
});

/** One receiver. */
export class ReceiverState {
  #health: WebhookHealth;
  /** Lanes that failed since the last success; no more than count. */
  readonly #lanes = new Set<string>();
  #restMs = 0;
  /** On the monotonic clock. */
  #restsUntil = 0;

  constructor(health: WebhookHealth) {
    this.#health = health;
  }

  get health(): WebhookHealth {
    return this.#health;
  }

  /** Until when nothing is sent, on the monotonic clock; in the past: now. */
  get restsUntil(): number {
    return this.#restsUntil;
  }

  /** True where one attempt is enough to see whether it is well again. */
  get isTried(): boolean {
    return this.#restMs > 0;
  }

  /** It has taken one. */
  delivered(now: number): void {
    const { failingSince: _, ...rest } = this.#health;
    this.#health = { ...rest, failures: 0, lastSuccessAt: now, delivered: rest.delivered + 1 };
    this.#lanes.clear();
    this.#restMs = 0;
    this.#restsUntil = 0;
  }

  /** It has failed at one of a lane. Gives why it is to be suspended, where it is. */
  failed(
    { error, status, retryAfterMs = 0 }: Failed,
    lane: string,
    now: number,
    monotonic: number,
  ): string | undefined {
    const { failures, failingSince = now } = this.#health;
    this.#health = {
      ...this.#health,
      failures: failures + 1,
      failingSince,
      lastErrorAt: now,
      lastError: error,
    };
    if (status === 410) return 'its receiver is gone (410)';
    if (now - failingSince >= receiverLimits.failingMs && failures + 1 >= receiverLimits.failures) {
      return `nothing was delivered for five days; last: ${error}`;
    }
    if (this.#lanes.size < receiverLimits.lanes) this.#lanes.add(lane);
    if (this.#lanes.size >= receiverLimits.lanes && monotonic >= this.#restsUntil) {
      this.#restMs = Math.min(
        Math.max(receiverLimits.firstRestMs, this.#restMs * 2),
        receiverLimits.longestRestMs,
      );
      this.#restsUntil = monotonic + this.#restMs;
    }
    this.#restsUntil = Math.max(this.#restsUntil, monotonic + retryAfterMs);
    return undefined;
  }
}
