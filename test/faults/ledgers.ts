// What a run knows when all is quiet: three accounts of the same pushes, from those who asked, those who carried, and the store.
import type { FleetEvent } from '../../src/fleet/index.ts';
import type { SmscEvent } from '../../src/testing/index.ts';

/** A push that the API has acknowledged, written down when its answer had come. */
export interface Acknowledged {
  readonly number: number;
  readonly kind: 'notification' | 'job' | 'message';
  readonly id: string;
  readonly device: string;
  readonly sessionId?: number;
  /** Its job. */
  readonly job?: string;
  /** Name of the node that its job or message adds below `./Vendor`. */
  readonly node?: string;
  /** How its cancellation was answered, when it was asked for. */
  readonly cancelled?: 'cancelled' | 'refused';
}

/** An entry of a timeline, or of the feed, as the API shows it. */
export interface ShownEvent {
  readonly sequence: number;
  readonly notification?: string;
  readonly message?: string;
  readonly event: string;
  readonly state: string;
  readonly attempt?: number;
  readonly binding?: string;
  readonly address?: string;
  readonly detail?: string;
  readonly reference?: string;
}

/** A notification or a message as the API shows it, with its timeline. */
export interface StoredPush {
  readonly id: string;
  readonly device: string;
  readonly sessionId?: number;
  readonly job?: string;
  readonly state: string;
  readonly sends: number;
  readonly reason?: string;
  readonly timeline: readonly ShownEvent[];
}

/** A job as the API shows it. */
export interface StoredJob {
  readonly id: string;
  readonly device: string;
  readonly state: string;
  readonly commands: readonly {
    readonly command: string;
    readonly uri?: string;
    readonly sends: number;
    readonly status?: number;
  }[];
}

/** A datagram that reached the relay. */
export interface RelayedDatagram {
  readonly device: string;
  /** Absent for a DM message. */
  readonly sessionId?: number;
  readonly did: 'passed' | 'dropped' | 'twice' | 'later';
}

/** A push that the gateway was handed. */
export interface GatewayPush {
  readonly pushId: string;
  readonly numbers: readonly string[];
}

/** For how long something was away, or what it had was lost; milliseconds since the POSIX epoch by the true clock. */
export interface Outage {
  /** `device ID` for a single one. */
  readonly of: string;
  readonly from: number;
  readonly to: number;
}

/** A device of the run. */
export interface RunDevice {
  readonly id: string;
  readonly binding: string;
  readonly number: string;
}

/** Everything. */
export interface Ledgers {
  readonly devices: readonly RunDevice[];
  readonly acknowledged: readonly Acknowledged[];
  readonly notifications: ReadonlyMap<string, StoredPush>;
  readonly messages: ReadonlyMap<string, StoredPush>;
  readonly jobs: ReadonlyMap<string, StoredJob>;
  /** What a reader of `/v1/events` got, over all its connections. */
  readonly feed: readonly ShownEvent[];
  /** The last event that the reader had before the timelines were read. */
  readonly feedUntil: number;
  readonly journal: readonly FleetEvent[];
  readonly relayed: readonly RelayedDatagram[];
  readonly centre: readonly SmscEvent[];
  readonly gateway: readonly GatewayPush[];
  /** Names of the nodes below `./Vendor` of each device, as it says when all is over; absent: it did not say. */
  readonly trees: ReadonlyMap<string, ReadonlySet<string>>;
  readonly outages: readonly Outage[];
}

/** States that end a notification, a message, a job. */
export const endStates = {
  notification: new Set(['completed', 'failed', 'expired', 'cancelled']),
  message: new Set(['sent', 'delivered', 'failed', 'expired', 'cancelled', 'unreported']),
  job: new Set(['completed', 'failed', 'cancelled']),
} as const;

/** Something that must not be. */
export interface Finding {
  readonly rule: string;
  /** Id of the push, job or device. */
  readonly about: string;
  readonly detail: string;
}
