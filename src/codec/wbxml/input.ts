// The octets of one WBXML document: integers, strings, bounds, and errors that say where.
import { DecodeError, type DecodeErrorCode } from '../../core/index.ts';
import { isXmlCodePoint } from '../xml/index.ts';
import type { WbxmlLimits } from './limits.ts';
import type { StringTable } from './string-table.ts';
import { type DocumentCharset, DocumentText } from './text.ts';

/** Short name of the document that the sections in errors and annotations refer to. */
export const wbxmlDoc = 'WBXML-1.3';

/** A cursor over the document. `at` may be moved by whoever reads. */
export class WbxmlInput {
  readonly octets: Uint8Array;
  readonly limits: WbxmlLimits;
  /** Offset of the next octet. */
  at = 0;
  /** Where in the document's elements the cursor stands, for errors. */
  path: () => string = () => '';
  #text: DocumentText;
  #output = 0;

  constructor(octets: Uint8Array, limits: WbxmlLimits) {
    // A Buffer's parts would be Buffers; what comes out is plain.
    this.octets =
      octets.constructor === Uint8Array
        ? octets
        : new Uint8Array(octets.buffer, octets.byteOffset, octets.length);
    this.limits = limits;
    this.#text = new DocumentText(this.octets, 'utf-8');
    if (octets.length > limits.maxOctets) {
      throw this.error(
        'LIMIT',
        `document of ${octets.length} octets, at most ${limits.maxOctets} are allowed`,
        '',
        0,
      );
    }
  }

  /** From here on, strings are in that charset. */
  setCharset(charset: DocumentCharset): void {
    this.#text = new DocumentText(this.octets, charset);
  }

  /** Next octet. @throws {DecodeError} TRUNCATED */
  u8(section: string): number {
    const octet = this.octets[this.at];
    if (octet === undefined) throw this.error('TRUNCATED', 'ends inside the document', section);
    this.at += 1;
    return octet;
  }

  /** mb_u_int32: 7 bits an octet, at most 5 octets and 32 bits. @throws {DecodeError} TRUNCATED, BAD_VALUE */
  integer(): number {
    const first = this.octets[this.at];
    if (first !== undefined && first < 0x80) {
      this.at += 1;
      return first;
    }
    const start = this.at;
    let value = 0;
    for (let i = 0; i < 5; i += 1) {
      const octet = this.u8('5.1');
      value = value * 128 + (octet & 0x7f);
      if (octet < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw this.error('BAD_VALUE', 'multi-byte integer beyond 32 bits', '5.1', start);
  }

  /** Moves over `length` octets and returns them as a view. @throws {DecodeError} TRUNCATED */
  take(length: number, section: string): Uint8Array {
    const left = this.octets.length - this.at;
    if (length > left) throw this.error('TRUNCATED', `needs ${length} octets, ${left} left`, section);
    const part = this.octets.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  /** Inline string up to its 00. @throws {DecodeError} TRUNCATED, BAD_VALUE, LIMIT */
  inlineString(): string {
    const octets = this.octets;
    const start = this.at;
    const end = octets.length;
    let all = 0;
    let at = start;
    for (; at < end; at += 1) {
      const octet = octets[at] ?? 0;
      if (octet === 0) break;
      all |= octet;
    }
    if (at >= end) throw this.error('TRUNCATED', 'string without its terminating 00', '5.8.4.1', start);
    this.produce(at - start);
    const text = this.#text.known(start, at, all);
    if (text === undefined) throw this.error('BAD_VALUE', 'string is not in the charset', '5.6', start);
    this.at = at + 1;
    return text;
  }

  /** Octets from `start` to `end` as text. @throws {DecodeError} BAD_VALUE */
  text(start: number, end: number): string {
    const text = this.#text.slice(start, end);
    if (text === undefined) throw this.error('BAD_VALUE', 'string is not in the charset', '5.6', start);
    return text;
  }

  /** String of the table that an mb_u_int32 here refers to. @throws {DecodeError} TRUNCATED, BAD_VALUE, LIMIT */
  tableString(table: StringTable): string {
    const start = this.at;
    const offset = this.integer();
    const text = table.at(offset);
    if (text === undefined) {
      const detail = `string ${offset} is outside the string table of ${table.length} octets`;
      throw this.error('BAD_VALUE', detail, '5.7', start);
    }
    this.produce(text.length);
    return text;
  }

  /** The character of an ENTITY token at `at`. @throws {DecodeError} TRUNCATED, BAD_VALUE, LIMIT */
  entity(at: number): string {
    const code = this.integer();
    if (!isXmlCodePoint(code)) {
      throw this.error('BAD_VALUE', `character ${code} is not allowed in XML`, '5.8.4.3', at);
    }
    this.produce(1);
    return String.fromCodePoint(code);
  }

  /** The octets of an OPAQUE token at `at`, as a view. @throws {DecodeError} TRUNCATED, LIMIT */
  opaque(at: number): Uint8Array {
    const length = this.integer();
    if (length > this.limits.maxOpaque) {
      const detail = `OPAQUE of ${length} octets, at most ${this.limits.maxOpaque} are allowed`;
      throw this.error('LIMIT', detail, '5.8.4.6', at);
    }
    this.produce(length);
    return this.take(length, '5.8.4.6');
  }

  /** Counts what comes out. @throws {DecodeError} LIMIT */
  produce(size: number): void {
    this.#output += size;
    const { maxOutput } = this.limits;
    if (this.#output > maxOutput) throw this.error('LIMIT', `content of more than ${maxOutput} octets`, '');
  }

  /** An error at the cursor, or at `offset`. */
  error(code: DecodeErrorCode, detail: string, section: string, offset = this.at): DecodeError {
    return new DecodeError(code, detail, { path: this.path(), offset, bit: 0 }, { doc: wbxmlDoc, section });
  }
}
