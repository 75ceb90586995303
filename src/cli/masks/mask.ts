// Octets of one message with what nobody may see covered, at equal length, and the list of what was covered.

/** Octets that were covered. */
export interface MaskedRange {
  /** From the first octet of the message. */
  readonly offset: number;
  readonly length: number;
  /** What stood there: `SMPP password`. Never the thing itself. */
  readonly what: string;
}

/** A message that may be written. */
export interface MaskedMessage {
  readonly octets: Uint8Array;
  /** In the order of their offsets. */
  readonly masked: readonly MaskedRange[];
}

/** What a secret is called that is known as such. */
export const configuredSecret = 'configured secret';

/** What stands in place of text, and of other octets. */
const [textMask, octetMask] = [0x78, 0x00];

/** A message on its way to be masked: a copy, so that what the socket has stays as it is. */
export class Mask {
  readonly octets: Uint8Array;
  /** Octets as they were: what looks for secrets reads these, so that the order of covers does not matter. */
  readonly #plain: Uint8Array;
  readonly #covered: MaskedRange[] = [];
  #text: string | undefined;

  constructor(octets: Uint8Array) {
    this.#plain = octets;
    this.octets = Uint8Array.from(octets);
  }

  /** Octets before anything was covered. */
  get plain(): Uint8Array {
    return this.#plain;
  }

  /** The same as text of one character for each octet, so that places in it are places of octets. */
  get text(): string {
    const { buffer, byteOffset, length } = this.#plain;
    this.#text ??= Buffer.from(buffer, byteOffset, length).toString('latin1');
    return this.#text;
  }

  /** Covers octets: by `x` where all of them are printable ASCII, else by 00. */
  cover(offset: number, length: number, what: string): void {
    const end = Math.min(offset + length, this.octets.length);
    if (end <= offset) return;
    const printable = this.#plain.subarray(offset, end).every((octet) => octet >= 0x20 && octet < 0x7f);
    this.octets.fill(printable ? textMask : octetMask, offset, end);
    this.#covered.push({ offset, length: end - offset, what });
  }

  /** The message as it may be written. Ranges that overlap are one. */
  finish(): MaskedMessage {
    const masked: MaskedRange[] = [];
    for (const range of this.#covered.toSorted((a, b) => a.offset - b.offset || b.length - a.length)) {
      const last = masked.at(-1);
      if (last === undefined || range.offset >= last.offset + last.length) masked.push(range);
      else {
        const end = Math.max(last.offset + last.length, range.offset + range.length);
        // What the protocol calls it says more.
        const what = last.what === configuredSecret ? range.what : last.what;
        masked[masked.length - 1] = { offset: last.offset, length: end - last.offset, what };
      }
    }
    return { octets: this.octets, masked };
  }
}
