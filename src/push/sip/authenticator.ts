// Answers 401 and 407: which challenges, with which password, and when to stop (RFC 3261 §22, RFC 7616, RFC 8760).
import {
  answerDigest,
  chooseChallenge,
  type DigestAlgorithm,
  type DigestChallenge,
  digestAlgorithms,
  formatCredentials,
  headersOf,
  readChallenges,
  type SipHeader,
  type SipResponse,
} from '../../codec/sip/index.ts';
import { DecodeError, ValueError } from '../../core/index.ts';

/** A name and its password. */
export interface SipCredentials {
  readonly username: string;
  /** Never sent; only a digest over it is. */
  readonly password: string;
  /** Where they are valid. Default: for every realm that asks. */
  readonly realm?: string | undefined;
}

/** Settings of an authenticator. */
export interface AuthenticatorOptions {
  readonly credentials: readonly SipCredentials[];
  /** Hashes that may be used. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Fresh text for each proof. */
  readonly cnonce: () => string;
  /** Whose challenges are answered before they are made again: proxies' only, or registrars' as well. */
  readonly remember: 'proxies' | 'all';
}

/** What is to be done after a 401 or 407. */
export type Challenged =
  | { readonly retry: true }
  | {
      readonly retry: false;
      readonly reason: 'credentials-missing' | 'credentials-refused' | 'challenge-unsupported';
      readonly detail: string;
    };

interface Held {
  readonly challenge: DigestChallenge;
  readonly credentials: SipCredentials;
  readonly isProxy: boolean;
  uses: number;
}

/** Challenges remembered at a time, and answered in one exchange. */
const maxHeld = 16;
/** Requests of one exchange that may be challenged: two proxies and a registrar, each with a stale nonce, fit. */
const maxRounds = 6;

/** Keeps nonces between requests. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #held = new Map<string, Held>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** One request and what has to be sent again for it. */
  exchange(): AuthenticatedExchange {
    return new AuthenticatedExchange(this.#options, this.#held);
  }
}

/** The requests that bring one message through. */
export class AuthenticatedExchange {
  readonly #options: AuthenticatorOptions;
  readonly #shared: Map<string, Held>;
  readonly #own = new Map<string, Held>();
  /** Challenges that came in this exchange: a wrong answer to one of them is the password's fault. */
  readonly #answered = new Set<string>();
  #rounds = 0;

  constructor(options: AuthenticatorOptions, shared: Map<string, Held>) {
    this.#options = options;
    this.#shared = shared;
  }

  /** Authorization and Proxy-Authorization fields for the next request. */
  headers(method: string, uri: string): readonly SipHeader[] {
    // Most carriers know us by our address, and never ask.
    if (this.#shared.size === 0 && this.#own.size === 0) return [];
    const { cnonce } = this.#options;
    return [...new Map([...this.#shared, ...this.#own]).values()].map((held) => {
      held.uses += 1;
      const use = { method, uri, nonceCount: held.uses, cnonce: cnonce() };
      const value = formatCredentials(answerDigest(held.challenge, held.credentials, use));
      return { name: held.isProxy ? 'Proxy-Authorization' : 'Authorization', value };
    });
  }

  /** Takes the challenges of a 401 or 407. */
  challenged(response: SipResponse): Challenged {
    this.#rounds += 1;
    const isProxy = response.status === 407;
    const byRealm = new Map<string, DigestChallenge[]>();
    for (const header of headersOf(response, isProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate')) {
      for (const challenge of challengesOf(header)) {
        byRealm.set(challenge.realm, [...(byRealm.get(challenge.realm) ?? []), challenge]);
      }
    }
    let answered = 0;
    let problem: Challenged = {
      retry: false,
      reason: 'challenge-unsupported',
      detail: 'it asks for no digest that can be computed here',
    };
    for (const [realm, offered] of byRealm) {
      const challenge = chooseChallenge(offered, this.#options.algorithms);
      if (challenge === undefined) continue;
      const credentials = this.#credentialsFor(realm);
      if (credentials === undefined) {
        const detail = `no credentials for the realm ${JSON.stringify(realm.slice(0, 100))}`;
        problem = { retry: false, reason: 'credentials-missing', detail };
        continue;
      }
      const key = `${isProxy ? 'proxy' : 'user'} ${realm}`;
      const again = this.#answered.has(key);
      if ((again && !challenge.stale) || this.#rounds > maxRounds) {
        this.#shared.delete(key);
        const detail = `the password for the realm ${JSON.stringify(realm.slice(0, 100))} was refused`;
        return { retry: false, reason: 'credentials-refused', detail };
      }
      this.#answered.add(key);
      this.#hold(key, { challenge, credentials, isProxy, uses: 0 });
      answered += 1;
    }
    return answered > 0 ? { retry: true } : problem;
  }

  #hold(key: string, held: Held): void {
    this.#own.set(key, held);
    if (!held.isProxy && this.#options.remember === 'proxies') return;
    this.#shared.delete(key);
    this.#shared.set(key, held);
    for (const oldest of this.#shared.keys()) {
      if (this.#shared.size <= maxHeld) break;
      this.#shared.delete(oldest);
    }
  }

  #credentialsFor(realm: string): SipCredentials | undefined {
    const { credentials } = this.#options;
    return (
      credentials.find((one) => one.realm === realm) ?? credentials.find((one) => one.realm === undefined)
    );
  }
}

/** Credentials and hashes as an option gives them. @throws {ValueError} MISSING, BAD_FORMAT or OUT_OF_RANGE */
export function checkCredentials(
  given: SipCredentials | readonly SipCredentials[] | undefined,
  algorithms: readonly DigestAlgorithm[] | undefined,
): { readonly credentials: readonly SipCredentials[]; readonly algorithms: readonly DigestAlgorithm[] } {
  const credentials = given === undefined ? [] : isList(given) ? given : [given];
  for (const [index, { username }] of credentials.entries()) {
    if (username === '') throw new ValueError('MISSING', 'needs a name', `credentials[${index}].username`);
    if (/[\r\n\0]/.test(username)) {
      throw new ValueError('BAD_FORMAT', 'holds a control character', `credentials[${index}].username`);
    }
  }
  const allowed = algorithms ?? digestAlgorithms;
  if (allowed.length === 0 || !allowed.every((one) => digestAlgorithms.includes(one))) {
    const detail = `must hold one or more of ${digestAlgorithms.join(', ')}`;
    throw new ValueError('OUT_OF_RANGE', detail, 'algorithms');
  }
  return { credentials, algorithms: allowed };
}

function isList(given: SipCredentials | readonly SipCredentials[]): given is readonly SipCredentials[] {
  return Array.isArray(given);
}

/** Those that can be read; another scheme's may look like nothing we know. */
function challengesOf(header: SipHeader): readonly DigestChallenge[] {
  try {
    return readChallenges({ text: header.value, path: header.name, offset: header.offset ?? 0 });
  } catch (error) {
    if (error instanceof DecodeError) return [];
    throw error;
  }
}
