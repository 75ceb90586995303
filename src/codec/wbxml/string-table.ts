// The string table of a document that is read: strings by octet offset, decoded when first used.

/** Strings end at a 00, or at the table's end: some writers leave the last 00 out. */
export class StringTable {
  /** Octets of the table. */
  readonly length: number;
  readonly #octets: Uint8Array;
  readonly #text: (start: number, end: number) => string;
  readonly #strings = new Map<number, string>();

  /** The table in `octets`. `text` decodes a part of it, given by offsets, and may throw. */
  constructor(octets: Uint8Array, text: (start: number, end: number) => string) {
    this.length = octets.length;
    this.#octets = octets;
    this.#text = text;
  }

  /** String at that offset; `undefined` outside the table. @throws {DecodeError} BAD_VALUE when not in the charset */
  at(offset: number): string | undefined {
    if (offset >= this.length) return undefined;
    const known = this.#strings.get(offset);
    if (known !== undefined) return known;
    const nul = this.#octets.indexOf(0, offset);
    const text = this.#text(offset, nul < 0 ? this.length : nul);
    this.#strings.set(offset, text);
    return text;
  }
}
