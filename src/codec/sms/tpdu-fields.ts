// Fields of TPDUs: addresses in semi-octets, times, validity periods (3GPP TS 23.040 §9.1.2, §9.2.3.11, §9.2.3.12).
import { type Annotate, type ByteReader, bytesToHex } from '../../core/index.ts';
import { gsmText } from './gsm-text.ts';

const doc = '3GPP TS 23.040';

/** Notes one field of whole octets. */
export type Note = (
  offset: number,
  length: number,
  field: string,
  value: string,
  meaning: string,
  section: string,
) => void;

/** Notes fields by section of 3GPP TS 23.040. */
export function notesOf(annotate: Annotate | undefined): Note {
  return (offset, length, field, value, meaning, section) =>
    annotate?.({ offset, length, field, value, meaning, section: `${doc} §${section}` });
}

/** Notes a flag of the first octet, which stands at `offset`; `meaning` is that of a set one. */
export function readFlag(
  annotate: Annotate | undefined,
  offset: number,
  first: number,
  field: string,
  mask: number,
  section: string,
  meaning: string,
): void {
  const set = (first & mask) !== 0;
  annotate?.({
    offset,
    length: 1,
    bit: 7 - Math.log2(mask),
    bits: 1,
    field,
    value: set ? '1' : '0',
    meaning: set ? meaning : '',
    section: `${doc} §${section}`,
  });
}

const digits = '0123456789*#abc';

/** The address of the service centre, counted in octets (3GPP TS 24.011 §8.2.5.1); empty for the telephone's own. */
export function readServiceCentre(reader: ByteReader, annotate: Annotate | undefined): string {
  const offset = reader.offset;
  const length = reader.u8('serviceCentre', '9.1.2.5');
  if (length === 1 || length > 11) {
    throw reader.error('BAD_VALUE', `address of ${length} octets`, 'serviceCentre', '9.1.2.5', offset);
  }
  const octets = reader.take(length, 'serviceCentre', '9.1.2.5');
  const type = octets[0] ?? 0x80;
  const address = length === 0 ? '' : numberOf(octets.subarray(1), (length - 1) * 2, type);
  if (address === undefined)
    throw reader.error('BAD_VALUE', 'no telephone number', 'serviceCentre', '9.1.2.5', offset);
  annotate?.({
    offset,
    length: length + 1,
    field: 'serviceCentre',
    value: address,
    meaning: length === 0 ? 'the one that is set in the telephone' : 'address of the service centre',
    section: `${doc} §9.1.2.5`,
  });
  return address;
}

/** An address, counted in digits. @throws {DecodeError} */
export function readAddress(
  reader: ByteReader,
  field: string,
  section: string,
  annotate: Annotate | undefined,
): string {
  const offset = reader.offset;
  const length = reader.u8(field, section);
  if (length > 20) throw reader.error('BAD_VALUE', `address of ${length} digits`, field, section, offset);
  const type = reader.u8(field, section);
  const octets = reader.take(Math.ceil(length / 2), field, section);
  const alphanumeric = (type & 0x70) === 0x50;
  const address = alphanumeric
    ? gsmText(octets, Math.floor((length * 4) / 7))
    : numberOf(octets, length, type);
  if (address === undefined || (type & 0x80) === 0) {
    throw reader.error('BAD_VALUE', `${bytesToHex(octets)} is no address`, field, section, offset);
  }
  annotate?.({
    offset,
    length: reader.offset - offset,
    field,
    value: address,
    meaning: typeNames[(type >> 4) & 7] ?? '',
    section: `${doc} §${section}`,
  });
  return address;
}

const typeNames = [
  '',
  'international',
  'national',
  'network specific',
  'subscriber',
  'alphanumeric',
  'abbreviated',
];

/** Digits, the low half of each octet first; a half that fills the last octet is F. `undefined` for what is no number. */
function numberOf(octets: Uint8Array, length: number, type: number): string | undefined {
  let text = '';
  for (let index = 0; index < length; index += 1) {
    const octet = octets[index >> 1] ?? 0;
    const half = index % 2 === 0 ? octet & 15 : octet >> 4;
    const isFill = half === 15 && index === length - 1;
    if (half === 15 && !isFill) return undefined;
    if (!isFill) text += digits.charAt(half);
  }
  if (length % 2 === 1 && (octets.at(-1) ?? 0) >> 4 !== 15) return undefined;
  return (type & 0x70) === 0x10 ? `+${text}` : text;
}

const timeWords: ReadonlyMap<string, string> = new Map([
  ['TP-SCTS', 'when the service centre took it'],
  ['TP-DT', 'when it was settled, or last tried'],
]);

/**
 * A moment in seven octets of swapped digits, with a zone in quarters of an hour, as text in the form of ISO 8601. With
 * `anyTime`, digits that are no moment give `undefined`.
 * @throws {DecodeError} TRUNCATED; without `anyTime` BAD_VALUE for what is no moment
 */
export function readTimestamp(
  reader: ByteReader,
  field: string,
  section: string,
  annotate: Annotate | undefined,
  anyTime = false,
): string | undefined {
  const offset = reader.offset;
  const octets = reader.take(7, field, section);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = [...octets].map(swapped);
  const zone = octets[6] ?? 0;
  const quarters = swapped(zone & 0xf7);
  const valid = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  if (!valid || Number.isNaN(year) || Number.isNaN(quarters)) {
    if (anyTime) {
      const value = bytesToHex(octets);
      annotate?.({ offset, length: 7, field, value, meaning: 'no time', section: `${doc} §${section}` });
      return undefined;
    }
    throw reader.error('BAD_VALUE', `${bytesToHex(octets)} is no time`, field, section, offset);
  }
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = (zone & 0x08) === 0 ? '+' : '-';
  const away = quarters === 0 ? 'Z' : `${sign}${two(quarters >> 2)}:${two((quarters & 3) * 15)}`;
  const value = `20${two(year)}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${away}`;
  const meaning = timeWords.get(field) ?? 'valid until then';
  annotate?.({ offset, length: 7, field, value, meaning, section: `${doc} §${section}` });
  return value;
}

/** A validity period in one of its formats: none, enhanced, relative, absolute. @throws {DecodeError} */
export function readValidity(
  reader: ByteReader,
  format: number,
  annotate: Annotate | undefined,
  anyTime = false,
): void {
  if (format === 0) return;
  if (format === 3) {
    readTimestamp(reader, 'TP-VP', '9.2.3.12.2', annotate, anyTime);
    return;
  }
  const offset = reader.offset;
  const length = format === 2 ? 1 : 7;
  const octets = reader.take(length, 'TP-VP', '9.2.3.12');
  const value = bytesToHex(octets);
  const meaning = format === 2 ? relative(octets[0] ?? 0) : 'enhanced format';
  annotate?.({ offset, length, field: 'TP-VP', value, meaning, section: `${doc} §9.2.3.12` });
}

function relative(value: number): string {
  if (value < 144) return `${(value + 1) * 5} minutes`;
  if (value < 168) return `${12 + (value - 143) / 2} hours`;
  return value < 197 ? `${value - 166} days` : `${value - 192} weeks`;
}

/** The number that two swapped digits are; `NaN` when they are none. */
function swapped(octet: number): number {
  const [low, high] = [octet & 15, octet >> 4];
  return low > 9 || high > 9 ? Number.NaN : low * 10 + high;
}
