// OBEX headers: an identifier whose top two bits give the form of the value, so that unknown ones can be skipped
// (IrOBEX §2.1).
import {
  type Annotate,
  type ByteReader,
  type ByteWriter,
  bytesToDisplayText,
  bytesToHex,
  ValueError,
} from '../../core/index.ts';
import { headerIds, headerName } from './code-points.ts';

/** Form of a header's value: UTF-16 text, octets, one octet, or four. */
export type HeaderForm = 'text' | 'octets' | 'octet' | 'word';

/** One header. The form follows from `id`: a text, octets, or a number. */
export interface ObexHeader {
  /** Identifier, 0–255. */
  readonly id: number;
  /** Text for the form `text`, octets for `octets` (a view into the packet when read), a number for the other two. */
  readonly value: string | Uint8Array | number;
}

/** Document that errors of this room refer to. */
export const obexDocument = 'IrOBEX';

/** Headers that one packet may hold: more is an attack. */
const maxHeaders = 256;

const forms: readonly HeaderForm[] = ['text', 'octets', 'octet', 'word'];

/** Form of the header `id`. */
export function headerForm(id: number): HeaderForm {
  return forms[(id >> 6) & 3] ?? 'octets';
}

/**
 * Octets that the header takes on the wire.
 * @throws {ValueError} when its value does not fit its form
 */
export function headerLength(header: ObexHeader): number {
  const { id, value } = header;
  const name = headerName(id);
  const spec = { doc: obexDocument, section: '2.1' };
  const form = headerForm(id);
  if (!Number.isInteger(id) || id < 0 || id > 255) {
    throw new ValueError('OUT_OF_RANGE', 'identifier must be 0 to 255', name, spec);
  }
  if (form === 'octet' || form === 'word') {
    const maximum = form === 'octet' ? 0xff : 0xffffffff;
    if (typeof value !== 'number') throw new ValueError('WRONG_TYPE', 'must be a number', name, spec);
    if (!Number.isInteger(value) || value < 0 || value > maximum) {
      throw new ValueError('OUT_OF_RANGE', `must be an integer from 0 to ${maximum}`, name, spec);
    }
    return form === 'octet' ? 2 : 5;
  }
  let length: number;
  if (form === 'text') {
    if (typeof value !== 'string') throw new ValueError('WRONG_TYPE', 'must be a text', name, spec);
    if (value.includes('\0')) throw new ValueError('BAD_FORMAT', 'must not contain U+0000', name, spec);
    // An empty text is written without its terminator (IrOBEX §2.2.2).
    length = value === '' ? 3 : 3 + value.length * 2 + 2;
  } else {
    if (!(value instanceof Uint8Array)) throw new ValueError('WRONG_TYPE', 'must be octets', name, spec);
    length = 3 + value.length;
  }
  if (length > 0xffff) throw new ValueError('TOO_LONG', `${length} octets do not fit a header`, name, spec);
  return length;
}

/** Appends the header. @throws {ValueError} when its value does not fit its form */
export function writeHeader(writer: ByteWriter, header: ObexHeader): void {
  const length = headerLength(header);
  const { id, value } = header;
  writer.u8(id);
  if (typeof value === 'number') {
    writer.uint(value, length - 1);
    return;
  }
  writer.uint(length, 2);
  if (typeof value === 'string') {
    for (let i = 0; i < value.length; i += 1) writer.uint(value.charCodeAt(i), 2);
    if (value !== '') writer.uint(0, 2);
  } else {
    writer.bytes(value);
  }
}

/**
 * Reads headers up to the reader's end.
 * @throws {DecodeError} TRUNCATED, BAD_VALUE for a length below 3 or a text of broken form, LIMIT beyond 256 headers
 */
export function readHeaders(reader: ByteReader, annotate?: Annotate): readonly ObexHeader[] {
  const headers: ObexHeader[] = [];
  while (reader.left > 0) {
    if (headers.length === maxHeaders) {
      throw reader.error('LIMIT', `more than ${maxHeaders} headers`, 'headers', '2.1');
    }
    const start = reader.offset;
    const path = `headers[${headers.length}]`;
    const id = reader.u8(path, '2.1');
    const value = readValue(reader, id, `${path}.${headerName(id)}`);
    headers.push({ id, value });
    annotate?.({
      offset: start,
      length: reader.offset - start,
      field: headerName(id),
      value: showValue(id, value),
      meaning: meanings.get(id) ?? 'unknown header, skipped',
      section: `${obexDocument} §${sections.get(id) ?? '2.1'}`,
    });
  }
  return headers;
}

/** Value of the first header `id` of octets form, or `undefined`. */
export function octetsHeader(headers: readonly ObexHeader[], id: number): Uint8Array | undefined {
  const value = headers.find((header) => header.id === id)?.value;
  return value instanceof Uint8Array ? value : undefined;
}

/** Value of the first header `id` of a number form, or `undefined`. */
export function numberHeader(headers: readonly ObexHeader[], id: number): number | undefined {
  const value = headers.find((header) => header.id === id)?.value;
  return typeof value === 'number' ? value : undefined;
}

/** Text of a Type header: ASCII, its closing 00 dropped (IrOBEX §2.2.3). Other octets become one character each. */
export function typeText(value: Uint8Array): string {
  const end = value.indexOf(0);
  let text = '';
  for (const octet of end < 0 ? value : value.subarray(0, end)) text += String.fromCharCode(octet);
  return text;
}

/** Octets of a Type header: ASCII with 00 at its end. @throws {ValueError} BAD_FORMAT for other characters */
export function typeOctets(type: string): Uint8Array {
  const out = new Uint8Array(type.length + 1);
  for (let i = 0; i < type.length; i += 1) {
    const code = type.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) {
      throw new ValueError('BAD_FORMAT', 'must be printable ASCII', 'type', {
        doc: obexDocument,
        section: '2.2.3',
      });
    }
    out[i] = code;
  }
  return out;
}

function readValue(reader: ByteReader, id: number, path: string): ObexHeader['value'] {
  const form = headerForm(id);
  if (form === 'octet') return reader.u8(path, '2.1');
  if (form === 'word') return reader.uint(4, path, '2.1');
  const lengthOffset = reader.offset;
  const length = reader.uint(2, path, '2.1');
  if (length < 3) {
    throw reader.error('BAD_VALUE', `length ${length} is below 3`, path, '2.1', lengthOffset);
  }
  const offset = reader.offset;
  const octets = reader.take(length - 3, path, '2.1');
  if (form === 'octets') return octets;
  if (octets.length % 2 !== 0) {
    throw reader.error('BAD_VALUE', 'UTF-16 text of an odd number of octets', path, '2.1', offset);
  }
  let text = '';
  for (let i = 0; i < octets.length; i += 2) {
    text += String.fromCharCode(((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0));
  }
  // The text ends at its first U+0000; a text without one is let pass.
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function showValue(id: number, value: ObexHeader['value']): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return String(value);
  if (id === headerIds.body || id === headerIds.endOfBody) return `${value.length} octets`;
  if (id === headerIds.type) return JSON.stringify(typeText(value));
  const textual = id === headerIds.target || id === headerIds.who || id === headerIds.http;
  if (textual && value.every((octet) => octet < 0x7f)) return JSON.stringify(bytesToDisplayText(value));
  return bytesToHex(value);
}

const meanings: ReadonlyMap<number, string> = new Map([
  [headerIds.name, 'name of the object'],
  [headerIds.description, 'what the object is, in words'],
  [headerIds.type, 'media type of the object'],
  [headerIds.timeIso, 'time of the last change, ISO 8601'],
  [headerIds.target, 'service that is wanted'],
  [headerIds.http, 'a header block of HTTP/1.x'],
  [headerIds.body, 'part of the object'],
  [headerIds.endOfBody, 'last part of the object'],
  [headerIds.who, 'service that answers'],
  [headerIds.applicationParameters, 'parameters of the application'],
  [headerIds.authenticationChallenge, 'the sender wants the other side to prove itself'],
  [headerIds.authenticationResponse, 'proof of the password; holds a digest'],
  [headerIds.wanUuid, 'network, for a server without a session'],
  [headerIds.objectClass, 'class of the object'],
  [headerIds.sessionParameters, 'parameters of a reliable session'],
  [headerIds.sessionSequenceNumber, 'sequence number within a reliable session'],
  [headerIds.count, 'number of objects'],
  [headerIds.length, 'octets of the object'],
  [headerIds.time, 'time of the last change, seconds since 1970'],
  [headerIds.connectionId, 'connection that the request belongs to'],
  [headerIds.creatorId, 'application that made the object'],
]);

const sections: ReadonlyMap<number, string> = new Map([
  [headerIds.count, '2.2.1'],
  [headerIds.name, '2.2.2'],
  [headerIds.type, '2.2.3'],
  [headerIds.length, '2.2.4'],
  [headerIds.timeIso, '2.2.5'],
  [headerIds.time, '2.2.5'],
  [headerIds.description, '2.2.6'],
  [headerIds.target, '2.2.7'],
  [headerIds.http, '2.2.8'],
  [headerIds.body, '2.2.9'],
  [headerIds.endOfBody, '2.2.9'],
  [headerIds.who, '2.2.10'],
  [headerIds.connectionId, '2.2.11'],
  [headerIds.applicationParameters, '2.2.12'],
  [headerIds.authenticationChallenge, '2.2.13'],
  [headerIds.authenticationResponse, '2.2.14'],
]);
