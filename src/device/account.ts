// A DM account as the device uses it, taken from its DMAcc object (dm-messages §5.1).

/** One entry of AppAuth. */
export interface AccountCredential {
  /** Its URI in the tree. */
  readonly uri: string;
  /** AAuthType: `BASIC`, `DIGEST`, `HMAC`, `HTTP-DIGEST`, … */
  readonly type: string;
  /** AAuthName. */
  readonly name?: string;
  /** AAuthSecret. Never logged. */
  readonly secret?: string;
  /** AAuthData: the nonce's octets. */
  readonly nonce?: Uint8Array;
}

/** A DM account. */
export interface DeviceAccount {
  /** Its URI in the tree, such as `./DMAcc/operator`. */
  readonly uri: string;
  readonly serverId: string;
  /** For people. */
  readonly name?: string;
  /** Addresses of the server, in order. */
  readonly addresses: readonly string[];
  /** CLCRED entries, the preferred one first. */
  readonly client: readonly AccountCredential[];
  /** SRVCRED entries, the preferred one first. */
  readonly server: readonly AccountCredential[];
  /** NOTICRED. */
  readonly notification?: AccountCredential;
  /** What the MD5 digest of notifications takes instead of the server identifier (spec-notes ruling 1). */
  readonly digestIdentifier?: string;
}
