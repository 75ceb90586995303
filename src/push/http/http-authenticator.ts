// The server's side of HTTP authentication: challenges, and the check of what comes back (RFC 7616, RFC 7617). Nonces
// carry their own proof, so that only those who know a password make it remember anything.
import { createHmac, randomBytes } from 'node:crypto';
import {
  type DigestCredentials,
  digestAlgorithms,
  formatChallenge,
  readCredentials,
  verifyDigest,
} from '../../codec/sip/index.ts';
import {
  AttemptGuard,
  type AttemptGuardOptions,
  base64ToBytes,
  bytesToBase64,
  bytesToUtf8,
  type Clock,
  concatBytes,
  DecodeError,
  equalConstantTime,
  sha256,
  systemClock,
  utf8ToBytes,
} from '../../core/index.ts';
import { checkCredentials, type HttpCredentials } from './challenge-memory.ts';

/** Settings of an authenticator. */
export interface HttpAuthenticatorOptions {
  /** Who may prove itself. */
  readonly accounts: readonly HttpCredentials[];
  /** Told with a challenge: what the password is for. Default `dm`. */
  readonly realm?: string | undefined;
  /** True takes Basic credentials over plain HTTP too. Default false. */
  readonly allowPlainBasic?: boolean | undefined;
  /** How long a nonce of ours is good, in milliseconds. Default 300 000. */
  readonly nonceMs?: number | undefined;
  /** Bounds of wrong passwords, for each source and user name. Default `attemptGuardDefaults`. */
  readonly attempts?: AttemptGuardOptions | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** What a check needs to know of a request. */
export interface AuthenticatedRequest {
  readonly method: string;
  /** Request target as on the wire. */
  readonly target: string;
  /** Value of Authorization. */
  readonly authorization: string | undefined;
  readonly tls: boolean;
  /** IP address that it comes from: wrong passwords are counted there. */
  readonly peer: string;
}

/** What a request proves. */
export type HttpProof =
  | { readonly kind: 'none' }
  | { readonly kind: 'proved'; readonly username: string }
  /** `stale`: the password is right, the nonce too old or used before. */
  | { readonly kind: 'refused'; readonly stale: boolean }
  /** Too many wrong passwords before: this one was not looked at. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number };

/** Nonces in use that are remembered, at most. */
const maxNonces = 10_000;
const timeOctets = 8;
const saltOctets = 8;
const macOctets = 16;

/** Checks credentials. */
export class HttpAuthenticator {
  readonly #accounts: readonly HttpCredentials[];
  readonly #realm: string;
  readonly #allowPlainBasic: boolean;
  readonly #nonceMs: number;
  readonly #clock: Clock;
  readonly #random: (length: number) => Uint8Array;
  readonly #key: Uint8Array;
  readonly #guard: AttemptGuard;
  /** Highest count of nonces in use, the oldest first. */
  readonly #counts = new Map<string, number>();
  /** Nonces issued up to here are stale, whatever their age: their counts are forgotten. */
  #forgottenUntil = -1;

  /**
   * @throws {ValueError} BAD_FORMAT for a user name with a colon
   * @throws {ConfigError} for a bound of `attempts`
   */
  constructor(options: HttpAuthenticatorOptions) {
    for (const [index, account] of options.accounts.entries()) {
      checkCredentials(account, `accounts[${index}].username`);
    }
    this.#accounts = options.accounts;
    this.#realm = options.realm ?? 'dm';
    this.#allowPlainBasic = options.allowPlainBasic ?? false;
    this.#nonceMs = options.nonceMs ?? 300_000;
    this.#clock = options.clock ?? systemClock();
    this.#random = options.random ?? randomBytes;
    this.#key = this.#random(32);
    this.#guard = new AttemptGuard(options.attempts);
  }

  /** Values for WWW-Authenticate: Digest with SHA-256 and with MD5, and Basic where it is taken. */
  challenges(tls: boolean, stale = false): readonly string[] {
    const nonce = this.#newNonce();
    const digests = digestAlgorithms.map((algorithm) =>
      formatChallenge({ realm: this.#realm, nonce, stale, algorithm, qop: ['auth'] }),
    );
    const realm = this.#realm.replace(/["\\]/g, '\\$&');
    return this.#takesBasic(tls) ? [...digests, `Basic realm="${realm}", charset="UTF-8"`] : digests;
  }

  /** What a request proves. Comparisons take constant time. */
  check(request: AuthenticatedRequest): HttpProof {
    const { authorization, tls } = request;
    if (authorization === undefined) return { kind: 'none' };
    const refused = { kind: 'refused', stale: false } as const;
    if (authorization.length > 4096) return refused;
    const basic = /^\s*basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(authorization)?.[1];
    if (basic !== undefined) return this.#takesBasic(tls) ? this.#checkBasic(basic, request) : refused;
    try {
      const credentials = readCredentials({ text: authorization, path: 'authorization', offset: 0 });
      return credentials === undefined ? refused : this.#checkDigest(credentials, request);
    } catch (error) {
      if (error instanceof DecodeError) return refused;
      throw error;
    }
  }

  #takesBasic(tls: boolean): boolean {
    return tls || this.#allowPlainBasic;
  }

  #checkBasic(encoded: string, { peer }: AuthenticatedRequest): HttpProof {
    const decoded = decodeBasic(encoded);
    return this.#counted(decoded.replace(/:.*$/s, ''), peer, () => {
      const given = sha256(utf8ToBytes(decoded));
      let username: string | undefined;
      for (const account of this.#accounts) {
        const wanted = sha256(utf8ToBytes(`${account.username}:${account.password}`));
        if (equalConstantTime(given, wanted)) username = account.username;
      }
      return username === undefined ? { kind: 'refused', stale: false } : { kind: 'proved', username };
    });
  }

  #checkDigest(credentials: DigestCredentials, { method, target, peer }: AuthenticatedRequest): HttpProof {
    const { username, realm, uri, qop, nc, nonce } = credentials;
    return this.#counted(username, peer, () => {
      const account = this.#accounts.find((each) => each.username === username);
      // An unknown user takes as long as a wrong password.
      const right = verifyDigest(credentials, method, account?.password ?? '');
      const fits =
        realm === this.#realm && uri === target && qop === 'auth' && /^[0-9a-fA-F]{8}$/.test(nc ?? '');
      if (account === undefined || !right || !fits) return { kind: 'refused', stale: false };
      if (!this.#useNonce(nonce, Number.parseInt(nc ?? '', 16))) return { kind: 'refused', stale: true };
      return { kind: 'proved', username };
    });
  }

  /** Judges a password, unless there were too many wrong ones. A stale proof says nothing about who sent it. */
  #counted(username: string, peer: string, judge: () => HttpProof): HttpProof {
    const now = this.#clock.monotonic();
    const refusal = this.#guard.refusal(username, peer, now);
    if (refusal !== undefined) return { kind: 'limited', retryAfterMs: refusal.retryAfterMs };
    const proof = judge();
    if (proof.kind === 'proved') this.#guard.succeeded(username, peer, now);
    else if (proof.kind === 'refused' && !proof.stale) this.#guard.failed(username, peer, now);
    return proof;
  }

  #newNonce(): string {
    const stamp = new Uint8Array(timeOctets);
    new DataView(stamp.buffer).setBigUint64(0, BigInt(Math.max(Math.floor(this.#clock.monotonic()), 0)));
    const head = concatBytes(stamp, this.#random(saltOctets));
    return bytesToBase64(concatBytes(head, this.#mac(head)));
  }

  /** True when the nonce is ours, young enough, and this count is higher than all before. */
  #useNonce(nonce: string, count: number): boolean {
    const issuedAt = this.#issuedAt(nonce);
    if (issuedAt === undefined || issuedAt <= this.#forgottenUntil) return false;
    if (this.#clock.monotonic() - issuedAt >= this.#nonceMs) return false;
    const last = this.#counts.get(nonce) ?? 0;
    if (count <= last) return false;
    this.#counts.delete(nonce);
    this.#counts.set(nonce, count);
    if (this.#counts.size > maxNonces) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    for (const nonce of this.#counts.keys()) {
      this.#counts.delete(nonce);
      this.#forgottenUntil = Math.max(this.#forgottenUntil, this.#issuedAt(nonce) ?? 0);
      if (this.#counts.size <= maxNonces) return;
    }
  }

  /** When a nonce of ours was made; `undefined` for another one. */
  #issuedAt(nonce: string): number | undefined {
    let octets: Uint8Array;
    try {
      octets = base64ToBytes(nonce);
    } catch {
      return undefined;
    }
    if (octets.length !== timeOctets + saltOctets + macOctets) return undefined;
    const head = octets.slice(0, timeOctets + saltOctets);
    if (!equalConstantTime(this.#mac(head), octets.subarray(head.length))) return undefined;
    return Number(new DataView(head.buffer).getBigUint64(0));
  }

  #mac(head: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(head).digest().subarray(0, macOctets);
  }
}

/** User name and password, as given; something that nobody has when they cannot be read. */
function decodeBasic(encoded: string): string {
  try {
    return bytesToUtf8(base64ToBytes(encoded)) ?? '';
  } catch {
    return '';
  }
}
