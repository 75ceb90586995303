// A push as short messages: WSP around the body, cut into messages, in one of the three forms that centres take
// (DM-NOTI §7.1, 3GPP TS 23.040 §9.2.3.24, SMPP 3.4 §4.4).
import {
  encodePdu,
  esmClass,
  relativeTime,
  type SmppParameters,
  SubmitTemplate,
  type SubmitTemplateFields,
  setValidityPeriod,
} from '../../../codec/smpp/index.ts';
import { maxUserData, segmentDatagram } from '../../../codec/sms/index.ts';
import type { Push } from '../../index.ts';
import {
  concatenatedOctets,
  PushDatagrams,
  type SegmentSettings,
  type SmsAddress,
} from '../../short-message/index.ts';
import { type ValiditySettings, validityPeriod } from './validity-period.ts';

/**
 * How ports and parts are said: `udh` in a user data header, which every centre takes; `payload` as optional parameters
 * beside one message_payload, which the centre cuts up; `sar` as optional parameters of each part.
 */
export type SmsForm = 'udh' | 'payload' | 'sar';

/** What the messages of every push have in common. */
export interface ComposeSettings extends SegmentSettings {
  readonly form: SmsForm;
  /** What centres are told about the life of a push. */
  readonly validity: ValiditySettings;
  /** Fields of submit_sm that do not depend on the push. */
  readonly fields: Omit<SubmitTemplateFields, 'esmClass' | 'validityPeriod'>;
  /** Bits of esm_class beside that of the user data header. */
  readonly esmClass: number;
}

/** Composes pushes; transaction ids count up over all of them. */
export class Composer {
  readonly #settings: ComposeSettings;
  readonly #datagrams: PushDatagrams;
  /** For messages with a user data header, without and with a validity_period. */
  readonly #template: SubmitTemplate;
  readonly #timed: SubmitTemplate;
  /** User data header of a push in one message. */
  readonly #portsHeader: Uint8Array;

  /** @throws {ValueError} for headers or fields that cannot be written */
  constructor(settings: ComposeSettings) {
    this.#settings = settings;
    this.#datagrams = new PushDatagrams(settings);
    const { fields, destinationPort, sourcePort } = settings;
    const common = { ...fields, esmClass: settings.esmClass | esmClass.userDataHeader };
    this.#template = new SubmitTemplate(common);
    this.#timed = new SubmitTemplate({ ...common, validityPeriod: anyPeriod });
    const options = { destinationPort, sourcePort, reference: 0 };
    this.#portsHeader = segmentDatagram(new Uint8Array(), options)[0] ?? new Uint8Array();
  }

  /** Largest body in octets, in the smallest envelope. */
  get maxPayload(): number {
    return this.#datagrams.maxPayload;
  }

  /**
   * The submit_sm PDUs of a push at `now` (milliseconds since the POSIX epoch), without sequence numbers. `reference` is
   * called when there is more than one.
   * @throws {ValueError} TOO_LONG, for the body or for the headers of Package #0
   * @throws {PushError} EXPIRED when its time is over
   */
  compose(push: Push, to: SmsAddress, reference: () => number, now: number): readonly Uint8Array[] {
    const { octets, count } = this.#datagrams.compose(push);
    const period = validityPeriod(push, this.#settings.validity, now);
    const pdus = this.#pdus(octets, count, to, reference, period !== '');
    if (period !== '') for (const pdu of pdus) setValidityPeriod(pdu, period);
    return pdus;
  }

  /** Writes what is left of a push at `now` into one of its PDUs. @throws {PushError} EXPIRED */
  stamp(pdu: Uint8Array, push: Push, now: number): void {
    const period = validityPeriod(push, this.#settings.validity, now);
    if (period !== '') setValidityPeriod(pdu, period);
  }

  /** With `timed`, a validity_period stands in them. */
  #pdus(
    datagram: Uint8Array,
    count: number,
    to: SmsAddress,
    reference: () => number,
    timed: boolean,
  ): readonly Uint8Array[] {
    const template = timed ? this.#timed : this.#template;
    const { form, referenceBits, destinationPort, sourcePort } = this.#settings;
    const ports = { sourcePort, destinationPort };
    if (form === 'udh' && count === 1) {
      return [template.write(to.ton, to.npi, to.address, this.#portsHeader, datagram)];
    }
    if (form === 'payload') return [this.#pdu(to, timed, undefined, { ...ports, messagePayload: datagram })];
    if (form === 'udh') {
      const options = { ...ports, reference: reference(), referenceBits };
      return segmentDatagram(datagram, options).map((part) =>
        template.write(to.ton, to.npi, to.address, part),
      );
    }
    if (count === 1) return [this.#pdu(to, timed, datagram, ports)];
    // The centre turns the parameters into a user data header: parts leave room for it.
    const size = maxUserData - concatenatedOctets(referenceBits);
    const sarReference = reference();
    return Array.from({ length: count }, (_, index) =>
      this.#pdu(to, timed, datagram.subarray(index * size, (index + 1) * size), {
        ...ports,
        sarReference,
        sarTotal: count,
        sarSequence: index + 1,
      }),
    );
  }

  /** A message without a user data header. */
  #pdu(
    to: SmsAddress,
    timed: boolean,
    shortMessage: Uint8Array | undefined,
    parameters: SmppParameters,
  ): Uint8Array {
    const { fields, esmClass } = this.#settings;
    return encodePdu({
      ...fields,
      command: 'submit_sm',
      destinationTon: to.ton,
      destinationNpi: to.npi,
      destinationAddress: to.address,
      esmClass,
      ...(timed ? { validityPeriod: anyPeriod } : {}),
      ...(shortMessage === undefined ? {} : { shortMessage }),
      parameters,
    });
  }
}

/** Holds the place of a validity_period. */
const anyPeriod = relativeTime(1);
