// One direction of a TCP connection: segments in the order of their sequence numbers, whatever order they were seen in.
import type { Seen } from './stream-buffer.ts';

/** A segment with octets, as it was seen. */
export interface StreamSegment extends Seen {
  /** Sequence number of its first octet. */
  readonly sequence: number;
  readonly octets: Uint8Array;
  /** Octets behind these that it had on the link, and the capture lacks. */
  readonly missing?: number;
}

/** Takes what is in order. */
export interface OrderedSink {
  /** The next octets of the stream. */
  octets(segment: StreamSegment): void;
  /** Octets that were given already, `behind` octets before those that come next: they came twice. */
  again(octets: Uint8Array, behind: number): void;
  /** The capture lacks this many octets; what follows is behind them. `frame` showed it. */
  gap(octets: number, frame: number): void;
}

/** Segments that are held while one before them is awaited, and octets in them. */
const mostHeld = 256;
const mostHeldOctets = 1 << 20;
/** Octets that a late SYN may stand before the first ones that were seen. */
const mostBefore = 65_535;

/** How far `a` is ahead of `b`, on the circle of 32 bits (RFC 9293 §3.4). */
export function ahead(a: number, b: number): number {
  return (a - b) | 0;
}

/** Puts segments in order. */
export class StreamOrder {
  /** Sequence number that comes next; `undefined` before the first segment. */
  #next: number | undefined;
  /** Its first octet that was seen. */
  #first: number | undefined;
  /** A SYN told where it begins. */
  #begun = false;
  #held: StreamSegment[] = [];
  #heldOctets = 0;

  /** Octets that wait for others. */
  get heldOctets(): number {
    return this.#heldOctets;
  }

  /** True while it is not known where it begins. */
  get unseen(): boolean {
    return this.#next === undefined;
  }

  /** A SYN was seen: the stream begins behind its number, where octets of it have not told another place. */
  begin(sequence: number, sink: OrderedSink): void {
    this.#begun = true;
    if (this.#next !== undefined) return;
    this.#next = (sequence + 1) >>> 0;
    this.#release(sink);
  }

  /** Whether a SYN with this number begins another stream than the one that is read. */
  isOther(sequence: number): boolean {
    const first = this.#first ?? this.#held[0]?.sequence;
    // Seen late, it stands right before what was seen already, or before little that was not.
    if (!this.#begun && first !== undefined) {
      const before = ahead(first, sequence + 1);
      return before < 0 || before > mostBefore;
    }
    return this.#next !== undefined && ahead(sequence + 1, this.#next) !== 0;
  }

  /** Whether the stream was read up to this number. */
  reached(sequence: number): boolean {
    return this.#next !== undefined && this.#held.length === 0 && ahead(this.#next, sequence) >= 0;
  }

  /** Takes a segment with octets. */
  add(segment: StreamSegment, sink: OrderedSink): void {
    if (this.#next === undefined && !this.#beginAt(segment, sink)) return;
    if (ahead(segment.sequence, this.#next ?? 0) <= 0) {
      this.#pass(segment, sink);
      this.#release(sink);
      return;
    }
    this.#hold(segment);
    while (this.#held.length > mostHeld || this.#heldOctets > mostHeldOctets) this.#skip(sink);
  }

  /** The peer has acknowledged all before this number: what is awaited before it, the capture has not seen. */
  acknowledged(number: number, sink: OrderedSink): void {
    for (let first = this.#held[0]; first !== undefined; first = this.#held[0]) {
      if (ahead(number, first.sequence + first.octets.length + (first.missing ?? 0)) < 0) return;
      this.#skip(sink);
    }
  }

  /** Nothing more comes: what is held is given, with the gaps before it. */
  flush(sink: OrderedSink): void {
    while (this.#held.length > 0) this.#skip(sink);
  }

  /**
   * Without a SYN the stream begins with its first segment, or with the second where that stands right before it: the first one
   * waits for it. False while it does.
   */
  #beginAt({ sequence, octets, missing = 0, ...rest }: StreamSegment, sink: OrderedSink): boolean {
    const [first] = this.#held;
    if (first === undefined) {
      this.#hold({ sequence, octets, missing, ...rest });
      return false;
    }
    const isBefore = ahead(first.sequence, sequence) > 0;
    const reaches = ahead(sequence + octets.length + missing, first.sequence) >= 0;
    this.#next = isBefore && reaches ? sequence : first.sequence;
    this.#release(sink);
    return true;
  }

  #hold(segment: StreamSegment): void {
    let at = this.#held.length;
    while (at > 0 && ahead(this.#held[at - 1]?.sequence ?? 0, segment.sequence) > 0) at -= 1;
    const before = this.#held[at - 1];
    const again = before?.sequence === segment.sequence && before.octets.length >= segment.octets.length;
    if (again && segment.octets.every((octet, index) => octet === before.octets[index])) return;
    // A copy: the view would keep the chunk of the file alive.
    this.#held.splice(at, 0, { ...segment, octets: segment.octets.slice() });
    this.#heldOctets += segment.octets.length;
  }

  /** Gives up what is awaited before the first segment that is held. */
  #skip(sink: OrderedSink): void {
    const [first] = this.#held;
    if (first === undefined) return;
    this.#next ??= first.sequence;
    const missing = ahead(first.sequence, this.#next);
    if (missing > 0) {
      sink.gap(missing, first.frame);
      this.#next = first.sequence;
    }
    this.#release(sink);
  }

  #release(sink: OrderedSink): void {
    let count = 0;
    for (const segment of this.#held) {
      if (ahead(segment.sequence, this.#next ?? 0) > 0) break;
      count += 1;
      this.#heldOctets -= segment.octets.length;
      this.#pass(segment, sink);
    }
    if (count > 0) this.#held.splice(0, count);
  }

  /** Hands on what is new of a segment; of octets that were seen twice the first ones count. */
  #pass(segment: StreamSegment, sink: OrderedSink): void {
    const { octets, sequence, missing = 0 } = segment;
    const known = ahead(this.#next ?? 0, sequence);
    const length = octets.length + missing;
    // A keepalive has one octet that is none of the stream (RFC 9293 §3.8.4).
    if (known > 0 && octets.length > 1) {
      sink.again(octets.subarray(0, known), Math.max(known - octets.length, 0));
    }
    if (known >= length) return;
    this.#first ??= sequence;
    this.#next = (sequence + length) >>> 0;
    if (known < octets.length) {
      sink.octets(known === 0 ? segment : { ...segment, octets: octets.subarray(known) });
    }
    if (missing > 0) sink.gap(length - Math.max(known, octets.length), segment.frame);
  }
}
