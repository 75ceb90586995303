// How often bootstraps may fail: for each sender, so that one cannot use up the tries of another, and at a pace in all, so
// that whoever makes senders up does not guess at the speed of the network.
import type { Clock } from '../../core/index.ts';
import { AttemptLimiter } from '../../security/index.ts';

/** Failures of all senders together after which checks are paced, for each one that a single sender may have. */
const sendersInAll = 100;
/** Pause between two paced checks, in milliseconds. */
const paceMs = 1000;
/** Senders that are remembered. */
const mostSenders = 4096;
const everybody = 'all';

/** Counts failures. */
export class BootstrapAttempts {
  readonly #clock: Clock;
  readonly #senders: AttemptLimiter;
  readonly #all: AttemptLimiter;
  #pacedAt = Number.NEGATIVE_INFINITY;

  constructor({ count, windowMs }: { readonly count: number; readonly windowMs: number }, clock: Clock) {
    this.#clock = clock;
    this.#senders = new AttemptLimiter({ maxFailures: count, windowMs, maxKeys: mostSenders });
    this.#all = new AttemptLimiter({ maxFailures: count * sendersInAll, windowMs, maxKeys: 1 });
  }

  /** Why nothing of this sender is looked at now, if so. */
  refusal(sender: string): string | undefined {
    const verdict = this.#senders.check(sender, this.#clock.monotonic());
    if (verdict.allowed) return undefined;
    const seconds = Math.ceil(verdict.retryAfterMs / 1000);
    return `too many bootstraps failed: none of this sender is taken for ${seconds} s`;
  }

  /** Why no MAC is checked now, if so; else one is. */
  paced(): string | undefined {
    const nowMs = this.#clock.monotonic();
    if (this.#all.check(everybody, nowMs).allowed) return undefined;
    if (nowMs - this.#pacedAt < paceMs) return 'too many MACs were wrong: one a second is checked';
    this.#pacedAt = nowMs;
    return undefined;
  }

  /** The user was asked for it in vain. */
  inVain(sender: string): void {
    this.#senders.failed(sender, this.#clock.monotonic());
  }

  /** Its MAC was wrong. */
  wrong(sender: string): void {
    this.inVain(sender);
    this.#all.failed(everybody, this.#clock.monotonic());
  }
}
