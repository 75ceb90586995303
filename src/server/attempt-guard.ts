// Bounds how often clients may fail to prove who they are.
import { AttemptLimiter, type AttemptLimits } from '../security/index.ts';

/** Failures allowed, each in its window. */
export interface AttemptGuardLimits {
  /** Of one peer in the name of one device. Default 10 in 300000 ms. */
  readonly pair?: AttemptLimits;
  /** Of one peer, which may be a gateway for many devices. Default 2000 in 300000 ms. */
  readonly peer?: AttemptLimits;
  /** In the name of one device. Who fails so often on purpose locks the device out for the window. Default 100 in 300000 ms. */
  readonly device?: AttemptLimits;
}

/** Defaults of `AttemptGuardLimits`. */
export const attemptGuardDefaults = Object.freeze({
  pair: Object.freeze({ maxFailures: 10, windowMs: 300_000 }),
  peer: Object.freeze({ maxFailures: 2000, windowMs: 300_000 }),
  device: Object.freeze({ maxFailures: 100, windowMs: 300_000 }),
});

/** Counts failures per device, per peer, and per both together. */
export class AttemptGuard {
  readonly #pair: AttemptLimiter;
  readonly #peer: AttemptLimiter;
  readonly #device: AttemptLimiter;

  constructor(limits: AttemptGuardLimits = {}) {
    this.#pair = new AttemptLimiter({ ...attemptGuardDefaults.pair, ...limits.pair });
    this.#peer = new AttemptLimiter({ ...attemptGuardDefaults.peer, ...limits.peer });
    this.#device = new AttemptLimiter({ ...attemptGuardDefaults.device, ...limits.device });
  }

  /** For how long attempts are refused, in milliseconds; 0: not at all. */
  refusedForMs(deviceId: string, peer: string, nowMs: number): number {
    let longest = 0;
    for (const verdict of [
      this.#pair.check(pairKey(deviceId, peer), nowMs),
      this.#peer.check(peer, nowMs),
      this.#device.check(deviceId, nowMs),
    ]) {
      if (!verdict.allowed) longest = Math.max(longest, verdict.retryAfterMs);
    }
    return longest;
  }

  /** Records a failure. */
  failed(deviceId: string, peer: string, nowMs: number): void {
    this.#pair.failed(pairKey(deviceId, peer), nowMs);
    this.#peer.failed(peer, nowMs);
    this.#device.failed(deviceId, nowMs);
  }

  /** Forgets the failures of this peer in the name of this device. */
  succeeded(deviceId: string, peer: string): void {
    this.#pair.succeeded(pairKey(deviceId, peer));
  }
}

function pairKey(deviceId: string, peer: string): string {
  return `${peer} ${deviceId}`;
}
