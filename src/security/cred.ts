// Making credentials and judging a peer's. A judgement is a value; comparison takes constant time.
import { createHash } from 'node:crypto';
import type { Cred } from '../codec/syncml/index.ts';
import { base64ToBytes, bytesToBase64, equalConstantTime, sha256, ValueError } from '../core/index.ts';
import type { AuthScheme, SessionCredentials } from './credentials.ts';
import { basicOctets, hmacOctets, hmacOctetsOf, md5Octets } from './digests.ts';
import { formatHmacHeader, parseHmacHeader } from './hmac-header.ts';
import { schemeOfType, schemeTypes } from './schemes.ts';

/** The Cred of a message under basic or MD5; basic ignores the nonce. HMAC has none. */
export function makeCred(
  scheme: 'basic' | 'md5',
  credentials: Pick<SessionCredentials, 'name' | 'secret'>,
  nonce: Uint8Array,
): Cred {
  const { name, secret } = credentials;
  const octets = scheme === 'basic' ? basicOctets(name, secret) : md5Octets(name, secret, nonce);
  return { meta: { format: 'b64', type: schemeTypes[scheme] }, data: bytesToBase64(octets) };
}

/** The `x-syncml-hmac` value for an encoded message. @throws {ValueError} BAD_FORMAT: see `formatHmacHeader` */
export function makeHmac(
  credentials: Pick<SessionCredentials, 'name' | 'secret'>,
  nonce: Uint8Array,
  body: Uint8Array,
): string {
  const { name, secret } = credentials;
  return formatHmacHeader(name, hmacOctets(name, secret, nonce, body));
}

/** What a peer showed. */
export interface Presented {
  readonly cred?: Cred | undefined;
  /** Value of the `x-syncml-hmac` header. */
  readonly hmac?: string | undefined;
  /** The whole message as sent. */
  readonly body: Uint8Array;
}

/** What is demanded of the peer. */
export interface Expected {
  readonly credentials: Pick<SessionCredentials, 'name' | 'secret' | 'otherSecret'>;
  readonly schemes: readonly AuthScheme[];
  /** Nonces that it may have taken; all of them are tried, so that time tells nothing. */
  readonly nonces: readonly Uint8Array[];
}

/** What a peer's credentials are worth. */
export type Verdict =
  /** They hold; `nonce` is the one that they took, absent for basic. */
  | { readonly verdict: 'accepted'; readonly scheme: AuthScheme; readonly nonce?: Uint8Array }
  /** There are none (407). */
  | { readonly verdict: 'missing' }
  /** Of a type that is not taken (401). */
  | { readonly verdict: 'wrong-scheme' }
  /** They do not hold (401). */
  | { readonly verdict: 'wrong' };

const wrong: Verdict = { verdict: 'wrong' };

/** Judges what a peer presented. Never throws: what cannot be read does not hold. */
export function verifyCred(presented: Presented, expected: Expected): Verdict {
  const scheme = presentedScheme(presented);
  if (scheme === 'none') return { verdict: 'missing' };
  if (scheme === 'unknown' || !expected.schemes.includes(scheme)) return { verdict: 'wrong-scheme' };
  // Once for all nonces and secrets.
  const hashedBody =
    scheme === 'hmac' ? createHash('md5').update(presented.body).digest() : new Uint8Array(0);
  const verify = (asked: Expected): Verdict =>
    scheme === 'hmac' ? verifyHmac(presented, hashedBody, asked) : verifyData(scheme, presented.cred, asked);
  const { name, otherSecret } = expected.credentials;
  const first = verify(expected);
  if (otherSecret === undefined) return first;
  // Both are tried, so that time tells nothing.
  const second = verify({ ...expected, credentials: { name, secret: otherSecret } });
  return first.verdict === 'accepted' ? first : second;
}

function presentedScheme({ cred, hmac }: Presented): AuthScheme | 'none' | 'unknown' {
  if (hmac !== undefined) return 'hmac';
  if (cred === undefined) return 'none';
  return schemeOfType(cred.meta?.type ?? '') ?? 'unknown';
}

function verifyData(scheme: 'basic' | 'md5', cred: Cred | undefined, expected: Expected): Verdict {
  const format = cred?.meta?.format?.trim().toLowerCase() ?? 'b64';
  const given = format === 'b64' ? decoded(cred?.data ?? '') : undefined;
  if (given === undefined) return wrong;
  const { name, secret } = expected.credentials;
  if (scheme === 'basic') {
    // Hashed first, so that the time does not depend on the length of the secret.
    const same = equalConstantTime(sha256(given), sha256(basicOctets(name, secret)));
    return same ? { verdict: 'accepted', scheme } : wrong;
  }
  return firstMatch(scheme, given, expected.nonces, (nonce) => md5Octets(name, secret, nonce));
}

function verifyHmac(presented: Presented, hashedBody: Uint8Array, expected: Expected): Verdict {
  const header = parseHmacHeader(presented.hmac ?? '');
  const { name, secret } = expected.credentials;
  if (header === undefined || header.algorithm.toUpperCase() !== 'MD5') return wrong;
  // For a wrong name too, so that the time does not tell the right one.
  const verdict = firstMatch('hmac', header.mac, expected.nonces, (nonce) =>
    hmacOctetsOf(name, secret, nonce, hashedBody),
  );
  return header.username === name ? verdict : wrong;
}

function firstMatch(
  scheme: AuthScheme,
  given: Uint8Array,
  nonces: readonly Uint8Array[],
  compute: (nonce: Uint8Array) => Uint8Array,
): Verdict {
  let verdict = wrong;
  for (const nonce of nonces) {
    const same = equalConstantTime(given, compute(nonce));
    if (same && verdict === wrong) verdict = { verdict: 'accepted', scheme, nonce };
  }
  return verdict;
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return base64ToBytes(text);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
