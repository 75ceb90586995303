// A bounded reader: every length is checked against its own end before anything is read or allocated.
import { bytesToUtf8 } from './bytes.ts';
import { DecodeError, type DecodeErrorCode } from './errors.ts';

/** Reads forward through octets and reports failures with their place in the whole input. */
export class ByteReader {
  readonly doc: string;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  /** Reads `bytes` from `start` to `end` (default: all). `doc` names the document in errors. */
  constructor(bytes: Uint8Array, doc: string, start = 0, end = bytes.length) {
    this.doc = doc;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = Math.min(end, bytes.length);
  }

  /** Offset of the next octet, from the start of the whole input. */
  get offset(): number {
    return this.#at;
  }

  /** Octets left before this reader's end. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** The next octet without consuming it, or `undefined` at the end. */
  peek(): number | undefined {
    return this.#at < this.#end ? this.#bytes[this.#at] : undefined;
  }

  /** Up to `length` of the next octets without consuming them, as a view. */
  ahead(length: number): Uint8Array {
    return this.#bytes.subarray(this.#at, Math.min(this.#at + length, this.#end));
  }

  /** Next octet. @throws {DecodeError} TRUNCATED */
  u8(path: string, section: string): number {
    this.need(1, path, section);
    const value = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  /** Big-endian unsigned integer of `size` octets (1–6). @throws {DecodeError} TRUNCATED */
  uint(size: number, path: string, section: string): number {
    this.need(size, path, section);
    let value = 0;
    for (let i = 0; i < size; i += 1) value = value * 256 + (this.#bytes[this.#at + i] ?? 0);
    this.#at += size;
    return value;
  }

  /** Next `length` octets as a view into the input. @throws {DecodeError} TRUNCATED */
  take(length: number, path: string, section: string): Uint8Array {
    this.need(length, path, section);
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }

  /** Everything up to the end, as a view. */
  rest(): Uint8Array {
    const part = this.#bytes.subarray(this.#at, this.#end);
    this.#at = this.#end;
    return part;
  }

  /** A reader of the next `length` octets that cannot see beyond them. @throws {DecodeError} TRUNCATED */
  sub(length: number, path: string, section: string): ByteReader {
    this.need(length, path, section);
    const inner = new ByteReader(this.#bytes, this.doc, this.#at, this.#at + length);
    this.#at += length;
    return inner;
  }

  /** UTF-8 text of `length` octets. @throws {DecodeError} TRUNCATED, or BAD_VALUE when it is not UTF-8 */
  utf8(length: number, path: string, section: string): string {
    const offset = this.#at;
    const text = bytesToUtf8(this.take(length, path, section));
    if (text === undefined) throw this.error('BAD_VALUE', 'not valid UTF-8', path, section, offset);
    return text;
  }

  /** Octets up to a 00, which is consumed but not returned. @throws {DecodeError} TRUNCATED without a 00 */
  untilNul(path: string, section: string): Uint8Array {
    // Searched within the bounds, so that a hostile input is not scanned to its end again and again.
    const bounded = this.#bytes.subarray(this.#at, this.#end);
    const nul = bounded.indexOf(0);
    if (nul < 0) throw this.error('TRUNCATED', 'text without its terminating 00', path, section);
    this.#at += nul + 1;
    return bounded.subarray(0, nul);
  }

  /** Octets up to a 00, which is consumed but not returned, or up to the end where there is none. */
  untilNulOrEnd(): Uint8Array {
    const rest = this.#bytes.subarray(this.#at, this.#end);
    const nul = rest.indexOf(0);
    this.#at = nul < 0 ? this.#end : this.#at + nul + 1;
    return nul < 0 ? rest : rest.subarray(0, nul);
  }

  /**
   * uintvar (WSP §8.1.2) and mb_u_int32 (WBXML §5.1): 7 bits an octet, most significant first, at most 5 octets, 32 bits.
   * @throws {DecodeError} TRUNCATED, or BAD_VALUE when it is longer
   */
  uintvar(path: string, section: string): number {
    const offset = this.#at;
    let value = 0;
    for (let i = 0; i < 5; i += 1) {
      const octet = this.u8(path, section);
      value = value * 128 + (octet & 0x7f);
      if ((octet & 0x80) === 0) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw this.error('BAD_VALUE', 'variable-length integer beyond 32 bits', path, section, offset);
  }

  /** @throws {DecodeError} TRAILING when octets are left */
  expectEnd(path: string, section: string): void {
    if (this.left > 0) throw this.error('TRAILING', `${this.left} octets left over`, path, section);
  }

  /** @throws {DecodeError} TRUNCATED when fewer than `length` octets are left */
  need(length: number, path: string, section: string): void {
    if (length > this.left) {
      throw this.error('TRUNCATED', `needs ${length} octets, ${this.left} left`, path, section);
    }
  }

  /** An error at this reader's place, or at `offset` and, within that octet, `bit` (0 = most significant). */
  error(
    code: DecodeErrorCode,
    detail: string,
    path: string,
    section: string,
    offset = this.#at,
    bit = 0,
  ): DecodeError {
    return new DecodeError(code, detail, { path, offset, bit }, { doc: this.doc, section });
  }
}
