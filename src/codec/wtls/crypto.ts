// What WTLS needs of a cryptographic library. It is passed in, so that the codec stays free of runtime modules.
import type { RsaPublicKey } from './handshake.ts';

/**
 * Primitives. All of them are synchronous. Whatever one makes of a key it may keep for as long as the array of the key lives, whose
 * octets do not change: records give the same array as long as their keys are the same.
 */
export interface WtlsCrypto {
  /** HMAC-SHA-1 of the parts, one after the other: 20 octets (RFC 2104). */
  hmacSha1(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /** SHA-1 of the parts, one after the other: 20 octets. */
  sha1(...parts: readonly Uint8Array[]): Uint8Array;
  /** Triple DES (EDE) in CBC mode without padding: key 24 octets, IV 8, data whole blocks of 8. */
  encryptTripleDes(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array;
  /** The reverse of `encryptTripleDes`. */
  decryptTripleDes(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array;
  /** Unpredictable octets. */
  random(length: number): Uint8Array;
  /** RSAES-PKCS1-v1_5. Only for RSA_anon. Throws anything when the key is unusable. */
  encryptRsa(key: RsaPublicKey, message: Uint8Array): Uint8Array;
}

/** A server's RSA key. Only for RSA_anon. */
export interface WtlsRsaPrivateKey {
  readonly publicKey: RsaPublicKey;
  /** The bare RSA operation, without looking at padding: as many octets as the modulus has. Throws anything. */
  decryptRaw(data: Uint8Array): Uint8Array;
}
