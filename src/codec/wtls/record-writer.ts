// Numbers the records that one end writes: from 0, and from 0 again when they are protected (WTLS §9.2).
import { encodeRecord } from './record.ts';
import type { RecordProtection } from './record-protection.ts';

/** The number at which a connection ends: the last record that is written has the one before. */
export const lastSequenceNumber = 0xffff;

/** Writes records. */
export class RecordWriter {
  #plainNumber = 0;
  #protection: RecordProtection | undefined;
  #sealedNumber = 0;

  /** True once records are protected. */
  get seals(): boolean {
    return this.#protection !== undefined;
  }

  /** Protected records that can still be written. */
  get left(): number {
    return this.#protection === undefined ? 0 : lastSequenceNumber - this.#sealedNumber;
  }

  /** A record that is not protected. */
  plain(contentType: number, fragment: Uint8Array): Uint8Array {
    const sequenceNumber = this.#plainNumber;
    this.#plainNumber = (sequenceNumber + 1) & 0xffff;
    return encodeRecord({ contentType, ciphered: false, sequenceNumber, fragment });
  }

  /** Protects from here on what is given to `sealed`. */
  startSealing(protection: RecordProtection): void {
    this.#protection = protection;
    this.#sealedNumber = 0;
  }

  /** Back to records that are not protected: a handshake begins anew. */
  stopSealing(): void {
    this.#protection = undefined;
  }

  /** A protected record; `undefined` without keys, or when all numbers are used up. */
  sealed(contentType: number, fragment: Uint8Array): Uint8Array | undefined {
    if (this.#protection === undefined || this.left <= 0) return undefined;
    const record = this.#protection.seal(contentType, this.#sealedNumber, fragment);
    this.#sealedNumber += 1;
    return record;
  }
}
