// Octets of a stream that are in order and not cut yet, and which frames brought them.
import type { CaptureTime } from '../capture/packet.ts';
import { mostNamedFrames } from './captured-message.ts';

const nothing = new Uint8Array(0);

/** Octets behind one another. */
export class StreamBuffer {
  #octets: Uint8Array = nothing;
  #start = 0;
  #end = 0;
  readonly #marks = new FrameMarks();

  /** Octets that are there. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** What is there, as a view that holds until the next call. */
  get octets(): Uint8Array {
    return this.#octets.subarray(this.#start, this.#end);
  }

  /** Adds octets of a frame; they are copied. */
  add(octets: Uint8Array, seen: Seen): void {
    if (this.#end + octets.length > this.#octets.length) this.#makeRoom(octets.length);
    this.#octets.set(octets, this.#end);
    this.#end += octets.length;
    this.#marks.add(octets.length, seen);
  }

  /** Whether octets that end `behind` octets before the end are others than these; what was taken away is not compared. */
  differs(octets: Uint8Array, behind: number): boolean {
    const held = this.octets;
    const start = held.length - behind - octets.length;
    return octets.some((octet, index) => (held[start + index] ?? octet) !== octet);
  }

  /** Takes the first octets away: a copy of them, and the frames that they came in. */
  take(length: number): SeenIn & { readonly octets: Uint8Array } {
    const until = this.#start + length;
    const octets = this.#octets.slice(this.#start, until);
    this.#start = until;
    const seen = this.#marks.take(length);
    if (this.#start === this.#end) this.clear();
    return { octets, ...seen };
  }

  /** Takes everything away, piece by piece as frames brought it. */
  takePieces(): readonly (Seen & { readonly octets: Uint8Array })[] {
    let from = this.#start;
    const pieces = this.#marks.takePieces().map(({ length, ...seen }) => {
      const octets = this.#octets.slice(from, from + length);
      from += length;
      return { octets, ...seen };
    });
    this.clear();
    return pieces;
  }

  /** Forgets everything. */
  clear(): void {
    this.#start = 0;
    this.#end = 0;
    this.#marks.clear();
    if (this.#octets.length > 65_536) this.#octets = nothing;
  }

  #makeRoom(octets: number): void {
    const held = this.length;
    const wanted = held + octets;
    const target = wanted > this.#octets.length ? new Uint8Array(Math.max(wanted * 2, 2048)) : this.#octets;
    target.set(this.octets);
    this.#octets = target;
    this.#start = 0;
    this.#end = held;
  }
}

/** Where octets were seen. */
export interface Seen {
  readonly frame: number;
  readonly time?: CaptureTime | undefined;
  /** Frames before it that brought some of what they were made of: a record of TLS may go over several. */
  readonly earlier?: readonly number[];
}

/** Where octets that are cut out of a stream were seen. */
export interface SeenIn {
  /** In order of the octets; of very long lists the first 64. */
  readonly frames: readonly number[];
  /** When the last of them was seen: with it the octets were whole. */
  readonly time: CaptureTime | undefined;
}

interface Mark {
  /** Octet of the stream behind the last one of this frame. */
  end: number;
  readonly frame: number;
  readonly time: CaptureTime | undefined;
}

/** Marks of the octets of a stream that are not taken yet. */
export class FrameMarks {
  #marks: Mark[] = [];
  /** Octets that were taken, and added. */
  #taken = 0;
  #added = 0;

  /** Octets that the frame brought, behind all others. */
  add(length: number, { frame, time, earlier = [] }: Seen): void {
    for (const each of earlier) this.#marks.push({ end: this.#added, frame: each, time });
    this.#added += length;
    const last = this.#marks.at(-1);
    if (last?.frame === frame) last.end = this.#added;
    else this.#marks.push({ end: this.#added, frame, time });
  }

  /** Takes the first octets away. */
  take(length: number): SeenIn {
    this.#taken += length;
    const frames: number[] = [];
    let time: CaptureTime | undefined;
    let gone = 0;
    for (const mark of this.#marks) {
      if (frames.length < mostNamedFrames && frames.at(-1) !== mark.frame) frames.push(mark.frame);
      time = later(time, mark.time);
      if (mark.end <= this.#taken) gone += 1;
      if (mark.end >= this.#taken) break;
    }
    this.#marks.splice(0, gone);
    return { frames, time };
  }

  /** Takes all away: how many octets each frame brought. */
  takePieces(): readonly (Seen & { readonly length: number })[] {
    let from = this.#taken;
    const pieces = this.#marks.map(({ end, frame, time }) => {
      const length = end - from;
      from = end;
      return { length, frame, time };
    });
    this.clear();
    return pieces;
  }

  /** Forgets everything. */
  clear(): void {
    this.#marks = [];
    this.#taken = this.#added;
  }
}

/** The later of two times. */
export function later(a: CaptureTime | undefined, b: CaptureTime | undefined): CaptureTime | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.seconds > b.seconds || (a.seconds === b.seconds && a.nanoseconds > b.nanoseconds) ? a : b;
}
