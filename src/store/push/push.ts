// A push as stored: what goes out, to whom, for which purpose, where it stands, and what the engine has to know about it.
import type { StoredFormat } from '../record/device.ts';
import type { PushState } from './state.ts';

/** Whether the default nonce may open the session of a notification (spec-notes ruling 12). */
export type DefaultNonceState =
  /** No push of it went out under the default nonce. */
  | 'none'
  /** A push went out under it, so the answer may use it once. */
  | 'offered'
  /** An answer has used it. */
  | 'used';

/** The name that a caller gave to a request, so that it can repeat it safely. */
export interface IdempotencyMark {
  readonly key: string;
  /** Says what was asked; another text under the same key is another request. */
  readonly fingerprint: string;
}

/** What is pushed, as its content type says. */
export interface StoredContentType {
  /** MIME type without parameters. */
  readonly mime: string;
  /** Assigned WSP content type number, 0–127. */
  readonly code: number;
  /** Parameters, such as SEC and MAC of a bootstrap message. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Who handed a push in over PAP, and how it is named there. */
export interface PushInitiatorMark {
  /** Name of the push initiator in the configuration. */
  readonly initiator: string;
  /** Its push-id. */
  readonly pushId: string;
  /** The address as the initiator wrote it. */
  readonly recipient: string;
  /** Where the result is told; absent: nobody asked. */
  readonly notifyTo?: string;
}

/** The push that another one takes the place of (PAP 2.0, replace-push-id). */
export interface Replacement {
  readonly id: string;
  /** True: the new one is queued only when the old one could still be cancelled (pending-only). */
  readonly required: boolean;
}

/** What every request to the queue says. */
export interface PushTimes {
  /** Not before this moment, milliseconds since the POSIX epoch; absent: now. */
  readonly notBefore?: number;
  /** Moment from which it is not sent any more, milliseconds since the POSIX epoch. */
  readonly expiresAt: number;
  /**
   * True when `expiresAt` was counted from now, as a life or a timeout is, and is no date that somebody named: a clock that
   * is set then moves it too (`ClockMoves`).
   */
  readonly endCounted?: boolean;
  /** Name of the carrier that the first attempt begins with; absent: the engine finds out. */
  readonly carrier?: string;
  /** Whose token asked for it, for the timeline. */
  readonly actor?: string;
  /** Ids of the campaigns that it is for: the one that makes it, then those that share it. */
  readonly campaigns?: readonly string[];
}

/** A Package #0 to be composed at each attempt. */
export interface NotificationRequest extends PushTimes {
  readonly purpose: 'notification';
  readonly deviceId: string;
  readonly format: StoredFormat;
  /** Fields of the notification without `format`, `serverId` and `sessionId`, as JSON values. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** True when the first push already goes out under the default nonce. */
  readonly resynchronise?: boolean;
  /** Names the request among the notifications of the device's account: the same key gives the same notification. */
  readonly idempotency?: IdempotencyMark;
}

/** Octets that are pushed as they are. */
export interface MessageContent {
  /** Device that it is for; its addresses at the time of sending are used. Either this or `addresses`. */
  readonly deviceId?: string;
  /** Address URIs in order of preference, for a receiver that is no device here. */
  readonly addresses?: readonly string[];
  /** Schemes of addresses that it may go over; absent: all. */
  readonly schemes?: readonly string[];
  /** Account that sends it; absent for what other initiators hand in. */
  readonly serverId?: string;
  readonly contentType: StoredContentType;
  readonly body: Uint8Array;
  /** What it is, for an operator, as JSON values; never holds a secret. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** For `relayed`. */
  readonly initiator?: PushInitiatorMark;
}

/** What is pushed and not answered by a session. */
export interface MessageRequest extends MessageContent, PushTimes {
  /** `relayed` with an `initiator`, else `message`. */
  readonly purpose: 'message' | 'relayed';
  /** Names the request among the messages of the same account. */
  readonly idempotency?: IdempotencyMark;
  readonly replaces?: Replacement;
}

/** What is asked of the queue. */
export type PushRequest = NotificationRequest | MessageRequest;

/** What all pushes have in common. */
interface PushBase {
  /** UUID, version 7: in order of creation. */
  readonly id: string;
  readonly state: PushState;
  /** Times that it was in `sending`. */
  readonly attempts: number;
  /** Attempts that a carrier took. */
  readonly sends: number;
  /** Turns of its addresses in vain since a carrier took it last: of those that refused it, and of those that were left out. */
  readonly failures: number;
  /** Addresses that refused it for good, and are not tried again. */
  readonly refusedAddresses: readonly string[];
  /** What the carrier calls the push that it took last: a report on another reference is about an earlier one. */
  readonly reference?: string;
  /**
   * Reference of the first report that gave a push up while this attempt was under way and had no receipt yet: of this one, or
   * late of one before the last. The timeline has what came after it.
   */
  readonly givenUp?: string;
  /** Number of the last claim: a change that names an older one comes too late. */
  readonly lease: number;
  /** Node that made it. */
  readonly claimedBy?: string;
  /** How often it was written: a change that was made of an older version looks at it again. */
  readonly version: number;
  /** Name of the carrier that the next attempt begins with: a hint, which whoever claims it puts right. */
  readonly carrier?: string;
  /** When the engine looks at it next; absent when it is over. Milliseconds since the POSIX epoch, as all times here. */
  readonly dueAt?: number;
  /**
   * When the engine would look at it next, were it not held: it came out of a copy, and nobody knows what became of it since.
   * Nothing is sent of it and it does not end by itself, until it is released (`HeldPushes`). Excludes `dueAt`.
   */
  readonly heldDueAt?: number;
  readonly expiresAt: number;
  /** Why it is failed, or what the last attempt met. */
  readonly reason?: string;
  readonly idempotencyKey?: string;
  /** Id of the campaign that made it; absent: a caller did. */
  readonly campaign?: string;
  /** Ids of all campaigns that it is for, the one that made it first; absent: none. */
  readonly campaigns?: readonly string[];
  /** True while its campaigns keep it back: it was due, and none of them let an attempt begin. */
  readonly gated?: true;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When it was over. */
  readonly endedAt?: number;
}

/** A notification as stored. */
export interface NotificationPush extends PushBase {
  readonly purpose: 'notification';
  readonly deviceId: string;
  /** Account of the device when it was enqueued. */
  readonly serverId: string;
  /** 1–65535, kept through every retry (spec-notes ruling 11). */
  readonly sessionId: number;
  readonly format: StoredFormat;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly defaultNonce: DefaultNonceState;
  readonly resynchronise: boolean;
}

/** A push that no session answers, as stored. */
export interface MessagePush extends PushBase, MessageContent {
  readonly purpose: 'message' | 'relayed';
  /** Empty when the push is over: what it held may be secret, and nobody needs it any more. */
  readonly body: Uint8Array;
  /** Why the body cannot be read, which is empty then; absent: it can. */
  readonly unreadable?: string;
  /** Length of the body when it was queued. */
  readonly octets: number;
  /** When its result is told to its initiator next; absent: nothing is to be told, or it has been. */
  readonly resultDueAt?: number;
  /** When its result would be told next, were it not held. */
  readonly heldResultAt?: number;
  /** Times that telling it failed. */
  readonly resultFailures: number;
}

/** A push as stored. */
export type PushRecord = NotificationPush | MessagePush;

/** The push that a request becomes. */
export type PushOf<Request extends PushRequest> = Request extends NotificationRequest
  ? NotificationPush
  : MessagePush;
