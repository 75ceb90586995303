// Reads SIP messages (RFC 3261 §7): start line, header fields in any spelling and folding, body.
import { type Annotate, bytesToUtf8, DecodeError, type DecodeErrorCode } from '../../core/index.ts';
import { isToken, trimEnd, trimSpace } from './field-reader.ts';
import { numberField } from './fields.ts';
import { headerName, headerSection, isHeaderName } from './header-names.ts';
import { type SipHeader, type SipMessage, type SipReading, sipDocument, sipLimits } from './message.ts';
import { repairResponse } from './repair-response.ts';

/** How to read a message. */
export interface DecodeSipOptions extends SipReading {
  /** Called for each field. */
  readonly annotate?: Annotate | undefined;
  /** Octet of the input at which the message starts; default 0. Offsets count from the start of the input all the same. */
  readonly start?: number | undefined;
}

/** Start line and headers of a message, and where its body starts. */
export interface SipHead {
  /** Without body. */
  readonly message: SipMessage;
  /** Octet offset of the body in the input. */
  readonly bodyOffset: number;
  /** Octets of the body by Content-Length; `undefined` when the message does not say. */
  readonly contentLength: number | undefined;
}

/**
 * Reads the message that fills a datagram from `start` to its end. Octets beyond Content-Length are not part of it (§18.3).
 * @throws {DecodeError} TRUNCATED, BAD_VALUE, LIMIT, or UNSUPPORTED for another version of SIP
 */
export function decodeSipMessage(bytes: Uint8Array, options: DecodeSipOptions = {}): SipMessage {
  const head = decodeSipHead(bytes, options);
  const left = bytes.length - head.bodyOffset;
  const { message } = head;
  if (message.kind === 'response' && options.responses === 'lenient' && (head.contentLength ?? 0) > left) {
    // Its status stands in what came.
    const unreadable = [...(message.unreadable ?? []), 'Content-Length'];
    return { ...message, unreadable, body: bytes.subarray(head.bodyOffset) };
  }
  const length = head.contentLength ?? left;
  const maxBody = options.maxBody ?? sipLimits.maxBody;
  if (length > maxBody) {
    throw error('LIMIT', `${length} octets, at most ${maxBody} are read`, 'body', head.bodyOffset, '7.4');
  }
  if (length > left) {
    throw error('TRUNCATED', `needs ${length} octets, ${left} left`, 'body', head.bodyOffset, '18.3');
  }
  options.annotate?.({
    offset: head.bodyOffset,
    length,
    field: 'body',
    value: `${length} octets`,
    meaning: '',
    section: `${sipDocument} §7.4`,
  });
  return { ...head.message, body: bytes.subarray(head.bodyOffset, head.bodyOffset + length) };
}

/**
 * Reads up to the empty line.
 * @throws {DecodeError} TRUNCATED, BAD_VALUE, LIMIT, or UNSUPPORTED for another version of SIP
 */
export function decodeSipHead(bytes: Uint8Array, options: DecodeSipOptions = {}): SipHead {
  try {
    return decodeWholeHead(bytes, options);
  } catch (fault) {
    if (options.responses !== 'lenient' || !(fault instanceof DecodeError) || fault.code !== 'BAD_VALUE')
      throw fault;
    const { start = 0, maxHeadOctets = sipLimits.maxHeadOctets } = options;
    const repaired = repairResponse(bytes, start, maxHeadOctets);
    if (repaired === undefined) throw fault;
    const { head, bodyOffset, unreadable } = repaired;
    const { message, contentLength } = decodeWholeHead(head, { ...options, start: 0 });
    const response = message.kind === 'response' ? { ...message, unreadable } : message;
    return { message: response, bodyOffset, contentLength };
  }
}

function decodeWholeHead(bytes: Uint8Array, options: DecodeSipOptions): SipHead {
  const lines = new LineReader(bytes, options);
  let first = lines.next('startLine');
  // Empty lines in front of a message are skipped (§7.5).
  while (first.text === '') first = lines.next('startLine');
  const startLine = readStartLine(first, options.annotate);
  const headers: SipHeader[] = [];
  const maxHeaders = options.maxHeaders ?? sipLimits.maxHeaders;
  for (let line = lines.next('headers'); line.text !== ''; ) {
    if (headers.length >= maxHeaders) {
      throw error('LIMIT', `more than ${maxHeaders} header fields`, 'headers', line.offset, '7.3');
    }
    let text = line.text;
    let following = lines.next('headers');
    // Line breaks of folding become spaces, one for each octet, so that offsets hold (§7.3.1).
    while (following.text.startsWith(' ') || following.text.startsWith('\t')) {
      text += `  ${following.text}`;
      following = lines.next('headers');
    }
    headers.push(readHeader(text, line.offset, following.offset - line.offset - 2, options.annotate));
    line = following;
  }
  const contentLength = numberField({ headers }, 'Content-Length', '20.14');
  return { message: { ...startLine, headers, body: noBody }, bodyOffset: lines.offset, contentLength };
}

const noBody = new Uint8Array();

/** One line without its CRLF. */
interface Line {
  readonly text: string;
  readonly offset: number;
}

class LineReader {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #limited: boolean;
  /** All lines up to the empty one, when they are ASCII: taking them apart is cheaper than decoding each. */
  readonly #text: string | undefined;
  #at: number;

  constructor(bytes: Uint8Array, options: DecodeSipOptions) {
    const start = options.start ?? 0;
    const limit = start + (options.maxHeadOctets ?? sipLimits.maxHeadOctets);
    this.#bytes = bytes;
    this.#limited = bytes.length > limit;
    this.#start = start;
    this.#end = Math.min(bytes.length, limit);
    this.#at = start;
    this.#text = asciiHead(bytes, start, this.#end);
  }

  get offset(): number {
    return this.#at;
  }

  next(path: string): Line {
    const offset = this.#at;
    let end = offset;
    while (end < this.#end && !isControl(this.#bytes[end] ?? 0)) end += 1;
    if (this.#bytes[end] === 0x0d && this.#bytes[end + 1] === 0x0a && end + 1 < this.#end) {
      const text = this.#line(offset, end);
      if (text === undefined) throw error('BAD_VALUE', 'not valid UTF-8', path, offset, '7.3.1');
      this.#at = end + 2;
      return { text, offset };
    }
    if (end + 1 < this.#end || (end < this.#end && this.#bytes[end] !== 0x0d)) {
      const octet = (this.#bytes[end] ?? 0).toString(16).toUpperCase().padStart(2, '0');
      throw error('BAD_VALUE', `control character ${octet} in a line`, path, end, '7.3.1');
    }
    const [code, detail] = this.#limited
      ? (['LIMIT', `start line and headers beyond ${this.#end - offset} octets`] as const)
      : (['TRUNCATED', 'ends before the empty line behind the headers'] as const);
    throw error(code, detail, path, this.#end, '7');
  }

  #line(from: number, to: number): string | undefined {
    const text = this.#text;
    return text !== undefined && to - this.#start <= text.length
      ? text.slice(from - this.#start, to - this.#start)
      : bytesToUtf8(this.#bytes.subarray(from, to));
  }
}

/** What stands in front of the first octet that is not ASCII, or the first empty line, as text. */
function asciiHead(bytes: Uint8Array, start: number, end: number): string | undefined {
  let at = start;
  for (; at < end; at += 1) {
    const octet = bytes[at] ?? 0;
    if (octet >= 0x80) break;
    if (octet === 0x0a && bytes[at - 2] === 0x0a && at - 2 > start) break;
  }
  return bytesToUtf8(bytes.subarray(start, at));
}

/** Control characters but the tabulator; they end a line, or spoil it. */
function isControl(octet: number): boolean {
  return (octet < 0x20 && octet !== 0x09) || octet === 0x7f;
}

type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly requestUri: string }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string };

function readStartLine({ text, offset }: Line, annotate: Annotate | undefined): StartLine {
  const note = (field: string, value: string, at: number, meaning = ''): void =>
    annotate?.({
      offset: offset + at,
      length: value.length,
      field,
      value,
      meaning,
      section: `${sipDocument} §7.${/^SIP\//i.test(text) ? 2 : 1}`,
    });
  const response = /^SIP\/([0-9]+\.[0-9]+) ([1-6][0-9]{2}) (.*)$/i.exec(text);
  if (response !== null) {
    const [, version = '', status = '', reason = ''] = response;
    checkVersion(version, offset);
    note('version', text.slice(0, version.length + 4), 0);
    note('status', status, version.length + 5, statusClass(Number(status)));
    note('reason', reason, version.length + 9);
    return { kind: 'response', status: Number(status), reason };
  }
  const request = /^([^ ]+) ([^ ]+) SIP\/([0-9]+\.[0-9]+)$/i.exec(text);
  if (request === null) {
    throw error('BAD_VALUE', 'neither a request line nor a status line', 'startLine', offset, '7');
  }
  const [, method = '', requestUri = '', version = ''] = request;
  if (!isToken(method)) throw error('BAD_VALUE', 'not a method', 'method', offset, '7.1');
  checkVersion(version, offset + method.length + requestUri.length + 2);
  note('method', method, 0);
  note('requestUri', requestUri, method.length + 1);
  note('version', text.slice(method.length + requestUri.length + 2), method.length + requestUri.length + 2);
  return { kind: 'request', method, requestUri };
}

function checkVersion(version: string, offset: number): void {
  if (version !== '2.0')
    throw error('UNSUPPORTED', `SIP/${version} is not SIP/2.0`, 'version', offset, '7.1');
}

function readHeader(text: string, offset: number, length: number, annotate: Annotate | undefined): SipHeader {
  const colon = text.indexOf(':');
  // What begins with white space is no field of its own, and no token either.
  const written = colon < 0 ? '' : text.slice(0, trimEnd(text, colon));
  if (!isHeaderName(written)) {
    throw error('BAD_VALUE', 'neither a name with a colon nor a folded line', 'headers', offset, '7.3.1');
  }
  const name = headerName(written);
  const { text: value, start } = trimSpace(text, colon + 1);
  const spelling = written === name ? '' : `written ${written}`;
  annotate?.({ offset, length, field: name, value, meaning: spelling, section: headerSection(name) });
  return { name, value, offset: offset + start };
}

function statusClass(status: number): string {
  const names = [
    '',
    'provisional',
    'success',
    'redirection',
    'request failure',
    'server failure',
    'global failure',
  ];
  return names[Math.floor(status / 100)] ?? '';
}

function error(
  code: DecodeErrorCode,
  detail: string,
  path: string,
  offset: number,
  section: string,
): DecodeError {
  return new DecodeError(code, detail, { path, offset, bit: 0 }, { doc: sipDocument, section });
}
