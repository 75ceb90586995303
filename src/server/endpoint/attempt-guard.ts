// How often clients of the DM endpoint may fail to prove who they are.
import { AttemptGuard, attemptGuardDefaults as defaults, type FailureLimits } from '../../core/index.ts';

/** Failures allowed, each in its window. See `AttemptGuard` for whom they hold. */
export interface AttemptGuardLimits {
  /** Of one peer in the name of one device. Default 10 in 300000 ms. */
  readonly pair?: Partial<FailureLimits>;
  /** Of one peer, which may be a gateway for many devices. Default 2000 in 300000 ms. */
  readonly peer?: Partial<FailureLimits>;
  /** In the name of one device, wherever they come from. Default 100 in 300000 ms. */
  readonly device?: Partial<FailureLimits>;
}

/** Defaults of `AttemptGuardLimits`. */
export const attemptGuardDefaults = Object.freeze({
  pair: defaults.pair,
  peer: defaults.source,
  device: defaults.identity,
});

/** The guard of a DM endpoint: its identities are device ids. @throws {ConfigError} a limit that is none */
export function deviceGuard({ pair, peer, device }: AttemptGuardLimits = {}): AttemptGuard {
  return new AttemptGuard({
    ...(pair !== undefined && { pair }),
    ...(peer !== undefined && { source: peer }),
    ...(device !== undefined && { identity: device }),
  });
}
