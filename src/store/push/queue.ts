// The queue of pushes: what comes in, who works on it, how it goes on.
import type { Page, PageRequest } from '../record/page.ts';
import type { ResynchronisationLimit } from '../record/resynchronisation.ts';
import type { ChangeVerdict, PushChange } from './life-cycle.ts';
import type { NotificationPush, PushOf, PushRecord, PushRequest } from './push.ts';
import type { PushPurpose, PushState } from './state.ts';

/** How one request was taken. */
export type Enqueued<Push extends PushRecord = PushRecord> =
  | { readonly outcome: 'queued'; readonly push: Push; readonly replaced?: PushRecord }
  /** The idempotency key had been used for it before. */
  | { readonly outcome: 'repeated'; readonly push: Push }
  /** It was to take the place of one that could not be cancelled any more. */
  | { readonly outcome: 'not-replaced'; readonly replaced: PushRecord };

/** Who claims, how much, and for how long. */
export interface ClaimRequest {
  /** Largest number of pushes, 1 or more. */
  readonly limit: number;
  /** For how long nobody else gets them, in milliseconds. */
  readonly leaseMs: number;
  /** Name of the node, for the timeline. */
  readonly node: string;
}

/** A claim of pushes. */
export interface PushClaim extends ClaimRequest {
  /** Only pushes of this purpose, so that none keeps another waiting; absent: of all. */
  readonly purpose?: PushPurpose;
}

/** A change of one push. */
export interface ChangeRequest {
  readonly id: string;
  readonly change: PushChange;
}

/** How a change was taken, and the push as it is then. */
export interface ChangeOutcome {
  readonly verdict: ChangeVerdict;
  readonly push: PushRecord;
}

/** Takes pushes in and gives them out as work. What a call wrote is on disk when its promise resolves. */
export interface PushQueue {
  /**
   * Takes pushes in, all in one transaction: none is queued when it throws. The Session-ID of a notification is allocated in
   * it and differs from that of every open notification of the device. A push that another one replaces is cancelled where
   * its state allows that, and stays otherwise.
   * @throws {StoreError} UNKNOWN_DEVICE; SESSION_IDS_EXHAUSTED when open notifications hold all 65535; UNKNOWN_MESSAGE for
   *   a push to replace that is not there; ALREADY_EXISTS when the initiator has used the push-id before, or names a recipient
   *   of it twice; IDEMPOTENCY_CONFLICT when the key was used for another request; BAD_REQUEST unless a message is for either
   *   a device or addresses, and for an idempotency key without an account
   */
  enqueue<Request extends PushRequest>(
    requests: readonly Request[],
  ): Promise<readonly Enqueued<PushOf<Request>>[]>;
  /**
   * A SessionID for a sessionless message to a device: 1–65535, the one after the last, from a random first one. Given
   * once, also when the message is never queued.
   * @throws {StoreError} UNKNOWN_DEVICE
   */
  allocateMessageSessionId(deviceId: string): Promise<number>;
  /**
   * Hides up to `limit` due pushes from other claimers for `leaseMs`, oldest first, asks `decide` for the change of each,
   * and writes lease, change and event in one transaction. A claimer that dies changes nothing: what it held is due again
   * after the lease. `decide` is pure, may be called more than once, and does not wait.
   */
  claimDue(request: PushClaim, decide: (due: PushRecord) => PushChange): Promise<readonly PushRecord[]>;
  /**
   * Makes what `node` held in `sending` due at once, and gives how many that were; results that it was telling are due at
   * once too. For the start of a node, under a name that no other running process has: what it held was lost with its last
   * process.
   */
  releaseClaims(node: string): Promise<number>;
  /** When the next push is due, of one purpose or of all; `undefined` when none will be. May be in the past. */
  nextDueAt(purpose?: PushPurpose): Promise<number | undefined>;
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

/** Which pushes a list shows. */
export interface PushFilter {
  /** Absent: all. */
  readonly purposes?: readonly PushPurpose[];
  readonly deviceId?: string;
  readonly state?: PushState;
}

/** Reads pushes. */
export interface PushReader {
  push(id: string): Promise<PushRecord | undefined>;
  /**
   * The notification of a device with that Session-ID: the open one, else the latest that is over; `undefined` when there
   * was none.
   */
  pushOfSession(deviceId: string, sessionId: number): Promise<NotificationPush | undefined>;
  /** What became of one push of an initiator, in order of id: one for each recipient. */
  pushesOfInitiator(initiator: string, pushId: string): Promise<readonly PushRecord[]>;
  /** Pushes, newest first. */
  listPushes(page: PageRequest & PushFilter): Promise<Page<PushRecord>>;
}
