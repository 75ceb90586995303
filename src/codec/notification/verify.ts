// Checks who sent a notification.
import { bytesToBase64, equalConstantTime, utf8ToBytes } from '../../core/index.ts';
import type { DecodedNotification } from './decoded.ts';
import { credentialHashOf, type DigestKey, defaultNonce, writeDigestMd5 } from './digest.ts';
import { writeDigestOfSigned } from './dm13.ts';

/**
 * What a device checks notifications with. The options admit peers that feed something else to the MD5 digest than the
 * specification says; all are off by default, and each widens what is accepted (spec-notes ruling 1).
 */
export interface VerifyKey extends DigestKey {
  /**
   * Also tries the given nonce undecoded, as the Base64 text that AAuthData holds. One widely deployed client engine accepts
   * both spellings, so servers that sign with the text exist. Counts as `given`. Default: false.
   */
  readonly acceptNonceText?: boolean;
  /**
   * Also tries the text `AAAAAA==` as the default nonce: the last spelling that the same engine falls back to. Counts as
   * `default`. Default: false.
   */
  readonly acceptDefaultNonceText?: boolean;
  /**
   * Also tries the ten characters `0x00000000` as the default nonce: how one open-source client library reads the
   * specification. Counts as `default`. Default: false.
   */
  readonly acceptDefaultNonceHexText?: boolean;
}

/** Which nonce a digest holds under. */
export type NonceUsed = 'given' | 'default';

/**
 * Tells under which nonce the digest of `decoded` holds, or `null` when it holds under none: then the notification must
 * be ignored (DM-NOTI-1.2 §5.1, DM-NOTI-1.3 §6.6). The MD5 forms try the given nonce, then the default one; `default`
 * means that the digest does not hold under a given nonce, so that a resynchronisation is due. dm1.3 has no nonce
 * besides its time stamp and answers `given`. Digests are compared in constant time.
 */
export function verifyNotification(decoded: DecodedNotification, key: VerifyKey): NonceUsed | null {
  if (decoded.format === 'dm1.3') {
    writeDigestOfSigned(key.secret, decoded.signed, sha256Room);
    return equalConstantTime(sha256Room, decoded.digest) ? 'given' : null;
  }
  const hash = credentialHashOf(key, decoded.message.serverId);
  const holdsUnder = (nonce: Uint8Array): boolean => {
    writeDigestMd5(hash, nonce, decoded.signed, 0, md5Room);
    return equalConstantTime(md5Room, decoded.digest);
  };
  if (key.nonce !== undefined) {
    if (holdsUnder(key.nonce)) return 'given';
    if (key.acceptNonceText === true && holdsUnder(utf8ToBytes(bytesToBase64(key.nonce)))) return 'given';
  }
  if (holdsUnder(defaultNonce)) return 'default';
  if (key.acceptDefaultNonceText === true && holdsUnder(utf8ToBytes('AAAAAA=='))) return 'default';
  if (key.acceptDefaultNonceHexText === true && holdsUnder(utf8ToBytes('0x00000000'))) return 'default';
  return null;
}

// What a digest should be, until it is compared.
const md5Room = new Uint8Array(16);
const sha256Room = new Uint8Array(32);
