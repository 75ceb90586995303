// Pushes whose result notifications are waited for, and what those say (PAP 2.0).
import {
  type PapMessageState,
  papCodeMeaning,
  papCodes,
  type ResultNotificationMessage,
  type ResultNotificationResponse,
} from '../../codec/pap/index.ts';
import type { DeliveryReport, DeliveryReportHandler } from '../index.ts';

/** States that say how it ended; the others say that it goes on, or nothing. */
const outcomes: ReadonlyMap<PapMessageState, DeliveryReport['outcome']> = new Map([
  ['delivered', 'delivered'],
  ['rejected', 'failed'],
  ['undeliverable', 'failed'],
  ['expired', 'failed'],
  ['aborted', 'failed'],
  ['timeout', 'failed'],
  ['cancelled', 'failed'],
]);

/** Codes that answer a result notification. */
const answers = {
  reported: papCodes.ok,
  unknown: papCodes.pushIdNotFound,
  failed: papCodes.serviceUnavailable,
} as const;

/** Matches result notifications with the pushes that they are about. */
export class AwaitedResults {
  readonly #binding: string;
  readonly #capacity: number;
  readonly #onReport: DeliveryReportHandler | undefined;
  readonly #onError: ((error: unknown) => void) | undefined;
  /** Identifiers of pushes by reference, the oldest first. */
  readonly #pushes = new Map<string, string>();

  constructor(
    binding: string,
    capacity: number,
    onReport: DeliveryReportHandler | undefined,
    onError: ((error: unknown) => void) | undefined,
  ) {
    this.#binding = binding;
    this.#capacity = capacity;
    this.#onReport = onReport;
    this.#onError = onError;
  }

  /** Waits for results of a push; the oldest is given up when there are too many. */
  add(reference: string, pushId: string): void {
    this.#pushes.delete(reference);
    this.#pushes.set(reference, pushId);
    if (this.#pushes.size > this.#capacity) {
      const [oldest] = this.#pushes.keys();
      if (oldest !== undefined) this.#pushes.delete(oldest);
    }
  }

  /** Waits no longer. */
  remove(reference: string): void {
    this.#pushes.delete(reference);
  }

  get size(): number {
    return this.#pushes.size;
  }

  /** Takes a result notification; gives the answer to it. Never rejects. */
  async receive(message: ResultNotificationMessage): Promise<ResultNotificationResponse> {
    const { pushId: reference, messageState, code, desc, address } = message;
    const answer = (said: number): ResultNotificationResponse => ({
      element: 'resultnotification-response',
      pushId: reference,
      code: said,
      desc: papCodeMeaning(said),
      address,
    });
    const outcome = outcomes.get(messageState);
    if (outcome === undefined) {
      return answer(this.#pushes.has(reference) ? papCodes.ok : papCodes.pushIdNotFound);
    }
    const said = desc === undefined || desc.trim() === '' ? papCodeMeaning(code) : desc.slice(0, 200);
    const settled = await this.settle(reference, outcome, `${messageState}, ${code}: ${said}`);
    return answer(answers[settled]);
  }

  /** Reports how a push ended. Never rejects: a report that could not be taken is `failed`, and still waited for. */
  async settle(
    reference: string,
    outcome: DeliveryReport['outcome'],
    detail: string,
  ): Promise<'reported' | 'unknown' | 'failed'> {
    const pushId = this.#pushes.get(reference);
    if (pushId === undefined) return 'unknown';
    const references = [reference];
    try {
      await this.#onReport?.({ binding: this.#binding, pushId, reference, references, outcome, detail });
    } catch (error) {
      this.#onError?.(error);
      return 'failed';
    }
    this.#pushes.delete(reference);
    return 'reported';
  }
}
