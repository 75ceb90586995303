// Keys of signed and encrypted DM messages (docs/signed-messages.md): what an account signs with, what a device opens with.

/** What an account signs messages to all its devices with. */
export interface StoredMessageSigning {
  readonly algorithm: 'rsa-sha256' | 'ecdsa-sha256';
  /** Private key, PEM (PKCS #8). Never leaves the server. */
  readonly privateKey: string;
  /** KeyInfo/KeyName of the signature: a hint for the device, at most 255 octets. */
  readonly keyName?: string;
}

/** How content keys reach one device. */
export type StoredMessageEncryption =
  /** RSA-OAEP to the device's key. `publicKey` is PEM (SPKI). */
  | { readonly transport: 'rsa-oaep'; readonly publicKey: string; readonly keyName?: string }
  /** AES key wrap under a key that both ends have: 16, 24 or 32 octets in hex. Never leaves the server. */
  | { readonly transport: 'aes-wrap'; readonly key: string; readonly keyName?: string };

/** What messages to one device are protected with. */
export interface StoredMessageKeys {
  /** HMAC-SHA256 key that only this device has, in hex, at least 16 octets. Absent: the secret of SRVCRED. */
  readonly hmacSecret?: string;
  readonly encryption?: StoredMessageEncryption;
  /**
   * An AES key for key wrap beside an RSA key in `encryption`: it is used where it is, for what it wraps is 317 octets shorter.
   * 16, 24 or 32 octets in hex, never the secret of the HMAC. Never leaves the server.
   */
  readonly wrapping?: { readonly key: string; readonly keyName?: string };
}
