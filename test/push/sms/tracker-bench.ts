// A tracker of receipts with a clock that stands still, and receipts for it.
import type { DeliveryReceipt, MessageState } from '../../../src/codec/smpp/index.ts';
import type { DeliveryReport } from '../../../src/push/index.ts';
import type { AcceptedMessage, UnmatchedReceipt } from '../../../src/push/short-message/index.ts';
import type {
  ReceiptTrackerSettings,
  UnknownReceiptState,
} from '../../../src/push/sms/receipt/receipt-tracker.ts';
import { ReceiptTracker } from '../../../src/push/sms/receipt/receipt-tracker.ts';
import { ManualClock } from '../../../src/testing/index.ts';

/** A tracker and what it told. */
export interface TrackerBench {
  readonly clock: ManualClock;
  readonly tracker: ReceiptTracker;
  readonly reports: DeliveryReport[];
  readonly unmatched: UnmatchedReceipt[];
  readonly unknown: UnknownReceiptState[];
  /** Push and outcome of each report. */
  readonly told: () => readonly string[];
}

export function makeTracker(options: Partial<ReceiptTrackerSettings> = {}): TrackerBench {
  const clock = new ManualClock();
  const reports: DeliveryReport[] = [];
  const unmatched: UnmatchedReceipt[] = [];
  const unknown: UnknownReceiptState[] = [];
  const tracker = new ReceiptTracker({
    binding: 'sms',
    clock,
    maxTracked: 100,
    trackMs: 3_600_000,
    textId: 'same',
    parameterId: 'same',
    parts: 'each',
    sameAccount: () => [],
    onReport: (report) => {
      reports.push(report);
    },
    onUnmatched: (receipt) => unmatched.push(receipt),
    onUnknownState: (receipt) => unknown.push(receipt),
    ...options,
  });
  const told = (): readonly string[] => reports.map(({ pushId, outcome }) => `${pushId} ${outcome}`);
  return { clock, tracker, reports, unmatched, unknown, told };
}

/** A receipt whose id is in its text. */
export function text(
  textId: string,
  state: MessageState | undefined,
  more: Partial<DeliveryReceipt> = {},
): DeliveryReceipt {
  return { textId, state, error: '', intermediate: false, ...more };
}

/** A receipt whose id is a parameter. */
export function parameter(parameterId: string, state: MessageState): DeliveryReceipt {
  return { parameterId, state, error: '', intermediate: false };
}

/** A receipt from a device. */
export function receiptOf(number: string, id: string, state: MessageState = 'DELIVERED'): DeliveryReceipt {
  return text(id, state, { number });
}

/** Messages that the centre `sim` took. */
export function messages(...ids: readonly string[]): readonly AcceptedMessage[] {
  return ids.map((messageId) => ({ smsc: 'sim', messageId }));
}

/** A push that is submitted and accepted, nothing coming between. */
export function trackPush(
  tracker: ReceiptTracker,
  pushId: string,
  reference: string,
  accepted: readonly AcceptedMessage[],
  number = '+491701234567',
): void {
  tracker.track(pushId, reference, accepted, tracker.submissions.begin(number));
}
