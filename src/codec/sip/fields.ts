// Header fields by name, and those that every message needs (RFC 3261 §8.1.1, §20).
import { DecodeError, type DecodeErrorCode } from '../../core/index.ts';
import { FieldReader, type FieldValue, splitList } from './field-reader.ts';
import { headerName, sameHeader } from './header-names.ts';
import { type SipHeader, type SipMessage, type SipResponse, sipDocument } from './message.ts';
import { type NameAddr, readNameAddr } from './name-addr.ts';
import { parameter } from './parameters.ts';
import { readVia, type Via } from './via.ts';

type Headers = { readonly headers: readonly SipHeader[] };

/** The command sequence: it orders requests and tells answers apart. */
export interface CSeq {
  /** 0–2147483647. */
  readonly sequence: number;
  readonly method: string;
}

/** What identifies a message and says where its answer goes. */
export interface CoreFields {
  /** Hops, the newest first; at least one. */
  readonly vias: readonly [Via, ...Via[]];
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: CSeq;
}

/** Value of the first header field of a name, in any of its spellings; `undefined` when there is none. */
export function headerValue(message: Headers, name: string): string | undefined {
  return find(message, name)?.value;
}

/** All header fields of a name, in order. */
export function headersOf(message: Headers, name: string): readonly SipHeader[] {
  return message.headers.filter((header) => sameHeader(header.name, name));
}

/** The elements of all header fields of a name whose values are lists. @throws {DecodeError} for an open quote */
export function listOf(message: Headers, name: string): readonly FieldValue[] {
  return headersOf(message, name).flatMap((header) => splitList(fieldOf(header)));
}

/**
 * The one header field of a name; `undefined` when there is none.
 * @throws {DecodeError} BAD_VALUE when there are several
 */
export function singleField(message: Headers, name: string): FieldValue | undefined {
  let only: SipHeader | undefined;
  for (const header of message.headers) {
    if (!sameHeader(header.name, name)) continue;
    if (only !== undefined) throw broken(header, 'stands twice', '7.3.1');
    only = header;
  }
  return only === undefined ? undefined : fieldOf(only);
}

/**
 * A header field that is a number, such as Max-Forwards; `undefined` when there is none.
 * @throws {DecodeError} BAD_VALUE when it is not an integer from 0 to `maximum`
 */
export function numberField(
  message: Headers,
  name: string,
  section: string,
  maximum = 0xffffffff,
): number | undefined {
  const field = singleField(message, name);
  if (field === undefined) return undefined;
  const value = /^[0-9]{1,10}$/.test(field.text) ? Number(field.text) : Number.NaN;
  if (value <= maximum) return value;
  throw new FieldReader(field, section).error(`must be an integer from 0 to ${maximum}`);
}

/**
 * Seconds of Retry-After; comment and parameters are not looked at (§20.33). `undefined` when there is none, or it cannot
 * be read: it is only advice.
 */
export function retryAfterSeconds(message: Headers): number | undefined {
  const digits = /^\s*([0-9]{1,9})(?![0-9])/.exec(headerValue(message, 'Retry-After') ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Reads Via, From, To, Call-ID and CSeq.
 * @throws {DecodeError} BAD_VALUE when one is missing, stands twice or cannot be read, or CSeq names another method
 */
export function readCoreFields(message: SipMessage): CoreFields {
  const [first, ...others] = listOf(message, 'Via');
  if (first === undefined) throw missing('Via', '8.1.1.7');
  const from = readNameAddr(needed(message, 'From', '8.1.1.3'));
  const to = readNameAddr(needed(message, 'To', '8.1.1.2'));
  const callId = needed(message, 'Call-ID', '8.1.1.4');
  if (!/^[^\s<>()]+$/.test(callId.text)) throw new FieldReader(callId, '20.8').error('not a Call-ID');
  const cseqField = needed(message, 'CSeq', '8.1.1.5');
  const cseq = readCSeq(cseqField);
  if (message.kind === 'request' && cseq.method !== message.method) {
    const detail = `names ${cseq.method}, but the request is ${message.method}`;
    throw new FieldReader(cseqField, '8.1.1.5').error(detail);
  }
  return { vias: [readVia(first), ...others.map(readVia)], from, to, callId: callId.text, cseq };
}

/**
 * What tells to which of our requests a response belongs (§17.1.3): the branch of the topmost Via, empty when it has none,
 * and the method in CSeq.
 * @throws {DecodeError} BAD_VALUE when one is missing or cannot be read
 */
export function readResponseKey(response: SipResponse): { readonly branch: string; readonly method: string } {
  const header = find(response, 'Via');
  const first = header === undefined ? undefined : splitList(fieldOf(header))[0];
  if (first === undefined) throw missing('Via', '8.1.1.7');
  const branch = parameter(readVia(first).parameters, 'branch') ?? '';
  return { branch, method: readCSeq(needed(response, 'CSeq', '8.1.1.5')).method };
}

function readCSeq(field: FieldValue): CSeq {
  const reader = new FieldReader(field, '20.16');
  const digits = reader.run('');
  const sequence = /^[0-9]{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(sequence < 2 ** 31)) throw reader.error('must start with a number below 2147483648', 'BAD_VALUE', 0);
  reader.space();
  const method = reader.token('method');
  reader.end();
  return { sequence, method };
}

function needed(message: Headers, name: string, section: string): FieldValue {
  const field = singleField(message, name);
  if (field === undefined) throw missing(name, section);
  return field;
}

function find({ headers }: Headers, name: string): SipHeader | undefined {
  return headers.find((header) => sameHeader(header.name, name));
}

function fieldOf(header: SipHeader): FieldValue {
  return { text: header.value, path: headerName(header.name), offset: header.offset ?? 0 };
}

function broken(
  header: SipHeader,
  detail: string,
  section: string,
  code: DecodeErrorCode = 'BAD_VALUE',
): DecodeError {
  const place = { path: headerName(header.name), offset: header.offset ?? 0, bit: 0 };
  return new DecodeError(code, detail, place, { doc: sipDocument, section });
}

function missing(name: string, section: string): DecodeError {
  const place = { path: name, offset: 0, bit: 0 };
  return new DecodeError('BAD_VALUE', 'is missing', place, { doc: sipDocument, section });
}
