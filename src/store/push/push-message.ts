// A push message as stored: octets that go to a device as they are, and that no session answers. DM messages, bootstrap,
// and what other push initiators hand in. A Package #0 of our own is a notification instead: it has a Session-ID.
import type { IdempotencyMark } from './notification.ts';

/** States of a push message, in the order in which it passes them; the last five end it. */
export const pushMessageStates = [
  'queued',
  'sending',
  'accepted',
  /** It left us on a road that tells no more. */
  'sent',
  'delivered',
  'failed',
  'expired',
  'cancelled',
  /** A carrier accepted it, and said nothing more while it could. */
  'unreported',
] as const;

/** State of a push message. */
export type PushMessageState = (typeof pushMessageStates)[number];

/** Name of an entry on its timeline: the state that it reports, or a remark that leaves the state alone. */
export type PushMessageEventName =
  | PushMessageState
  | 'attempt-failed'
  | 'result-told'
  | 'result-lost'
  | 'note';

/** What is pushed, as its content type says. */
export interface StoredContentType {
  /** MIME type without parameters. */
  readonly mime: string;
  /** Assigned WSP content type number, 0–127. */
  readonly code: number;
  /** Parameters, such as SEC and MAC of a bootstrap message. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Who handed a push message in over PAP, and how it is named there. */
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

/** What is asked of the queue of push messages. */
export interface PushMessageRequest {
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
  /** Not before this moment, milliseconds since the POSIX epoch; absent: now. */
  readonly notBefore?: number;
  /** Moment from which it is not sent any more, milliseconds since the POSIX epoch. */
  readonly expiresAt: number;
  /**
   * True when `expiresAt` was counted from now, as a life or a timeout is, and is no date that somebody named: a clock that
   * is set then moves it too (`ClockMoves`).
   */
  readonly endCounted?: boolean;
  readonly initiator?: PushInitiatorMark;
  /** Names the request among those of the same account. */
  readonly idempotency?: IdempotencyMark;
  /** A message that this one takes the place of. */
  readonly replaces?: Replacement;
}

/** The message that another one takes the place of (PAP 2.0, replace-push-id). */
export interface Replacement {
  readonly id: string;
  /** True: the new one is queued only when the old one could still be cancelled (pending-only). */
  readonly required: boolean;
}

/** A push message as stored. */
export interface PushMessageRecord
  extends Omit<PushMessageRequest, 'notBefore' | 'endCounted' | 'idempotency' | 'replaces'> {
  /** UUID, version 7: in order of creation. */
  readonly id: string;
  /** Empty when the message is over: what it held may be secret, and nobody needs it any more. */
  readonly body: Uint8Array;
  /** Length of the body when it was queued. */
  readonly octets: number;
  readonly state: PushMessageState;
  /** Times that it was in `sending`. */
  readonly attempts: number;
  /** Attempts that a carrier took. */
  readonly sends: number;
  /** Attempts in a row that every address refused, or that the carrier gave up. */
  readonly failures: number;
  /** Addresses that refused it for good, and are not tried again. */
  readonly refusedAddresses: readonly string[];
  /** Number of the last claim: a change that names an older one comes too late. */
  readonly lease: number;
  /** Node that made it. */
  readonly claimedBy?: string;
  /** When the engine looks at it next; absent when it is over. Milliseconds since the POSIX epoch, as all times here. */
  readonly dueAt?: number;
  /** Why it is failed, or what the last attempt met. */
  readonly reason?: string;
  /** When its result is told to its initiator next; absent: nothing is to be told, or it has been. */
  readonly resultDueAt?: number;
  /** Times that telling it failed. */
  readonly resultFailures: number;
  readonly idempotencyKey?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One entry of the timeline of a push message. */
export interface PushMessageEvent {
  /** Grows with every event of the store; gaps are possible. */
  readonly sequence: number;
  readonly messageId: string;
  /** Milliseconds since the POSIX epoch. */
  readonly at: number;
  readonly event: PushMessageEventName;
  /** State of the message after the event. */
  readonly state: PushMessageState;
  /** Node that saw it. */
  readonly node?: string;
  /** Number of the attempt, from 1. */
  readonly attempt?: number;
  readonly binding?: string;
  readonly address?: string;
  /** In words; never holds a secret. */
  readonly detail?: string;
  /** What the carrier calls the push. */
  readonly reference?: string;
}
