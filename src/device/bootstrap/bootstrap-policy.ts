// Under which conditions a device takes a bootstrap: the protection, the PIN, and what may happen to accounts that it has.
import type { BootstrapSec } from '../../security/index.ts';

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
   * Asks the user for the PIN: the PIN, an empty text when he refuses, `undefined` when nobody answers. It is asked for once
   * at a time, as long as the device's `confirmTimeoutMs` allows, and tried on every bootstrap that waits for one; never
   * for a bootstrap that the policy would refuse under any PIN. Without it protections with a PIN are refused.
   */
  readonly askPin?: (question: PinQuestion, signal: AbortSignal) => Promise<string | undefined>;
  /** PINs that may be tried on one message, 1–100. Default 3. */
  readonly pinAttempts?: number;
  /**
   * Bootstraps of one sender that may fail on their protection, or have the user asked in vain; then none of this sender is
   * looked at until the window is over. Default 10 in 3600000 ms. After a hundred times as many wrong MACs of all senders
   * together, one MAC a second is checked.
   */
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
  /** Of the message that waits longest; from 1. */
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
