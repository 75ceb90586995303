// The primitives of WTLS where there is no platform's library: in a browser.
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import type { WtlsCrypto } from '../../codec/wtls/index.ts';
import { concatBytes, ValueError } from '../../core/index.ts';
import { decryptTripleDesCbc, encryptTripleDesCbc } from './des.ts';

/** What reading needs. Reading draws nothing at random and exchanges no keys: those two throw a `ValueError`. */
export const portableWtlsCrypto: WtlsCrypto = {
  hmacSha1: (key, ...parts) => hmac(sha1, key, concatBytes(...parts)),
  sha1: (...parts) => sha1(concatBytes(...parts)),
  encryptTripleDes: encryptTripleDesCbc,
  decryptTripleDes: decryptTripleDesCbc,
  random: () => {
    throw new ValueError('BAD_FORMAT', 'reading WTLS draws nothing at random', 'random');
  },
  encryptRsa: () => {
    throw new ValueError('BAD_FORMAT', 'reading WTLS exchanges no keys', 'encryptRsa');
  },
};
