// One end's own credentials towards the peer: what to attach, and what the peer's answer changes (DM-SEC-1.2).
import type { Chal, Cred } from '../../codec/syncml/index.ts';
import {
  type AuthScheme,
  makeCred,
  makeHmac,
  readChallenge,
  type SessionCredentials,
  schemesFrom,
} from '../../security/index.ts';

/** What goes with a message. */
export interface Attachment {
  readonly cred?: Cred;
  readonly hmac?: (body: Uint8Array) => string;
}

/** What a challenge of the peer means for this end. */
export type ProverVerdict =
  /** It wants credentials, and this end can give better ones: send again. */
  | { readonly next: 'send-again' }
  /** There is nothing more to try. */
  | { readonly next: 'give-up'; readonly reason: string };

export interface ProverOptions {
  /** Whose credentials they are, for sentences. */
  readonly whose: 'client' | 'server';
  readonly credentials: SessionCredentials | undefined;
  /** Schemes that a challenge may ask for; default: that of the credentials, and stronger ones. */
  readonly schemes: readonly AuthScheme[] | undefined;
  /** Nonce to begin with; `undefined` when there is none, so that MD5 and HMAC wait for a challenge. */
  readonly nonce: Uint8Array | undefined;
  /** Challenges that may be answered. */
  readonly maxChallenges: number;
}

/** Proves this end's identity over one session. */
export class Prover {
  readonly #credentials: SessionCredentials | undefined;
  readonly #schemes: readonly AuthScheme[];
  readonly #maxChallenges: number;
  /** What to do when the peer refuses. */
  readonly #remedy: string;
  #scheme: AuthScheme;
  #nonce: Uint8Array | undefined;
  #challenges = 0;
  #provenForSession = false;
  #toStore: Uint8Array | undefined;
  /** True while the other of two secrets is tried. */
  #other = false;

  constructor(options: ProverOptions) {
    this.#credentials = options.credentials;
    this.#scheme = options.credentials?.scheme ?? 'basic';
    this.#schemes = options.schemes ?? (options.credentials === undefined ? [] : schemesFrom(this.#scheme));
    this.#nonce = options.nonce;
    this.#maxChallenges = options.maxChallenges;
    this.#remedy = `check the ${options.whose}'s name and secret on both ends`;
  }

  /** User name for Source/LocName, where MD5 and HMAC need it. */
  get name(): string | undefined {
    return this.#credentials?.name;
  }

  /** What it proves itself with. */
  get scheme(): AuthScheme {
    return this.#scheme;
  }

  /** True when what it proves itself with takes a nonce. */
  get usesNonce(): boolean {
    return this.#credentials !== undefined && this.#scheme !== 'basic';
  }

  /** Credentials of the next message. */
  attach(): Attachment {
    const credentials = this.#credentials;
    if (credentials === undefined || this.#provenForSession) return {};
    const nonce = this.#nonce;
    const { name, secret, otherSecret = secret } = credentials;
    const shown = { name, secret: this.#other ? otherSecret : secret };
    if (this.#scheme === 'basic') return { cred: makeCred('basic', shown, new Uint8Array()) };
    if (nonce === undefined) return {};
    if (this.#scheme === 'md5') return { cred: makeCred('md5', shown, nonce) };
    return { hmac: (body) => makeHmac(shown, nonce, body) };
  }

  /**
   * The peer took a message: Status 200 (this one) or 212 (the whole session), perhaps with the next nonce. `proven` says
   * that the message carried credentials: only then does 212 speak of them. For HMAC there is no 212, and a peer that says
   * it all the same still gets each message signed.
   */
  accepted(status: 200 | 212, chal: Chal | undefined, proven: boolean): void {
    if (status === 212 && proven && this.#scheme !== 'hmac') this.#provenForSession = true;
    const nonce = chal === undefined ? undefined : readChallenge(chal)?.nextNonce;
    if (nonce === undefined) return;
    this.#toStore = nonce;
    if (status === 200 || this.#scheme === 'hmac') this.#nonce = nonce;
  }

  /** The peer asks for (other) credentials: Status 401 or 407. `proven`: its message had carried some. */
  challenged(chal: Chal | undefined, proven = true): ProverVerdict {
    const challenge = chal === undefined ? undefined : readChallenge(chal);
    if (this.#credentials === undefined)
      return giveUp('the peer wants credentials, and the account has none');
    // No challenge, or a further one: what was wrong was not the nonce.
    if (challenge === undefined) return giveUp(`the peer refuses the credentials: ${this.#remedy}`);
    if (!this.#schemes.includes(challenge.scheme)) {
      return giveUp(`the peer wants ${challenge.scheme} credentials, which the account does not allow`);
    }
    // Of two secrets each has its turn: a challenge does not say whether the nonce or the secret was wrong.
    const { otherSecret } = this.#credentials;
    const allowed = otherSecret === undefined ? this.#maxChallenges : this.#maxChallenges + 1;
    if (this.#challenges >= allowed) {
      return giveUp(`the peer refuses the credentials again: ${this.#remedy}`);
    }
    if (challenge.scheme !== 'basic' && challenge.nextNonce === undefined) {
      return giveUp('the challenge of the peer has no nonce');
    }
    // What was not shown, or in another way than is wanted, was not refused.
    const refused = proven && challenge.scheme === this.#scheme;
    if (refused && otherSecret !== undefined) this.#other = !this.#other;
    this.#challenges += 1;
    this.#scheme = challenge.scheme;
    this.#provenForSession = false;
    if (challenge.nextNonce !== undefined) {
      this.#nonce = challenge.nextNonce;
      this.#toStore = challenge.nextNonce;
    }
    return { next: 'send-again' };
  }

  /** A nonce of the peer that is due to be stored, once: only to be asked for when the peer is authenticated. */
  takeNonceToStore(): Uint8Array | undefined {
    const nonce = this.#toStore;
    this.#toStore = undefined;
    return nonce;
  }
}

function giveUp(reason: string): ProverVerdict {
  return { next: 'give-up', reason };
}
