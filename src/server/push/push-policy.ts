// How hard the server tries to wake a device.
import { isNotificationMime } from '../../codec/notification/index.ts';
import { ConfigError } from '../../core/index.ts';
import type { AddressScheme, PushContentType } from '../../push/index.ts';
import type { ResynchronisationLimit } from '../../store/index.ts';

/** What may differ from one scheme of addresses to the other. All times in milliseconds. */
export interface SchemePolicy {
  /** How long an answer is waited for after the first push over it. */
  readonly answerTimeoutMs?: number;
  /** How long its binding may take for one push. */
  readonly sendTimeoutMs?: number;
  /** First pause before it is asked again, once every address of a push has refused it. */
  readonly backOffBaseMs?: number;
  /** Longest such pause. */
  readonly backOffCapMs?: number;
}

/** Rules of sending, sending again and giving up. All times in milliseconds. */
export interface PushPolicy {
  /**
   * How often a push goes out while nobody answers, 1 or more; a push message, while its carrier accepts it and then gives
   * it up. Default 3. What no carrier takes is tried until it expires.
   */
  readonly attempts: number;
  /**
   * How long an answer is waited for after the first push; it doubles with each further one, up to eight times this.
   * Default 600000.
   */
  readonly answerTimeoutMs: number;
  /** Life of a notification that names no end of its own and has no TIMEOUT. Default 86400000. */
  readonly lifetimeMs: number;
  /** First pause after every address refused; it doubles from one such round to the next. Default 1000. */
  readonly backOffBaseMs: number;
  /** Longest such pause. Default 300000. */
  readonly backOffCapMs: number;
  /** How long a binding may take for one push, from when it is handed over. Default 30000. */
  readonly sendTimeoutMs: number;
  /** For how long claimed work belongs to its node; at least twice the longest `sendTimeoutMs`. Default 240000. */
  readonly leaseMs: number;
  /**
   * Rules of single schemes; what one leaves out is as above. Default: `sms` has 90000 to be taken, for a centre that
   * throttles holds pushes back, and `sip` 40000, for its transactions end by themselves after 32000.
   */
  readonly schemes: Readonly<Partial<Record<AddressScheme, SchemePolicy>>>;
  /**
   * Whether Package #0 goes over `waps:` addresses too. All three documents have it sent by non-secure connectionless push
   * (§7.1; spec-notes ruling 26). Default false.
   */
  readonly secureNotifications: boolean;
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
  leaseMs: 240_000,
  schemes: Object.freeze({
    sms: Object.freeze({ sendTimeoutMs: 90_000 }),
    sip: Object.freeze({ sendTimeoutMs: 40_000 }),
    sips: Object.freeze({ sendTimeoutMs: 40_000 }),
  }),
  secureNotifications: false,
  resynchronise: 'second-attempt',
  resynchronisations: Object.freeze({ count: 5, windowMs: 86_400_000 }),
});

/** A policy with all that it leaves out as `pushPolicyDefaults` has it. */
export function wholePolicy(own: Partial<PushPolicy> = {}): PushPolicy {
  return { ...pushPolicyDefaults, ...own, schemes: { ...pushPolicyDefaults.schemes, ...own.schemes } };
}

/**
 * Wait for an answer to a push that follows `sends` others which stayed unanswered. Up to a tenth is left off at random,
 * so that devices that were pushed together are not pushed together again.
 * @param random gives a number from 0 up to, not including, 1
 */
export function answerWaitMs(
  policy: PushPolicy,
  sends: number,
  random: () => number,
  scheme?: AddressScheme,
): number {
  const { answerTimeoutMs } = policyOf(policy, scheme);
  const longest = answerTimeoutMs * 2 ** Math.min(sends, 3);
  return Math.ceil(longest * (1 - random() / 10));
}

/**
 * Pause before the next round after `failures` others, and one, in which every address refused: a random part of a bound that
 * doubles (full jitter), so that devices that failed together do not come back together.
 * @param random gives a number from 0 up to, not including, 1
 */
export function backOffMs(
  policy: PushPolicy,
  failures: number,
  random: () => number,
  scheme?: AddressScheme,
): number {
  const { backOffBaseMs, backOffCapMs } = policyOf(policy, scheme);
  const bound = Math.min(backOffCapMs, backOffBaseMs * 2 ** Math.min(failures, 30));
  return Math.ceil(random() * bound);
}

/**
 * Why a push of this type does not go over addresses of a scheme; `undefined` when it may. DM messages go over all
 * (DM-PUSH §5.1.2).
 */
export function schemeRefusal(
  { secureNotifications }: Pick<PushPolicy, 'secureNotifications'>,
  scheme: AddressScheme,
  { mime }: Pick<PushContentType, 'mime'>,
): string | undefined {
  if (scheme !== 'waps' || secureNotifications || !isNotificationMime(mime)) return undefined;
  return (
    'a notification goes by non-secure connectionless push (DM-NOTI-1.2, DM-NOTI-1.3-2010 and DM-NOTI-1.3 §7.1), so not ' +
    'over waps: unless the section "waps" says "notifications": true'
  );
}

/** How long the binding of a scheme may take for one push, in milliseconds. */
export function sendTimeoutOf(policy: PushPolicy, scheme: AddressScheme): number {
  return policyOf(policy, scheme).sendTimeoutMs;
}

/** @throws {ConfigError} for a number of a policy that is below 1, or a lease that ends before an attempt can */
export function checkPolicy(policy: PushPolicy): void {
  const positive = [
    'attempts',
    'answerTimeoutMs',
    'lifetimeMs',
    'backOffBaseMs',
    'backOffCapMs',
    'sendTimeoutMs',
    'leaseMs',
  ] as const;
  for (const name of positive) {
    if (!(policy[name] >= 1)) throw new ConfigError(`${name} is ${policy[name]}: it must be 1 or more`);
  }
  const schemes = Object.entries(policy.schemes);
  for (const [scheme, own] of schemes) {
    for (const [name, value] of Object.entries(own)) {
      if (!(value >= 1)) throw new ConfigError(`${name} of ${scheme} is ${value}: it must be 1 or more`);
    }
  }
  const longest = Math.max(policy.sendTimeoutMs, ...schemes.map(([, own]) => own.sendTimeoutMs ?? 0));
  if (policy.leaseMs < longest * 2) {
    throw new ConfigError(
      `leaseMs is ${policy.leaseMs}: it must be at least twice sendTimeoutMs (${longest})`,
    );
  }
}

function policyOf(policy: PushPolicy, scheme: AddressScheme | undefined): Required<SchemePolicy> {
  const own = scheme === undefined ? undefined : policy.schemes[scheme];
  return {
    answerTimeoutMs: own?.answerTimeoutMs ?? policy.answerTimeoutMs,
    sendTimeoutMs: own?.sendTimeoutMs ?? policy.sendTimeoutMs,
    backOffBaseMs: own?.backOffBaseMs ?? policy.backOffBaseMs,
    backOffCapMs: own?.backOffCapMs ?? policy.backOffCapMs,
  };
}
