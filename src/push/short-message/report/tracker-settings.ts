// What the matching of receipts to pushes is told, and what it counts.
import { type Clock, longestMs, wholeNumber } from '../../../core/index.ts';
import type { DeliveryReportHandler } from '../../index.ts';
import type { UnmatchedReceipt } from './early-receipts.ts';

/** How many receipts a road waits for, and how long. */
export interface TrackerOptions {
  /** Pushes whose receipts are waited for, 1–10 000 000. Default 100 000; beyond, the oldest is given up. */
  readonly maxTracked?: number | undefined;
  /** How long receipts are waited for, in milliseconds: a receipt may never come. Default 72 hours. */
  readonly trackMs?: number | undefined;
}

/** Defaults of `TrackerOptions`. */
export const trackerDefaults = Object.freeze({ maxTracked: 100_000, trackMs: 72 * 3_600_000 });

/** Fills in and checks. @throws {ValueError} OUT_OF_RANGE */
export function trackerSettings(options: TrackerOptions): Pick<TrackerSettings, 'maxTracked' | 'trackMs'> {
  const { maxTracked = trackerDefaults.maxTracked, trackMs = trackerDefaults.trackMs } = options;
  return {
    maxTracked: wholeNumber(maxTracked, 1, 10_000_000, 'maxTracked'),
    trackMs: wholeNumber(trackMs, 1, longestMs, 'trackMs'),
  };
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
  /** Whether every message of a push has its receipt, or the last one speaks for all. */
  readonly parts: 'each' | 'last';
  /** What is compared of an id from an answer. Default: the id as it is. */
  readonly comparableId?: (id: string) => string;
  /** True where no id is ever given twice, as tokens are: an id alone says whose a receipt is. Default false. */
  readonly uniqueIds?: boolean;
  /** Other names under which a centre's receipts may come: those of the same account. Default none. */
  readonly sameAccount?: (smsc: string) => readonly string[];
  readonly onReport: DeliveryReportHandler;
  /** Called for a final receipt that belongs to no push that is waited for. Must not throw. Default: it is counted. */
  readonly onUnmatched?: (receipt: UnmatchedReceipt) => void;
}

/** What a tracker has seen. */
export interface PartCounters {
  /** Final receipts of messages that were waited for. */
  readonly matched: number;
  /** Said that a message is on its way, or nothing that we know. */
  readonly intermediate: number;
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
