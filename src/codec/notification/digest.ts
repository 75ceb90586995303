// The two digests of Package #0, and what they are computed with.
import { base64Length, bytesToBase64, md5, sha256, utf8ToBytes, writeBase64 } from '../../core/index.ts';

/** The nonce before any other is known and for resynchronisation, 0x00000000: four zero octets (DM-NOTI-1.2 §5.1). */
export const defaultNonce: Uint8Array = new Uint8Array(4);

/** What a server and a device share to sign and check notifications. Never logged. */
export interface DigestKey {
  /** AAuthSecret of SRVCRED; for dm1.3 that of NOTICRED where the account has one (DM-NOTI-1.3 §6.6). */
  readonly secret: string;
  /**
   * Raw nonce octets for the MD5 forms: the stored Base64 decoded, any length, empty included. Default: `defaultNonce`.
   * dm1.3 does not use it.
   */
  readonly nonce?: Uint8Array;
  /**
   * Identifier that the MD5 digest takes instead of the message's `serverId`. For a widely deployed client that hashes
   * its account's AAuthName there (spec-notes ruling 1).
   */
  readonly identifier?: string;
  /**
   * `md5CredentialHash` of identifier and secret, for those who sign many messages with them. Worth as much as the secret.
   * When given, `secret` and `identifier` are not hashed again for the MD5 forms.
   */
  readonly credentialHash?: string;
}

/** B64(H(server-identifier:password)), the part of the MD5 digest that stays the same: 24 characters of Base64. */
export const md5CredentialHash = (identifier: string, secret: string): string =>
  bytesToBase64(md5(utf8ToBytes(`${identifier}:${secret}`)));

/** The same as octets of its characters. */
function credentialOctets(identifier: string, secret: string): Uint8Array {
  const hash = md5(utf8ToBytes(`${identifier}:${secret}`));
  const octets = new Uint8Array(base64Length(hash));
  writeBase64(hash, octets, 0);
  return octets;
}

/**
 * H(B64(H(server-identifier:password)):nonce:B64(H(trigger))), DM-NOTI-1.2 §6.2.2 and DM-NOTI-1.3-2010 §6.2.2. The trigger
 * is every octet after the digest; the nonce is raw octets; the result has 16 octets (spec-notes ruling 1).
 * @param credentialHash `md5CredentialHash`, as text or as octets
 */
export function digestMd5(
  credentialHash: string | Uint8Array,
  nonce: Uint8Array,
  trigger: Uint8Array,
): Uint8Array {
  // Written into one piece, without texts between: this is computed for each push.
  const credential = typeof credentialHash === 'string' ? utf8ToBytes(credentialHash) : credentialHash;
  const hash = md5(trigger);
  const hashed = new Uint8Array(credential.length + nonce.length + base64Length(hash) + 2);
  hashed.set(credential);
  let at = credential.length;
  hashed[at] = colon;
  hashed.set(nonce, at + 1);
  at += nonce.length + 1;
  hashed[at] = colon;
  writeBase64(hash, hashed, at + 1);
  return md5(hashed);
}

const colon = 0x3a;

/** Hash(server-secret:header:header-options), DM-NOTI-1.3 §6.6, both colons as octets: 32 octets (spec-notes ruling 2). */
export const digestSha256 = (secret: string, header: Uint8Array, options: Uint8Array): Uint8Array =>
  sha256(utf8ToBytes(`${secret}:`), header, utf8ToBytes(':'), options);

/** The credential hash that `key` stands for in a message of `serverId`. */
export const credentialHashOf = (key: DigestKey, serverId: string): string | Uint8Array =>
  key.credentialHash ?? credentialOctets(key.identifier ?? serverId, key.secret);
