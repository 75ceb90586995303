// Tokens of ours as the only tie between a message and its receipts: the carrier has the token, the store and everybody who
// may read it only what stands for it, so that nobody can make up a receipt who was not handed one.
import { hash, randomFillSync } from 'node:crypto';

/** Octets of a token: nobody finds one by trying. */
const tokenOctets = 18;

/** Random octets for the next tokens: asked for one by one they cost more than the rest of a message. */
const pool = Buffer.alloc(tokenOctets * 256);
let used = pool.length;

/** A new token, 24 characters of A–Z, a–z, 0–9, `-` and `_`. */
export function newToken(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const octets = pool.subarray(used, used + tokenOctets);
  const token = octets.toString('base64url');
  // What was given out is nowhere but with its carrier.
  octets.fill(0);
  used += tokenOctets;
  return token;
}

/** True for what has the form of a token; anything else need not be looked for. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{24}$/.test(text);
}

/**
 * The id that stands for a token in references: 32 hex digits of its SHA-256. Looked up by this, a token tells nothing by the
 * time that it takes.
 */
export function tokenId(token: string): string {
  return hash('sha256', token, 'hex').slice(0, 32);
}
