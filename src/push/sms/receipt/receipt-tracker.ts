// Receipts of message centres over SMPP, as the tracker of all roads takes them: the ids of a receipt by the rules for its
// centre, and its state as an end or none (SMPP 3.4 §5.2.28).
import type { DeliveryReceipt, MessageState } from '../../../codec/smpp/index.ts';
import {
  type AcceptedMessage,
  type PartCounters,
  PartTracker,
  type Submission,
  type Submissions,
  type TrackerSettings,
} from '../../short-message/index.ts';
import { comparableId, comparableReceiptId, type ReceiptIdRule } from './receipt-id.ts';

/** States that end a message: delivered, or given up. The others say nothing about the end. */
const finals: ReadonlyMap<MessageState, 'delivered' | 'failed'> = new Map([
  ['DELIVERED', 'delivered'],
  ['EXPIRED', 'failed'],
  ['DELETED', 'failed'],
  ['UNDELIVERABLE', 'failed'],
  ['REJECTED', 'failed'],
]);

/** A receipt whose state is none that we know. */
export interface UnknownReceiptState {
  /** Name of the centre. */
  readonly smsc: string;
  /** The word of the text, or the number of message_state, up to 40 characters as the centre wrote them. */
  readonly state: string;
}

/** Settings of a tracker of such receipts. */
export interface ReceiptTrackerSettings extends Omit<TrackerSettings, 'comparableId'> {
  /** Rule for the id in a receipt's text. */
  readonly textId: ReceiptIdRule;
  /** Rule for the id in the parameter receipted_message_id. */
  readonly parameterId: ReceiptIdRule;
  readonly onUnknownState: (receipt: UnknownReceiptState) => void;
}

/** What a tracker of such receipts has seen. */
export interface ReceiptCounters extends PartCounters {
  /** Of the intermediate ones, with a state that we do not know. */
  readonly unknownStates: number;
}

/** Waits for receipts. */
export class ReceiptTracker {
  readonly #settings: ReceiptTrackerSettings;
  readonly #parts: PartTracker;
  #unknownStates = 0;

  constructor(settings: ReceiptTrackerSettings) {
    this.#settings = settings;
    this.#parts = new PartTracker({ ...settings, comparableId });
  }

  /** Pushes of which a message has left, and not all answers have come. */
  get submissions(): Submissions {
    return this.#parts.submissions;
  }

  /** As `PartTracker.track`. */
  track(
    pushId: string,
    reference: string,
    messages: readonly AcceptedMessage[],
    submission: Submission,
  ): void {
    this.#parts.track(pushId, reference, messages, submission);
  }

  /** As `PartTracker.expect`. */
  expect(pushId: string, reference: string, messages: readonly AcceptedMessage[], number = ''): void {
    this.#parts.expect(pushId, reference, messages, number);
  }

  /** Takes a receipt. Resolves with false when it has to be said again. Never rejects. */
  take(smsc: string, receipt: DeliveryReceipt): Promise<boolean> {
    const { textId, parameterId, number = '', state, unknownState, error, doubtful = false } = receipt;
    if (unknownState !== undefined && !doubtful) {
      this.#unknownStates += 1;
      this.#settings.onUnknownState({ smsc, state: unknownState });
    }
    const outcome = receipt.intermediate || state === undefined ? undefined : finals.get(state);
    const shownIds = [...new Set([parameterId, textId])].filter((one) => one !== undefined);
    return this.#parts.take(smsc, {
      ...this.#idsOf(receipt),
      shownIds,
      number,
      outcome,
      state: state ?? '',
      error,
      doubtful,
    });
  }

  /** A snapshot. */
  counters(): ReceiptCounters {
    return { ...this.#parts.counters(), unknownStates: this.#unknownStates };
  }

  #idsOf({ parameterId = '', textId = '' }: DeliveryReceipt): {
    readonly ids: readonly string[];
    readonly guesses: readonly string[];
  } {
    const { parameterId: parameterRule, textId: textRule } = this.#settings;
    const parameter = comparableReceiptId(parameterId, parameterRule);
    const text = comparableReceiptId(textId, textRule);
    const ids = new Set([parameter.id, text.id].filter((one) => one !== ''));
    // One reading of the text is what the parameter says: there is nothing to guess.
    if (parameter.id !== text.id && text.guesses.includes(parameter.id))
      return { ids: [...ids], guesses: [] };
    const guesses = [...parameter.guesses, ...text.guesses].filter((one) => !ids.has(one));
    return { ids: [...ids], guesses: [...new Set(guesses)] };
  }
}
