// The device's end of push over short messages: a handset behind a message centre, bound to it over SMPP. What is for
// the DM client goes to the handler, everything else is dropped and counted (DM-NOTI-1.3 §7.1, §7.1.1).
import { commandStatuses, type PduOf, type SmppPdu } from '../../codec/smpp/index.ts';
import { Reassembler, type ReassemblyDrop } from '../../codec/sms/index.ts';
import { classifyPush, decodePush } from '../../codec/wsp/index.ts';
import { type Clock, DecodeError, longestMs, PushError, sleep, wholeNumber } from '../../core/index.ts';
import { type PushReceiver, pushParameters, type ReceivedPush } from '../index.ts';
import { linkTiming, smscSettings } from './link-options.ts';
import { deviceNumber } from './number.ts';
import {
  type SmsCounters,
  type SmsDropReason,
  type SmsReceiverOptions,
  smsReceiverDefaults,
} from './receiver-options.ts';
import { contentOf, readShortMessage } from './short-message.ts';
import { SmppLink } from './smpp-link.ts';

/** Receives pushes. */
export class SmsReceiver implements PushReceiver {
  readonly name = 'sms';
  readonly #options: SmsReceiverOptions;
  readonly #clock: Clock;
  readonly #port: number;
  readonly #maxPending: number;
  readonly #answerMs: number;
  readonly #reassembler: Reassembler;
  readonly #link: SmppLink;
  readonly #dropped: Record<SmsDropReason, number> = {
    malformed: 0,
    'message-type': 0,
    'data-coding': 0,
    port: 0,
    duplicate: 0,
    late: 0,
    superseded: 0,
    expired: 0,
    'sender-limit': 0,
    'open-limit': 0,
    'octet-limit': 0,
    'pdu-type': 0,
    'application-id': 0,
    'content-type': 0,
    busy: 0,
  };
  #accepted = 0;
  #handlerErrors = 0;
  #pending = 0;
  /** Messages of the centre without an answer. */
  readonly #answering = new Set<Promise<void>>();
  #closing = false;
  #onUp: () => void = () => {};
  #onClose: () => void = () => {};

  /** Does nothing before `start`. @throws {ValueError} for settings that cannot be */
  constructor(options: SmsReceiverOptions) {
    this.#options = options;
    const d = smsReceiverDefaults;
    const timing = linkTiming(options);
    this.#clock = timing.clock;
    this.#port = wholeNumber(options.port ?? d.port, 0, 65535, 'port');
    this.#maxPending = wholeNumber(options.maxPending ?? d.maxPending, 1, 1_000_000, 'maxPending');
    this.#answerMs = wholeNumber(options.answerMs ?? d.answerMs, 1, longestMs, 'answerMs');
    this.#reassembler = new Reassembler({
      ...options.reassembly,
      clock: timing.clock,
      onDrop: (drop) => this.#dropDatagram(drop),
    });
    const { ton, npi, address } = deviceNumber(options.number);
    const { bind = 'receiver' } = options;
    this.#link = new SmppLink(
      smscSettings(options.smsc, 'smsc'),
      { command: `bind_${bind}`, addressTon: ton, addressNpi: npi, addressRange: address },
      timing,
      {
        onUp: () => {
          this.#tell(() => options.onLink?.(undefined));
          this.#onUp();
        },
        onDown: (error) => this.#tell(() => options.onLink?.(error)),
        onRequest: (request) => this.#request(request),
        onDrain: () => {},
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
    const dropped = { ...this.#dropped };
    const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    return {
      received: this.#accepted + total,
      accepted: this.#accepted,
      dropped,
      handlerErrors: this.#handlerErrors,
      reassembly: this.#reassembler.counters(),
    };
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
    if (this.#closing || this.#pending >= this.#maxPending) {
      const why = this.#closing
        ? 'the receiver is being closed'
        : `${this.#pending} pushes are being handled`;
      this.#drop('busy', why, from, octets);
      return commandStatuses.ESME_RX_T_APPN;
    }
    const read = readShortMessage(message, this.#port);
    if ('refusal' in read) {
      this.#drop(read.refusal, read.detail, from, octets);
      return 0;
    }
    const result = this.#reassembler.add(read.part);
    if (result.status !== 'complete') return 0;
    const push = this.#readDatagram(result.datagram, from);
    if (push === undefined) return 0;
    this.#accepted += 1;
    // The centre forgets the message once it is answered: the handler may first write it down, if that is quick.
    const handled = new AbortController();
    void this.#handle(push).then(() => handled.abort());
    await sleep(this.#clock, this.#answerMs, handled.signal);
    return 0;
  }

  #readDatagram(datagram: Uint8Array, from: string): ReceivedPush | undefined {
    try {
      const push = decodePush(datagram);
      const verdict = classifyPush(push);
      if (verdict.accepted) {
        const { contentType, parameters } = verdict;
        return {
          binding: this.name,
          from,
          contentType,
          parameters: pushParameters(parameters),
          body: push.body,
        };
      }
      this.#drop(verdict.reason, verdict.detail, from, datagram.length);
    } catch (error) {
      // Anything but a DecodeError is a fault of ours; it must not stop the receiver either.
      if (!(error instanceof DecodeError)) this.#report(error);
      this.#drop('malformed', error instanceof Error ? error.message : 'unreadable', from, datagram.length);
    }
    return undefined;
  }

  /** Never rejects. */
  async #handle(push: ReceivedPush): Promise<void> {
    this.#pending += 1;
    try {
      await this.#options.handler(push);
    } catch (error) {
      this.#handlerErrors += 1;
      this.#report(error);
    } finally {
      this.#pending -= 1;
    }
  }

  /** A part, or a datagram of which parts are missing, that reassembly gave up. */
  #dropDatagram({ reason, from, reference, received, total }: ReassemblyDrop): void {
    const detail = `reference ${reference}: ${received} of ${total} parts are there`;
    this.#drop(reason, detail, showText(from), 0);
  }

  #drop(reason: SmsDropReason, detail: string, from: string, octets: number): void {
    this.#dropped[reason] += 1;
    this.#tell(() => this.#options.onDrop?.({ binding: this.name, from, reason, detail, octets }));
  }

  #report(error: unknown): void {
    try {
      this.#options.onError?.(error);
    } catch {
      // A log that fails must not stop the receiver.
    }
  }

  #tell(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#report(error);
    }
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
  return `${sourceTon === 1 && /^[0-9]/.test(sourceAddress) ? '+' : ''}${showText(sourceAddress)}`;
}

/** A peer's text, fit for one line of a log. */
function showText(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : JSON.stringify(text);
}
