// The queue of push messages: what comes in, who works on it, how it goes on, and whom its results are told to.

import type { Page, PageRequest } from '../record/page.ts';
import type { AwaitedReport } from './awaited-report.ts';
import type { ChangeVerdict } from './life-cycle.ts';
import type {
  PushMessageEvent,
  PushMessageRecord,
  PushMessageRequest,
  PushMessageState,
} from './push-message.ts';
import type { PushMessageChange } from './push-message-life-cycle.ts';
import type { ClaimRequest } from './queue.ts';

/** How one request was taken. */
export type EnqueuedMessage =
  | { readonly outcome: 'queued'; readonly message: PushMessageRecord; readonly replaced?: PushMessageRecord }
  /** The idempotency key had been used for it before. */
  | { readonly outcome: 'repeated'; readonly message: PushMessageRecord }
  /** It was to take the place of one that could not be cancelled any more. */
  | { readonly outcome: 'not-replaced'; readonly replaced: PushMessageRecord };

/** A change of one push message. */
export interface PushMessageChangeRequest {
  readonly id: string;
  readonly change: PushMessageChange;
}

/** How a change was taken, and the message as it is then. */
export interface PushMessageChangeOutcome {
  readonly verdict: ChangeVerdict;
  readonly message: PushMessageRecord;
}

/** Takes push messages in and gives them out as work. What a call wrote is on disk when its promise resolves. */
export interface PushMessageQueue {
  /**
   * Takes messages in, all in one transaction: none is queued when it throws. A message that another one replaces is
   * cancelled where its state allows that, and stays otherwise.
   * @throws {StoreError} UNKNOWN_DEVICE; UNKNOWN_MESSAGE for a message to replace that is not there; ALREADY_EXISTS when
   *   the initiator has used the push-id before, or names a recipient of it twice; IDEMPOTENCY_CONFLICT when the key was
   *   used for another request; BAD_REQUEST unless there is either a device or an address, and for an idempotency key
   *   without an account
   */
  enqueueMessages(requests: readonly PushMessageRequest[]): Promise<readonly EnqueuedMessage[]>;
  /**
   * A SessionID for a sessionless message to a device: 1–65535, the one after the last, from a random first one. Given
   * once, also when the message is never queued.
   * @throws {StoreError} UNKNOWN_DEVICE
   */
  allocateMessageSessionId(deviceId: string): Promise<number>;
  /** As `claimDue` of the notifications. */
  claimDueMessages(
    request: ClaimRequest,
    decide: (due: PushMessageRecord) => PushMessageChange,
  ): Promise<readonly PushMessageRecord[]>;
  /** As `releaseClaims` of the notifications; results that the node was telling are due at once too. */
  releaseMessageClaims(node: string): Promise<number>;
  /** When the next message is due; `undefined` when none will be. May be in the past. */
  nextMessageDueAt(): Promise<number | undefined>;
  /** Makes changes by the rules of the life cycle, each with its event in one transaction, as `change` does. */
  changeMessages(
    changes: readonly PushMessageChangeRequest[],
  ): Promise<readonly (PushMessageChangeOutcome | undefined)[]>;
}

/** Results that push initiators asked for. */
export interface PushResults {
  /**
   * Up to `limit` messages whose result is to be told now, hidden from other callers for `leaseMs`. Whoever has told one,
   * or given it up, says so with `resultDueAt: null`; whoever could not, with the next moment. Both name in `resultOf` the
   * state that it was about.
   */
  claimDueResults(request: ClaimRequest): Promise<readonly PushMessageRecord[]>;
  /** When the next result is to be told; `undefined` when none will be. */
  nextResultDueAt(): Promise<number | undefined>;
}

/** Reads push messages. */
export interface PushMessageReader {
  message(id: string): Promise<PushMessageRecord | undefined>;
  /** The messages of one push of an initiator, in order of id: one for each recipient. */
  messagesOfPush(initiator: string, pushId: string): Promise<readonly PushMessageRecord[]>;
  /** Messages, newest first. */
  listMessages(
    page: PageRequest & { readonly deviceId?: string; readonly state?: PushMessageState },
  ): Promise<Page<PushMessageRecord>>;
  /** Events of one message in the order in which they happened; `undefined` when there is no such message. */
  messageTimeline(id: string): Promise<readonly PushMessageEvent[] | undefined>;
  /** As `awaitedReports` of the notifications; `notificationId` is the id of the message. */
  awaitedMessageReports(limit: number, after?: string): Promise<readonly AwaitedReport[]>;
  /** Calls `listener` with each event of a message once it is on disk, in order. Gives what ends the subscription. */
  onMessageEvent(listener: (event: PushMessageEvent) => void): () => void;
}

/** Everything about push messages. */
export interface PushMessageStore extends PushMessageQueue, PushResults, PushMessageReader {}
