// Chal: asking for credentials, and handing over the next nonce (DM-SEC-1.2).
import type { Chal } from '../codec/syncml/index.ts';
import type { AuthScheme } from './credentials.ts';
import { maxNonceLength } from './nonce.ts';
import { schemeOfType, schemeTypes } from './schemes.ts';

/** A challenge as data. */
export interface Challenge {
  readonly scheme: AuthScheme;
  /** Nonce of the next credentials; md5 and hmac need one. */
  readonly nextNonce?: Uint8Array;
}

/** The Chal that asks for `scheme`. */
export function writeChallenge(challenge: Challenge): Chal {
  const { scheme, nextNonce } = challenge;
  const meta = { format: 'b64', type: schemeTypes[scheme] };
  return { meta: scheme === 'basic' || nextNonce === undefined ? meta : { ...meta, nextNonce } };
}

/** What a Chal asks for; `undefined` when it names no scheme that we know, or a nonce beyond 255 octets. */
export function readChallenge(chal: Chal): Challenge | undefined {
  const scheme = schemeOfType(chal.meta.type ?? '');
  if (scheme === undefined) return undefined;
  const { nextNonce } = chal.meta;
  if (nextNonce === undefined || nextNonce.length === 0) return { scheme };
  return nextNonce.length > maxNonceLength ? undefined : { scheme, nextNonce };
}
