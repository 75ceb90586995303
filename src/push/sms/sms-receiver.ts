// The device's end of push over short messages: a handset behind a message centre, bound to it over SMPP. What is for
// the DM client goes to the handler, everything else is dropped and counted (DM-NOTI-1.3 §7.1, §7.1.1).
import { commandStatuses, type PduOf, type SmppPdu, typeOfNumber } from '../../codec/smpp/index.ts';
import { Reassembler, type ReassemblyDrop } from '../../codec/sms/index.ts';
import { type Clock, longestMs, PushError, sleep, ValueError, wholeNumber } from '../../core/index.ts';
import { PushIntake, type PushReceiver } from '../index.ts';
import { deviceNumber } from '../short-message/index.ts';
import { readWapPush } from '../wap/index.ts';
import { linkTiming, smscSettings } from './link/link-options.ts';
import { SmppLink } from './link/smpp-link.ts';
import { contentOf, readShortMessage } from './message/short-message.ts';
import {
  type ReceivedSmsPush,
  type SmsCounters,
  type SmsDropReason,
  type SmsReceiverOptions,
  smsDropReasons,
  smsReceiverDefaults,
} from './receiver-options.ts';

/** Receives pushes. */
export class SmsReceiver implements PushReceiver {
  readonly name = 'sms';
  readonly #intake: PushIntake<SmsDropReason, ReceivedSmsPush>;
  readonly #isOn: (number: string) => boolean;
  readonly #clock: Clock;
  readonly #port: number;
  readonly #answerMs: number;
  readonly #reassembler: Reassembler;
  readonly #link: SmppLink;
  /** Messages of the centre without an answer. */
  readonly #answering = new Set<Promise<void>>();
  #closing = false;
  #onUp: () => void = () => {};
  #onClose: () => void = () => {};

  /** Does nothing before `start`. @throws {ValueError} for settings that cannot be */
  constructor(options: SmsReceiverOptions) {
    const d = smsReceiverDefaults;
    const timing = linkTiming(options);
    this.#clock = timing.clock;
    this.#port = wholeNumber(options.port ?? d.port, 0, 65535, 'port');
    this.#intake = new PushIntake({ ...options, binding: this.name, reasons: smsDropReasons });
    this.#isOn = options.isOn ?? (() => true);
    this.#answerMs = wholeNumber(options.answerMs ?? d.answerMs, 1, longestMs, 'answerMs');
    this.#reassembler = new Reassembler({
      ...options.reassembly,
      clock: timing.clock,
      onDrop: (drop) => this.#dropDatagram(drop),
    });
    const { ton, npi, address } = deviceNumber(options.number);
    const { bind = 'receiver', addressRange = address } = options;
    if (!/^[\x20-\x7e]{0,40}$/.test(addressRange)) {
      throw new ValueError('BAD_FORMAT', 'must be ASCII of up to 40 octets', 'addressRange');
    }
    this.#link = new SmppLink(
      smscSettings(options.smsc, 'smsc', options.onWarning),
      { command: `bind_${bind}`, addressTon: ton, addressNpi: npi, addressRange },
      timing,
      {
        onUp: () => {
          this.#intake.tell(() => options.onLink?.(undefined));
          this.#onUp();
        },
        onDown: (error) => this.#intake.tell(() => options.onLink?.(error)),
        onRequest: (request) => this.#request(request),
        onDrain: () => {},
        onDeviation: (detail) => this.#intake.tell(() => options.onWarning?.(detail)),
      },
    );
  }

  /**
   * Binds to the centre, again and again until it succeeds; resolves when the link stands for the first time. `onLink`
   * says what is in the way.
   * @throws {PushError} CLOSED when the receiver is closed before that
   */
  start(): Promise<void> {
    const bound = new Promise<void>((resolve, reject) => {
      this.#onUp = resolve;
      this.#onClose = () => reject(new PushError('CLOSED', 'the sms receiver has been closed', true));
      this.#link.start();
    });
    // Who does not wait for the link need not hear that it never stood.
    bound.catch(() => {});
    return bound;
  }

  counters(): SmsCounters {
    return { ...this.#intake.counters(), reassembly: this.#reassembler.counters() };
  }

  /** Answers what is being handled, then ends the link. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#answering);
    await this.#link.close();
    this.#reassembler.close();
    this.#onClose();
  }

  #request(request: SmppPdu): void {
    const { sequence } = request;
    if (request.command !== 'deliver_sm' && request.command !== 'data_sm') {
      this.#link.respond({ command: 'generic_nack', status: commandStatuses.ESME_RINVCMDID, sequence });
      return;
    }
    const command = `${request.command}_resp` as const;
    const answering = this.#take(request).then((status) => {
      this.#link.respond({ command, status, sequence });
      this.#answering.delete(answering);
    });
    this.#answering.add(answering);
  }

  /** What becomes of a message, as the status of the answer. Never rejects. */
  async #take(message: PduOf<'deliver_sm'> | PduOf<'data_sm'>): Promise<number> {
    const from = showAddress(message);
    const octets = contentOf(message).length;
    const busy = this.#closing ? 'the receiver is being closed' : this.#intake.full(from);
    if (busy !== undefined) {
      this.#intake.drop('busy', busy, from, octets);
      return commandStatuses.ESME_RX_T_APPN;
    }
    const to = showNumber(message.destinationTon, message.destinationAddress);
    if (!this.#isOn(to)) {
      this.#intake.drop('off', `the handset ${showText(to)} is off`, from, octets);
      return commandStatuses.ESME_RX_T_APPN;
    }
    const read = readShortMessage(message, this.#port);
    if ('refusal' in read) {
      this.#intake.drop(read.refusal, read.detail, from, octets);
      return 0;
    }
    const result = this.#reassembler.add(read.part);
    if (result.status !== 'complete') return 0;
    const { datagram } = result;
    const push = readWapPush(datagram, (error) => this.#intake.report(error));
    if ('reason' in push) {
      this.#intake.drop(push.reason, push.detail, from, datagram.length);
      return 0;
    }
    // The centre forgets the message once it is answered: the handler may first write it down, if that is quick.
    const handled = new AbortController();
    void this.#intake.hand({ binding: this.name, from, to, ...push }).then(() => handled.abort());
    await sleep(this.#clock, this.#answerMs, handled.signal);
    return 0;
  }

  /** A part, or a datagram of which parts are missing, that reassembly gave up. */
  #dropDatagram({ reason, from, reference, received, total }: ReassemblyDrop): void {
    const detail = `reference ${reference}: ${received} of ${total} parts are there`;
    this.#intake.drop(reason, detail, showText(from), 0);
  }
}

/** Source for logs: with `+` when it says that it is international. */
function showAddress({
  sourceTon,
  sourceAddress,
}: {
  readonly sourceTon: number;
  readonly sourceAddress: string;
}): string {
  return showNumber(sourceTon, showText(sourceAddress));
}

function showNumber(ton: number, address: string): string {
  return ton === typeOfNumber.international && /^[0-9]/.test(address) ? `+${address}` : address;
}

/** A peer's text, fit for one line of a log. */
function showText(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : JSON.stringify(text);
}
