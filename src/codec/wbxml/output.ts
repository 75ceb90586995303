// The octets of a body that is written: a growing buffer made for many short strings.
import { ValueError } from '../../core/index.ts';
import { globalTokens as G } from './tokens.ts';

const utf8 = new TextEncoder();
/** Up to this many characters, a loop is faster than the platform's encoder. */
const shortText = 48;

// One buffer serves document after document; while a document is written it is taken away.
let spare: Uint8Array | undefined;
const largestSpare = 64 * 1024;

/** Appends tokens, integers, strings and octets, up to a limit. */
export class WbxmlOutput {
  #buffer: Uint8Array;
  #length = 0;
  readonly #limit: number;

  /** `limit` is the largest body allowed, in octets. */
  constructor(limit: number) {
    this.#buffer = spare ?? new Uint8Array(4096);
    spare = undefined;
    this.#limit = limit;
  }

  /** A copy of what was written, behind `head`. The output must not be used afterwards. */
  finish(head: readonly number[], table: Uint8Array | undefined): Uint8Array {
    const tableLength = table?.length ?? 0;
    this.#room(head.length + tableLength);
    const out = new Uint8Array(head.length + tableLength + this.#length);
    out.set(head);
    if (table !== undefined) out.set(table, head.length);
    out.set(this.#buffer.subarray(0, this.#length), head.length + tableLength);
    if (this.#buffer.length <= largestSpare) {
      // It may have held secrets.
      this.#buffer.fill(0, 0, this.#length);
      spare = this.#buffer;
    }
    return out;
  }

  /** One octet. */
  token(octet: number): void {
    if (this.#length === this.#buffer.length) this.#room(1);
    this.#buffer[this.#length] = octet;
    this.#length += 1;
  }

  /** mb_u_int32: 0–4294967295. */
  integer(value: number): void {
    for (let shift = 28; shift > 0; shift -= 7) {
      if (value >= 2 ** shift) this.token((Math.floor(value / 2 ** shift) & 0x7f) | 0x80);
    }
    this.token(value & 0x7f);
  }

  /** STR_I, or OPAQUE for a text with a NUL. @throws {ValueError} BAD_FORMAT for a lone surrogate */
  text(text: string, path: string): void {
    const { length } = text;
    if (length > shortText) {
      this.#longText(text, path);
      return;
    }
    this.#room(length + 2);
    const buffer = this.#buffer;
    let at = this.#length;
    buffer[at] = G.STR_I;
    for (let i = 0; i < length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit === 0 || unit >= 0x80) {
        this.#longText(text, path);
        return;
      }
      at += 1;
      buffer[at] = unit;
    }
    buffer[at + 1] = 0;
    this.#length = at + 2;
  }

  /** OPAQUE. */
  opaque(octets: Uint8Array): void {
    this.#room(octets.length + 6);
    this.token(G.OPAQUE);
    this.integer(octets.length);
    this.#buffer.set(octets, this.#length);
    this.#length += octets.length;
  }

  #longText(text: string, path: string): void {
    if (!text.isWellFormed()) throw new ValueError('BAD_FORMAT', 'text has a lone surrogate', path);
    if (text.includes('\0')) {
      this.opaque(utf8.encode(text));
      return;
    }
    // Three octets a character at most; the limit is on what is really written.
    this.#room(text.length + 2);
    this.#grow(this.#length + text.length * 3 + 2);
    this.token(G.STR_I);
    this.#length += utf8.encodeInto(text, this.#buffer.subarray(this.#length)).written;
    this.token(0);
    this.#room(0);
  }

  #room(more: number): void {
    const wanted = this.#length + more;
    if (wanted > this.#limit) {
      throw new ValueError('TOO_LONG', `document of more than ${this.#limit} octets`);
    }
    if (wanted > this.#buffer.length) this.#grow(wanted);
  }

  #grow(wanted: number): void {
    if (wanted <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(wanted, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
