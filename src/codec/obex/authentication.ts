// OBEX digest authentication: challenges and responses in either direction (IrOBEX §3.5).
import {
  bytesToHex,
  DecodeError,
  equalConstantTime,
  md5,
  utf8ToBytes,
  ValueError,
} from '../../core/index.ts';
import { obexDocument } from './headers.ts';
import { decodeTagValues, encodeTagValues, type TagValue } from './tag-values.ts';

/** What one side proves itself with: the DMAcc settings of level `OBEX`. */
export interface ObexCredentials {
  /** User identifier, up to 20 octets of UTF-8. Sent when there is one; needed when the peer asks for it. */
  readonly userId?: string;
  /** Shared secret. Never sent; only a digest over it is. */
  readonly password: string;
}

/** A challenge: the sender wants to see a digest over the nonce and the password. */
export interface AuthenticationChallenge {
  /** 16 octets, never used before. */
  readonly nonce: Uint8Array;
  /** True when the response must name a user. Default false. */
  readonly userIdWanted?: boolean;
  /** True when what is granted is reading only. Default false. */
  readonly readOnly?: boolean;
  /** What the password is for, to show to a person; up to 254 octets. */
  readonly realm?: string;
}

/** The answer to a challenge. */
export interface AuthenticationResponse {
  /** 16 octets. */
  readonly digest: Uint8Array;
  /** Octets of the user identifier. */
  readonly userId?: Uint8Array;
  /** The challenge's nonce; absent when the sender of the challenge has to remember it. */
  readonly nonce?: Uint8Array;
}

/** Octets of a nonce and of a digest. */
export const nonceLength = 16;

const maxUserIdLength = 20;
const tags = { nonce: 0x00, options: 0x01, realm: 0x02 } as const;
const responseTags = { digest: 0x00, userId: 0x01, nonce: 0x02 } as const;
const optionBits = { userIdWanted: 1, readOnly: 2 } as const;
const charsets = { ascii: 0x00, unicode: 0xff } as const;

/** MD5(nonce ":" password) (IrOBEX §3.5.3). */
export function authenticationDigest(nonce: Uint8Array, password: string): Uint8Array {
  return md5(nonce, colon, utf8ToBytes(password));
}

const colon = Uint8Array.of(0x3a);

/** Value of an Authenticate Challenge header. @throws {ValueError} for a nonce that is not 16 octets, a long realm */
export function encodeChallenge(challenge: AuthenticationChallenge): Uint8Array {
  const { nonce, realm } = challenge;
  const options =
    (challenge.userIdWanted === true ? optionBits.userIdWanted : 0) |
    (challenge.readOnly === true ? optionBits.readOnly : 0);
  const entries: TagValue[] = [{ tag: tags.nonce, value: sixteen(nonce, 'nonce') }];
  if (options !== 0) entries.push({ tag: tags.options, value: Uint8Array.of(options) });
  if (realm !== undefined) entries.push({ tag: tags.realm, value: realmOctets(realm) });
  return encodeTagValues(entries);
}

/**
 * Challenges of an Authenticate Challenge header: each starts with its nonce. Unknown tags are skipped.
 * @throws {DecodeError} when there is none, or a field has the wrong length
 */
export function decodeChallenges(bytes: Uint8Array): readonly AuthenticationChallenge[] {
  const path = 'authenticationChallenge';
  const challenges: { -readonly [K in keyof AuthenticationChallenge]: AuthenticationChallenge[K] }[] = [];
  for (const { tag, value } of decodeTagValues(bytes, path)) {
    if (tag === tags.nonce) {
      challenges.push({ nonce: ofLength(value, nonceLength, `${path}.nonce`, '3.5.1') });
      continue;
    }
    const challenge = challenges.at(-1);
    if (challenge === undefined) throw broken('starts without a nonce', path, '3.5.1');
    if (tag === tags.options) {
      const options = ofLength(value, 1, `${path}.options`, '3.5.1')[0] ?? 0;
      challenge.userIdWanted = (options & optionBits.userIdWanted) !== 0;
      challenge.readOnly = (options & optionBits.readOnly) !== 0;
    } else if (tag === tags.realm) {
      challenge.realm = realmText(value);
    }
  }
  if (challenges.length === 0) throw broken('holds no challenge', path, '3.5.1');
  return challenges;
}

/** Value of an Authenticate Response header. @throws {ValueError} for lengths other than 16, a user id beyond 20 */
export function encodeResponseTo(response: AuthenticationResponse): Uint8Array {
  const { digest, userId, nonce } = response;
  const entries: TagValue[] = [{ tag: responseTags.digest, value: sixteen(digest, 'digest') }];
  if (userId !== undefined) {
    if (userId.length > maxUserIdLength) {
      const detail = `${userId.length} octets, at most ${maxUserIdLength} are allowed`;
      throw new ValueError('TOO_LONG', detail, 'userId', { doc: obexDocument, section: '3.5.2' });
    }
    entries.push({ tag: responseTags.userId, value: userId });
  }
  if (nonce !== undefined) entries.push({ tag: responseTags.nonce, value: sixteen(nonce, 'nonce') });
  return encodeTagValues(entries);
}

/**
 * Responses of an Authenticate Response header: each starts with its digest. Unknown tags are skipped.
 * @throws {DecodeError} when there is none, or a field has the wrong length
 */
export function decodeResponsesTo(bytes: Uint8Array): readonly AuthenticationResponse[] {
  const path = 'authenticationResponse';
  const responses: { -readonly [K in keyof AuthenticationResponse]: AuthenticationResponse[K] }[] = [];
  for (const { tag, value } of decodeTagValues(bytes, path)) {
    if (tag === responseTags.digest) {
      responses.push({ digest: ofLength(value, nonceLength, `${path}.digest`, '3.5.2') });
      continue;
    }
    const response = responses.at(-1);
    if (response === undefined) throw broken('starts without a digest', path, '3.5.2');
    if (tag === responseTags.userId) response.userId = value;
    if (tag === responseTags.nonce) {
      response.nonce = ofLength(value, nonceLength, `${path}.nonce`, '3.5.2');
    }
  }
  if (responses.length === 0) throw broken('holds no response', path, '3.5.2');
  return responses;
}

/** The response that proves `credentials` to who sent the challenge. @throws {ValueError} for a user id beyond 20 octets */
export function answerChallenge(
  challenge: AuthenticationChallenge,
  credentials: ObexCredentials,
): Uint8Array {
  const { userId, password } = credentials;
  return encodeResponseTo({
    digest: authenticationDigest(challenge.nonce, password),
    ...(userId === undefined ? {} : { userId: utf8ToBytes(userId) }),
    nonce: challenge.nonce,
  });
}

/**
 * Whose password one of the responses proves over `nonce`: the first of `accounts` that matches, or `undefined`. A
 * response that names a user is held against accounts of that name, and those without a name. Every digest is compared
 * in constant time, and against all accounts.
 */
export function verifyResponses(
  responses: readonly AuthenticationResponse[],
  nonce: Uint8Array,
  accounts: readonly ObexCredentials[],
): ObexCredentials | undefined {
  let found: ObexCredentials | undefined;
  for (const response of responses) {
    if (response.nonce !== undefined && !equalConstantTime(response.nonce, nonce)) continue;
    for (const account of accounts) {
      const { userId } = account;
      const named = response.userId !== undefined && userId !== undefined;
      if (named && !equalConstantTime(response.userId, utf8ToBytes(userId))) continue;
      const holds = equalConstantTime(response.digest, authenticationDigest(nonce, account.password));
      if (holds) found ??= account;
    }
  }
  return found;
}

/**
 * Nonces that we sent of late. A peer that sends one of them back as its own challenge wants us to compute the answer
 * that it owes to us; who shares one memory among all its sessions is safe from that.
 */
export class NonceMemory {
  readonly #capacity: number;
  readonly #nonces = new Set<string>();

  /** Remembers the newest `capacity` nonces. */
  constructor(capacity = 1024) {
    this.#capacity = capacity;
  }

  add(nonce: Uint8Array): void {
    this.#nonces.add(bytesToHex(nonce));
    if (this.#nonces.size > this.#capacity) {
      for (const oldest of this.#nonces) {
        this.#nonces.delete(oldest);
        break;
      }
    }
  }

  has(nonce: Uint8Array): boolean {
    return this.#nonces.has(bytesToHex(nonce));
  }
}

function realmOctets(realm: string): Uint8Array {
  let ascii = true;
  for (let i = 0; i < realm.length; i += 1) ascii &&= realm.charCodeAt(i) < 0x80;
  const octets = new Uint8Array(1 + realm.length * (ascii ? 1 : 2));
  octets[0] = ascii ? charsets.ascii : charsets.unicode;
  for (let i = 0; i < realm.length; i += 1) {
    const unit = realm.charCodeAt(i);
    if (ascii) {
      octets[1 + i] = unit;
    } else {
      octets[1 + i * 2] = unit >> 8;
      octets[2 + i * 2] = unit & 0xff;
    }
  }
  if (octets.length > 255) {
    const detail = `${octets.length - 1} octets, at most 254 fit`;
    throw new ValueError('TOO_LONG', detail, 'realm', { doc: obexDocument, section: '3.5.1' });
  }
  return octets;
}

/** Text for showing; what is not text of the named character set does not matter. */
function realmText(value: Uint8Array): string {
  const charset = value[0] ?? charsets.ascii;
  const octets = value.subarray(1);
  let text = '';
  if (charset === charsets.unicode) {
    for (let i = 0; i + 1 < octets.length; i += 2) {
      text += String.fromCharCode(((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0));
    }
    return text;
  }
  if (charset >= 1 && charset <= 9) return new TextDecoder(`iso-8859-${charset}`).decode(octets);
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

function sixteen(value: Uint8Array, path: string): Uint8Array {
  if (value.length === nonceLength) return value;
  const detail = `${value.length} octets, must be ${nonceLength}`;
  throw new ValueError('OUT_OF_RANGE', detail, path, { doc: obexDocument, section: '3.5' });
}

function ofLength(value: Uint8Array, length: number, path: string, section: string): Uint8Array {
  if (value.length === length) return value;
  throw broken(`${value.length} octets, must be ${length}`, path, section);
}

function broken(detail: string, path: string, section: string): DecodeError {
  return new DecodeError('BAD_VALUE', detail, { path, offset: 0, bit: 0 }, { doc: obexDocument, section });
}
