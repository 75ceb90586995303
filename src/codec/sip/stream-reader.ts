// Cuts a stream into messages by Content-Length (RFC 3261 §18.3), with keep-alives between them (RFC 5626 §3.5.1).
import { DecodeError } from '../../core/index.ts';
import { decodeSipHead, type SipHead } from './decode.ts';
import { isToken } from './field-reader.ts';
import { type SipMessage, type SipReading, sipDocument, sipLimits } from './message.ts';

/** What a stream brought. */
export type SipStreamItem =
  | {
      readonly kind: 'message';
      readonly message: SipMessage /** All of its octets. */;
      readonly octets: number;
    }
  /** Two CRLF: the peer wants one back. */
  | { readonly kind: 'ping' }
  /** One CRLF: the answer to a ping of ours. */
  | { readonly kind: 'pong' };

/** Reads one stream. After an error nothing more can be read: where the next message starts is unknown. */
export class SipStreamReader {
  readonly #limits: SipReading;
  #buffer: Uint8Array = new Uint8Array(1024);
  #start = 0;
  #end = 0;
  /** Octets of the head that have been searched for its end. */
  #searched = 0;
  #head: SipHead | undefined;
  /** True when the last thing read was one CRLF: with another one it is a ping in two parts. */
  #afterPong = false;

  constructor(limits: SipReading = {}) {
    this.#limits = limits;
  }

  /** True between two messages. */
  get idle(): boolean {
    return this.#start === this.#end;
  }

  /** Adds octets as they arrive; they are copied. */
  push(octets: Uint8Array): void {
    const held = this.#end - this.#start;
    if (this.#end + octets.length > this.#buffer.length) {
      const wanted = held + octets.length;
      const target = wanted > this.#buffer.length ? new Uint8Array(wanted * 2) : this.#buffer;
      target.set(this.#held());
      this.#buffer = target;
      this.#start = 0;
      this.#end = held;
    }
    this.#buffer.set(octets, this.#end);
    this.#end += octets.length;
  }

  /**
   * The next item; `undefined` when more octets are needed. Offsets in errors count from the start of the message.
   * @throws {DecodeError} LIMIT, BAD_VALUE, UNSUPPORTED, or no Content-Length
   */
  next(): SipStreamItem | undefined {
    const held = this.#held();
    if (this.#head === undefined && held[0] === 0x0d) return this.#keepAlive(held);
    const head = this.#head ?? this.#readHead(held);
    if (head === undefined) return undefined;
    this.#head = head;
    const { bodyOffset, contentLength = 0 } = head;
    const octets = bodyOffset + contentLength;
    if (held.length < octets) return undefined;
    const body = held.slice(bodyOffset, octets);
    this.#drop(octets);
    this.#afterPong = false;
    return { kind: 'message', message: { ...head.message, body }, octets };
  }

  #held(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  #keepAlive(held: Uint8Array): SipStreamItem | undefined {
    if (held.length >= 2 && held[1] !== 0x0a) throw broken('BAD_VALUE', 'CR without LF', 1, '7.5');
    if (held.length < 2 || (held.length === 3 && held[2] === 0x0d)) return undefined;
    const double = held[2] === 0x0d && held[3] === 0x0a;
    const kind = double || this.#afterPong ? 'ping' : 'pong';
    this.#drop(double ? 4 : 2);
    this.#afterPong = kind === 'pong';
    return { kind };
  }

  #readHead(held: Uint8Array): SipHead | undefined {
    const { maxHeadOctets = sipLimits.maxHeadOctets, maxBody = sipLimits.maxBody } = this.#limits;
    const end = endOfHead(held, Math.max(this.#searched - 3, 0));
    this.#searched = held.length;
    if (end < 0) {
      // Another protocol, TLS for one, would be waited for in vain.
      if (held.length > 0 && !isToken(String.fromCharCode(held[0] ?? 0))) {
        throw broken('BAD_VALUE', 'neither a request line nor a status line', 0, '7');
      }
      if (held.length >= maxHeadOctets) {
        throw broken('LIMIT', `start line and headers beyond ${maxHeadOctets} octets`, maxHeadOctets, '7');
      }
      return undefined;
    }
    const head = decodeSipHead(held.subarray(0, end), this.#limits);
    const { contentLength, bodyOffset } = head;
    if (contentLength === undefined) {
      throw broken('BAD_VALUE', 'Content-Length is missing, which a stream needs', bodyOffset, '18.3');
    }
    if (contentLength > maxBody) {
      const detail = `a body of ${contentLength} octets, at most ${maxBody} are read`;
      throw broken('LIMIT', detail, bodyOffset, '18.3');
    }
    return head;
  }

  #drop(octets: number): void {
    this.#start += octets;
    if (this.#start === this.#end) {
      this.#start = 0;
      this.#end = 0;
    }
    this.#searched = 0;
    this.#head = undefined;
  }
}

/** Octet behind the first empty line, or -1. */
function endOfHead(octets: Uint8Array, from: number): number {
  for (let at = octets.indexOf(0x0d, from); at >= 0; at = octets.indexOf(0x0d, at + 1)) {
    if (octets[at + 1] === 0x0a && octets[at + 2] === 0x0d && octets[at + 3] === 0x0a) return at + 4;
  }
  return -1;
}

function broken(code: 'BAD_VALUE' | 'LIMIT', detail: string, offset: number, section: string): DecodeError {
  return new DecodeError(code, detail, { path: '', offset, bit: 0 }, { doc: sipDocument, section });
}
