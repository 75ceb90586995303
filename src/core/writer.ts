// A growing octet buffer. Lengths known only later are reserved and filled in afterwards.
import { requireOctets, utf8Length, writeUtf8 } from './bytes.ts';

/** Appends octets; numbers are big-endian. */
export class ByteWriter {
  #buffer: Uint8Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#buffer = new Uint8Array(capacity);
  }

  /** Octets written so far. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written, to write something else into the same room. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  u8(value: number): this {
    this.#grow(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
    return this;
  }

  /** Unsigned integer in `size` octets (1–6). */
  uint(value: number, size: number): this {
    this.#grow(size);
    this.#place(value, size, this.#length);
    this.#length += size;
    return this;
  }

  /** uintvar (WSP §8.1.2), the same as mb_u_int32 (WBXML §5.1): 0–4294967295. */
  uintvar(value: number): this {
    let groups = 1;
    for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) groups += 1;
    for (let i = groups - 1; i >= 0; i -= 1) {
      this.u8((Math.floor(value / 128 ** i) % 128) | (i > 0 ? 0x80 : 0));
    }
    return this;
  }

  /** @throws {ValueError} WRONG_TYPE for a text */
  bytes(part: Uint8Array): this {
    requireOctets(part);
    this.#grow(part.length);
    this.#buffer.set(part, this.#length);
    this.#length += part.length;
    return this;
  }

  utf8(text: string): this {
    const length = utf8Length(text);
    this.#grow(length);
    writeUtf8(text, this.#buffer, this.#length, length);
    this.#length += length;
    return this;
  }

  /** Leaves `size` octets to be set by `fill`; returns where they are. */
  reserve(size: number): number {
    const at = this.#length;
    this.#grow(size);
    this.#length += size;
    return at;
  }

  /** Writes an unsigned integer into octets that `reserve` returned. */
  fill(at: number, value: number, size: number): void {
    this.#place(value, size, at);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  /** What was written, copied only when the buffer is larger. The writer must not be used afterwards. */
  release(): Uint8Array {
    return this.#length === this.#buffer.length ? this.#buffer : this.finish();
  }

  /** A view of what was written; valid until the next write. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #place(value: number, size: number, at: number): void {
    const buffer = this.#buffer;
    let rest = value;
    for (let i = size - 1; i >= 0; i -= 1) {
      buffer[at + i] = rest;
      rest = Math.floor(rest / 256);
    }
  }

  #grow(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(wanted, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
