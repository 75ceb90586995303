// What a Content-Type stands before: one body, or the parts of a multipart one, each with header fields of its own (RFC 2046 §5.1).
import { mimeHeader, parseMimeType, readMultipart } from '../../codec/pap/index.ts';
import { dmContentKind } from '../../codec/wsp/index.ts';
import { base64ToBytes, DecodeError, ValueError } from '../../core/index.ts';
import { unquoted, withoutCoding } from '../codings/content-coding.ts';
import { takeBody, takeForeignBody } from './body-layer.ts';
import {
  addContent,
  addLayer,
  type Decoding,
  lengthOf,
  part,
  type Span,
  shifted,
  spanOf,
} from './findings.ts';

/** Parts of one body at most, and multipart bodies within one another. */
const most = { parts: 32, depth: 4 } as const;

/** Header fields that say what a body is. */
export interface EntityType {
  /** Content-Type as it stands; empty where there is none. */
  readonly contentType: string;
  /** Content-Encoding. */
  readonly encoding?: string | undefined;
}

/** Reads a body by its Content-Type; parts of a multipart one are read each. @throws {DecodeError} */
export function takeEntity(
  span: Span,
  { contentType, encoding }: EntityType,
  decoding: Decoding,
  depth = 0,
): void {
  const mime = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const coding = (encoding ?? 'identity').trim().toLowerCase();
  if (coding !== 'identity') {
    takeCoded(span, contentType, coding, decoding, depth);
    return;
  }
  const boundary = mime.startsWith('multipart/')
    ? parseMimeType(contentType)?.parameters.boundary
    : undefined;
  if (boundary !== undefined && boundary !== '' && depth < most.depth) {
    takeMultipart(span, mime, boundary, decoding, depth);
  } else if (dmContentKind({ mime }) === undefined) takeForeignBody(span, mime, decoding);
  else takeBody(span, { mime }, decoding);
}

/** A body that is compressed, and behind it what it holds. */
function takeCoded(span: Span, contentType: string, coding: string, decoding: Decoding, depth: number): void {
  const mime = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const what = `${mime === '' ? 'content' : mime.slice(0, 60)} in ${coding.slice(0, 40)}`;
  const decoded = withoutCoding(span.octets.subarray(span.start), coding);
  if (decoded === undefined) addContent(decoding, span, `${what}, which is not read`);
  else if (!('plain' in decoded))
    addContent(decoding, span, `${what}, which cannot be read: ${decoded.fault}`);
  else {
    const { plain, fault } = decoded;
    addContent(decoding, span, `${what} of ${plain.length} octets`);
    if (fault !== undefined) {
      decoding.findings.deviations.push({
        field: 'content',
        offset: span.base + span.start,
        bit: 0,
        value: coding,
        message: `octets in ${coding}: ${fault}`,
        section: 'RFC 9110 §8.4',
      });
    }
    if (plain.length > 0) takeEntity(spanOf(plain, 'reassembled'), { contentType }, decoding, depth);
  }
}

function takeMultipart(span: Span, mime: string, boundary: string, decoding: Decoding, depth: number): void {
  const { annotate } = addLayer(decoding, span, 'multipart', `${mime} (${lengthOf(span)} octets)`);
  const body = span.octets.subarray(span.start);
  const { parts, error } = shifted(span.start, () => partsOf(body, boundary));
  const { findings } = decoding;
  for (const [index, each] of parts.entries()) {
    const lines = fieldLines(body, each.start, each.bodyStart);
    for (const [at, [name, value]] of each.headers.entries()) {
      const [from, until] = lines[at] ?? [each.start, each.start];
      const stands = { offset: span.start + from, length: until - from, field: `parts[${index}].${name}` };
      annotate({ ...stands, value, meaning: '', section: 'RFC 2046 §5.1' });
    }
    const before = findings.payload;
    const inner = part(span, span.start + each.bodyStart, span.start + each.bodyEnd);
    if (lengthOf(inner) > 0) takePart(inner, each.headers, decoding, depth);
    // What is pushed stands beside documents about it: the first message is what the whole is about.
    if (before !== undefined && before.kind !== 'document') findings.payload = before;
    else if (before !== undefined && findings.payload?.kind === 'document') findings.payload = before;
  }
  if (error !== undefined) throw error;
}

function takePart(span: Span, headers: Part['headers'], decoding: Decoding, depth: number): void {
  const contentType = mimeHeader(headers, 'content-type') ?? 'text/plain';
  const coding = (mimeHeader(headers, 'content-transfer-encoding') ?? 'binary').trim().toLowerCase();
  const type = { contentType, encoding: mimeHeader(headers, 'content-encoding') };
  if (coding === 'base64') {
    const plain = base64Of(span);
    if (plain === undefined)
      addContent(decoding, span, `${contentType.slice(0, 60)}, whose Base64 cannot be read`);
    else if (plain.length > 0) takeEntity(spanOf(plain, 'reassembled'), type, decoding, depth + 1);
  } else if (coding === 'quoted-printable') {
    const plain = unquoted(span.octets.subarray(span.start));
    if (plain.length > 0) takeEntity(spanOf(plain, 'reassembled'), type, decoding, depth + 1);
  } else takeEntity(span, type, decoding, depth + 1);
}

function base64Of({ octets, start }: Span): Uint8Array | undefined {
  try {
    return base64ToBytes(latin1(octets.subarray(start)));
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/** A part by its places in the body. */
interface Part {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly start: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/** The parts; of a body that is cut those that are there, with the error. @throws {DecodeError} where there are none */
function partsOf(
  body: Uint8Array,
  boundary: string,
): { readonly parts: readonly Part[]; readonly error?: DecodeError } {
  try {
    return { parts: placesOf(body, body, boundary) };
  } catch (error) {
    if (!(error instanceof DecodeError) || error.code !== 'TRUNCATED') throw error;
    // As if it ended here, or before the part whose header fields are cut.
    const text = latin1(body);
    for (const end of [body.length, text.lastIndexOf(`\r\n--${boundary}`)]) {
      if (end < 0) continue;
      const closed = octetsOf(`${text.slice(0, end)}\r\n--${boundary}--\r\n`);
      try {
        return { parts: placesOf(closed, body, boundary), error };
      } catch (cause) {
        if (!(cause instanceof DecodeError)) throw cause;
      }
    }
    throw error;
  }
}

function latin1(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** @throws {DecodeError} */
function placesOf(octets: Uint8Array, { length }: Uint8Array, boundary: string): readonly Part[] {
  const parts: Part[] = [];
  let after = firstLine(octets, boundary);
  for (const { headers, body } of readMultipart(octets, boundary, most.parts)) {
    const bodyStart = Math.min(body.byteOffset - octets.byteOffset, length);
    const bodyEnd = Math.min(bodyStart + body.length, length);
    const start = Math.min(octets.indexOf(0x0a, after) + 1, bodyStart);
    parts.push({ headers, start, bodyStart, bodyEnd });
    // Behind the part stands a line end, and then the boundary.
    after = bodyEnd + 2;
  }
  return parts;
}

/** Where the line of the first boundary begins. */
function firstLine(octets: Uint8Array, boundary: string): number {
  const line = `--${boundary}`;
  for (let at = 0; at >= 0 && at < octets.length; ) {
    if (String.fromCharCode(...octets.subarray(at, at + line.length)) === line) return at;
    const end = octets.indexOf(0x0a, at);
    at = end < 0 ? octets.length : end + 1;
  }
  return 0;
}

/** Where each header field stands between `start` and `end`, its folded lines and its line end with it. */
export function fieldLines(
  octets: Uint8Array,
  start: number,
  end: number,
): readonly (readonly [number, number])[] {
  const lines: [number, number][] = [];
  for (let at = start; at < end; ) {
    const next = octets.indexOf(0x0a, at) + 1;
    if (next === 0) break;
    const last = lines.at(-1);
    if (last !== undefined && (octets[at] === 0x20 || octets[at] === 0x09)) last[1] = next;
    else lines.push([at, next]);
    at = next;
  }
  return lines;
}
