// Events: the timeline of a push, and the feed of all of them.
import type { PushRecord } from './push.ts';
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
  /** Account that it belongs to; absent where a push has none. Not for readers: it says who may be one. */
  readonly serverId?: string;
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
  /** Whose token asked for it; absent for what nobody asked for. */
  readonly actor?: string;
  /** What the carrier calls the push, such as an SMSC message id. */
  readonly reference?: string;
}

/** What is known of an event when it is told, and is not kept with it. */
export interface EventContext {
  /** The push after it. */
  readonly push: PushRecord;
  /** State of the push before it; absent for one that has just been taken in. */
  readonly before?: PushState;
  /** True where the event brought its state about; false for a remark, and for a fact that came too late to move it. */
  readonly moved: boolean;
  /** Why, as a code (`PushChange.cause`). */
  readonly cause?: string;
}

/** An event with what is known of it. */
export interface ToldEvent {
  readonly event: PushEvent;
  readonly context: EventContext;
}

/** Hears of events. */
export type EventListener = (event: PushEvent, context: EventContext) => void;

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
  onEvent(listener: EventListener): () => void;
}
