// Credentials of DM sessions: basic, MD5 and HMAC, challenges and nonces.
export * from './attempt-limiter.ts';
export * from './challenge.ts';
export * from './cred.ts';
export * from './credentials.ts';
export * from './digests.ts';
export * from './hmac-header.ts';
export * from './nonce.ts';
export * from './schemes.ts';
