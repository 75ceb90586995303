// A notification as stored: what goes out, where it stands, and what the engine has to know about it.
import type { StoredFormat } from '../record/device.ts';
import type { NotificationState } from './state.ts';

/** Whether the default nonce may open the session of a notification (spec-notes ruling 12). */
export type DefaultNonceState =
  /** No push of it went out under the default nonce. */
  | 'none'
  /** A push went out under it, so the answer may use it once. */
  | 'offered'
  /** An answer has used it. */
  | 'used';

/** What is asked of the queue. */
export interface EnqueueRequest {
  readonly deviceId: string;
  readonly format: StoredFormat;
  /** Fields of the notification without `format`, `serverId` and `sessionId`, as JSON values. */
  readonly message: Readonly<Record<string, unknown>>;
  /** Not before this moment, milliseconds since the POSIX epoch; absent: now. */
  readonly notBefore?: number;
  /** Moment from which it is not sent any more, milliseconds since the POSIX epoch. */
  readonly expiresAt: number;
  /**
   * True when `expiresAt` was counted from now, as a life or a timeout is, and is no date that somebody named: a clock that
   * is set then moves it too (`ClockMoves`).
   */
  readonly endCounted?: boolean;
  /** True when the first push already goes out under the default nonce. */
  readonly resynchronise?: boolean;
  /** Names the request: the same key of the same account gives the same notification. */
  readonly idempotency?: IdempotencyMark;
}

/** The name that a caller gave to a request, so that it can repeat it safely. */
export interface IdempotencyMark {
  readonly key: string;
  /** Says what was asked; another text under the same key is another request. */
  readonly fingerprint: string;
}

/** What `enqueue` gives. */
export interface Enqueued {
  readonly notification: NotificationRecord;
  /** False when the idempotency key had been used for it before. */
  readonly created: boolean;
}

/** A notification as stored. */
export interface NotificationRecord {
  /** UUID, version 7: in order of creation. */
  readonly id: string;
  readonly deviceId: string;
  /** Account of the device when it was enqueued. */
  readonly serverId: string;
  /** 1–65535, kept through every retry (spec-notes ruling 11). */
  readonly sessionId: number;
  readonly format: StoredFormat;
  readonly message: Readonly<Record<string, unknown>>;
  readonly state: NotificationState;
  /** Times that it was in `sending`. */
  readonly attempts: number;
  /** Attempts that a binding took. */
  readonly sends: number;
  /** Attempts that every address refused, since the last one that was taken. */
  readonly failures: number;
  readonly defaultNonce: DefaultNonceState;
  readonly resynchronise: boolean;
  /** Number of the last claim: a change that names an older one comes too late. */
  readonly lease: number;
  /** Node that made it. */
  readonly claimedBy?: string;
  /** When the engine looks at it next; absent when it is over. Milliseconds since the POSIX epoch, as all times here. */
  readonly dueAt?: number;
  readonly expiresAt: number;
  /** Addresses that refused it for good, and are not tried again. */
  readonly refusedAddresses: readonly string[];
  /** Why it is failed, or what the last attempt met. */
  readonly reason?: string;
  readonly idempotencyKey?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}
