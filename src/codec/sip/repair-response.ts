// Responses with header fields that nobody can read: the status is what counts (RFC 3261 §8.1.3), so that what is unreadable
// is left out and named, and the rest is read as if it had never been there.
import { bytesToUtf8, toLine, utf8ToBytes } from '../../core/index.ts';
import { isToken, trimSpace } from './field-reader.ts';
import { headerName } from './header-names.ts';

/** A response without what cannot be read. */
export interface RepairedResponse {
  /** Its octets up to the empty line, the same included. */
  readonly head: Uint8Array;
  /** Octet of the input behind the empty line. */
  readonly bodyOffset: number;
  /** What was left out, as names of header fields where they have one. */
  readonly unreadable: readonly string[];
}

/** Names that are told; more are counted by nobody. */
const maxNamed = 8;

/**
 * Leaves out what cannot be read of a response that begins at `start`; `undefined` when it is none, has no empty line within
 * `maxHeadOctets`, or has nothing to be left out.
 */
export function repairResponse(
  bytes: Uint8Array,
  start: number,
  maxHeadOctets: number,
): RepairedResponse | undefined {
  let at = start;
  while (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2;
  const end = endOfHead(bytes, at, start + maxHeadOctets);
  if (end === undefined) return undefined;
  const [first = new Uint8Array(), ...fields] = logicalLines(bytes.subarray(at, end + 2));
  const status = /^SIP\/2\.0 [1-6][0-9]{2}(?![0-9])/i.exec(latin(first))?.[0];
  if (status === undefined) return undefined;
  const unreadable = new Set<string>();
  const text = readable(first);
  // A status line that ends with the status lacks a space (§7.2).
  if (text === undefined || text.length === status.length) unreadable.add('the reason phrase');
  let kept = `${status} ${text === undefined ? '' : text.slice(status.length).trimStart()}\r\n`;
  for (const field of fields) {
    const line = readable(field);
    const fault = line === undefined || !isField(line) ? nameOf(field) : undefined;
    if (fault === undefined) kept += `${line}\r\n`;
    else if (unreadable.size < maxNamed) unreadable.add(fault);
  }
  if (unreadable.size === 0) return undefined;
  return { head: utf8ToBytes(`${kept}\r\n`), bodyOffset: end + 4, unreadable: [...unreadable] };
}

/** Where the CRLF in front of the empty line stands. */
function endOfHead(bytes: Uint8Array, from: number, limit: number): number | undefined {
  const last = Math.min(bytes.length, limit) - 4;
  for (let at = from; at <= last; at += 1) {
    if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a && bytes[at + 2] === 0x0d && bytes[at + 3] === 0x0a)
      return at;
  }
  return undefined;
}

/** Lines without their CRLF, with what is folded behind them (§7.3.1). */
function logicalLines(head: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let begin = 0;
  for (let at = 0; at + 1 < head.length; at += 1) {
    if (head[at] !== 0x0d || head[at + 1] !== 0x0a) continue;
    const next = head[at + 2];
    if (next === 0x20 || next === 0x09) continue;
    lines.push(head.subarray(begin, at));
    begin = at + 2;
  }
  return lines;
}

/** The text of a line; `undefined` when it holds control characters, folding left out, or is no UTF-8. */
function readable(line: Uint8Array): string | undefined {
  const text = bytesToUtf8(line);
  if (text === undefined) return undefined;
  const plain = text.replaceAll('\r\n', '  ');
  for (let at = 0; at < plain.length; at += 1) {
    const code = plain.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return undefined;
  }
  return text;
}

/** True for a name and what may stand behind it; a length has to be one. */
function isField(line: string): boolean {
  const colon = line.indexOf(':');
  const name = colon < 0 || /^[ \t]/.test(line) ? '' : trimSpace(line, 0, colon).text;
  if (!isToken(name)) return false;
  return headerName(name) !== 'Content-Length' || /^\s*[0-9]{1,10}\s*$/.test(line.slice(colon + 1));
}

function nameOf(line: Uint8Array): string {
  const text = latin(line);
  const name = text.slice(0, Math.max(text.indexOf(':'), 0)).trim();
  return isToken(name) ? toLine(headerName(name), 64) : 'a line without a name';
}

function latin(octets: Uint8Array): string {
  return String.fromCharCode(...octets.subarray(0, 256));
}
