// Keys and algorithms of a message that needs no session: what signs it, and what of it is encrypted for whom.
import { hexToBytes, requireLine, utf8ToBytes, ValueError } from '../../core/index.ts';
import {
  type EncryptionKey,
  PrivateKey,
  SharedKey,
  type SigningKey,
  TransportPublicKey,
  WrappingKey,
} from '../../security/index.ts';
import type { SessionlessEncryption } from '../../sessionless/index.ts';
import { type AccountRecord, type DeviceRecord, openRotation } from '../../store/index.ts';
import type { InputReader } from '../input/input-reader.ts';

/** Names of what signs. */
export const signatures = ['rsa-sha256', 'ecdsa-sha256', 'hmac-sha256'] as const;
const contents = ['aes128-gcm', 'aes256-gcm'] as const;

/** Reads what of a message is encrypted, and for which key. @throws {ValueError} */
export function readEncryption(input: InputReader, device: DeviceRecord): SessionlessEncryption | undefined {
  const parts = input.take('encrypt');
  const content = input.optionalChoice('contentEncryption', contents);
  if (parts === undefined) return undefined;
  if (parts !== 'body' && !(Array.isArray(parts) && parts.every((each) => typeof each === 'string'))) {
    throw new ValueError('WRONG_TYPE', 'must be "body" or a list of URIs', 'encrypt');
  }
  if (parts !== 'body') {
    for (const [index, uri] of parts.entries()) requireLine(uri, `encrypt[${index}]`);
  }
  const { encryption: own, wrapping } = device.messageKeys ?? {};
  const encryption = wrapping === undefined ? own : { transport: 'aes-wrap' as const, ...wrapping };
  if (encryption === undefined) {
    throw new ValueError('MISSING', 'the device has no messageKeys.encryption to encrypt for', 'encrypt');
  }
  const key: EncryptionKey =
    encryption.transport === 'rsa-oaep'
      ? new TransportPublicKey(encryption.publicKey)
      : new WrappingKey(hexToBytes(encryption.key));
  const { keyName } = encryption;
  return {
    parts,
    key,
    ...(content !== undefined && { content }),
    ...(keyName !== undefined && { keyName }),
  };
}

/**
 * What signs a message: the account's key where it has one, else the secret that the device shares with it
 * (docs/signed-messages.md).
 * @throws {ValueError} for a key that is not there, or is being replaced
 */
export function signingKey(
  wanted: (typeof signatures)[number] | undefined,
  device: DeviceRecord,
  { messageSigning }: AccountRecord,
): { readonly key: SigningKey; readonly keyName?: string } {
  if (wanted !== 'hmac-sha256' && messageSigning !== undefined) {
    const { algorithm, privateKey, keyName } = messageSigning;
    if (wanted !== undefined && wanted !== algorithm) {
      throw new ValueError('OUT_OF_RANGE', `the account signs with ${algorithm}`, 'signature');
    }
    return { key: new PrivateKey(privateKey, algorithm), ...(keyName !== undefined && { keyName }) };
  }
  if (wanted !== undefined && wanted !== 'hmac-sha256') {
    throw new ValueError('MISSING', 'the account has no messageSigning to sign with', 'signature');
  }
  const secret = device.messageKeys?.hmacSecret;
  if (secret === undefined && openRotation(device.rotations, 'server')?.state === 'sent') {
    const detail =
      'the secret that would sign it is being replaced, and the device has not said yet which one it holds: wait for its ' +
      'next session, or set messageKeys.hmacSecret';
    throw new ValueError('OUT_OF_RANGE', detail, 'signature');
  }
  const octets = secret === undefined ? utf8ToBytes(device.serverCredentials.secret) : hexToBytes(secret);
  return { key: new SharedKey(octets) };
}
