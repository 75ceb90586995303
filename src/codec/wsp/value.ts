// Values of WSP headers and parameters: the first octet says where a value ends, whatever it means (WSP §8.4.1.2).
import {
  type ByteReader,
  type ByteWriter,
  bytesToDisplayText,
  bytesToHex,
  ValueError,
} from '../../core/index.ts';

/**
 * A value as it stands on the wire: a number is an integer, a text ended with 00, octets had a length before them.
 * A long-integer is octets until the header that it belongs to says that they are a number.
 */
export type WspValue = number | string | Uint8Array;

const lengthQuote = 0x1f;
const quote = 0x7f;
const quotationMark = 0x22;

/** Reads one value of any kind. @throws {DecodeError} TRUNCATED, or BAD_VALUE for a bad length */
export function readValue(reader: ByteReader, path: string): WspValue {
  const first = reader.peek();
  if (first !== undefined && first >= 0x20 && first < 0x80) return readText(reader, path);
  const octet = reader.u8(path, '8.4.1.2');
  if (octet >= 0x80) return octet & 0x7f;
  const length = octet === lengthQuote ? reader.uintvar(path, '8.1.2') : octet;
  return reader.take(length, path, '8.4.1.2');
}

/**
 * Reads text up to its 00. A leading 7F (quote) and a leading `"` (quoted-string) are not part of it. Octets that are
 * not UTF-8 and control characters, which TEXT does not have, become U+FFFD: texts end up in logs and on terminals.
 * @throws {DecodeError} TRUNCATED without a 00
 */
export function readText(reader: ByteReader, path: string): string {
  const octets = reader.untilNul(path, '8.4.2.1');
  const marked = octets[0] === quote || octets[0] === quotationMark;
  return bytesToDisplayText(marked ? octets.subarray(1) : octets).replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
}

/** The number that a value stands for: a short-integer, or a long-integer of 1–6 octets. */
export function integerOf(value: WspValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' || value.length < 1 || value.length > 6) return undefined;
  let number = 0;
  for (const octet of value) number = number * 256 + octet;
  return number;
}

/** Integer-value: one octet up to 127, else a long-integer. @throws {ValueError} OUT_OF_RANGE beyond 48 bits */
export function writeInteger(writer: ByteWriter, value: number, path: string): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 48) {
    throw outOfRange(`${value} is not an integer from 0 to ${2 ** 48 - 1}`, path);
  }
  if (value < 0x80) {
    writer.u8(value | 0x80);
    return;
  }
  let size = 1;
  while (value >= 256 ** size) size += 1;
  writer.u8(size).uint(value, size);
}

/**
 * Text and its 00. Only printable US-ASCII, because a reader takes other octets at the start for lengths or marks.
 * @throws {ValueError} BAD_FORMAT
 */
export function writeText(writer: ByteWriter, text: string, path: string): void {
  if (!/^[\x20-\x7e]+$/.test(text) || text.startsWith('"')) {
    throw new ValueError(
      'BAD_FORMAT',
      'must be printable ASCII, not empty, without a quotation mark at its start',
      path,
      { doc: 'WSP', section: '8.4.2.1' },
    );
  }
  writer.utf8(text).u8(0);
}

/** Value-length: one octet up to 30, else 1F and a uintvar (WSP §8.4.1.2). */
export function writeValueLength(writer: ByteWriter, length: number): void {
  if (length < lengthQuote) writer.u8(length);
  else writer.u8(lengthQuote).uintvar(length);
}

/** Any value. @throws {ValueError} */
export function writeValue(writer: ByteWriter, value: WspValue, path: string): void {
  if (typeof value === 'number') writeInteger(writer, value, path);
  else if (typeof value === 'string') writeText(writer, value, path);
  else {
    writeValueLength(writer, value.length);
    writer.bytes(value);
  }
}

/** A value for showing: decimal, the text, or hex. */
export function showValue(value: WspValue): string {
  return value instanceof Uint8Array ? bytesToHex(value) : String(value);
}

function outOfRange(detail: string, path: string): ValueError {
  return new ValueError('OUT_OF_RANGE', detail, path, { doc: 'WSP', section: '8.4.2.1' });
}
