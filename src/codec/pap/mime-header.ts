// Header fields as MIME and HTTP messages have them, and the Content-Type among them (RFC 5322 §2.2, RFC 2045 §5.1).
import { DecodeError, type DecodeErrorCode, ValueError } from '../../core/index.ts';

/** A header field: name as written, value without white space around it. */
export type MimeHeader = readonly [name: string, value: string];

/** Bounds of a block of header fields. */
export const mimeHeaderLimits = Object.freeze({ maxOctets: 16_384, maxFields: 64 });

/** Header fields up to an empty line, and the offset of what follows it. */
export interface HeaderBlock {
  readonly headers: readonly MimeHeader[];
  readonly end: number;
}

/**
 * Reads header fields from `start` on, up to and with the empty line. Lines end with CRLF; octets above 7F are taken as
 * ISO-8859-1.
 * @throws {DecodeError} TRUNCATED without an empty line, BAD_VALUE for a line that is no field, LIMIT
 */
export function readHeaderBlock(octets: Uint8Array, start: number, path: string): HeaderBlock {
  const headers: [string, string][] = [];
  let at = start;
  for (;;) {
    const line = readLine(octets, at, start, path);
    const lineStart = at;
    at = line.end;
    if (line.text === '') return { headers, end: at };
    const last = headers.at(-1);
    if (/^[ \t]/.test(line.text)) {
      // A folded line goes on with the field before it.
      if (last === undefined) throw mimeError('BAD_VALUE', 'folded line before any field', path, lineStart);
      last[1] = `${last[1]} ${line.text.trim()}`.trim();
      continue;
    }
    const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:(.*)$/.exec(line.text);
    if (match?.[1] === undefined) throw mimeError('BAD_VALUE', 'a line is no header field', path, lineStart);
    if (headers.length >= mimeHeaderLimits.maxFields) {
      throw mimeError('LIMIT', `more than ${mimeHeaderLimits.maxFields} header fields`, path, lineStart);
    }
    headers.push([match[1], (match[2] ?? '').trim()]);
  }
}

interface Line {
  readonly text: string;
  /** Offset of the next line. */
  readonly end: number;
}

/** The line at `at`. `start` is where its block began. */
export function readLine(octets: Uint8Array, at: number, start: number, path: string): Line {
  const feed = octets.subarray(0, start + mimeHeaderLimits.maxOctets).indexOf(0x0a, at);
  if (feed < 0) {
    const long = octets.length - start > mimeHeaderLimits.maxOctets;
    throw long
      ? mimeError('LIMIT', `headers of more than ${mimeHeaderLimits.maxOctets} octets`, path, at)
      : mimeError('TRUNCATED', 'headers without an end', path, octets.length);
  }
  if (feed === at || octets[feed - 1] !== 0x0d) {
    throw mimeError('BAD_VALUE', 'header lines end with CR LF', path, feed);
  }
  let text = '';
  for (const octet of octets.subarray(at, feed - 1)) {
    if (octet === 0 || octet === 0x0d)
      throw mimeError('BAD_VALUE', 'control character in a header', path, at);
    text += String.fromCharCode(octet);
  }
  return { text, end: feed + 1 };
}

/** Value of the first field of that name, in any case. */
export function mimeHeader(headers: readonly MimeHeader[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([each]) => each.toLowerCase() === wanted)?.[1];
}

/** Text of header fields, the empty line included. @throws {ValueError} BAD_FORMAT */
export function writeHeaderBlock(headers: readonly MimeHeader[]): string {
  let text = '';
  for (const [name, value] of headers) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      throw new ValueError('BAD_FORMAT', `${JSON.stringify(name)} is not a header name`, 'headers');
    }
    if (!isHeaderValue(value)) {
      throw new ValueError('BAD_FORMAT', 'value cannot stand in a header', `headers.${name}`);
    }
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}

/** True for characters of ISO-8859-1 without controls, but for TAB. */
function isHeaderValue(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

/** A media type with its parameters. */
export interface MimeType {
  /** `type/subtype` in lower case. */
  readonly mime: string;
  /** Names in lower case, values without quotes. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const typePattern = new RegExp(`^\\s*(${token}/${token})\\s*(?=;|$)`);
const parameterPattern = new RegExp(
  `\\s*;\\s*(?:(${token})\\s*=\\s*(?:(${token})|"((?:[^"\\\\]|\\\\.)*)")\\s*(?=;|$))?`,
  'y',
);

/** Longer types are not looked at. */
const maxTypeLength = 1024;

/** Reads a Content-Type; `undefined` when it is none, or a parameter is broken or stands twice. */
export function parseMimeType(text: string): MimeType | undefined {
  if (text.length > maxTypeLength) return undefined;
  const match = typePattern.exec(text);
  if (match?.[1] === undefined) return undefined;
  const parameters = new Map<string, string>();
  const end = text.trimEnd().length;
  parameterPattern.lastIndex = match[0].length;
  while (parameterPattern.lastIndex < end) {
    const found = parameterPattern.exec(text);
    if (found === null) return undefined;
    const [, name, plain, quoted] = found;
    // An empty parameter, as behind a last semicolon, says nothing.
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (parameters.has(key)) return undefined;
    parameters.set(key, plain ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
  }
  return { mime: match[1].toLowerCase(), parameters: Object.fromEntries(parameters) };
}

/** An error in MIME octets. */
export function mimeError(code: DecodeErrorCode, detail: string, path: string, offset: number): DecodeError {
  return new DecodeError(code, detail, { path, offset, bit: 0 }, { doc: 'RFC-2046', section: '5.1.1' });
}
