// Tokens as texts: `rvl_`, the id, `_`, and 256 random bits. Beginning and form are always the same, so that scanners find one that was
// published by mistake.
import { randomBytes } from 'node:crypto';
import { bytesToHex, hexToBytes, sha256, utf8ToBytes } from '../../core/index.ts';

/** Characters of an id: no vowels that make words, no letters that look alike (Crockford's base 32). */
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** The parts of a token. */
const form = /^rvl_([0-9a-z]{16})_[A-Za-z0-9_-]{43}$/;

/** A new id: nine characters of time, in milliseconds, and seven random ones; so ids are in order of creation. */
export function newTokenId(now: number): string {
  let time = '';
  for (let rest = now, place = 0; place < 9; place += 1) {
    time = letters.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + [...randomBytes(7)].map((octet) => letters.charAt(octet % 32)).join('');
}

/** A new token with that id. */
export function newToken(id: string): string {
  return `rvl_${id}_${randomBytes(32).toString('base64url')}`;
}

/** Id of what has the form of a token; `undefined` for anything else. */
export function tokenIdOf(token: string): string | undefined {
  return form.exec(token)?.[1];
}

/** True for what has the form of the tokens that a server makes. */
export function isMadeToken(token: string): boolean {
  return tokenIdOf(token) !== undefined;
}

/** What is kept of a token: 256 random bits are not guessed from their SHA-256. */
export function tokenHash(token: string): string {
  return bytesToHex(sha256(utf8ToBytes(token)));
}

/** The octets of a hash, to be compared in a time that does not depend on them. */
export function hashOctets(hash: string): Uint8Array {
  return hexToBytes(hash);
}
