// The shared secret of two ends, and the name under which the terminal offers it.
import { requireOctets, ValueError } from '../../core/index.ts';
import { keyExchanges } from './code-points.ts';
import type { KeyId } from './key-id.ts';

/** A secret that both ends hold. */
export interface WtlsSecret {
  /** Names the secret; sent in the clear. 1–255 octets. */
  readonly identity: Uint8Array;
  /** At least 16 octets, as random as a key: whoever records a handshake can try guesses at leisure. */
  readonly secret: Uint8Array;
}

/** Shortest secret, in octets. */
export const minimumSecretOctets = 16;

/** Most secrets that a terminal offers at once: a ClientHello is one datagram. */
export const maximumOffers = 16;

/** @throws {ValueError} WRONG_TYPE for a text, or OUT_OF_RANGE; never with the secret in it */
export function checkSecret({ identity, secret }: WtlsSecret, path: string): void {
  requireOctets(identity, `${path}.identity`);
  requireOctets(secret, `${path}.secret`);
  if (identity.length < 1 || identity.length > 255) {
    throw new ValueError('OUT_OF_RANGE', 'must have 1 to 255 octets', `${path}.identity`);
  }
  if (secret.length < minimumSecretOctets) {
    const detail = `has ${secret.length} octets, at least ${minimumSecretOctets} are needed`;
    throw new ValueError('OUT_OF_RANGE', detail, `${path}.secret`);
  }
}

/** The key identifier under which a terminal offers a secret. */
export function offerOf(identity: Uint8Array): KeyId {
  return {
    keyExchange: keyExchanges.sharedSecret,
    parameterIndex: 0,
    identifier: { type: 'binary', octets: identity },
  };
}

/** The key identifier under which a terminal offers RSA_anon. */
export const anonymousOffer: KeyId = {
  keyExchange: keyExchanges.rsaAnonymous,
  parameterIndex: 0,
  identifier: { type: 'none' },
};

/** The identity in a key identifier for SHARED_SECRET; `undefined` in any other. */
export function identityOf({ keyExchange, identifier }: KeyId): Uint8Array | undefined {
  if (keyExchange !== keyExchanges.sharedSecret) return undefined;
  if (identifier.type === 'binary') return identifier.octets;
  return identifier.type === 'text' ? identifier.name : undefined;
}
