// Where the messages of a stream end: each protocol says it in its own way.
import { commandName, mayBeCommand } from '../../codec/smpp/index.ts';
import type { StreamLayer } from './captured-message.ts';
import { beginsObex, isObexRequest, ObexLength } from './obex-length.ts';

/** What is known when a stream is measured. */
export interface Measuring {
  /** No more octets come. */
  readonly ended: boolean;
  /** The answer is one to HEAD: it has no body whatever it says (RFC 9110 §9.3.2). */
  readonly withoutBody: boolean;
}

/** Octets of a message at most; a stream whose message would be longer is left until the next one begins. */
export const longestMessage = 4 << 20;
/** Octets of the head of a message of text at most. */
export const longestHead = 65_536;
/** Octets of a PDU at most: what carries short messages is far below. */
const longestPdu = 262_144;
/** Octets of the line of a chunk at most, while its end is awaited. */
const longestChunkLine = 256;

/** What the head of a message of text says. */
interface TextHead {
  /** Octets of the head, with the empty line. */
  readonly octets: number;
  /** It begins as one of its protocol does. */
  readonly begins: boolean;
  /** Its Content-Length, in digits. */
  readonly said: string | undefined;
  /** Of an answer of HTTP. */
  readonly status: string | undefined;
  readonly isChunked: boolean;
  /** The body is a message of HTTP by its type. */
  readonly holdsHttp: boolean;
}

/** Finds where the first message of a stream ends, in octets that grow at their end: each is looked at once, however they come. */
export class MessageLength {
  readonly #layer: StreamLayer;
  readonly #obex = new ObexLength();
  readonly #emptyLine = new EmptyLine(0);
  #head: TextHead | undefined;
  #chunks: Chunks | undefined;

  constructor(layer: StreamLayer) {
    this.#layer = layer;
  }

  /** Octets that were looked at so far; those that were looked at twice count twice. */
  get looked(): number {
    return (
      this.#emptyLine.looked + this.#obex.looked + (this.#head?.octets ?? 0) + (this.#chunks?.looked ?? 0)
    );
  }

  /** Octets of the first message in `octets`, which are those of the last call and more; 0 while more have to come; -1 where none begins. */
  find(octets: Uint8Array, measuring: Measuring): number {
    if (octets.length === 0) return 0;
    if (this.#layer === 'smpp') return smppLength(octets);
    if (this.#layer === 'obex') return this.#obex.find(octets);
    const head = this.#headOf(octets, this.#layer);
    if (head === undefined) return octets.length > longestHead || !beginsLikeText(octets) ? -1 : 0;
    if (!head.begins) return -1;
    const length = head.octets + Number(head.said ?? 0);
    if (this.#layer === 'sip') return wholeOf(octets, length);
    const { status } = head;
    if (status !== undefined && (measuring.withoutBody || /^(?:1..|204|304)$/.test(status)))
      return head.octets;
    if (head.isChunked) {
      this.#chunks ??= new Chunks(head.octets);
      return this.#chunks.find(octets);
    }
    if (head.said !== undefined || status === undefined) return wholeOf(octets, length);
    // A body without a length goes on to the end of the stream (RFC 9112 §6.3).
    return measuring.ended ? octets.length : octets.length > longestMessage ? -1 : 0;
  }

  /** Whether an answer of HTTP is followed by another where its body would begin: it answers a HEAD that was not seen. */
  isBareAnswer(octets: Uint8Array): boolean {
    if (this.#layer !== 'http' || !isAnswerAt(octets, 0)) return false;
    const head = this.#headOf(octets, this.#layer);
    return head !== undefined && !head.holdsHttp && isAnswerAt(octets, head.octets);
  }

  #headOf(octets: Uint8Array, layer: 'sip' | 'http'): TextHead | undefined {
    if (this.#head !== undefined) return this.#head;
    const end = this.#emptyLine.find(octets);
    if (end === 0) return undefined;
    const text = latin1(octets, 0, Math.min(end, longestHead));
    this.#head = {
      octets: end,
      begins: (layer === 'sip' ? sipStart : httpStart).test(text),
      said: /^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,9})(?:[ \t]*,[ \t]*\1)*[ \t]*\r?$/im.exec(text)?.[1],
      status: /^HTTP\/1\.[01] ([0-9]{3})/.exec(text)?.[1],
      isChunked: /^transfer-encoding[ \t]*:.*\bchunked[ \t]*\r?$/im.test(text),
      holdsHttp: /^content-type[ \t]*:[ \t]*message\/http/im.test(text),
    };
    return this.#head;
  }
}

function smppLength(octets: Uint8Array): number {
  if (octets.length < 8) return (octets[0] ?? 0) === 0 ? 0 : -1;
  const length = u32(octets, 0);
  const command = u32(octets, 4);
  if (length < smppHeaderOctets || length > longestPdu || !mayBeCommand(command)) return -1;
  if (commandName(command) === undefined) {
    // A command of a centre's own: the rest of its header has to be such as occurs.
    if (octets.length < smppHeaderOctets) return 0;
    if (!fitsSmppNumbers(octets, 0)) return -1;
  }
  return octets.length < length ? 0 : length;
}

/** Octets of the header of a PDU (SMPP 3.4 §3.2). */
export const smppHeaderOctets = 16;

/** Whether a whole header of a PDU stands at `at`: its length, command, status and sequence number are such as occur. */
export function fitsSmppHeader(octets: Uint8Array, at: number): boolean {
  if (octets[at] !== 0 || octets.length - at < smppHeaderOctets) return false;
  const length = u32(octets, at);
  return (
    length >= smppHeaderOctets &&
    length <= longestPdu &&
    commandName(u32(octets, at + 4)) !== undefined &&
    fitsSmppNumbers(octets, at)
  );
}

/** Whether status and sequence number of a whole header are such as occur. */
function fitsSmppNumbers(octets: Uint8Array, at: number): boolean {
  const sequence = u32(octets, at + 12);
  // A request has no status (SMPP 3.4 §3.2).
  const mostStatus = u32(octets, at + 4) < 0x8000_0000 ? 0 : 0xffff;
  return u32(octets, at + 8) <= mostStatus && sequence > 0 && sequence < 0x8000_0000;
}

function isAnswerAt(octets: Uint8Array, at: number): boolean {
  return /^HTTP\/1\.[01] [1-5][0-9]{2} /.test(latin1(octets, at, Math.min(at + 13, octets.length)));
}

function wholeOf(octets: Uint8Array, length: number): number {
  if (length > longestMessage) return -1;
  return octets.length < length ? 0 : length;
}

/** Chunks with their sizes, the last of size 0, and what follows it up to an empty line (RFC 9112 §7.1). */
class Chunks {
  /** Where the line of the next chunk begins. */
  #at: number;
  /** Behind the last chunk. */
  #trailers: EmptyLine | undefined;
  #lines = 0;

  constructor(head: number) {
    this.#at = head;
  }

  get looked(): number {
    return this.#lines + (this.#trailers?.looked ?? 0);
  }

  /** As `MessageLength.find`. */
  find(octets: Uint8Array): number {
    while (this.#trailers === undefined) {
      const at = this.#at;
      if (at > longestMessage) return -1;
      if (at > octets.length) return 0;
      const end = octets.indexOf(0x0a, at);
      this.#lines += (end < 0 ? octets.length : end) - at;
      if (end < 0) return octets.length - at > longestChunkLine ? -1 : 0;
      const line = latin1(octets, at, Math.min(end, at + 4096));
      const size = /^([0-9a-fA-F]{1,7})[ \t]*(?:;.*)?\r?$/.exec(line)?.[1];
      if (size === undefined) return -1;
      const length = Number.parseInt(size, 16);
      if (length === 0) this.#trailers = new EmptyLine(end + 1);
      this.#at = end + 1 + (length === 0 ? 0 : length + 2);
    }
    // Without trailers an empty line follows at once.
    if (octets.length - this.#at < 2) return 0;
    if (octets[this.#at] === 0x0d && octets[this.#at + 1] === 0x0a) return this.#at + 2;
    const trailers = this.#trailers.find(octets);
    return trailers > 0 ? trailers : octets.length - this.#at > longestHead ? -1 : 0;
  }
}

const sipStart = /^(?:SIP\/[0-9.]+ [0-9]{3} |[A-Z]{2,20} \S+ SIP\/[0-9.]+\r?\n)/i;
const httpStart = /^(?:[A-Z]{2,20} \S+ HTTP\/1\.[01]\r?\n|HTTP\/1\.[01] [0-9]{3})/;

/** Looks for the end of the first empty line, in octets that grow at their end. */
class EmptyLine {
  /** No empty line begins before it. */
  #at: number;
  #looked = 0;

  constructor(from: number) {
    this.#at = from;
  }

  get looked(): number {
    return this.#looked;
  }

  /** The offset behind it; 0 where there is none yet. */
  find(octets: Uint8Array): number {
    const from = this.#at;
    // Some peers end lines with LF alone.
    for (let at = octets.indexOf(0x0a, from); at >= 0; at = octets.indexOf(0x0a, at + 1)) {
      const next = octets[at + 1] === 0x0d ? at + 2 : at + 1;
      if (octets[next] === 0x0a) {
        this.#looked += next + 1 - from;
        return next + 1;
      }
    }
    this.#looked += Math.max(octets.length - from, 0);
    // It may have begun with the last three.
    this.#at = Math.max(from, octets.length - 3);
    return 0;
  }
}

/** Whether octets can be the start of a first line: letters up to a space or a slash. */
function beginsLikeText(octets: Uint8Array): boolean {
  return /^[A-Za-z]{1,20}(?:[ /]|$)/.test(latin1(octets, 0, Math.min(octets.length, 24)));
}

/**
 * The protocol that a stream begins with, by what it says itself; `undefined` while more is needed to know, `none` where it
 * is none of ours.
 */
export function streamLayerOf(octets: Uint8Array): StreamLayer | 'none' | undefined {
  const [first = 0] = octets;
  if (octets.length === 0) return undefined;
  if (first === 0) {
    if (octets.length < 16) return undefined;
    return beginsMessage('smpp', octets) && u32(octets, 12) > 0 ? 'smpp' : 'none';
  }
  if (isObexRequest(first)) {
    const begins = beginsObex(octets);
    return begins === undefined ? undefined : begins ? 'obex' : 'none';
  }
  if (!beginsLikeText(octets)) return 'none';
  const end = octets.indexOf(0x0a);
  if (end < 0) return octets.length > 4096 ? 'none' : undefined;
  const line = latin1(octets, 0, Math.min(end + 1, 4096));
  return sipStart.test(line) ? 'sip' : httpStart.test(line) ? 'http' : 'none';
}

/** A word for what a stream of none of our protocols begins with. */
export function foreignName(octets: Uint8Array): string {
  const [first, second] = octets;
  return first === 0x16 && second === 0x03 ? 'TLS' : 'none of the protocols that are read';
}

/** Whether a message of this protocol begins here, as far as the octets tell; for streams that are joined in the middle. */
export function beginsMessage(layer: StreamLayer, octets: Uint8Array): boolean {
  if (layer === 'sip') return sipStart.test(latin1(octets, 0, Math.min(octets.length, 2048)));
  if (layer === 'http') return httpStart.test(latin1(octets, 0, Math.min(octets.length, 2048)));
  if (layer === 'smpp') {
    if (octets.length < smppHeaderOctets || commandName(u32(octets, 4)) === undefined) return false;
    return smppLength(octets) >= 0 && u32(octets, 12) < 0x8000_0000;
  }
  return beginsObex(octets, true) === true;
}

function latin1(octets: Uint8Array, from: number, to: number): string {
  return String.fromCharCode.apply(
    null,
    octets.subarray(from, Math.min(to, from + longestHead)) as unknown as number[],
  );
}

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

function u32(octets: Uint8Array, at: number): number {
  return u16(octets, at) * 65_536 + u16(octets, at + 2);
}
