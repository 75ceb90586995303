// The primitives of WTLS, from Node's OpenSSL.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { RsaPublicKey, WtlsCrypto, WtlsRsaPrivateKey } from '../../codec/wtls/index.ts';
import { ConfigError, ValueError } from '../../core/index.ts';

const cipherName = 'des-ede3-cbc';

/** WTLS's primitives. */
export const nodeWtlsCrypto: WtlsCrypto = {
  hmacSha1(key, ...parts) {
    const hmac = createHmac('sha1', key);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  },
  sha1(...parts) {
    const hash = createHash('sha1');
    for (const part of parts) hash.update(part);
    return hash.digest();
  },
  encryptTripleDes(key, iv, data) {
    return octetsOf(createCipheriv(cipherName, key, iv).setAutoPadding(false).update(data));
  },
  decryptTripleDes(key, iv, data) {
    return octetsOf(createDecipheriv(cipherName, key, iv).setAutoPadding(false).update(data));
  },
  random: randomBytes,
  encryptRsa({ exponent, modulus }, message) {
    const key = createPublicKey({
      key: { kty: 'RSA', n: base64Url(modulus), e: base64Url(exponent) },
      format: 'jwk',
    });
    return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, message);
  },
};

/** @throws {ConfigError} when this Node's OpenSSL has switched the algorithms off */
export function requireWtlsCrypto(): void {
  try {
    nodeWtlsCrypto.encryptTripleDes(new Uint8Array(24), new Uint8Array(8), new Uint8Array(8));
    nodeWtlsCrypto.hmacSha1(new Uint8Array(1));
  } catch (error) {
    const message = 'secure WAP push needs triple DES and SHA-1, which the OpenSSL of this Node refuses';
    throw new ConfigError(message, { cause: error });
  }
}

/**
 * An RSA key for RSA_anon. Padding is taken off by ourselves, in constant time: OpenSSL's own way tells by its errors.
 * @throws {ValueError} when it is not a private RSA key of 1024 to 4096 bits
 */
export function nodeRsaKey(key: KeyObject): WtlsRsaPrivateKey {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.type !== 'private' || key.asymmetricKeyType !== 'rsa' || bits < 1024 || bits > 4096) {
    throw new ValueError('BAD_FORMAT', 'is not a private RSA key of 1024 to 4096 bits', 'rsaKey');
  }
  const { n = '', e = '' } = createPublicKey(key).export({ format: 'jwk' });
  const publicKey: RsaPublicKey = {
    exponent: Buffer.from(e, 'base64url'),
    modulus: Buffer.from(n, 'base64url'),
  };
  return {
    publicKey,
    decryptRaw: (data) => privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, data),
  };
}

/** Not a Buffer: what is decrypted reaches handlers, and is compared with other octets. */
function octetsOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function base64Url(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64url');
}
