// Fields of TPDUs, written: addresses in semi-octets, times, validity periods (3GPP TS 23.040 §9.1.2, §9.2.3.11, §9.2.3.12).
import { type ByteWriter, type SpecReference, ValueError } from '../../core/index.ts';

/** Digits of an address at most (3GPP TS 23.040 §9.1.2.5). */
const maxDigits = 20;

/** Longest relative validity period, 63 weeks, and the shortest, 5 minutes, in seconds (3GPP TS 23.040 §9.2.3.12.1). */
export const relativeValidity = Object.freeze({ shortest: 300, longest: 63 * 7 * 86_400 });

/**
 * An address, counted in digits: `+491701234567` is international, digits alone of unknown type, both in the telephone
 * numbering plan.
 * @throws {ValueError} BAD_FORMAT for what is no telephone number
 */
export function writeAddress(writer: ByteWriter, number: string, path: string, section: string): void {
  const { type, digits } = partsOf(number, path, { doc, section });
  writer.u8(digits.length).u8(type).bytes(semiOctets(digits));
}

/**
 * The address of the service centre, counted in octets (3GPP TS 24.011 §8.2.5.1); an empty text stands for the one that is
 * set in the telephone.
 * @throws {ValueError} BAD_FORMAT
 */
export function writeServiceCentre(writer: ByteWriter, number: string): void {
  if (number === '') {
    writer.u8(0);
    return;
  }
  const { type, digits } = partsOf(number, 'serviceCentre', { doc, section: '9.1.2.5' });
  const octets = semiOctets(digits);
  writer
    .u8(octets.length + 1)
    .u8(type)
    .bytes(octets);
}

/**
 * A moment, milliseconds since the POSIX epoch, in UTC: seven octets of swapped digits.
 * @throws {ValueError} OUT_OF_RANGE outside the years 2000 to 2099
 */
export function writeTimestamp(writer: ByteWriter, at: number, path: string, section: string): void {
  const date = new Date(at);
  const year = date.getUTCFullYear();
  if (!(year >= 2000 && year <= 2099)) {
    const detail = `${Number.isNaN(year) ? at : year} is no year from 2000 to 2099`;
    throw new ValueError('OUT_OF_RANGE', detail, path, { doc, section });
  }
  for (const value of [
    year - 2000,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    0,
  ]) {
    writer.u8(((value % 10) << 4) | Math.floor(value / 10));
  }
}

/**
 * TP-VP in the relative format: the longest period that is no longer than `seconds`, which is at least five minutes and at
 * most 63 weeks (3GPP TS 23.040 §9.2.3.12.1).
 * @throws {ValueError} OUT_OF_RANGE when it is no number of 1 or more
 */
export function relativeValidityOctet(seconds: number): number {
  if (!(seconds >= 1)) {
    const spec = { doc, section: '9.2.3.12.1' };
    throw new ValueError('OUT_OF_RANGE', `${seconds} is not 1 second or more`, 'validity.seconds', spec);
  }
  const minutes = Math.floor(Math.min(seconds, relativeValidity.longest) / 60);
  if (minutes < 12 * 60 + 30) return Math.min(143, Math.max(0, Math.floor(minutes / 5) - 1));
  if (minutes <= 24 * 60) return Math.min(167, 143 + Math.floor((minutes - 12 * 60) / 30));
  const days = Math.floor(minutes / 1440);
  if (days < 2) return 167;
  return days < 35 ? Math.min(196, 166 + days) : Math.min(255, 192 + Math.floor(days / 7));
}

const doc = '3GPP TS 23.040';

function partsOf(
  number: string,
  path: string,
  spec: SpecReference,
): { readonly type: number; readonly digits: string } {
  const match = /^(\+?)([0-9]+)$/.exec(number);
  const digits = match?.[2] ?? '';
  if (match === null || digits.length > maxDigits) {
    const shown = JSON.stringify(number.slice(0, 40));
    throw new ValueError(
      'BAD_FORMAT',
      `${shown} is not a telephone number of up to ${maxDigits} digits`,
      path,
      spec,
    );
  }
  return { type: match[1] === '+' ? 0x91 : 0x81, digits };
}

/** Digits, the low half of each octet first; F fills the last one. */
function semiOctets(digits: string): Uint8Array {
  const octets = new Uint8Array(Math.ceil(digits.length / 2)).fill(0xff);
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(index) - 48;
    const octet = octets[index >> 1] ?? 0;
    octets[index >> 1] = index % 2 === 0 ? (octet & 0xf0) | digit : (octet & 0x0f) | (digit << 4);
  }
  return octets;
}
