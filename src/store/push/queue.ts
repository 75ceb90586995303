// The queue of notifications: what comes in, who works on it, how it goes on.

import type { Page, PageRequest } from '../record/page.ts';
import type { ResynchronisationLimit } from '../record/resynchronisation.ts';
import type { ChangeVerdict, NotificationChange } from './life-cycle.ts';
import type { Enqueued, EnqueueRequest, NotificationRecord } from './notification.ts';
import type { NotificationState } from './state.ts';

/** Who claims, how much, and for how long. */
export interface ClaimRequest {
  /** Largest number of notifications, 1 or more. */
  readonly limit: number;
  /** For how long nobody else gets them, in milliseconds. */
  readonly leaseMs: number;
  /** Name of the node, for the timeline. */
  readonly node: string;
}

/** How a change was taken, and the notification as it is then. */
export interface ChangeOutcome {
  readonly verdict: ChangeVerdict;
  readonly notification: NotificationRecord;
}

/** A change of one notification. */
export interface ChangeRequest {
  readonly id: string;
  readonly change: NotificationChange;
}

/** Takes notifications in and gives them out as work. What a call wrote is on disk when its promise resolves. */
export interface NotificationQueue {
  /**
   * Takes a notification in. Its Session-ID is allocated in the same transaction and differs from that of every live
   * notification of the device.
   * @throws {StoreError} UNKNOWN_DEVICE; SESSION_IDS_EXHAUSTED when live notifications hold all 65535;
   *   IDEMPOTENCY_CONFLICT when the key was used for another request
   */
  enqueue(request: EnqueueRequest): Promise<Enqueued>;
  /**
   * Hides up to `limit` due notifications from other claimers for `leaseMs`, oldest first, asks `decide` for the change
   * of each, and writes lease, change and event in one transaction. A claimer that dies changes nothing: what it held is
   * due again after the lease. `decide` is pure, may be called more than once, and does not wait.
   */
  claimDue(
    request: ClaimRequest,
    decide: (due: NotificationRecord) => NotificationChange,
  ): Promise<readonly NotificationRecord[]>;
  /**
   * Makes what `node` held in `sending` due at once, and gives how many that were. For the start of a node, under a name
   * that no other running process has: what it held was lost with its last process.
   */
  releaseClaims(node: string): Promise<number>;
  /** When the next notification is due; `undefined` when none will be. May be in the past. */
  nextDueAt(): Promise<number | undefined>;
  /**
   * Makes changes by the rules of the life cycle, each with its event in one transaction; a change that is not allowed
   * is refused and writes nothing. The outcomes are in the order of the changes; `undefined` for an unknown id.
   */
  change(changes: readonly ChangeRequest[]): Promise<readonly (ChangeOutcome | undefined)[]>;
  /**
   * Notes that the push of this claim goes out under the default nonce, so that its answer may use it, and counts that
   * for the device: once for a notification, and not while no server nonce of the device is known, for that is a first
   * contact (spec-notes ruling 12). `limited` when the device has had as many as `limit` allows, or when an answer to
   * this notification has used the default nonce already; `stale` when the claim is not current.
   */
  offerDefaultNonce(
    id: string,
    lease: number,
    limit: ResynchronisationLimit,
    node: string,
  ): Promise<'offered' | 'limited' | 'stale'>;
}

/** Reads notifications. */
export interface NotificationReader {
  notification(id: string): Promise<NotificationRecord | undefined>;
  /**
   * The notification of a device with that Session-ID: the live one, else the latest that is over; `undefined` when
   * there was none.
   */
  notificationOfSession(deviceId: string, sessionId: number): Promise<NotificationRecord | undefined>;
  /** Notifications, newest first. */
  listNotifications(
    page: PageRequest & { readonly deviceId?: string; readonly state?: NotificationState },
  ): Promise<Page<NotificationRecord>>;
}
