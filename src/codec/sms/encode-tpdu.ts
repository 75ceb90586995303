// Writes TPDUs that carry octets: SMS-SUBMIT, which a modem sends, and what it is delivered, SMS-DELIVER and
// SMS-STATUS-REPORT (3GPP TS 23.040 §9.2.2; 3GPP TS 27.005 §3.1 <pdu> puts the service centre before them).
import { ByteWriter, ValueError, wholeNumber } from '../../core/index.ts';
import { dataCodings, isEightBitData } from './data-coding.ts';
import { maxUserData } from './segment.ts';
import {
  relativeValidityOctet,
  writeAddress,
  writeServiceCentre,
  writeTimestamp,
} from './tpdu-write-fields.ts';

/** How long a centre tries: so many seconds from when it has the message, or until a moment in milliseconds of POSIX. */
export type SubmitValidity = { readonly seconds: number } | { readonly until: number };

/** What all have in common. */
interface CarriedOctets {
  /** TP-UD: octets, the user data header included; up to 140. */
  readonly userData: Uint8Array;
  /** TP-UDHI: the user data begins with a header. */
  readonly hasHeader: boolean;
  /** TP-DCS: an 8-bit one. Default 0xF5, class 1. */
  readonly dataCoding?: number | undefined;
  /** TP-PID, 0–255. Default 0. */
  readonly protocol?: number | undefined;
}

/** An SMS-SUBMIT. */
export interface SubmitFields extends CarriedOctets {
  /** TP-DA: digits, with `+` when it is international. */
  readonly to: string;
  /** TP-MR, 0–255. A modem may put its own in its place. Default 0. */
  readonly reference?: number | undefined;
  /** TP-SRR: a status report is wanted. */
  readonly report?: boolean | undefined;
  /** TP-RD: the centre refuses what it has of us with the same reference and recipient. */
  readonly rejectDuplicates?: boolean | undefined;
  /**
   * TP-VP. Relative periods are cut to what can be written, at least five minutes and at most 63 weeks; moments have
   * seconds. Default: the centre's own.
   */
  readonly validity?: SubmitValidity | undefined;
}

/** An SMS-DELIVER. */
export interface DeliverFields extends CarriedOctets {
  /** TP-OA: digits, with `+` when it is international. */
  readonly from: string;
  /** TP-SCTS, milliseconds since the POSIX epoch. */
  readonly time: number;
}

/** An SMS-STATUS-REPORT without optional fields. */
export interface StatusReportFields {
  /** TP-MR, 0–255. */
  readonly reference: number;
  /** TP-RA: whom the message went to. */
  readonly to: string;
  /** TP-SCTS and TP-DT, milliseconds since the POSIX epoch. */
  readonly time: number;
  readonly settledTime: number;
  /** TP-ST, 0–255. */
  readonly status: number;
}

/**
 * Writes an SMS-SUBMIT, without a service centre before it.
 * @throws {ValueError} BAD_FORMAT for the number, TOO_LONG beyond 140 octets, OUT_OF_RANGE
 */
export function encodeSubmit(fields: SubmitFields): Uint8Array {
  const { validity, to, report = false, rejectDuplicates = false, hasHeader } = fields;
  const relative = validity !== undefined && 'seconds' in validity;
  const format = validity === undefined ? 0 : relative ? 0x10 : 0x18;
  const writer = new ByteWriter(180);
  writer.u8(0x01 | (rejectDuplicates ? 0x04 : 0) | format | (report ? 0x20 : 0) | (hasHeader ? 0x40 : 0));
  writer.u8(wholeNumber(fields.reference ?? 0, 0, 255, 'reference'));
  writeAddress(writer, to, 'to', '9.2.3.8');
  writeCodings(writer, fields);
  if (validity !== undefined) {
    if ('seconds' in validity) writer.u8(relativeValidityOctet(validity.seconds));
    else writeTimestamp(writer, validity.until, 'validity.until', '9.2.3.12.2');
  }
  return writeOctets(writer, fields);
}

/** Writes an SMS-DELIVER after which no more wait. @throws {ValueError} as `encodeSubmit` */
export function encodeDeliver(fields: DeliverFields): Uint8Array {
  const writer = new ByteWriter(180);
  writer.u8(0x04 | (fields.hasHeader ? 0x40 : 0));
  writeAddress(writer, fields.from, 'from', '9.2.3.7');
  writeCodings(writer, fields);
  writeTimestamp(writer, fields.time, 'time', '9.2.3.11');
  return writeOctets(writer, fields);
}

/** Writes an SMS-STATUS-REPORT about a message. @throws {ValueError} as `encodeSubmit` */
export function encodeStatusReport(fields: StatusReportFields): Uint8Array {
  const writer = new ByteWriter(40);
  writer.u8(0x06).u8(wholeNumber(fields.reference, 0, 255, 'reference'));
  writeAddress(writer, fields.to, 'to', '9.2.3.14');
  writeTimestamp(writer, fields.time, 'time', '9.2.3.11');
  writeTimestamp(writer, fields.settledTime, 'settledTime', '9.2.3.13');
  return writer.u8(wholeNumber(fields.status, 0, 255, 'status')).release();
}

/**
 * A TPDU with the address of a service centre before it, as modems take and give it: `+` and digits, or an empty text for
 * the one that is set in the modem.
 * @throws {ValueError} BAD_FORMAT
 */
export function withServiceCentre(tpdu: Uint8Array, serviceCentre = ''): Uint8Array {
  const writer = new ByteWriter(tpdu.length + 12);
  writeServiceCentre(writer, serviceCentre);
  return writer.bytes(tpdu).release();
}

function writeCodings(writer: ByteWriter, fields: CarriedOctets): void {
  const { protocol = 0, dataCoding = dataCodings.classOne } = fields;
  writer.u8(wholeNumber(protocol, 0, 255, 'protocol'));
  wholeNumber(dataCoding, 0, 255, 'dataCoding');
  if (!isEightBitData(dataCoding)) {
    const spec = { doc: '3GPP TS 23.038', section: '4' };
    throw new ValueError('OUT_OF_RANGE', `${dataCoding} is no coding of octets`, 'dataCoding', spec);
  }
  writer.u8(dataCoding);
}

function writeOctets(writer: ByteWriter, { userData }: CarriedOctets): Uint8Array {
  if (userData.length > maxUserData) {
    const spec = { doc: '3GPP TS 23.040', section: '9.2.3.16' };
    throw new ValueError(
      'TOO_LONG',
      `${userData.length} octets, at most ${maxUserData} fit`,
      'userData',
      spec,
    );
  }
  return writer.u8(userData.length).bytes(userData).release();
}
