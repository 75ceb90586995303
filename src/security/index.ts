// Credentials of DM sessions: basic, MD5 and HMAC, challenges and nonces.
export * from './credentials.ts';
