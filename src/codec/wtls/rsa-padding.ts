// The padding of RSAES-PKCS1-v1_5 taken off without telling whether it was right (RFC 8017 §7.2.2): who may ask that
// question often enough decrypts with our key.
import { wtlsVersion } from './code-points.ts';

/** Octets of the secret that a client sends under RSA: the version, then random ones. */
export const rsaSecretOctets = 20;

/**
 * The secret in `block`, what RSA gave for an encrypted secret; `substitute`, of the same length, when the block is not
 * of the right form. Both take the same work. `block` has at least 31 octets.
 */
export function unpadRsaSecret(block: Uint8Array, substitute: Uint8Array): Uint8Array {
  const start = block.length - rsaSecretOctets;
  let wrong = (block[0] ?? 0) | ((block[1] ?? 0) ^ 2) | (block[start - 1] ?? 0);
  wrong |= (block[start] ?? 0) ^ wtlsVersion;
  for (let i = 2; i < start - 1; i += 1) {
    // Octets of the filling are never 0: 0 - 1 sets all bits, anything else none of those above the eighth.
    wrong |= (((block[i] ?? 0) - 1) >> 8) & 0xff;
  }
  const useSubstitute = -wrong >> 31;
  const secret = new Uint8Array(rsaSecretOctets);
  for (let i = 0; i < rsaSecretOctets; i += 1) {
    secret[i] = (useSubstitute & (substitute[i] ?? 0)) | (~useSubstitute & (block[start + i] ?? 0));
  }
  return secret;
}
