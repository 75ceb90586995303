// Under which conditions a device takes a bootstrap: the protection, the PIN, and what may happen to accounts that it has.
import type { BootstrapSec } from '../security/index.ts';

/** The rules. Without them no bootstrap is taken. */
export interface BootstrapPolicy {
  /**
   * Protections that are taken. `none` takes Client Provisioning without a MAC from whoever can push to the device: only
   * where the bearer itself keeps others out.
   */
  readonly allow: readonly (BootstrapSec | 'none')[];
  /** What the network and the device share, for NETWPIN and USERNETWPIN: the octets of the IMSI (`imsiOctets`). */
  readonly network?: Uint8Array;
  /**
   * Asks the user for the PIN, `attempt` from 1; `undefined` when there is no answer. Without it protections with a PIN
   * are refused.
   */
  readonly askPin?: (question: PinQuestion, signal: AbortSignal) => Promise<string | undefined>;
  /** PINs that may be tried on one message. Default 3. */
  readonly pinAttempts?: number;
  /** Bootstraps that may fail on their protection, over all messages; then none is looked at. Default 10 in 3600000 ms. */
  readonly failures?: { readonly count: number; readonly windowMs: number };
  /**
   * What a bootstrap may do on a device that has accounts: `refuse` it, `add` an account of a server that has none, or
   * `replace` the account of the same server too. Default `refuse`.
   */
  readonly withAccounts?: 'refuse' | 'add' | 'replace';
}

/** What the user is asked. */
export interface PinQuestion {
  readonly sec: BootstrapSec;
  /** From 1. */
  readonly attempt: number;
  /** Tries that are left, this one included. */
  readonly left: number;
}

/** Defaults of `BootstrapPolicy`. */
export const bootstrapPolicyDefaults = Object.freeze({
  pinAttempts: 3,
  failures: Object.freeze({ count: 10, windowMs: 3_600_000 }),
  withAccounts: 'refuse',
} as const);
