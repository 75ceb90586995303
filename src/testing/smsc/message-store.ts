// What a simulated message centre does with messages that it has taken: delivery to handsets, receipts to clients.
import {
  encodePdu,
  esmClass,
  type MessageState,
  messageStates,
  type PduOf,
  registeredDelivery,
  secondsUntil,
  writeReceiptText,
} from '../../codec/smpp/index.ts';
import type { Clock } from '../../core/index.ts';
import { type Mail, Mailbox } from './mailbox.ts';
import { isInRange, type NumberRange } from './number-range.ts';
import type { SmscFaults } from './smsc-faults.ts';
import type { ReceiptForm, SmscEvent } from './smsc-options.ts';
import type { SmscSession } from './smsc-session.ts';

/** Settings of the store. */
export interface MessageStoreSettings {
  readonly clock: Clock;
  readonly messageIds: 'decimal' | 'hex';
  readonly receiptIds: 'decimal' | 'hex';
  readonly firstMessage: number;
  readonly receiptForm: ReceiptForm;
  readonly window: number;
  readonly retryMs: number;
  readonly validityMs: number;
  /** The account that gets the receipts of what another, or the same, submits. */
  readonly receiptsTo: (systemId: string) => string;
  readonly onEvent: (event: SmscEvent) => void;
}

interface Message {
  readonly number: number;
  readonly messageId: string;
  /** Who submitted it. */
  readonly systemId: string;
  readonly source: Pick<PduOf<'submit_sm'>, 'sourceTon' | 'sourceNpi' | 'sourceAddress'>;
  readonly destination: Pick<PduOf<'submit_sm'>, 'destinationTon' | 'destinationNpi' | 'destinationAddress'>;
  readonly registeredDelivery: number;
  readonly submittedAt: number;
  readonly expiresAt: number;
  /** The deliver_sm. */
  readonly pdu: Uint8Array;
}

interface RangeBox {
  readonly range: NumberRange;
  readonly box: Mailbox;
}

/** Messages and receipts. */
export class MessageStore {
  readonly #settings: MessageStoreSettings;
  readonly #faults: SmscFaults;
  readonly #handsets = new Map<string, Mailbox>();
  /** Mail of many numbers over the sessions that serve them all, by the expression that was bound. */
  readonly #ranges = new Map<string, RangeBox>();
  /** Receipts, by the system_id that they are owed to. */
  readonly #clients = new Map<string, Mailbox>();
  readonly #finals: Partial<Record<MessageState, number>> = {};
  /** Messages that are held to be delivered in reverse order. */
  #held: Message[] = [];
  #hold = 0;
  #lastNumber: number;
  #waiting = 0;
  #deliveries = 0;
  #receipts = 0;

  /** Message ids count up from 1 000 001 as a rule, so that both ways to write them differ. */
  constructor(settings: MessageStoreSettings, faults: SmscFaults) {
    this.#settings = settings;
    this.#lastNumber = settings.firstMessage - 1;
    this.#faults = faults;
  }

  /** Messages and receipts that wait. */
  get waiting(): number {
    return this.#waiting + this.#held.length;
  }

  /** Messages that wait for a handset. */
  waitingFor(number: string): number {
    return this.#handsets.get(number)?.size ?? 0;
  }

  /** A snapshot of what was done. */
  counters(): {
    readonly deliveries: number;
    readonly receipts: number;
    readonly finals: Readonly<Partial<Record<MessageState, number>>>;
  } {
    return { deliveries: this.#deliveries, receipts: this.#receipts, finals: { ...this.#finals } };
  }

  /** A session may be delivered to. */
  join({ connection, systemId, number, range }: SmscSession): void {
    if (range !== undefined) {
      this.#rangeBox(range).join(connection);
      return;
    }
    const box = number === undefined ? this.#box(this.#clients, systemId) : this.#box(this.#handsets, number);
    box.join(connection);
  }

  /** A session is gone. */
  leave({ connection }: SmscSession): void {
    for (const boxes of [this.#handsets, this.#clients]) {
      for (const [name, box] of boxes) {
        box.leave(connection);
        if (box.idle) boxes.delete(name);
        else box.pump();
      }
    }
    for (const [text, { box }] of this.#ranges) {
      box.leave(connection);
      if (box.idle) this.#ranges.delete(text);
      else box.pump();
    }
  }

  /** A session takes more. */
  resume({ systemId, number, range }: SmscSession): void {
    if (range !== undefined) this.#ranges.get(range.text)?.box.pump();
    else (number === undefined ? this.#clients.get(systemId) : this.#handsets.get(number))?.pump();
  }

  /** Takes a message; `deliver` begins its delivery, once it has been answered. */
  accept(
    systemId: string,
    submit: PduOf<'submit_sm'>,
  ): { readonly messageId: string; readonly deliver: () => void } {
    const { clock, messageIds, validityMs } = this.#settings;
    this.#lastNumber += 1;
    const now = clock.now();
    const validity = secondsUntil(submit.validityPeriod, now);
    const messageId = writeId(this.#lastNumber, messageIds);
    const { sourceTon, sourceNpi, sourceAddress, destinationTon, destinationNpi, destinationAddress } =
      submit;
    const message: Message = {
      number: this.#lastNumber,
      messageId,
      systemId,
      source: { sourceTon, sourceNpi, sourceAddress },
      destination: { destinationTon, destinationNpi, destinationAddress },
      registeredDelivery: submit.registeredDelivery,
      submittedAt: now,
      expiresAt: now + (validity === undefined ? validityMs : validity * 1000),
      pdu: encodePdu({
        ...submit,
        command: 'deliver_sm',
        // Mode and type of the message are between client and centre only.
        esmClass: submit.esmClass & ~(esmClass.modeMask | esmClass.typeMask),
        registeredDelivery: 0,
        scheduleDeliveryTime: '',
        validityPeriod: '',
      }),
    };
    return { messageId, deliver: () => this.#route(message) };
  }

  /** Forgets everything that waits. */
  close(): void {
    for (const boxes of [this.#handsets, this.#clients]) {
      for (const box of boxes.values()) box.close();
      boxes.clear();
    }
    for (const { box } of this.#ranges.values()) box.close();
    this.#ranges.clear();
    this.#waiting = 0;
    this.#held = [];
  }

  #route(message: Message): void {
    const { deliveryDelayMs } = this.#faults;
    if (deliveryDelayMs === 0) this.#order(message);
    else this.#settings.clock.after(deliveryDelayMs, () => this.#order(message));
  }

  #order(message: Message): void {
    this.#hold ||= this.#faults.takeReorder();
    if (this.#hold === 0) {
      this.#deliver(message);
      return;
    }
    this.#held.push(message);
    if (this.#held.length < this.#hold) return;
    const held = this.#held.reverse();
    this.#held = [];
    this.#hold = 0;
    for (const one of held) this.#deliver(one);
  }

  #deliver(message: Message): void {
    const fault = this.#faults.nextDelivery();
    if (fault?.kind === 'lose') return;
    if (fault?.kind === 'fail') {
      this.#final(message, fault.state);
      return;
    }
    const { expiresAt, destination, messageId, pdu } = message;
    const to = destination.destinationAddress;
    const number = digitsOf(to) ?? '';
    this.#addFor(number, {
      pdu,
      expiresAt,
      again: () => this.#settings.onEvent({ type: 'repeated', messageId, to }),
      done: (taken, expired) =>
        this.#final(message, taken ? 'DELIVERED' : expired ? 'EXPIRED' : 'UNDELIVERABLE'),
    });
    if (fault?.kind !== 'duplicate') return;
    this.#addFor(number, { pdu: pdu.slice(), expiresAt, done: () => {} });
  }

  #final(message: Message, state: MessageState): void {
    const { clock, onEvent } = this.#settings;
    this.#finals[state] = (this.#finals[state] ?? 0) + 1;
    onEvent({
      type: 'final',
      messageId: message.messageId,
      to: message.destination.destinationAddress,
      state,
    });
    const wanted = message.registeredDelivery & registeredDelivery.receiptMask;
    const failed = state !== 'DELIVERED';
    if (wanted !== registeredDelivery.final && !(wanted === registeredDelivery.failure && failed)) return;
    const systemId = this.#settings.receiptsTo(message.systemId);
    if (this.#clients.get(systemId)?.attended !== true) {
      onEvent({ type: 'receipt-waits', systemId, messageId: message.messageId });
    }
    this.#add(this.#clients, systemId, {
      pdu: this.#receipt(message, state),
      expiresAt: clock.now() + this.#settings.validityMs,
      done: (taken) => {
        if (taken) this.#receipts += 1;
      },
    });
  }

  #receipt(message: Message, state: MessageState): Uint8Array {
    const { clock, receiptForm, receiptIds } = this.#settings;
    const { number, messageId, source, destination, submittedAt } = message;
    const text = writeReceiptText({
      messageId: writeId(number, receiptIds),
      state,
      submittedAt,
      doneAt: clock.now(),
      error: state === 'DELIVERED' ? '000' : '001',
    });
    return encodePdu({
      command: 'deliver_sm',
      // Source and destination change places.
      sourceTon: destination.destinationTon,
      sourceNpi: destination.destinationNpi,
      sourceAddress: destination.destinationAddress,
      destinationTon: source.sourceTon,
      destinationNpi: source.sourceNpi,
      destinationAddress: source.sourceAddress,
      esmClass: esmClass.deliveryReceipt,
      ...(receiptForm === 'parameters' ? {} : { shortMessage: text }),
      ...(receiptForm === 'text'
        ? {}
        : { parameters: { receiptedMessageId: messageId, messageState: messageStates[state] } }),
    });
  }

  /** For the handset that has bound this very number, else for whoever serves it with many, else for it to come. */
  #addFor(number: string, mail: Mail): void {
    const own = this.#handsets.get(number);
    const served = own?.attended === true ? undefined : this.#rangeOf(number);
    this.#add(this.#handsets, number, mail, served?.box);
  }

  #add(boxes: Map<string, Mailbox>, name: string, mail: Mail, box = this.#box(boxes, name)): void {
    this.#waiting += 1;
    box.add({
      ...mail,
      done: (taken, expired) => {
        this.#waiting -= 1;
        // It may have gone over to another box.
        if (boxes.get(name)?.idle === true) boxes.delete(name);
        for (const [text, one] of this.#ranges) if (one.box.idle) this.#ranges.delete(text);
        mail.done(taken, expired);
      },
    });
  }

  /** The narrowest. */
  #rangeOf(number: string): RangeBox | undefined {
    let found: RangeBox | undefined;
    for (const each of this.#ranges.values()) {
      const narrower = each.range.prefix.length > (found?.range.prefix.length ?? -1);
      if (narrower && isInRange(number, each.range)) found = each;
    }
    return found;
  }

  /** The box of many numbers; a new one takes over what waits for those that nobody else serves. */
  #rangeBox(range: NumberRange): Mailbox {
    const known = this.#ranges.get(range.text);
    if (known !== undefined) return known.box;
    const box = this.#newBox(() => {
      this.#deliveries += 1;
    });
    this.#ranges.set(range.text, { range, box });
    for (const [number, own] of this.#handsets) {
      if (own.attended || !isInRange(number, range)) continue;
      this.#handsets.delete(number);
      for (const mail of own.takeAll()) box.add(mail);
    }
    return box;
  }

  #box(boxes: Map<string, Mailbox>, name: string): Mailbox {
    const known = boxes.get(name);
    if (known !== undefined) return known;
    const made = this.#newBox(() => {
      if (boxes === this.#handsets) this.#deliveries += 1;
    });
    boxes.set(name, made);
    return made;
  }

  #newBox(onAttempt: () => void): Mailbox {
    const { clock, window, retryMs } = this.#settings;
    return new Mailbox({ clock, window, retryMs, onAttempt });
  }
}

/** Digits of a telephone number, `undefined` when it is none. */
export function digitsOf(address: string): string | undefined {
  return /^\+?([0-9]{1,20})$/.exec(address)?.[1];
}

function writeId(number: number, form: 'decimal' | 'hex'): string {
  return form === 'hex' ? number.toString(16).toUpperCase() : String(number);
}
