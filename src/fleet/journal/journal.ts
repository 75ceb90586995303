// What each device saw, in the order in which it happened.
import type { DeviceEvent, PushOutcome } from '../../device/index.ts';
import type { FaultKind } from '../mix/fleet-mix.ts';

/** Why a push did not reach its device. */
export type MissReason =
  /** The device was killed, and not started again. */
  | 'off'
  /** By a fault. */
  | 'dead'
  | 'lost'
  /** More pushes wait for their turn than the fleet keeps. */
  | 'full'
  /** The fleet stops. */
  | 'stopping'
  /** Its state could not be read; `detail` says why. */
  | 'broken-state';

/** What happened to one device. */
export type DeviceNews =
  /** The device can be reached. */
  | { readonly event: 'up'; readonly address: string }
  /** The device was killed, as by pulling its battery, or started again. */
  | { readonly event: 'killed' | 'revived' }
  /** A push arrived. `sessionId` and `serverId` are as the octets say; nobody has verified them. */
  | {
      readonly event: 'push';
      /** Number of the push at this device, from 1; so in all news about it. */
      readonly push: number;
      readonly binding: string;
      readonly from: string;
      readonly octets: number;
      /** First 16 hex digits of the SHA-256 of its octets. */
      readonly digest: string;
      readonly sessionId?: number;
      readonly serverId?: string;
    }
  /** A push did not reach the device. */
  | {
      readonly event: 'missed';
      readonly push: number;
      readonly binding: string;
      readonly reason: MissReason;
      readonly detail?: string;
    }
  /** A fault strikes with a push. */
  | {
      readonly event: 'fault';
      readonly push: number;
      readonly fault: FaultKind;
      readonly delayMs?: number;
      readonly pushes?: number;
    }
  /** All about a push is over. */
  | {
      readonly event: 'end';
      readonly push: number;
      readonly outcome: PushOutcome['outcome'] | 'killed';
      readonly sessionId?: number;
      readonly reason?: string;
      /** Since it arrived. */
      readonly ms: number;
    }
  | Exclude<DeviceEvent, { readonly event: 'notification-received' | 'dropped' }>;

/** One line of a journal. */
export type FleetEvent =
  | ({
      /** ISO 8601, UTC. */
      readonly time: string;
      /** Its id. */
      readonly device: string;
    } & DeviceNews)
  | {
      readonly time: string;
      /** A receiver dropped something before it was a device's. `device` where it is known whose receiver it was. */
      readonly event: 'dropped';
      readonly device?: string;
      readonly binding: string;
      readonly from: string;
      readonly reason: string;
      readonly detail: string;
      readonly octets: number;
    }
  /** The fleet as a whole: a link to a carrier came up or is down, say. */
  | { readonly time: string; readonly event: 'fleet'; readonly detail: string };
