// Credentials of DM sessions: basic, MD5 and HMAC, challenges and nonces. Signed and encrypted messages, bootstrap MACs.
export * from './attempt-limiter.ts';
export * from './bootstrap-mac.ts';
export * from './challenge.ts';
export * from './cred.ts';
export * from './credentials.ts';
export * from './decrypt-document.ts';
export * from './describe-protection.ts';
export * from './digests.ts';
export * from './encrypt-document.ts';
export type { EncryptOptions } from './encrypted-data.ts';
export type { ContentAlgorithm, KeyTransport } from './encryption-algorithms.ts';
export * from './encryption-keys.ts';
export * from './hmac-header.ts';
export type { KeyInput } from './import-key.ts';
export { isRefused, type MessageRefusal, type Refused, refusalMeanings, refused } from './message-refusal.ts';
export * from './nonce.ts';
export * from './open-message.ts';
export * from './read-signed.ts';
export * from './schemes.ts';
export * from './sign-message.ts';
export type {
  DigestAlgorithm,
  HmacAlgorithm,
  PublicKeyAlgorithm,
  SignatureAlgorithm,
} from './signature-algorithms.ts';
export * from './signature-keys.ts';
export * from './verify-signed.ts';
