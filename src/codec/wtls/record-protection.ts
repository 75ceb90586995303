// Encrypts and MACs the records of one direction, and opens those of the other (WTLS §9.2.3, §11.3.1).

import { concatBytes } from '../../core/index.ts';
import { type CipherSuite, suiteOctets } from './cipher-suite.ts';
import type { WtlsCrypto } from './crypto.ts';
import { type KeyBlock, keyBlockOf, recordIvOf, type SessionSecrets, type WtlsSide } from './key-schedule.ts';
import { encodeRecord, recordHeaderOctets, recordTypeOctet, type WtlsRecord } from './record.ts';

/** Longest fragment whose record still fits the length field. */
export const maximumFragment = maximumFragmentIn(0xfff8 + recordHeaderOctets);

/** Longest fragment whose protected record takes at most `octets`; below 0 when none does. */
export function maximumFragmentIn(octets: number): number {
  const blocks = Math.floor((octets - recordHeaderOctets) / suiteOctets.block);
  return blocks * suiteOctets.block - suiteOctets.mac - 1;
}

/** Keys of one direction, renewed every 2^keyRefresh records. */
export class RecordProtection {
  readonly #crypto: WtlsCrypto;
  readonly #secrets: SessionSecrets;
  readonly #side: WtlsSide;
  readonly #interval: number;
  /** The keys used last, and those before: records around a renewal may change places. */
  #recent: readonly (KeyBlock & { readonly from: number })[] = [];

  /** `side` is who writes these records. */
  constructor(crypto: WtlsCrypto, secrets: SessionSecrets, side: WtlsSide, keyRefresh: number) {
    this.#crypto = crypto;
    this.#secrets = secrets;
    this.#side = side;
    this.#interval = 2 ** Math.min(keyRefresh, 16);
  }

  /** A protected record. `fragment` has at most `maximumFragment` octets. */
  seal(contentType: number, sequenceNumber: number, fragment: Uint8Array): Uint8Array {
    const { macSecret, key, iv } = this.#keysFor(sequenceNumber);
    const header = macHeader(sequenceNumber, recordTypeOctet(contentType, true), fragment.length);
    const mac = this.#crypto.hmacSha1(macSecret, header, fragment);
    const paddingLength = -(fragment.length + mac.length + 1) & (suiteOctets.block - 1);
    const padding = new Uint8Array(paddingLength + 1).fill(paddingLength);
    const plain = concatBytes(fragment, mac, padding);
    const encrypted = this.#crypto.encryptTripleDes(key, recordIvOf(iv, sequenceNumber), plain);
    return encodeRecord({ contentType, ciphered: true, sequenceNumber, fragment: encrypted });
  }

  /**
   * The fragment of a protected record; `undefined` when its padding or its MAC is wrong, and nobody learns which: the
   * work is the same for every content, as far as a JavaScript engine lets us say so.
   */
  open(record: WtlsRecord): Uint8Array | undefined {
    const { sequenceNumber, typeOctet, fragment: encrypted } = record;
    const { length } = encrypted;
    const mostData = length - suiteOctets.mac - 1;
    // The length is for everyone to see.
    if (sequenceNumber === undefined || length % suiteOctets.block !== 0 || mostData < 0) return undefined;
    const { macSecret, key, iv } = this.#keysFor(sequenceNumber);
    const plain = this.#crypto.decryptTripleDes(key, recordIvOf(iv, sequenceNumber), encrypted);
    const claimed = plain[length - 1] ?? 0;
    let wrong = (mostData - claimed) >>> 31;
    // Nothing is taken for padding when it claims more than there is.
    const padding = claimed & (wrong - 1);
    for (let i = 1; i <= 255 && i < length; i += 1) {
      const inside = (i - padding - 1) >> 31;
      wrong |= inside & ((plain[length - 1 - i] ?? 0) ^ claimed);
    }
    const dataLength = mostData - padding;
    const header = macHeader(sequenceNumber, typeOctet, dataLength);
    const mac = this.#crypto.hmacSha1(macSecret, header, plain.subarray(0, dataLength));
    this.#hashTheRest(dataLength, mostData);
    for (let i = 0; i < suiteOctets.mac; i += 1) wrong |= (plain[dataLength + i] ?? 0) ^ (mac[i] ?? 0);
    return wrong === 0 ? plain.subarray(0, dataLength) : undefined;
  }

  #keysFor(sequenceNumber: number): KeyBlock {
    const from = sequenceNumber - (sequenceNumber % this.#interval);
    const known = this.#recent.find((keys) => keys.from === from);
    if (known !== undefined) return known;
    const block = keyBlockOf(this.#crypto, this.#secrets, this.#side, from);
    const made = { ...block, key: cipherKey(this.#secrets.suite, block.key), from };
    this.#recent = [made, ...this.#recent.slice(0, 1)];
    return made;
  }

  /** SHA-1 works on blocks of 64 octets; this hashes those that shorter data saved, so that padding costs no time. */
  #hashTheRest(hashed: number, most: number): void {
    this.#crypto.sha1(zeros.subarray(0, 64 * (hmacBlocks(most) - hmacBlocks(hashed))));
  }
}

const zeros = new Uint8Array(64 * 5);

/** Blocks of the inner hash: key block, header of 5 octets, data, at least 9 octets of SHA-1's own padding. */
function hmacBlocks(dataLength: number): number {
  return Math.ceil((64 + 5 + dataLength + 9) / 64);
}

function macHeader(sequenceNumber: number, typeOctet: number, length: number): Uint8Array {
  return Uint8Array.of(sequenceNumber >> 8, sequenceNumber & 0xff, typeOctet, length >> 8, length & 0xff);
}

/** Single DES is triple DES with one key three times. */
function cipherKey(suite: CipherSuite, key: Uint8Array): Uint8Array {
  return suite.keyOctets === 8 ? concatBytes(key, key, key) : key;
}
