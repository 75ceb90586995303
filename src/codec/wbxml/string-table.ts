// The string table of a document that is read: strings by octet offset, decoded when first used.
import type { WbxmlInput } from './input.ts';

/** Strings end at a 00, or at the table's end: some writers leave the last 00 out. */
export class StringTable {
  readonly length: number;
  readonly #input: WbxmlInput;
  readonly #start: number;
  readonly #strings = new Map<number, string>();

  /** The table of `length` octets at `start`. */
  constructor(input: WbxmlInput, start: number, length: number) {
    this.#input = input;
    this.#start = start;
    this.length = length;
  }

  /** String at that offset; `undefined` outside the table. @throws {DecodeError} BAD_VALUE when not in the charset */
  at(offset: number): string | undefined {
    if (offset >= this.length) return undefined;
    const known = this.#strings.get(offset);
    if (known !== undefined) return known;
    const start = this.#start + offset;
    const tableEnd = this.#start + this.length;
    const nul = this.#input.octets.subarray(start, tableEnd).indexOf(0);
    const end = nul < 0 ? tableEnd : start + nul;
    // Counted before it is decoded: overlapping references must not multiply a long table.
    this.#input.produce(end - start);
    const text = this.#input.text(start, end);
    this.#strings.set(offset, text);
    return text;
  }
}
