// Cuts a byte stream into PDUs, with no more memory than one PDU of the length that is allowed.
import { DecodeError } from '../../core/index.ts';
import { smppDocument } from './document.ts';
import { headerLength, maxPduLength } from './pdu.ts';

const lengthOctets = 4;

/** Incremental framing by command_length (SMPP 3.4 §5.1.1). */
export class PduReader {
  readonly #maximum: number;
  readonly #head = new Uint8Array(lengthOctets);
  #headFilled = 0;
  /** A PDU that spans chunks. */
  #partial: Uint8Array | undefined;
  #filled = 0;
  /** Octets of the stream before the current chunk. */
  #offset = 0;
  #failure: DecodeError | undefined;

  /** Takes PDUs of up to `maximum` octets, default 66 000. */
  constructor(maximum: number = maxPduLength) {
    this.#maximum = maximum;
  }

  /** True when the stream stands between two PDUs: then its end loses nothing. */
  get idle(): boolean {
    return this.#headFilled === 0;
  }

  /**
   * Takes octets of the stream and calls `each` for every PDU that they complete, in order. A PDU that lies in the chunk
   * as a whole is a view into it. `each` returns false to have the rest of the chunk left out.
   * @throws {DecodeError} BAD_VALUE for a length below 16, LIMIT for one beyond the maximum. The stream cannot be read
   *   any further then, and every later call throws the same.
   */
  read(chunk: Uint8Array, each: (pdu: Uint8Array) => unknown): void {
    if (this.#failure !== undefined) throw this.#failure;
    let at = 0;
    while (at < chunk.length) {
      if (this.#partial === undefined && this.#headFilled === 0 && chunk.length - at >= lengthOctets) {
        const length = this.#checked(lengthAt(chunk, at), at);
        if (chunk.length - at >= length) {
          const pdu = chunk.subarray(at, at + length);
          at += length;
          if (each(pdu) === false) break;
          continue;
        }
      }
      at = this.#collect(chunk, at);
      const whole = this.#partial;
      if (whole === undefined || this.#filled < whole.length) continue;
      this.#partial = undefined;
      this.#headFilled = 0;
      if (each(whole) === false) break;
    }
    this.#offset += chunk.length;
  }

  /** Takes octets for a PDU that the chunk does not complete by itself; returns where it stopped. */
  #collect(chunk: Uint8Array, from: number): number {
    let at = from;
    if (this.#partial === undefined) {
      const count = Math.min(lengthOctets - this.#headFilled, chunk.length - at);
      this.#head.set(chunk.subarray(at, at + count), this.#headFilled);
      this.#headFilled += count;
      at += count;
      if (this.#headFilled < lengthOctets) return at;
      this.#partial = new Uint8Array(this.#checked(lengthAt(this.#head, 0), at - lengthOctets));
      this.#partial.set(this.#head);
      this.#filled = lengthOctets;
    }
    const count = Math.min(this.#partial.length - this.#filled, chunk.length - at);
    this.#partial.set(chunk.subarray(at, at + count), this.#filled);
    this.#filled += count;
    return at + count;
  }

  #checked(length: number, at: number): number {
    if (length >= headerLength && length <= this.#maximum) return length;
    const short = length < headerLength;
    const detail = short
      ? `is ${length}, below ${headerLength}`
      : `is ${length}, allowed are ${this.#maximum}`;
    this.#failure = new DecodeError(
      short ? 'BAD_VALUE' : 'LIMIT',
      detail,
      { path: 'command_length', offset: this.#offset + at, bit: 0 },
      { doc: smppDocument, section: '5.1.1' },
    );
    throw this.#failure;
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 0x1000000 +
    (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
  );
}
