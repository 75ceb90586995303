// The peer's credentials as this end judges them over one session (DM-SEC-1.2, DM-NOTI-1.2 §5.1).
import type { Chal } from '../../codec/syncml/index.ts';
import { statusCodes } from '../../codec/syncml/index.ts';
import { bytesToBase64, utf8ToBytes } from '../../core/index.ts';
import {
  type AuthScheme,
  defaultNonce,
  isDefaultNonce,
  type SessionCredentials,
  schemesFrom,
  verifyCred,
  writeChallenge,
} from '../../security/index.ts';
import type { Incoming } from '../contract/contract.ts';

/** A Status for SyncHdr. */
export interface HeaderStatus {
  readonly status: number;
  readonly chal?: Chal;
}

/** What a message is worth. */
export type PeerVerdict =
  /** The peer may be listened to. */
  | { readonly trusted: true }
  /** It may not; `status` is 401 or 407. */
  | { readonly trusted: false; readonly status: 401 | 407; readonly reason: string };

export interface VerifierOptions {
  /** Who `the peer` is in sentences. */
  readonly peer: 'client' | 'server';
  readonly credentials: SessionCredentials | undefined;
  /** Schemes that are taken; default: that of the credentials, and stronger ones. */
  readonly schemes: readonly AuthScheme[] | undefined;
  /** Nonces of earlier challenges, taken beside the stored one. */
  readonly challengeNonces?: readonly Uint8Array[] | undefined;
  /** The transport vouches for the peer: credentials need not be presented, nor be known here. */
  readonly transportTrusted: boolean;
  /** The default nonce is taken beside the stored one, until the first challenge. */
  readonly acceptDefaultNonce: boolean;
  /** Gives a fresh nonce to the peer even where its scheme needs none, because notifications do. */
  readonly alwaysRenew: boolean;
  /** Takes the Base64 text of a nonce as well, where its octets belong: some peers never decode it. */
  readonly acceptNonceText: boolean;
  readonly maxChallenges: number;
  readonly randomNonce: () => Uint8Array;
}

const remedies = {
  client: "check the client's name and secret on both ends",
  server: "check the server's name and secret on both ends",
} as const;

/** Judges the peer over one session. */
export class Verifier {
  readonly #options: VerifierOptions;
  readonly #schemes: readonly AuthScheme[];
  #nonces: readonly Uint8Array[];
  #challenges = 0;
  #scheme: AuthScheme | 'none' | undefined;
  #defaultNonce = false;
  #forSession = false;
  #renewed: Uint8Array | undefined;
  /** The nonce that `acceptance` handed over last. */
  #handedOver: Uint8Array | undefined;
  #renewals = 0;
  /** What `checkAhead` found. */
  #ahead: { readonly body: Uint8Array; readonly verdict: PeerVerdict } | undefined;

  constructor(options: VerifierOptions) {
    const { credentials, challengeNonces = [] } = options;
    this.#options = options;
    this.#schemes = options.schemes ?? (credentials === undefined ? [] : schemesFrom(credentials.scheme));
    const stored = credentials === undefined || credentials.nonce.length === 0 ? [] : [credentials.nonce];
    const mayBeDefault = options.acceptDefaultNonce ? [defaultNonce()] : [];
    this.#nonces = [...mayBeDefault, ...stored, ...challengeNonces];
  }

  /** How the peer proved itself; `undefined` before it did. */
  get scheme(): AuthScheme | 'none' | undefined {
    return this.#scheme;
  }

  /** True when further messages need no credentials. */
  get trustsSession(): boolean {
    return this.#forSession || (this.#options.transportTrusted && this.#scheme === 'none');
  }

  /** True when it took the default nonce. */
  get usedDefaultNonce(): boolean {
    return this.#defaultNonce;
  }

  /** Nonces that are taken now. */
  get nonces(): readonly Uint8Array[] {
    return this.#candidates();
  }

  /** True when it may still be asked for better credentials. */
  get mayChallenge(): boolean {
    return this.#challengeable() !== undefined;
  }

  /** Judges a message. Credentials that held for the whole session are not looked at again. */
  check(incoming: Incoming): PeerVerdict {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.body === incoming.body ? ahead.verdict : this.#judge(incoming);
  }

  /** The same, for who asks before the session does: `check` gives the same verdict on the same octets without another look. */
  checkAhead(incoming: Incoming): PeerVerdict {
    const verdict = this.#judge(incoming);
    this.#ahead = { body: incoming.body, verdict };
    return verdict;
  }

  #judge(incoming: Incoming): PeerVerdict {
    if (this.#forSession) return { trusted: true };
    const { credentials, transportTrusted, peer } = this.#options;
    if (credentials === undefined) {
      return transportTrusted
        ? this.#trustTransport()
        : this.#distrust(407, `nothing vouches for the ${peer}`);
    }
    const { body, hmac } = incoming;
    const { cred } = incoming.message.header;
    const verdict = verifyCred(
      { cred, hmac, body },
      { credentials, schemes: this.#schemes, nonces: this.#candidates() },
    );
    switch (verdict.verdict) {
      case 'accepted':
        this.#scheme = verdict.scheme;
        this.#defaultNonce = verdict.nonce !== undefined && isDefaultNonce(verdict.nonce);
        this.#forSession = verdict.scheme !== 'hmac';
        return { trusted: true };
      case 'missing':
        if (transportTrusted) return this.#trustTransport();
        return this.#distrust(407, `the ${peer} gave no credentials`);
      case 'wrong-scheme':
        return {
          trusted: false,
          status: 401,
          reason: `the ${peer} gave credentials of a type that is not taken`,
        };
      case 'wrong':
        return this.#distrust(401, `the credentials of the ${peer} do not hold: ${remedies[peer]}`);
    }
  }

  /** True when credentials that hold now come with the message, needed or not. Changes nothing. */
  proves({ message, body, hmac }: Incoming): boolean {
    const { credentials } = this.#options;
    if (credentials === undefined) return false;
    const presented = { cred: message.header.cred, hmac, body };
    const nonces = this.#handedOver === undefined ? [] : [this.#handedOver];
    const expected = { credentials, schemes: this.#schemes, nonces: this.#candidates(nonces) };
    return verifyCred(presented, expected).verdict === 'accepted';
  }

  /**
   * The Status for the SyncHdr of a message that `check` trusted. 212 for basic and MD5, 200 for HMAC and for the
   * transport. The first for MD5, and each for HMAC, hands over a fresh nonce.
   */
  acceptance(): HeaderStatus {
    const scheme = this.#scheme;
    const status =
      scheme === 'basic' || scheme === 'md5' ? statusCodes.authenticationAccepted : statusCodes.ok;
    if (!this.#renewalDue()) return { status };
    const nextNonce = this.#options.randomNonce();
    this.#renewed = nextNonce;
    this.#handedOver = nextNonce;
    if (scheme === 'hmac') this.#nonces = [nextNonce];
    this.#renewals += 1;
    return { status, chal: writeChallenge({ scheme: scheme === 'hmac' ? 'hmac' : 'md5', nextNonce }) };
  }

  /** The Status for the SyncHdr of a message that `check` did not trust: with a challenge, while one is left. */
  refusal(status: 401 | 407): HeaderStatus {
    const credentials = this.#challengeable();
    if (credentials === undefined) return { status };
    this.#challenges += 1;
    const nextNonce = this.#options.randomNonce();
    this.#nonces = [nextNonce];
    return { status, chal: writeChallenge({ scheme: credentials.scheme, nextNonce }) };
  }

  /** The nonce that `acceptance` handed over and that is due to be stored, once. */
  takeNonceToStore(): Uint8Array | undefined {
    const nonce = this.#renewed;
    this.#renewed = undefined;
    return nonce;
  }

  /** What the peer may still be asked for. */
  #challengeable(): SessionCredentials | undefined {
    const { credentials, maxChallenges } = this.#options;
    return this.#challenges < maxChallenges ? credentials : undefined;
  }

  #candidates(more: readonly Uint8Array[] = []): readonly Uint8Array[] {
    const nonces = [...this.#nonces, ...more];
    if (!this.#options.acceptNonceText) return nonces;
    return nonces.flatMap((nonce) => [nonce, utf8ToBytes(bytesToBase64(nonce))]);
  }

  /** What follows a message that does not hold. Under HMAC, one such message ends the session (DM-SEC-1.2). */
  #distrust(status: 401 | 407, reason: string): PeerVerdict {
    if (this.#scheme === 'hmac') this.#challenges = this.#options.maxChallenges;
    return { trusted: false, status, reason };
  }

  #renewalDue(): boolean {
    if (this.#options.credentials === undefined) return false;
    if (this.#scheme === 'hmac') return true;
    return this.#renewals === 0 && (this.#scheme === 'md5' || this.#options.alwaysRenew);
  }

  #trustTransport(): PeerVerdict {
    this.#scheme ??= 'none';
    this.#forSession = this.#options.credentials === undefined;
    return { trusted: true };
  }
}
