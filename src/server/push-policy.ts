// How hard the server tries to wake a device.
import type { ResynchronisationLimit } from '../store/index.ts';

/** Rules of sending, sending again and giving up. All times in milliseconds. */
export interface PushPolicy {
  /** How often a push goes out while nobody answers, 1 or more. Default 3. */
  readonly attempts: number;
  /**
   * How long an answer is waited for after the first push; it doubles with each further one, up to eight times this.
   * Default 600000.
   */
  readonly answerTimeoutMs: number;
  /** Life of a notification that names no end of its own. Default 86400000. */
  readonly lifetimeMs: number;
  /** First pause after an attempt that no address took; it doubles from one to the next. Default 1000. */
  readonly backOffBaseMs: number;
  /** Longest such pause. Default 300000. */
  readonly backOffCapMs: number;
  /** How long a binding may take for one push. Default 30000. */
  readonly sendTimeoutMs: number;
  /** For how long claimed work belongs to its node; more than `sendTimeoutMs`. Default 120000. */
  readonly leaseMs: number;
  /**
   * When the MD5 forms go out under the default nonce although the server knows a nonce (spec-notes ruling 12):
   * `second-attempt`: when the first push stayed unanswered, and every second time from there; `never`. Default
   * `second-attempt`.
   */
  readonly resynchronise: 'second-attempt' | 'never';
  /** How many notifications may offer a device the default nonce although one is known. Default 5 in 86400000. */
  readonly resynchronisations: ResynchronisationLimit;
}

/** Defaults of `PushPolicy`. */
export const pushPolicyDefaults: PushPolicy = Object.freeze({
  attempts: 3,
  answerTimeoutMs: 600_000,
  lifetimeMs: 86_400_000,
  backOffBaseMs: 1000,
  backOffCapMs: 300_000,
  sendTimeoutMs: 30_000,
  leaseMs: 120_000,
  resynchronise: 'second-attempt',
  resynchronisations: Object.freeze({ count: 5, windowMs: 86_400_000 }),
});

/**
 * Wait for an answer to a push that follows `sends` others which stayed unanswered. Up to a tenth is left off at random,
 * so that devices that were pushed together are not pushed together again.
 * @param random gives a number from 0 up to, not including, 1
 */
export function answerWaitMs(policy: PushPolicy, sends: number, random: () => number): number {
  const longest = policy.answerTimeoutMs * 2 ** Math.min(sends, 3);
  return Math.ceil(longest * (1 - random() / 10));
}

/**
 * Pause before the next attempt after `failures` attempts in a row that no address took: a random part of a bound that
 * doubles (full jitter), so that devices that failed together do not come back together.
 * @param random gives a number from 0 up to, not including, 1
 */
export function backOffMs(policy: PushPolicy, failures: number, random: () => number): number {
  const bound = Math.min(policy.backOffCapMs, policy.backOffBaseMs * 2 ** Math.min(failures, 30));
  return Math.ceil(random() * bound);
}
