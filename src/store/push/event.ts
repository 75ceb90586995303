// Events: the timeline of a notification, and the feed of all of them.
import type { NotificationEventName, NotificationState } from './state.ts';

/** One entry of a timeline. */
export interface NotificationEvent {
  /** Grows with every event of the store; gaps are possible. */
  readonly sequence: number;
  readonly notificationId: string;
  readonly deviceId: string;
  readonly sessionId: number;
  /** Milliseconds since the POSIX epoch. */
  readonly at: number;
  readonly event: NotificationEventName;
  /** State of the notification after the event. */
  readonly state: NotificationState;
  /** Node that saw it. */
  readonly node?: string;
  /** Number of the attempt, from 1. */
  readonly attempt?: number;
  readonly binding?: string;
  readonly address?: string;
  /** In words; never holds a secret. */
  readonly detail?: string;
  /** What the carrier calls the push, such as an SMSC message id. */
  readonly reference?: string;
}

/** Reads events. */
export interface EventStore {
  /** Events of one notification in the order in which they happened; `undefined` when there is no such notification. */
  timeline(notificationId: string): Promise<readonly NotificationEvent[] | undefined>;
  /** Up to `limit` events of all notifications after a sequence number, in order. */
  eventsAfter(sequence: number, limit: number): Promise<readonly NotificationEvent[]>;
  /**
   * Calls `listener` with each event once it is on disk, in order. Gives what ends the subscription. The listener must
   * not throw: the error would become a warning of the process, and nothing else.
   */
  onEvent(listener: (event: NotificationEvent) => void): () => void;
}
