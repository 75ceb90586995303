// Events: the timeline of a push, and the feed of all of them.
import type { PushEventName, PushPurpose, PushState } from './state.ts';

/** Kinds of events: what they tell of. Others may join them; one sequence counts all. */
export type EventKind = PushPurpose;

/** One entry of a timeline. */
export interface PushEvent {
  /** Grows with every event of the store; gaps are possible. */
  readonly sequence: number;
  readonly kind: EventKind;
  readonly pushId: string;
  /** Absent for a push to addresses. */
  readonly deviceId?: string;
  /** Session-ID of a notification. */
  readonly sessionId?: number;
  /** Milliseconds since the POSIX epoch. */
  readonly at: number;
  readonly event: PushEventName;
  /** State of the push after the event. */
  readonly state: PushState;
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
  /** Events of one push in the order in which they happened; `undefined` when there is no such push. */
  timeline(pushId: string): Promise<readonly PushEvent[] | undefined>;
  /** Up to `limit` events after a sequence number, in order; of some kinds, or of all. */
  eventsAfter(sequence: number, limit: number, kinds?: readonly EventKind[]): Promise<readonly PushEvent[]>;
  /**
   * Calls `listener` with each event once it is on disk, in order. Gives what ends the subscription. The listener must
   * not throw: the error would become a warning of the process, and nothing else.
   */
  onEvent(listener: (event: PushEvent) => void): () => void;
}
