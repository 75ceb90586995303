// The queue of pushes: what comes in, who works on it, how it goes on.
import type { StoreError } from '../../core/index.ts';
import type { Filter } from '../../filter/index.ts';
import type { DeviceRecord, NotifiedDevice } from '../record/device.ts';
import type { CreatedBetween, Page, PageRequest } from '../record/page.ts';
import type { ResynchronisationLimit } from '../record/resynchronisation.ts';
import type { ChangeVerdict, PushChange } from './life-cycle.ts';
import type {
  IdempotencyMark,
  NotificationPush,
  NotificationRequest,
  PushOf,
  PushRecord,
  PushRequest,
} from './push.ts';
import type { PushPurpose, PushState } from './state.ts';

/** How one request was taken. */
export type Enqueued<Push extends PushRecord = PushRecord> =
  | { readonly outcome: 'queued'; readonly push: Push; readonly replaced?: PushRecord }
  /** The idempotency key had been used for it before. */
  | { readonly outcome: 'repeated'; readonly push: Push }
  /** It was to take the place of one that could not be cancelled any more. */
  | { readonly outcome: 'not-replaced'; readonly replaced: PushRecord };

/** A request that `enqueueEach` did not queue. */
export interface RefusedRequest {
  readonly outcome: 'refused';
  /** Why: a code of `enqueue`. */
  readonly error: StoreError;
}

/** A notification of which the rest is made once its device has been read: in the transaction that takes it in. */
export interface NotificationDraft {
  readonly deviceId: string;
  /** As in `NotificationRequest`. */
  readonly idempotency?: IdempotencyMark | undefined;
  /**
   * Makes the request, for the same device and under the same key. `device` is `undefined` where there is none; `now` is the
   * moment of the transaction, in milliseconds since the POSIX epoch. It is pure, may be called more than once, and does not
   * wait. What it throws refuses the notification, and nothing else.
   */
  readonly complete: (device: NotifiedDevice | undefined, now: number) => NotificationRequest;
}

/** How a draft was taken: a notification replaces nothing. */
export type EnqueuedDraft = Exclude<Enqueued<NotificationPush>, { readonly outcome: 'not-replaced' }>;

/** Who claims, how much, and for how long. */
export interface ClaimRequest {
  /** Largest number of pushes, 1 or more. */
  readonly limit: number;
  /** For how long nobody else gets them, in milliseconds. */
  readonly leaseMs: number;
  /** Name of the node, for the timeline. */
  readonly node: string;
}

/** Which of the waiting pushes are meant. */
export interface Waiting {
  /** Only pushes of this purpose; absent: of all. */
  readonly purpose?: PushPurpose;
  /** Only pushes whose next attempt begins with this carrier; `null`: those of none yet; absent: of all. */
  readonly carrier?: string | null;
}

/** A claim of pushes. */
export interface PushClaim extends ClaimRequest, Waiting {
  /** Only these, of those that are meant and due, in any order. */
  readonly ids?: readonly string[];
}

/** Asks for pushes of a carrier that end without it. */
export interface OverdueRequest {
  readonly carrier: string;
  /** A notification that went out so often is not sent again. */
  readonly attempts: number;
  /** Largest number of pushes, 1 or more. */
  readonly limit: number;
}

/** A push that is to be looked at. */
export interface OverduePush {
  readonly id: string;
  readonly purpose: PushPurpose;
}

/** A push that was claimed, with the device that it is for as it was read with it. */
export interface ClaimedPush {
  readonly push: PushRecord;
  /** Absent for a push to addresses. */
  readonly device?: DeviceRecord;
  /** The moment of the store at which the device was read, for `DeviceStore.devicesSince`. */
  readonly readAt: number;
}

/** A change of one push. */
export interface ChangeRequest {
  readonly id: string;
  readonly change: PushChange;
  /** The push as the caller knows it: while nobody has changed it since, it is not read again. */
  readonly as?: PushRecord;
}

/** Asks for the default nonce to be offered with the push of a claim. */
export interface NonceOffer {
  readonly id: string;
  readonly lease: number;
}

/** The carrier that the next attempt of a push begins with. */
export interface Placement {
  readonly id: string;
  readonly carrier: string;
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
   * @throws {StoreError} UNKNOWN_DEVICE; SUSPENDED when the device is; SESSION_IDS_EXHAUSTED when open notifications hold all
   *   65535; UNKNOWN_MESSAGE for a push to replace that is not there; ALREADY_EXISTS when the initiator has used the push-id
   *   before, or names a recipient of it twice; IDEMPOTENCY_CONFLICT when the key was used for another request; BAD_REQUEST unless a message is for either
   *   a device or addresses, and for an idempotency key without an account
   */
  enqueue<Request extends PushRequest>(
    requests: readonly Request[],
  ): Promise<readonly Enqueued<PushOf<Request>>[]>;
  /**
   * As `enqueue`, but each request stands for itself: one that is refused keeps none of the others from being queued. The
   * outcomes are in the order of the requests.
   */
  enqueueEach<Request extends PushRequest>(
    requests: readonly Request[],
  ): Promise<readonly (Enqueued<PushOf<Request>> | RefusedRequest)[]>;
  /**
   * Takes in a notification for a device that has not been read yet: as `enqueue` takes what `complete` makes of it.
   * @throws what `complete` throws; {StoreError} SUSPENDED, SESSION_IDS_EXHAUSTED, IDEMPOTENCY_CONFLICT, and UNKNOWN_DEVICE when
   *   `complete` makes a request for a device that there is not
   */
  enqueueDraft(draft: NotificationDraft): Promise<EnqueuedDraft>;
  /**
   * A SessionID for a sessionless message to a device: 1–65535, the one after the last, from a random first one. Given
   * once, also when the message is never queued.
   * @throws {StoreError} UNKNOWN_DEVICE
   */
  allocateMessageSessionId(deviceId: string): Promise<number>;
  /**
   * Hides up to `limit` due pushes from other claimers for `leaseMs`, oldest first, asks `decide` for the changes of each, and
   * writes lease, changes and events in one transaction. Where others change one of them meanwhile, all are decided anew as
   * they stand then. A claimer that dies changes nothing: what it held is due again after the lease. `decide` is pure, may be
   * called more than once, and does not wait; its first change is the one of the claim, what follows are remarks.
   */
  claimDue(
    request: PushClaim,
    decide: (due: PushRecord, device: DeviceRecord | undefined) => readonly [PushChange, ...PushChange[]],
  ): Promise<readonly ClaimedPush[]>;
  /**
   * Makes what `node` held in `sending` due at once, and gives how many that were; results that it was telling are due at
   * once too. For the start of a node, under a name that no other running process has: what it held was lost with its last
   * process. With `carriers`, pushes that wait for one that is not among them wait for none from now on (`place`).
   */
  releaseClaims(node: string, carriers?: readonly string[]): Promise<number>;
  /** When the next push is due, of those that are meant; `undefined` when none will be. May be in the past. */
  nextDueAt(of?: Waiting): Promise<number | undefined>;
  /**
   * Up to `limit` pushes that are due, wait for this carrier, and end without it: their time is over, or they have gone out
   * `attempts` times. Looks through all that wait for it, beside what else is read.
   */
  overdue(request: OverdueRequest): Promise<readonly OverduePush[]>;
  /** Up to `limit` pushes that are due and wait for no carrier yet, oldest first, with their devices. */
  unplaced(limit: number): Promise<readonly ClaimedPush[]>;
  /** Says which carrier pushes wait for that waited for none. Changes nothing else, and is no event. */
  place(placements: readonly Placement[]): Promise<void>;
  /**
   * Makes changes by the rules of the life cycle, each with its event in one transaction; a change that is not allowed
   * is refused and writes nothing. The outcomes are in the order of the changes; `undefined` for an unknown id.
   */
  change(changes: readonly ChangeRequest[]): Promise<readonly (ChangeOutcome | undefined)[]>;
  /**
   * Notes that the pushes of these claims go out under the default nonce, so that their answers may use it, and counts that
   * for each device: once for a notification, and not while no server nonce of the device is known, for that is a first
   * contact (spec-notes ruling 12; a claim may say that too, by `defaultNonce` of its change). `limited` when the device has
   * had as many as `limit` allows, or when an answer to this notification has used the default nonce already; `stale` when the
   * claim is not current. The outcomes are in the order of the offers.
   */
  offerDefaultNonces(
    offers: readonly NonceOffer[],
    limit: ResynchronisationLimit,
    node: string,
  ): Promise<readonly ('offered' | 'limited' | 'stale')[]>;
}

/** Which pushes a list shows. */
export interface PushFilter extends CreatedBetween {
  /** Absent: all. */
  readonly purposes?: readonly PushPurpose[];
  readonly deviceId?: string;
  readonly state?: PushState;
  /** One of these, in place of `state`; none: nothing is shown. */
  readonly states?: readonly PushState[];
  /** Those whose device it means; `within` counts from the moment of the call. */
  readonly devices?: Filter;
  /** True: only those that are held. */
  readonly held?: boolean;
}

/** How many pushes of a purpose are in a state. */
export interface PushCount {
  readonly purpose: PushPurpose;
  readonly state: PushState;
  /** 1 or more; what there are none of is left out. */
  readonly count: number;
  /** True when there are more than were counted. */
  readonly more: boolean;
}

/** The pushes that are due and wait for a carrier. */
export interface CarrierQueue {
  /** Absent: for which none has been found yet. */
  readonly carrier?: string;
  /** How many, counted up to what was asked for. */
  readonly due: number;
  /** True when there are more. */
  readonly more: boolean;
  /** When the oldest became due, milliseconds since the POSIX epoch; absent where none is. */
  readonly oldestDueAt?: number;
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
  /** Counts pushes by purpose and state, each up to `most`, in the order of `pushPurposes` and `pushStates`. */
  countPushes(most: number): Promise<readonly PushCount[]>;
  /** What is due, by the carriers that pushes wait for and for those that wait for none; each counted up to `most`. */
  queues(most: number): Promise<readonly CarrierQueue[]>;
}
