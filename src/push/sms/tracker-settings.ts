// What the matching of receipts to pushes is told, and what it tells.
import type { Clock } from '../../core/index.ts';
import type { DeliveryReportHandler } from '../index.ts';
import type { UnmatchedReceipt } from './early-receipts.ts';
import type { ReceiptIdRule } from './receipt-id.ts';

/** A receipt whose state is none that we know. */
export interface UnknownReceiptState {
  /** Name of the centre. */
  readonly smsc: string;
  /** The word of the text, or the number of message_state, up to 40 characters as the centre wrote them. */
  readonly state: string;
}

/** Settings of a tracker. */
export interface TrackerSettings {
  /** Name of the binding, for reports. */
  readonly binding: string;
  readonly clock: Clock;
  /** Pushes whose receipts are waited for; beyond, the oldest is given up. */
  readonly maxTracked: number;
  /** How long receipts are waited for, in milliseconds. */
  readonly trackMs: number;
  /** Rule for the id in a receipt's text. */
  readonly textId: ReceiptIdRule;
  /** Rule for the id in the parameter receipted_message_id. */
  readonly parameterId: ReceiptIdRule;
  /** Whether every message of a push has its receipt, or the last one speaks for all. */
  readonly parts: 'each' | 'last';
  /** Other names under which a centre's receipts may come: those of the same account. */
  readonly sameAccount: (smsc: string) => readonly string[];
  readonly onReport: DeliveryReportHandler;
  readonly onUnmatched: (receipt: UnmatchedReceipt) => void;
  readonly onUnknownState: (receipt: UnknownReceiptState) => void;
}

/** What a tracker has seen. */
export interface ReceiptCounters {
  /** Final receipts of messages that were waited for. */
  readonly matched: number;
  /** Said that a message is on its way, or nothing that we know. */
  readonly intermediate: number;
  /** Of those, with a state that we do not know. */
  readonly unknownStates: number;
  /** Final receipts of messages that nobody waited for. */
  readonly unmatched: number;
  /** Final receipts of pushes that were over already. */
  readonly late: number;
  /** Final receipts that may be about several pushes, and settled none. */
  readonly unclear: number;
  /** Pushes given up because there were too many, or after too long. */
  readonly forgotten: number;
  /** Pushes that are waited for now. */
  readonly open: number;
}
