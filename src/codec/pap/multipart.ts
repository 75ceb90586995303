// Multipart bodies with binary parts (RFC 2046 §5.1.1): cut at their boundary, and put together again.
import { concatBytes, utf8ToBytes, ValueError } from '../../core/index.ts';
import { type MimeHeader, mimeError, readHeaderBlock, writeHeaderBlock } from './mime-header.ts';

/** One part: its header fields and its octets as they are. */
export interface MimePart {
  readonly headers: readonly MimeHeader[];
  readonly body: Uint8Array;
}

/** Characters of a boundary; it does not end with a space. */
const boundaryPattern = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

/** True for a text that can be a boundary: 1–70 of the characters allowed. */
export function isBoundary(text: string): boolean {
  return boundaryPattern.test(text);
}

/**
 * Parts of a multipart body, as views into it. What stands before the first boundary and after the last is left out.
 * @throws {DecodeError} TRUNCATED without the closing boundary, BAD_VALUE without parts, LIMIT for more than `maxParts`
 */
export function readMultipart(body: Uint8Array, boundary: string, maxParts = 8): readonly MimePart[] {
  const delimiter = utf8ToBytes(`--${boundary}`);
  const parts: MimePart[] = [];
  let found = firstDelimiter(body, delimiter);
  if (found === undefined) throw mimeError('TRUNCATED', 'the boundary does not occur', 'multipart', 0);
  while (!found.closing) {
    const path = `multipart[${parts.length}]`;
    if (parts.length >= maxParts) {
      throw mimeError('LIMIT', `more than ${maxParts} parts`, 'multipart', found.start);
    }
    const next = nextDelimiter(body, delimiter, found.end);
    if (next === undefined) throw mimeError('TRUNCATED', 'part without a closing boundary', path, found.end);
    // A part without a body may leave out the empty line: then the line end before the boundary stands for it.
    const { headers, end } = readHeaderBlock(body.subarray(0, next.start + 2), found.end, path);
    parts.push({ headers, body: body.subarray(Math.min(end, next.start), next.start) });
    found = next;
  }
  if (parts.length === 0) throw mimeError('BAD_VALUE', 'no parts', 'multipart', found.start);
  return parts;
}

/** Octets of a multipart body. @throws {ValueError} BAD_FORMAT for the boundary or a header */
export function writeMultipart(parts: readonly MimePart[], boundary: string): Uint8Array {
  if (!isBoundary(boundary)) {
    throw new ValueError('BAD_FORMAT', `${JSON.stringify(boundary)} cannot be a boundary`, 'boundary');
  }
  const pieces: Uint8Array[] = [];
  for (const [index, { headers, body }] of parts.entries()) {
    pieces.push(latin1(`${index === 0 ? '' : '\r\n'}--${boundary}\r\n${writeHeaderBlock(headers)}`), body);
  }
  pieces.push(latin1(`\r\n--${boundary}--\r\n`));
  return concatBytes(...pieces);
}

/** A boundary that does not occur in the bodies; always the same for the same bodies. */
export function chooseBoundary(bodies: readonly Uint8Array[]): string {
  for (let number = 0; ; number += 1) {
    const boundary = `reveille-${number}-part`;
    const delimiter = utf8ToBytes(`--${boundary}`);
    if (bodies.every((body) => indexOf(body, delimiter, 0) < 0)) return boundary;
  }
}

interface Delimiter {
  /** Offset of the line end before it, which is not part of what stands before. */
  readonly start: number;
  /** Offset behind its line. */
  readonly end: number;
  /** True for the last one. */
  readonly closing: boolean;
}

function firstDelimiter(body: Uint8Array, delimiter: Uint8Array): Delimiter | undefined {
  const atStart = indexOf(body.subarray(0, delimiter.length), delimiter, 0) === 0;
  return (atStart ? delimiterAt(body, 0, delimiter.length) : undefined) ?? nextDelimiter(body, delimiter, 0);
}

/** The next line that is a boundary; its line end before stands at `from` or later. */
function nextDelimiter(body: Uint8Array, delimiter: Uint8Array, from: number): Delimiter | undefined {
  for (let at = from; ; at += 1) {
    at = indexOf(body, delimiter, at + 2);
    if (at < 0) return undefined;
    at -= 2;
    if (body[at] !== 0x0d || body[at + 1] !== 0x0a) continue;
    const found = delimiterAt(body, at, at + 2 + delimiter.length);
    if (found !== undefined) return found;
  }
}

/** A boundary at `start` whose text ends at `end`, when nothing else follows on its line. */
function delimiterAt(body: Uint8Array, start: number, end: number): Delimiter | undefined {
  const closing = body[end] === 0x2d && body[end + 1] === 0x2d;
  let at = closing ? end + 2 : end;
  while (body[at] === 0x20 || body[at] === 0x09) at += 1;
  if (closing && at === body.length) return { start, end: at, closing };
  return body[at] === 0x0d && body[at + 1] === 0x0a ? { start, end: at + 2, closing } : undefined;
}

/** Offset of `wanted` in `octets`, from `from` on; -1 when it does not occur. */
function indexOf(octets: Uint8Array, wanted: Uint8Array, from: number): number {
  const first = wanted[0] ?? 0;
  const last = octets.length - wanted.length;
  for (let at = octets.indexOf(first, from); at >= 0 && at <= last; at = octets.indexOf(first, at + 1)) {
    let same = 1;
    while (same < wanted.length && octets[at + same] === wanted[same]) same += 1;
    if (same === wanted.length) return at;
  }
  return -1;
}

function latin1(text: string): Uint8Array {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) octets[i] = text.charCodeAt(i);
  return octets;
}
