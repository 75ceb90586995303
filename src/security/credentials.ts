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
  /**
   * The other secret that the peer may hold instead, while one is replaced by the other: what the peer shows under either is
   * taken, and what is shown to it goes over to this one when it refuses the first. Never logged.
   */
  readonly otherSecret?: string;
  /** Stored nonce octets (AAuthData); empty before the first one. */
  readonly nonce: Uint8Array;
}
