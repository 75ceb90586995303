// Reads fields one after the other and explains each to the person who debugs it.
import { type Annotate, ByteReader, bytesToHex } from '../../core/index.ts';
import { wtlsDocument } from './document.ts';

/** A bounded reader of one structure; every field it reads is named, placed and, on request, explained. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #reader: ByteReader;
  readonly #annotate: Annotate | undefined;
  readonly #path: string;
  readonly #section: string;

  /** Reads `bytes` as far as `reader` is bounded. `path` names the structure and `section` defines it, in errors. */
  constructor(
    bytes: Uint8Array,
    reader: ByteReader,
    annotate: Annotate | undefined,
    path: string,
    section: string,
  ) {
    this.#bytes = bytes;
    this.#reader = reader;
    this.#annotate = annotate;
    this.#path = path;
    this.#section = section;
  }

  /** A reader of `bytes` from `start` to `end`. */
  static of(
    bytes: Uint8Array,
    start: number,
    end: number,
    annotate: Annotate | undefined,
    path: string,
    section: string,
  ): FieldReader {
    return new FieldReader(bytes, new ByteReader(bytes, wtlsDocument, start, end), annotate, path, section);
  }

  get offset(): number {
    return this.#reader.offset;
  }

  get left(): number {
    return this.#reader.left;
  }

  /** The next octets, not consumed: `length` of them, or fewer at the end. */
  lookAhead(length: number): Uint8Array {
    const { offset, left } = this.#reader;
    return this.#bytes.subarray(offset, offset + Math.min(length, left));
  }

  /** Unsigned integer of `size` octets. @throws {DecodeError} TRUNCATED */
  uint(size: number, field: string, meaning?: (value: number) => string): number {
    const offset = this.#reader.offset;
    const value = this.#reader.uint(size, this.#pathOf(field), this.#section);
    this.note(offset, size, field, String(value), meaning?.(value) ?? '');
    return value;
  }

  /** `length` octets as a view. @throws {DecodeError} TRUNCATED */
  octets(length: number, field: string, meaning = ''): Uint8Array {
    const offset = this.#reader.offset;
    const value = this.#reader.take(length, this.#pathOf(field), this.#section);
    if (length > 0) this.note(offset, length, field, bytesToHex(value), meaning);
    return value;
  }

  /** Octets behind their own length of `size` octets. @throws {DecodeError} TRUNCATED */
  vector(size: number, field: string, meaning = ''): Uint8Array {
    return this.octets(this.uint(size, `${field} length`), field, meaning);
  }

  /** A reader of a list behind its own length of `size` octets. @throws {DecodeError} TRUNCATED */
  list(size: number, field: string): FieldReader {
    const length = this.uint(size, `${field} length`);
    const inner = this.#reader.sub(length, this.#pathOf(field), this.#section);
    return new FieldReader(this.#bytes, inner, this.#annotate, this.#pathOf(field), this.#section);
  }

  /** Everything that is left, as a view. */
  rest(field: string, meaning = ''): Uint8Array {
    return this.octets(this.#reader.left, field, meaning);
  }

  /** @throws {DecodeError} TRAILING when octets are left */
  expectEnd(): void {
    this.#reader.expectEnd(this.#path, this.#section);
  }

  /** Says something about octets that were read. */
  note(offset: number, length: number, field: string, value: string, meaning: string): void {
    this.#annotate?.({
      offset,
      length,
      field: this.#pathOf(field),
      value,
      meaning,
      section: `${wtlsDocument} §${this.#section}`,
    });
  }

  #pathOf(field: string): string {
    return this.#path === '' ? field : `${this.#path}.${field}`;
  }
}
