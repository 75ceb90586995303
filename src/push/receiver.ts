// What every receiver of pushes on a device has in common: its handler, what it counts, what it says about drops.
import type { ReceivedPush } from './binding.ts';

/** Takes a push that is meant for the DM client. What it throws, or rejects with, is counted and reported. */
export type PushHandler = (push: ReceivedPush) => void | Promise<void>;

/** What a receiver has seen since it was made. `received` = accepted + all that was dropped. */
export interface ReceiverCounters {
  /** Everything that arrived. */
  readonly received: number;
  /** Handed to the handler. */
  readonly accepted: number;
  /** Not for us, unreadable or too much, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Times that the handler failed. */
  readonly handlerErrors: number;
}

/** Something that was dropped without an answer, for a log. */
export interface DroppedPush {
  /** Name of the binding. */
  readonly binding: string;
  /** Where it claims to come from. */
  readonly from: string;
  /** The counter's name. */
  readonly reason: string;
  /** What was found. */
  readonly detail: string;
  /** Its size in octets. */
  readonly octets: number;
}

/** One way for a device to receive pushes. */
export interface PushReceiver {
  readonly name: string;
  /** A snapshot. */
  counters(): ReceiverCounters;
  /** Stops receiving. Handlers that run go on. */
  close(): Promise<void>;
}
