// How pushes come to the devices of a fleet: one door for each binding, behind which sockets are shared where they can be.
import type { Clock } from '../../core/index.ts';
import type { DroppedPush, ReceivedPush } from '../../push/index.ts';
import type { FleetPlan } from '../plan/fleet-plan.ts';

/** What a door tells its fleet. */
export interface DoorHost {
  /** Address to listen on. */
  readonly host: string;
  readonly clock: Clock;
  /** Indexes of the devices: from the first up to, not including, the end. */
  readonly indexes: { readonly first: number; readonly end: number };
  /**
   * Whether a device is on, for carriers that keep what they cannot deliver. Counts as a push that it missed when it is not.
   */
  isOn(index: number, binding: string): boolean;
  /** A push for a device. Resolves when its carrier may be told so; never rejects. */
  receive(index: number, push: ReceivedPush): Promise<void>;
  dropped(drop: DroppedPush, index?: number): void;
  error(error: unknown): void;
  /** Something about a link to a carrier, for people. */
  news(detail: string): void;
}

/** A push that knows its device. */
export interface FleetPush extends ReceivedPush {
  readonly index: number;
}

/** Pushes that a door hands over at a time, at most: the fleet bounds them closer, and tells of those that find no place. */
export const mostPending = 200_000;

/** Where a device is to be found. */
export interface OpenedDevice {
  /** For its record at the server. */
  readonly address: string;
  /** Port of its own; 0 without. */
  readonly port: number;
}

/** A door. */
export interface Door {
  /** Makes a device reachable, on `port` where it has one of its own; 0 takes any free one. */
  open(plan: FleetPlan, port: number): Promise<OpenedDevice>;
  /** Resolves when carriers know all devices that were opened; absent where there is none that has to. */
  ready?(): Promise<void>;
  /** Closes it for all; what is being handed over goes on. */
  close(): Promise<void>;
}

/** HOST:PORT, with brackets around an IPv6 address. */
export function placeOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
