// Where the next message of a stream begins, when it is not known: the stream was joined in the middle, or octets are missing.
import type { StreamLayer } from './captured-message.ts';
import { beginsMessage, fitsSmppHeader, smppHeaderOctets } from './message-length.ts';
import { beginsObex, isObexRequest } from './obex-length.ts';

/** Octets of a first line at most, as far as they are looked at. */
const longestLine = 2048;
/** PDUs that wait for what follows them to be believed. */
const mostPending = 64;
/** Places in lines without an end that wait for it. */
const mostWaiting = 256;
/** Octets that tell an answer. */
const longestAnswer = 32;

/** Looks for the next beginning in octets that grow at their end; each octet is looked at once. */
export class MessageSearch {
  readonly #layer: StreamLayer;
  /** All before it was looked at. */
  #next: number;
  /** Places that may be a beginning, as soon as more is there. */
  #pending: number[] = [];

  /** Octets before `from` begin no message. */
  constructor(layer: StreamLayer, from = 0) {
    this.#layer = layer;
    this.#next = from;
  }

  /**
   * Offset of the beginning in `octets`, which are those of the last call and more; -1 where none is seen yet. The last
   * segment of them begins at `segment`.
   */
  find(octets: Uint8Array, segment: number): number {
    if (segment >= this.#next && beginsMessage(this.#layer, octets.subarray(segment))) {
      const earlier = this.#within(octets);
      return earlier >= 0 ? Math.min(earlier, segment) : segment;
    }
    return this.#within(octets, segment);
  }

  #within(octets: Uint8Array, segment = -1): number {
    if (this.#layer === 'smpp') return this.#smpp(octets);
    return this.#layer === 'obex' ? -1 : this.#text(octets, segment);
  }

  /** Lines and segments that begin like a message; a line that is not whole waits. */
  #text(octets: Uint8Array, segment: number): number {
    const known = this.#next;
    // None of the places that wait had a line end before `known`.
    const lineEnd = octets.indexOf(0x0a, known);
    const waiting: number[] = [];
    for (const at of this.#places(octets, segment)) {
      const end = at < known ? lineEnd : octets.indexOf(0x0a, at);
      const until = end < 0 ? octets.length : end + 1;
      if (!isLetter(octets[at]) || until - at > longestLine) continue;
      // An answer says what it is soon, a request at the end of its line.
      const isTold = end >= 0 || known - at < longestAnswer;
      if (isTold && beginsMessage(this.#layer, octets.subarray(at, until))) return at;
      if (end < 0 && waiting.length < mostWaiting) waiting.push(at);
    }
    this.#next = octets.length;
    this.#pending = waiting;
    return -1;
  }

  /** Places that wait, and those that are new: beginnings of lines and of the segment. */
  *#places(octets: Uint8Array, segment: number): Generator<number> {
    yield* this.#pending;
    let own = segment >= this.#next ? segment : octets.length;
    const from = Math.max(this.#next - 1, 0);
    for (let at = octets.indexOf(0x0a, from); at >= 0; at = octets.indexOf(0x0a, at + 1)) {
      const line = at + 1;
      if (line >= octets.length) break;
      if (own < line) yield own;
      if (own <= line) own = octets.length;
      if (line >= this.#next) yield line;
    }
    if (own < octets.length) yield own;
  }

  /** Headers of PDUs that another follows, or whose PDU ends with what is there. */
  #smpp(octets: Uint8Array): number {
    const places = this.#pending;
    const last = octets.length - smppHeaderOctets;
    for (; this.#next <= last && places.length < mostPending; this.#next += 1) {
      if (fitsSmppHeader(octets, this.#next)) places.push(this.#next);
    }
    if (this.#next <= last) this.#next = last + 1;
    const waiting: number[] = [];
    for (const at of places) {
      const length = ((octets[at + 1] ?? 0) << 16) | ((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0);
      const end = at + length;
      if (end === octets.length || (end <= last && fitsSmppHeader(octets, end))) return at;
      if (end > last) waiting.push(at);
    }
    this.#pending = waiting;
    return -1;
  }
}

const searched = ['http', 'sip', 'smpp'] as const;

/** Looks for a message of any protocol that says itself where it begins, in a stream of which neither ports nor start tell more. */
export class LayerSearch {
  readonly #searches = new Map<StreamLayer, MessageSearch>();

  /** The protocol of which a message begins in `octets`, which are those of the last call and more. */
  find(octets: Uint8Array, segment: number): StreamLayer | undefined {
    for (const layer of searched) {
      const search = this.#searches.get(layer) ?? new MessageSearch(layer);
      this.#searches.set(layer, search);
      if (search.find(octets, segment) >= 0) return layer;
    }
    // A packet of OBEX is known where a segment begins.
    const start = octets.subarray(segment);
    return isObexRequest(start[0] ?? 0) && beginsObex(start) === true ? 'obex' : undefined;
  }
}

function isLetter(octet = 0): boolean {
  return (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a);
}
