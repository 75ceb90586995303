// Nonces of credentials and of the MD5 notification forms.
import { equalConstantTime } from '../core/index.ts';

/** The default nonce of a resynchronisation: four zero octets (spec-notes ruling 1). A fresh copy each time. */
export function defaultNonce(): Uint8Array {
  return new Uint8Array(4);
}

/** True for the four zero octets. */
export function isDefaultNonce(nonce: Uint8Array): boolean {
  return equalConstantTime(nonce, defaultNonce());
}

/** 16 octets of the system's secure generator. */
export function randomNonce(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}

/** Longest nonce, in octets, that a peer's challenge may set; 50 is what deployed clients take. */
export const maxNonceLength = 255;
