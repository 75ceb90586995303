// Where a message of HTTP/1.1 or SIP ends, and where its content stands (RFC 9112 §6, RFC 3261 §18.3).
import type { Pieces } from './mask-message.ts';
import type { ShownMessages } from './mask-short-message.ts';

/** What the two directions of a connection know of each other. */
export interface Conversation {
  /** Methods of requests of HTTP whose answers are to come. */
  readonly methods: string[];
  /** Messages cut over PDUs of SMPP that may be shown. */
  readonly shown: ShownMessages;
}

/** Octets of a header at most. */
const mostHeader = 65_536;

/** Requests whose answers are to come, at most; behind them, answers are read as those of any method. */
const mostMethods = 1000;

/**
 * Lengths of the messages of one direction. What was looked through of the message at the beginning is not looked through again
 * when more of it comes: it may come in pieces of one octet.
 */
export class TextLength {
  readonly #conversation: Conversation;
  #head = new HeaderSearch();
  #chunks: ChunkWalk | undefined;
  #looked = 0;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** Octets that were looked at for ends of headers and chunks, of all messages: a measure of the work. */
  get looked(): number {
    return this.#looked + this.#head.looked + (this.#chunks?.looked ?? 0);
  }

  /**
   * Octets of the message at the beginning, which may be more than there are; `undefined` while that is not known, infinite
   * where it cannot be. Until `passed`, it is asked about the same message, which only grows.
   */
  lengthOf(octets: Uint8Array): number | undefined {
    // Line ends between messages keep a connection of SIP open (RFC 5626 §3.5.1).
    const between = octets.findIndex((octet) => octet !== 0x0d && octet !== 0x0a);
    if (between !== 0) return between < 0 ? octets.length : between;
    const header = this.#head.in(octets);
    if (header === undefined) return octets.length >= mostHeader ? Number.POSITIVE_INFINITY : undefined;
    const { text, length } = header;
    if (this.#isEmpty(text)) return length;
    if (isChunked(text)) {
      this.#chunks ??= new ChunkWalk(length);
      return this.#chunks.endIn(octets);
    }
    const given = /^(?:content-length|l)[ \t]*:[ \t]*([0-9]+)[ \t]*\r?$/im.exec(text)?.[1];
    if (given !== undefined) return length + Number(given);
    return text.startsWith('HTTP/') ? undefined : length;
  }

  /** A message has passed: a request is followed by its answer, whose content depends on its method. */
  passed(message: Uint8Array): void {
    const { text = '' } = headerOf(message) ?? {};
    this.#looked = this.looked;
    this.#head = new HeaderSearch();
    this.#chunks = undefined;
    const { methods } = this.#conversation;
    const status = /^HTTP\/[0-9.]+ ([0-9]{3})/.exec(text)?.[1];
    if (status !== undefined) {
      if (!status.startsWith('1')) methods.shift();
      return;
    }
    const method = /^([A-Z]+) [^\r\n]* HTTP\//.exec(text)?.[1];
    if (method !== undefined && methods.length < mostMethods) methods.push(method);
  }

  /** True for an answer whose content ends with the connection. */
  endsWithStream(octets: Uint8Array): boolean {
    const header = headerOf(octets);
    if (header === undefined || !header.text.startsWith('HTTP/')) return false;
    return !/^(?:content-length|transfer-encoding)[ \t]*:/im.test(header.text);
  }

  /** An answer without content (RFC 9112 §6.3). */
  #isEmpty(header: string): boolean {
    const status = /^HTTP\/[0-9.]+ ([0-9]{3})/.exec(header)?.[1];
    if (status === undefined) return false;
    return this.#conversation.methods[0] === 'HEAD' || /^(?:1..|204|304)$/.test(status);
  }
}

/** Octets of the header; 0 where there is no whole one. */
export function headerLength(octets: Uint8Array): number {
  return headerOf(octets)?.length ?? 0;
}

/** Pieces of the content, where it comes in chunks. */
export function contentPieces(octets: Uint8Array): Pieces {
  const header = headerOf(octets);
  if (header === undefined || !isChunked(header.text)) return [];
  const walk = new ChunkWalk(header.length);
  walk.endIn(octets);
  return walk.pieces;
}

/** True for content that is compressed: it cannot be looked through as it is. */
export function isEncoded(octets: Uint8Array): boolean {
  const { text = '' } = headerOf(octets) ?? {};
  const encoding =
    /^(?:content-encoding|e)[ \t]*:[ \t]*([^\r\n;]*)/im.exec(text)?.[1]?.trim().toLowerCase() ?? '';
  return encoding !== '' && encoding !== 'identity';
}

interface Header {
  readonly text: string;
  readonly length: number;
}

function headerOf(octets: Uint8Array): Header | undefined {
  return new HeaderSearch().in(octets);
}

/** Looks for the empty line behind a header, from where it stopped before. */
class HeaderSearch {
  #found: Header | undefined;
  /** Before it, there is no end. */
  looked = 0;

  in(octets: Uint8Array): Header | undefined {
    const most = Math.min(octets.length, mostHeader);
    for (; this.#found === undefined && this.looked < most; this.looked += 1) {
      if (octets[this.looked] !== 0x0a) continue;
      const next = octets[this.looked + 1] === 0x0d ? this.looked + 2 : this.looked + 1;
      // What comes next decides.
      if (next >= most) return undefined;
      if (octets[next] !== 0x0a) continue;
      const end = octets[this.looked - 1] === 0x0d ? this.looked - 1 : this.looked;
      this.#found = { text: latin1(octets, 0, end), length: next + 1 };
    }
    return this.#found;
  }
}

function latin1(octets: Uint8Array, from: number, to: number): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1', from, to);
}

function isChunked(header: string): boolean {
  return /^transfer-encoding[ \t]*:[^\r\n]*chunked/im.test(header);
}

/** Octets of the line before a chunk at most, with its extensions. */
const mostSizeLine = 8192;

/** Goes from chunk to chunk, and goes on from there when more octets have come. */
class ChunkWalk {
  readonly pieces: { readonly offset: number; readonly length: number }[] = [];
  looked = 0;
  /** The line of the next chunk. */
  #at: number;
  /** From here on, the end of that line is looked for, or the end of the trailer. */
  #from: number;
  #inTrailer = false;

  constructor(from: number) {
    this.#at = from;
    this.#from = from;
  }

  /** Where the message ends: not known yet, or never. */
  endIn(octets: Uint8Array): number | undefined {
    const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    while (!this.#inTrailer && this.#at <= octets.length) {
      const lineEnd = this.#find(buffer, '\r\n');
      if (lineEnd < 0) return octets.length - this.#at > mostSizeLine ? Number.POSITIVE_INFINITY : undefined;
      const size = Number.parseInt(buffer.toString('latin1', this.#at, lineEnd), 16);
      if (!Number.isSafeInteger(size) || size < 0) return Number.POSITIVE_INFINITY;
      this.#inTrailer = size === 0;
      if (size > 0) this.pieces.push({ offset: lineEnd + 2, length: size });
      this.#at = this.#inTrailer ? lineEnd : lineEnd + 4 + size;
      this.#from = this.#at;
    }
    if (!this.#inTrailer) return undefined;
    const end = this.#find(buffer, '\r\n\r\n');
    return end < 0 ? undefined : end + 4;
  }

  /** Finds what ends something, and remembers where it is not. */
  #find(buffer: Buffer, what: string): number {
    const found = buffer.indexOf(what, this.#from, 'latin1');
    const to = found < 0 ? buffer.length : found + what.length;
    this.looked += Math.max(0, to - this.#from);
    if (found < 0) this.#from = Math.max(this.#from, buffer.length - what.length + 1);
    return found;
  }
}
