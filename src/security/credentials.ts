// What each end of a DM session proves itself with (DM-SEC-1.2).

/** Application-layer authentication types of DM, from the weakest to the strongest. */
export type AuthScheme = 'basic' | 'md5' | 'hmac';

/** One direction's credentials: CLCRED (client to server) or SRVCRED (server to client). */
export interface SessionCredentials {
  /** What the account prefers to be authenticated with. */
  readonly scheme: AuthScheme;
  /** AAuthName: user name, or for a server its name. */
  readonly name: string;
  /** AAuthSecret. Never logged. */
  readonly secret: string;
  /** Stored nonce octets (AAuthData); empty before the first one. */
  readonly nonce: Uint8Array;
}
