// The two digests of Package #0, and what they are computed with.
import {
  base64Length,
  bytesToBase64,
  concatBytes,
  md5,
  utf8Length,
  utf8ToBytes,
  writeBase64,
  writeMd5,
  writeSha256,
  writeUtf8,
} from '../../core/index.ts';

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
  const digest = new Uint8Array(16);
  writeDigestMd5(credentialHash, nonce, trigger, 0, digest);
  return digest;
}

/** As `digestMd5`, for the trigger that begins in `octets` at `from`; writes the 16 octets at the start of `target`. */
export function writeDigestMd5(
  credentialHash: string | Uint8Array,
  nonce: Uint8Array,
  octets: Uint8Array,
  from: number,
  target: Uint8Array,
): void {
  // This is computed for each push: all of it in one room, without texts and pieces between.
  const credential = credentialHash.length;
  const length = credential + nonce.length + base64Size + 2;
  const hashed = length <= room.length ? room : new Uint8Array(length);
  if (typeof credentialHash === 'string') {
    for (let i = 0; i < credential; i += 1) hashed[i] = credentialHash.charCodeAt(i);
  } else for (let i = 0; i < credential; i += 1) hashed[i] = credentialHash[i] ?? 0;
  hashed[credential] = colon;
  for (let i = 0; i < nonce.length; i += 1) hashed[credential + 1 + i] = nonce[i] ?? 0;
  const at = credential + nonce.length + 1;
  hashed[at] = colon;
  writeMd5(octets, from, octets.length, inner, 0);
  writeBase64(inner, hashed, at + 1);
  writeMd5(hashed, 0, length, target, 0);
}

const inner = new Uint8Array(16);
/** Characters of an MD5 hash in Base64. */
const base64Size = 24;
/** What is hashed is put together here where it fits, as nearly all of it does. */
const room = new Uint8Array(512);
const colon = 0x3a;

/** Hash(server-secret:header:header-options), DM-NOTI-1.3 §6.6, both colons as octets: 32 octets (spec-notes ruling 2). */
export function digestSha256(secret: string, header: Uint8Array, options: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32);
  writeDigestSha256(
    secret,
    concatBytes(header, options),
    header.length,
    header.length + options.length,
    digest,
    0,
  );
  return digest;
}

/**
 * As `digestSha256`, for octets that begin with a header of `header` octets and have options from there to `end`; writes the 32
 * octets into `target`, which may be `octets`, from `at` on.
 */
export function writeDigestSha256(
  secret: string,
  octets: Uint8Array,
  header: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  const secretLength = utf8Length(secret);
  const length = secretLength + end + 2;
  const hashed = length <= room.length ? room : new Uint8Array(length);
  writeUtf8(secret, hashed, 0, secretLength);
  hashed[secretLength] = colon;
  for (let i = 0; i < header; i += 1) hashed[secretLength + 1 + i] = octets[i] ?? 0;
  hashed[secretLength + 1 + header] = colon;
  for (let i = header; i < end; i += 1) hashed[secretLength + 2 + i] = octets[i] ?? 0;
  writeSha256(hashed, 0, length, target, at);
}

/** The credential hash that `key` stands for in a message of `serverId`. */
export const credentialHashOf = (key: DigestKey, serverId: string): string | Uint8Array =>
  key.credentialHash ?? credentialOctets(key.identifier ?? serverId, key.secret);
