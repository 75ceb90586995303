// The client's side of HTTP authentication: answers challenges, and remembers them for the requests that follow
// (RFC 7616 §3, RFC 7617).
import {
  answerDigest,
  chooseChallenge,
  type DigestChallenge,
  formatCredentials,
  readChallenges,
} from '../../codec/sip/index.ts';
import { bytesToBase64, bytesToHex, DecodeError, utf8ToBytes, ValueError } from '../../core/index.ts';

/** What a client proves itself with. */
export interface HttpCredentials {
  /** Without a colon. */
  readonly username: string;
  readonly password: string;
}

/** A way to prove something. */
export type HttpChallenge =
  | { readonly scheme: 'digest'; readonly challenge: DigestChallenge }
  | { readonly scheme: 'basic' };

/** @throws {ValueError} BAD_FORMAT for a user name with a colon, which Basic cannot carry */
export function checkCredentials({ username }: HttpCredentials, path = 'credentials.username'): void {
  if (username.includes(':')) throw new ValueError('BAD_FORMAT', 'must not contain a colon', path);
}

/**
 * The challenge that is answered out of those in WWW-Authenticate fields: Digest with SHA-256, with MD5, then Basic.
 * Fields that cannot be read are left out, but Basic is recognised by its name alone: its realm says nothing that is
 * needed, and some gateways spell it wrong.
 */
export function bestChallenge(fields: readonly string[]): HttpChallenge | undefined {
  const challenges: DigestChallenge[] = [];
  let basic = false;
  for (const text of fields) {
    if (/(?:^|,)\s*basic(?:\s|,|$)/i.test(text)) basic = true;
    try {
      challenges.push(...readChallenges({ text, path: 'www-authenticate', offset: 0 }));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  const digest = chooseChallenge(challenges, ['SHA-256']) ?? chooseChallenge(challenges, ['MD5']);
  if (digest !== undefined) return { scheme: 'digest', challenge: digest };
  return basic ? { scheme: 'basic' } : undefined;
}

interface Remembered {
  readonly challenge: HttpChallenge;
  /** How often its nonce has been used. */
  uses: number;
}

/** Challenges by server and user, the last used last; the oldest is forgotten when there are too many. */
export class ChallengeMemory {
  readonly #random: (length: number) => Uint8Array;
  readonly #capacity: number;
  readonly #entries = new Map<string, Remembered>();

  constructor(random: (length: number) => Uint8Array, capacity: number) {
    this.#random = random;
    this.#capacity = capacity;
  }

  /** Keeps a challenge for the requests that follow to the same server as the same user. */
  keep(origin: string, username: string, challenge: HttpChallenge): void {
    const key = keyOf(origin, username);
    this.#entries.delete(key);
    this.#entries.set(key, { challenge, uses: 0 });
    if (this.#entries.size > this.#capacity) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
  }

  forget(origin: string, username: string): void {
    this.#entries.delete(keyOf(origin, username));
  }

  /** Value of Authorization for a request, when a challenge is known. `target` is the request target. */
  authorization(
    origin: string,
    method: string,
    target: string,
    credentials: HttpCredentials,
  ): string | undefined {
    const key = keyOf(origin, credentials.username);
    const known = this.#entries.get(key);
    if (known === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, known);
    known.uses += 1;
    if (known.challenge.scheme === 'basic') {
      const { username, password } = credentials;
      return `Basic ${bytesToBase64(utf8ToBytes(`${username}:${password}`))}`;
    }
    const cnonce = bytesToHex(this.#random(16));
    return formatCredentials(
      answerDigest(known.challenge.challenge, credentials, {
        method,
        uri: target,
        nonceCount: known.uses,
        cnonce,
      }),
    );
  }
}

function keyOf(origin: string, username: string): string {
  return `${origin} ${username}`;
}
