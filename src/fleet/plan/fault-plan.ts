// Which fault a push meets: by the seed, the device and the number of the push, so that a run can be repeated whatever its
// timing.
import { type FaultKind, type FleetMix, faultDetails, faultKinds, faultRate } from '../mix/fleet-mix.ts';
import { seededNumber } from '../mix/seeded.ts';

/** A fault that strikes. */
export interface Fault {
  readonly kind: FaultKind;
  /** `late`: before the device acts; `slow`: before each message. In milliseconds. */
  readonly delayMs?: number;
  /** `dead`: pushes that the device misses, this one included. */
  readonly pushes?: number;
}

/** What counts when a mix does not say. */
export const faultDefaults = Object.freeze({
  deadPushes: 4,
  lateMs: [1000, 5000] as const,
  slowMs: [200, 1000] as const,
});

/** The fault of a device's push number `push`, counted from 1; `undefined` for none. */
export function faultOf(seed: number, index: number, push: number, mix: FleetMix): Fault | undefined {
  if (mix.faults === undefined) return undefined;
  let at = seededNumber(seed, 'fault', index, push);
  for (const kind of faultKinds) {
    at -= faultRate(mix, kind);
    if (at < 0) return withDetails(kind, seededNumber(seed, 'delay', index, push), mix);
  }
  return undefined;
}

function withDetails(kind: FaultKind, at: number, mix: FleetMix): Fault {
  switch (kind) {
    case 'dead':
      return { kind, pushes: faultDetails(mix, 'dead').pushes ?? faultDefaults.deadPushes };
    case 'late':
      return { kind, delayMs: within(faultDetails(mix, 'late').delayMs ?? faultDefaults.lateMs, at) };
    case 'slow':
      return { kind, delayMs: within(faultDetails(mix, 'slow').delayMs ?? faultDefaults.slowMs, at) };
    default:
      return { kind };
  }
}

function within([shortest = 0, longest = 0]: readonly number[], at: number): number {
  return Math.round(shortest + at * (longest - shortest));
}
