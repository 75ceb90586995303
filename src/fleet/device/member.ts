// One device of a fleet while it sleeps: a few numbers, and what its state differs by from the one that it began with.

import type { PackedState } from '../state/packed-state.ts';
import type { KeptState } from '../state/state-book.ts';
import type { AwakeDevice } from './awake-device.ts';

/** A time that a device is awake, or about to be. */
export interface Waking {
  readonly started: Promise<AwakeDevice>;
  /** Once it has started. */
  device: AwakeDevice | undefined;
  /** Pushes that it deals with. */
  users: number;
  /** The state that it began with, for packing. */
  first: string;
  /** Its state now, where that is not packed yet. */
  state: string | undefined;
}

/** A device. */
export class Member {
  readonly index: number;
  address = '';
  port = 0;
  pushes = 0;
  missing = 0;
  off = false;
  packed: PackedState | undefined = undefined;
  waking: Waking | undefined = undefined;
  /** While it falls asleep. */
  resting: Promise<void> | undefined = undefined;
  /** True when a session of this run completed. */
  woken = false;
  /** When a wake was asked for, on the monotonic clock; `undefined` when none is awaited. */
  requestedMs: number | undefined = undefined;
  /** True until the first push since then. */
  awaited = false;
  /** While a wake is awaited: what the device last came to, in words; `undefined` when nothing did. */
  standing: string | undefined = undefined;

  constructor(index: number) {
    this.index = index;
  }

  /** What a state file keeps of it. */
  get kept(): KeptState {
    const { pushes, missing, off, port, packed } = this;
    return { pushes, missing, off, port, packed };
  }

  restore({ pushes, missing, off, port, packed }: KeptState): void {
    this.pushes = pushes;
    this.missing = missing;
    this.off = off;
    this.port = port;
    this.packed = packed;
  }
}
