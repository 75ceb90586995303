// What a simulated message centre does wrong on request. Every fault counts down: it strikes so many times, then stops.
import { commandStatuses, type MessageState } from '../../codec/smpp/index.ts';

/** What is to happen to a submit_sm. */
export type SubmitFault =
  /** Refused with a status. */
  | { readonly kind: 'refuse'; readonly status: number }
  /** Taken, but the answer never comes. */
  | { readonly kind: 'no-answer' }
  /** Neither taken nor answered. */
  | { readonly kind: 'lose' }
  /** Taken, and the connection breaks before the answer is out. */
  | { readonly kind: 'disconnect' };

/** What is to happen to a delivery. */
export type DeliveryFault =
  | { readonly kind: 'duplicate' }
  /** Nothing arrives, and nothing is ever said about it. */
  | { readonly kind: 'lose' }
  /** Nothing arrives, and the receipt says this state. */
  | { readonly kind: 'fail'; readonly state: MessageState };

/** Faults that are due. */
export class SmscFaults {
  readonly #submits: SubmitFault[] = [];
  readonly #deliveries: DeliveryFault[] = [];
  #sound = 0;
  #reorder = 0;
  /** Milliseconds before each answer to a submit_sm. Default 0: at once. */
  answerDelayMs = 0;
  /** Milliseconds before each delivery. Default 0: at once. */
  deliveryDelayMs = 0;

  /** Lets the next messages pass, before the faults that are asked for after this strike. */
  passSubmits(count: number): this {
    this.#sound += count;
    return this;
  }

  /** Refuses the next messages because there are too many: ESME_RTHROTTLED, or ESME_RMSGQFUL. */
  throttle(count: number, status: number = commandStatuses.ESME_RTHROTTLED): this {
    return this.refuse(count, status);
  }

  /** Refuses the next messages with a status. */
  refuse(count: number, status: number): this {
    return this.#add(this.#submits, count, { kind: 'refuse', status });
  }

  /** Takes the next messages and leaves them without an answer. */
  dropAnswers(count: number): this {
    return this.#add(this.#submits, count, { kind: 'no-answer' });
  }

  /** Loses the next messages: no answer, no delivery. */
  dropSubmits(count: number): this {
    return this.#add(this.#submits, count, { kind: 'lose' });
  }

  /** Takes the next message and breaks the connection instead of answering. */
  disconnectOnSubmit(count = 1): this {
    return this.#add(this.#submits, count, { kind: 'disconnect' });
  }

  /** Delivers the next messages twice. */
  duplicateDeliveries(count: number): this {
    return this.#add(this.#deliveries, count, { kind: 'duplicate' });
  }

  /** Loses the next messages between centre and handset; no receipt either. */
  dropDeliveries(count: number): this {
    return this.#add(this.#deliveries, count, { kind: 'lose' });
  }

  /** Gives the next messages up, with a receipt that says so. Default UNDELIVERABLE. */
  failDeliveries(count: number, state: MessageState = 'UNDELIVERABLE'): this {
    return this.#add(this.#deliveries, count, { kind: 'fail', state });
  }

  /** Holds the next deliveries until there are so many, and makes them in reverse order. */
  reorderDeliveries(count: number): this {
    this.#reorder = count;
    return this;
  }

  /** What strikes the next submit_sm. */
  nextSubmit(): SubmitFault | undefined {
    if (this.#sound > 0) {
      this.#sound -= 1;
      return undefined;
    }
    return this.#submits.shift();
  }

  /** What strikes the next delivery. */
  nextDelivery(): DeliveryFault | undefined {
    return this.#deliveries.shift();
  }

  /** How many deliveries to hold and reverse; asking ends it. */
  takeReorder(): number {
    const count = this.#reorder;
    this.#reorder = 0;
    return count;
  }

  #add<T>(list: T[], count: number, fault: T): this {
    for (let i = 0; i < count; i += 1) list.push(fault);
    return this;
  }
}
