// A body whose lines are values of their own, as it comes in: octets in, lines out, with a bound for each line.
import { isUtf8 } from 'node:buffer';
import { ValueError } from '../../core/index.ts';
import { firstFault } from './json-body.ts';
import { ApiError } from './problem.ts';

/** A line that is not blank. */
export interface BodyLine {
  /** From 1; blank lines count. */
  readonly number: number;
  /** Without its end; empty where there is a fault. */
  readonly text: string;
  /** Why it has no text. */
  readonly fault?: ValueError | ApiError;
}

const lineFeed = 10;
/** Octets that the place for a line which comes in pieces has at first, and again behind a line that took more. */
const usualPlace = 4096;

/** Divides octets into lines, which end with LF or CR LF; the last one may go without. */
export class BodyLines {
  readonly #limit: number;
  #number = 0;
  /** The beginning of a line whose end has not come, in a place that grows with it. */
  #place = Buffer.allocUnsafe(usualPlace);
  #held = 0;
  /** A line that came in pieces. */
  #joined: BodyLine | undefined;
  /** Lines behind it, each with its LF: as text where all of them are UTF-8 and none can be too long, else as octets. */
  #text = '';
  #octets: Buffer | undefined;
  #at = 0;

  /** @param limit octets of a line at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True while the beginning of a line is here and its end is not. */
  get isWithinLine(): boolean {
    return this.#held > 0;
  }

  /** Takes octets over, once `next` gives no more lines of those before. True when a line has ended in them. */
  add(octets: Buffer): boolean {
    const last = octets.lastIndexOf(lineFeed);
    if (last < 0) {
      this.#hold(octets);
      return false;
    }
    let from = 0;
    if (this.isWithinLine) {
      const end = octets.indexOf(lineFeed);
      this.#hold(octets.subarray(0, end));
      this.#join();
      from = end + 1;
    }
    const lines = octets.subarray(from, last + 1);
    if (lines.length <= this.#limit && isUtf8(lines)) this.#text = lines.toString();
    else this.#octets = lines;
    this.#at = 0;
    this.#hold(octets.subarray(last + 1));
    return true;
  }

  /** The body has ended: what is held is its last line. */
  end(): void {
    if (this.isWithinLine) this.#join();
  }

  /** The next line that is whole; `undefined` until more octets are here. */
  next(): BodyLine | undefined {
    for (;;) {
      const line = this.#nextOfAll();
      if (line === undefined || line.fault !== undefined || !isBlank(line.text)) return line;
    }
  }

  #nextOfAll(): BodyLine | undefined {
    const joined = this.#joined;
    if (joined !== undefined) {
      this.#joined = undefined;
      return joined;
    }
    if (this.#octets !== undefined) {
      const octets = this.#octets;
      const end = octets.indexOf(lineFeed, this.#at);
      if (end >= 0) {
        const line = octets.subarray(this.#at, end);
        this.#at = end + 1;
        return this.#lineOf(line);
      }
      this.#octets = undefined;
    }
    const end = this.#text.indexOf('\n', this.#at);
    if (end < 0) {
      this.#text = '';
      return undefined;
    }
    const text = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    this.#number += 1;
    return { number: this.#number, text };
  }

  #lineOf(octets: Buffer): BodyLine {
    this.#number += 1;
    const number = this.#number;
    if (octets.length > this.#limit) {
      const detail = `the line is larger than this server takes: at most ${this.#limit} octets fit`;
      return { number, text: '', fault: new ApiError(413, 'TOO_LONG', detail) };
    }
    if (isUtf8(octets)) return { number, text: octets.toString() };
    const detail = `the line is not UTF-8 (octet ${firstFault(octets) + 1})`;
    return { number, text: '', fault: new ValueError('BAD_FORMAT', detail) };
  }

  /** Keeps the next piece of a line; of one that is too long no more than shows that. */
  #hold(piece: Buffer): void {
    const length = Math.min(this.#held + piece.length, this.#limit + 1);
    if (length > this.#place.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, Math.min(this.#place.length * 2, this.#limit + 1)));
      this.#place.copy(larger, 0, 0, this.#held);
      this.#place = larger;
    }
    piece.copy(this.#place, this.#held, 0, length - this.#held);
    this.#held = length;
  }

  /** Makes a line of what is held. */
  #join(): void {
    this.#joined = this.#lineOf(this.#place.subarray(0, this.#held));
    this.#held = 0;
    if (this.#place.length > usualPlace) this.#place = Buffer.allocUnsafe(usualPlace);
  }
}

/** White space alone (RFC 8259 §2), be it behind a byte order mark. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first > 32 && first !== 0xfeff) return false;
  return /^\ufeff?[ \t\r]*$/.test(text);
}
