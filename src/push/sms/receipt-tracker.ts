// Matches delivery receipts to pushes: every message of a push has its own, and the push is delivered when all are.
import type { DeliveryReceipt, MessageState } from '../../codec/smpp/index.ts';
import type { Clock } from '../../core/index.ts';
import type { DeliveryReport, DeliveryReportHandler } from '../index.ts';
import type { AcceptedMessage } from './dispatcher.ts';
import { messageReference } from './message-reference.ts';
import { comparableId, comparableReceiptId, type ReceiptIdRule } from './receipt-id.ts';

/** A receipt for a message that is not known, for a log or a search in a store. */
export interface UnmatchedReceipt {
  /** Name of the centre. */
  readonly smsc: string;
  /** Ids as the receipt has them. */
  readonly ids: readonly string[];
  readonly state: MessageState;
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
  readonly onReport: DeliveryReportHandler;
  readonly onUnmatched: (receipt: UnmatchedReceipt) => void;
}

/** What a tracker has seen. */
export interface ReceiptCounters {
  /** Final receipts of messages that were waited for. */
  readonly matched: number;
  /** Said that a message is on its way, or nothing that we know. */
  readonly intermediate: number;
  /** Final receipts of messages that nobody waited for. */
  readonly unmatched: number;
  /** Pushes given up because there were too many, or after too long. */
  readonly forgotten: number;
  /** Pushes that are waited for now. */
  readonly open: number;
}

interface Tracked {
  readonly pushId: string;
  readonly reference: string;
  readonly messages: readonly AcceptedMessage[];
  readonly keys: readonly string[];
  readonly delivered: Set<string>;
  readonly deadline: number;
  /** The report that is being taken. */
  reporting: Promise<boolean> | undefined;
}

interface Early {
  readonly keys: readonly string[];
  readonly unmatched: UnmatchedReceipt;
  readonly error: string;
  readonly deadline: number;
}

/** Receipts that came before the response, at most, and how long they are kept in milliseconds. */
const maxEarly = 10_000;
const earlyMs = 600_000;

/** States that end a message: delivered, or given up. The others say nothing about the end. */
const finals: ReadonlyMap<MessageState, 'delivered' | 'failed'> = new Map([
  ['DELIVERED', 'delivered'],
  ['EXPIRED', 'failed'],
  ['DELETED', 'failed'],
  ['UNDELIVERABLE', 'failed'],
  ['REJECTED', 'failed'],
]);

/** Waits for receipts. */
export class ReceiptTracker {
  readonly #settings: TrackerSettings;
  /** By centre and id; oldest first, as both maps. */
  readonly #byKey = new Map<string, Tracked>();
  readonly #tracked = new Set<Tracked>();
  readonly #early = new Map<string, Early>();
  #matched = 0;
  #intermediate = 0;
  #unmatched = 0;
  #forgotten = 0;

  constructor(settings: TrackerSettings) {
    this.#settings = settings;
  }

  /** Waits for the receipts of a push. Those that have come already count. */
  track(pushId: string, reference: string, messages: readonly AcceptedMessage[]): void {
    this.#expire();
    const { clock, trackMs, maxTracked } = this.#settings;
    // An empty id names no message: such a push is never delivered, as far as receipts can tell.
    const keys = messages.map(({ smsc, messageId }) => keyOf(smsc, comparableId(messageId)));
    // Asked for twice, it is one wait.
    if (keys.every((key) => this.#byKey.get(key)?.pushId === pushId)) return;
    const tracked: Tracked = {
      pushId,
      reference,
      messages,
      keys,
      delivered: new Set(),
      deadline: clock.monotonic() + trackMs,
      reporting: undefined,
    };
    for (const oldest of this.#tracked) {
      if (this.#tracked.size < maxTracked) break;
      this.#forget(oldest);
    }
    this.#tracked.add(tracked);
    for (const { smsc, messageId } of messages) {
      if (messageId === '') continue;
      const key = keyOf(smsc, comparableId(messageId));
      this.#byKey.set(key, tracked);
      const early = this.#early.get(key);
      if (early === undefined) continue;
      this.#dropEarly(early);
      // The carrier has been told that it was taken: a handler that fails now is not asked again.
      void this.#settle(tracked, key, early.unmatched.state, early.error);
    }
  }

  /** Takes a receipt. Resolves with false when it has to be said again. Never rejects. */
  async take(smsc: string, receipt: DeliveryReceipt): Promise<boolean> {
    this.#expire();
    const { textId, parameterId, state, error } = receipt;
    if (receipt.intermediate || state === undefined || !finals.has(state)) {
      this.#intermediate += 1;
      return true;
    }
    const keys = [
      ...this.#keysOf(smsc, parameterId, this.#settings.parameterId),
      ...this.#keysOf(smsc, textId, this.#settings.textId),
    ];
    for (const key of keys) {
      const tracked = this.#byKey.get(key);
      if (tracked !== undefined) return this.#settle(tracked, key, state, error);
    }
    const ids = [...new Set([parameterId, textId])].filter((id) => id !== undefined);
    this.#keep(keys, { smsc, ids, state }, error);
    return true;
  }

  /** A snapshot. */
  counters(): ReceiptCounters {
    return {
      matched: this.#matched,
      intermediate: this.#intermediate,
      unmatched: this.#unmatched,
      forgotten: this.#forgotten,
      open: this.#tracked.size,
    };
  }

  async #settle(tracked: Tracked, key: string, state: MessageState, error: string): Promise<boolean> {
    this.#matched += 1;
    if (tracked.reporting !== undefined) return tracked.reporting;
    const outcome = finals.get(state);
    if (outcome === 'delivered') {
      tracked.delivered.add(key);
      if (tracked.delivered.size < new Set(tracked.keys).size) return true;
    }
    const { messages, keys, pushId, reference } = tracked;
    const index = keys.indexOf(key);
    const place = messages.length === 1 ? '' : ` (message ${index + 1} of ${messages.length})`;
    const code = error === '' ? '' : `, error ${error}`;
    const smsc = messages[index]?.smsc ?? '';
    const report: DeliveryReport = {
      binding: this.#settings.binding,
      pushId,
      reference,
      references: messages.map(messageReference),
      outcome: outcome === 'delivered' ? 'delivered' : 'failed',
      detail: outcome === 'delivered' ? `${smsc}: DELIVERED` : `${smsc}: ${state}${code}${place}`,
    };
    tracked.reporting = this.#report(report);
    const taken = await tracked.reporting;
    tracked.reporting = undefined;
    if (taken) this.#remove(tracked);
    return taken;
  }

  async #report(report: DeliveryReport): Promise<boolean> {
    try {
      await this.#settings.onReport(report);
      return true;
    } catch {
      // The centre says it again, and the handler's own log says why it failed.
      return false;
    }
  }

  #keysOf(smsc: string, id: string | undefined, rule: ReceiptIdRule): readonly string[] {
    return id === undefined || id === '' ? [] : [keyOf(smsc, comparableReceiptId(id, rule))];
  }

  /** Keeps a receipt that may have overtaken the response. */
  #keep(keys: readonly string[], unmatched: UnmatchedReceipt, error: string): void {
    if (keys.length === 0) {
      this.#giveBack(unmatched);
      return;
    }
    for (const early of this.#early.values()) {
      if (this.#early.size < maxEarly) break;
      this.#dropEarly(early);
      this.#giveBack(early.unmatched);
    }
    const early = { keys, unmatched, error, deadline: this.#settings.clock.monotonic() + earlyMs };
    for (const key of keys) this.#early.set(key, early);
  }

  #dropEarly(early: Early): void {
    for (const key of early.keys) if (this.#early.get(key) === early) this.#early.delete(key);
  }

  #giveBack(unmatched: UnmatchedReceipt): void {
    this.#unmatched += 1;
    this.#settings.onUnmatched(unmatched);
  }

  #expire(): void {
    const now = this.#settings.clock.monotonic();
    for (const tracked of this.#tracked) {
      if (tracked.deadline > now) break;
      this.#forget(tracked);
    }
    for (const early of this.#early.values()) {
      if (early.deadline > now) break;
      this.#dropEarly(early);
      this.#giveBack(early.unmatched);
    }
  }

  #forget(tracked: Tracked): void {
    this.#forgotten += 1;
    this.#remove(tracked);
  }

  #remove(tracked: Tracked): void {
    this.#tracked.delete(tracked);
    for (const key of tracked.keys) if (this.#byKey.get(key) === tracked) this.#byKey.delete(key);
  }
}

function keyOf(smsc: string, id: string): string {
  return `${smsc}\n${id}`;
}
