// Random text for branches, tags, Call-IDs and cnonces.
import { bytesToHex } from '../../core/index.ts';

/** Octets drawn at a time: asking the system for each token would cost more than the token's message. */
const poolOctets = 4096;

/** Makes tokens of secure random octets; no octet is used twice. */
export class TokenSource {
  readonly #random: (length: number) => Uint8Array;
  #pool: Uint8Array = new Uint8Array();
  #used = 0;

  constructor(random: (length: number) => Uint8Array) {
    this.#random = random;
  }

  /** Hex digits of `octets` random octets, at most 4096. */
  next(octets: number): string {
    if (this.#pool.length - this.#used < octets) {
      this.#pool = this.#random(poolOctets);
      this.#used = 0;
    }
    this.#used += octets;
    return bytesToHex(this.#pool.subarray(this.#used - octets, this.#used));
  }
}
