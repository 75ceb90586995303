// Whether a message may begin a session, and what is asked of whoever sent it when it may not (spec-notes ruling 22).
import { versionFailure } from '../../codec/syncml/index.ts';
import { type AuthScheme, randomNonce, schemeOfType, schemesFrom, verifyCred } from '../../security/index.ts';
import type { Incoming } from '../contract/contract.ts';
import { Verifier } from '../proof/verifier.ts';
import { defaultMaxChallenges, type ServerSessionOptions } from './server-options.ts';

/** What the server holds of the device that the message names. */
export interface AdmissionOptions
  extends Pick<
    ServerSessionOptions,
    | 'client'
    | 'clientSchemes'
    | 'transportTrusted'
    | 'acceptDefaultNonce'
    | 'acceptNonceText'
    | 'challengeNonces'
  > {
  /** What a client is asked for whose message does not tell what it can give. */
  readonly challenge: AuthScheme;
}

/** What a message is worth. */
export type Admission =
  | {
      readonly admitted: true /** For the session: it has judged the message. */;
      readonly verifier: Verifier;
    }
  | {
      readonly admitted: false;
      /** 407 without credentials, 401 with others; 505 or 513 for a version that is not spoken. */
      readonly status: number;
      readonly reason: string;
      /** The type of credentials to ask for; absent where none would help. */
      readonly challenge?: AuthScheme;
      /** True when the sender does hold the secret, and is refused for the type of its credentials alone. */
      readonly proven: boolean;
    };

const allSchemes: readonly AuthScheme[] = ['basic', 'md5', 'hmac'];

/**
 * Judges a message by its SyncHdr. Before the sender has shown that it holds the secret, nothing that comes out depends
 * on what the server holds: the challenge goes by what was sent, or else is the same for all.
 */
export function admit(incoming: Incoming, options: AdmissionOptions): Admission {
  const { client, clientSchemes, transportTrusted = false } = options;
  const failure = versionFailure(incoming.message.header);
  if (failure !== undefined) {
    return {
      admitted: false,
      status: failure,
      reason: `version not supported: status ${failure}`,
      proven: false,
    };
  }
  const verifier = new Verifier({
    peer: 'client',
    credentials: client,
    schemes: clientSchemes,
    challengeNonces: options.challengeNonces,
    transportTrusted,
    acceptDefaultNonce: options.acceptDefaultNonce ?? false,
    acceptNonceText: options.acceptNonceText ?? false,
    alwaysRenew: false,
    maxChallenges: defaultMaxChallenges,
    randomNonce,
  });
  const verdict = verifier.checkAhead(incoming);
  if (verdict.trusted) return { admitted: true, verifier };
  const { status, reason } = verdict;
  const { cred } = incoming.message.header;
  const { body, hmac } = incoming;
  if (client !== undefined) {
    const taken = clientSchemes ?? schemesFrom(client.scheme);
    const schemes = allSchemes.filter((scheme) => !taken.includes(scheme));
    const expected = { credentials: client, schemes, nonces: verifier.nonces };
    const proven = verifyCred({ cred, hmac, body }, expected).verdict === 'accepted';
    if (proven) return { admitted: false, status, reason, challenge: client.scheme, proven };
  }
  return { admitted: false, status, reason, challenge: asked(incoming, options.challenge), proven: false };
}

/**
 * HMAC and MD5 are asked for again, since a client that gives them can give them under the nonce of the challenge. Basic
 * has no nonce to be wrong: another type is asked for, as from who gave nothing.
 */
function asked({ message, hmac }: Incoming, otherwise: AuthScheme): AuthScheme {
  if (hmac !== undefined) return 'hmac';
  const given = schemeOfType(message.header.cred?.meta?.type ?? '');
  return given === 'md5' || given === 'hmac' ? given : otherwise;
}
