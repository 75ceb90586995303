// Digest authentication: the response to a challenge, and its check (RFC 3261 §22.4, RFC 7616 §3.4, RFC 8760).
import { bytesToHex, equalConstantTime, md5, sha256, utf8ToBytes } from '../../core/index.ts';
import type { DigestChallenge, DigestCredentials } from './digest-fields.ts';

const hashes = { MD5: md5, 'SHA-256': sha256 } as const;

/** A hash that we compute. */
export type DigestAlgorithm = keyof typeof hashes;

/** All of them, the strongest first. */
export const digestAlgorithms: readonly DigestAlgorithm[] = ['SHA-256', 'MD5'];

/** Who proves what. */
export interface DigestIdentity {
  readonly username: string;
  /** Never sent; only a digest over it is. */
  readonly password: string;
}

/** What a proof is bound to. */
export interface DigestUse {
  readonly method: string;
  /** The Request-URI, as sent. */
  readonly uri: string;
  /** How many times the nonce has been used, this time included: 1–4294967295. */
  readonly nonceCount: number;
  /** Fresh and unpredictable text of ours. */
  readonly cnonce: string;
}

/** The algorithm that a challenge names, in any case; `undefined` for one that we do not compute. */
export function digestAlgorithm(name: string): DigestAlgorithm | undefined {
  const upper = name.toUpperCase();
  return digestAlgorithms.find((algorithm) => algorithm === upper);
}

/**
 * The first of `challenges` that can be answered: its algorithm is one of `allowed`, and it asks for no other quality of
 * protection than `auth` or none (RFC 8760 §2.4).
 */
export function chooseChallenge(
  challenges: readonly DigestChallenge[],
  allowed: readonly DigestAlgorithm[] = digestAlgorithms,
): DigestChallenge | undefined {
  return challenges.find(({ algorithm, qop }) => {
    const ours = digestAlgorithm(algorithm);
    return ours !== undefined && allowed.includes(ours) && (qop.length === 0 || qop.includes('auth'));
  });
}

/** The proof that answers a challenge which `chooseChallenge` gave. */
export function answerDigest(
  challenge: DigestChallenge,
  identity: DigestIdentity,
  use: DigestUse,
): DigestCredentials {
  const { realm, nonce, opaque, algorithm } = challenge;
  const unproved = {
    username: identity.username,
    realm,
    nonce,
    uri: use.uri,
    algorithm,
    ...(opaque === undefined ? {} : { opaque }),
    ...(challenge.qop.length === 0
      ? {}
      : { qop: 'auth', cnonce: use.cnonce, nc: use.nonceCount.toString(16).padStart(8, '0') }),
  };
  return { ...unproved, response: digestResponse(unproved, use.method, identity.password) };
}

/**
 * True when the proof holds for this method and password. Nonce, realm, uri and count are the caller's to check. The
 * comparison takes constant time.
 */
export function verifyDigest(credentials: DigestCredentials, method: string, password: string): boolean {
  if (digestAlgorithm(credentials.algorithm) === undefined) return false;
  const wanted = digestResponse(credentials, method, password);
  return equalConstantTime(utf8ToBytes(wanted), utf8ToBytes(credentials.response.toLowerCase()));
}

/** KD(H(user:realm:password), nonce:nc:cnonce:qop:H(method:uri)), without the middle where there is no qop. */
function digestResponse(
  parts: Omit<DigestCredentials, 'response'>,
  method: string,
  password: string,
): string {
  const { username, realm, nonce, uri, qop, cnonce, nc } = parts;
  const hash = (text: string): string =>
    bytesToHex(hashes[digestAlgorithm(parts.algorithm) ?? 'MD5'](utf8ToBytes(text)));
  const middle = qop === undefined ? '' : `${nc ?? ''}:${cnonce ?? ''}:${qop}:`;
  return hash(`${hash(`${username}:${realm}:${password}`)}:${nonce}:${middle}${hash(`${method}:${uri}`)}`);
}
