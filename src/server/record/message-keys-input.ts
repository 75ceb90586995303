// Keys of sessionless messages, as callers give them: checked here, kept by the store, never shown again.
import { hexToBytes, ValueError } from '../../core/index.ts';
import { PrivateKey, TransportPublicKey, WrappingKey } from '../../security/index.ts';
import type { StoredMessageEncryption, StoredMessageKeys, StoredMessageSigning } from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';

const algorithms = ['rsa-sha256', 'ecdsa-sha256'] as const;

/**
 * Reads `messageSigning`: `{ privateKey, algorithm?, keyName? }`; the algorithm defaults to the one of the key's type.
 * @throws {ValueError} for a key that cannot sign
 */
export function readMessageSigning(value: unknown, path: string): StoredMessageSigning {
  const input = new InputReader(value, 'a signing key', path);
  const privateKey = input.text('privateKey', { max: 16_384, content: 'free' });
  const wanted = input.optionalChoice('algorithm', algorithms);
  const keyName = input.optionalText('keyName', { max: 255 });
  input.end();
  const { algorithm } = atPath(`${path}.privateKey`, () => new PrivateKey(privateKey, wanted));
  if (algorithm !== 'rsa-sha256' && algorithm !== 'ecdsa-sha256') {
    throw new ValueError('OUT_OF_RANGE', `${algorithm} is not offered here`, `${path}.algorithm`);
  }
  return { algorithm, privateKey, ...(keyName !== undefined && { keyName }) };
}

/**
 * Reads `messageKeys`: `{ hmacSecret?, encryption?, wrapping? }`, where encryption is `{ transport: 'rsa-oaep', publicKey, keyName? }`
 * or `{ transport: 'aes-wrap', key, keyName? }`, and wrapping `{ key, keyName? }`, the AES key beside an RSA key; secrets are hex.
 * @throws {ValueError} for a key that protects nothing
 */
export function readMessageKeys(value: unknown, path: string): StoredMessageKeys {
  const input = new InputReader(value, 'keys of messages', path);
  const hmacSecret = readHex(input, 'hmacSecret', path);
  if (hmacSecret !== undefined && hmacSecret.length < 32) {
    throw new ValueError('OUT_OF_RANGE', 'must have at least 16 octets', `${path}.hmacSecret`);
  }
  const encryption = input.take('encryption');
  const wrapping = input.take('wrapping');
  if (hmacSecret === undefined && encryption === undefined && wrapping === undefined) {
    throw new ValueError('MISSING', 'needs hmacSecret, encryption or wrapping; null removes the keys', path);
  }
  input.end();
  const keys: StoredMessageKeys = {
    ...(hmacSecret !== undefined && { hmacSecret }),
    ...(encryption !== undefined && { encryption: readEncryption(encryption, `${path}.encryption`) }),
    ...(wrapping !== undefined && { wrapping: readWrapping(wrapping, `${path}.wrapping`) }),
  };
  requireOtherKeys(keys, path);
  return keys;
}

function readWrapping(value: unknown, path: string): NonNullable<StoredMessageKeys['wrapping']> {
  const input = new InputReader(value, 'a key for AES key wrap', path);
  const keyName = input.optionalText('keyName', { max: 255 });
  return { ...readWrapKey(input, path), ...(keyName !== undefined && { keyName }) };
}

/** One key, one use: the secret of the HMAC wraps no keys (DM-SESSIONLESS-1.3 §5.2 has both in one message). */
function requireOtherKeys({ hmacSecret, encryption, wrapping }: StoredMessageKeys, path: string): void {
  const shared = encryption?.transport === 'aes-wrap' ? encryption.key : undefined;
  for (const [key, name] of [
    [shared, 'encryption.key'],
    [wrapping?.key, 'wrapping.key'],
  ] as const) {
    if (key === undefined || key !== hmacSecret) continue;
    throw new ValueError(
      'OUT_OF_RANGE',
      'must not be the secret that messages are signed with',
      `${path}.${name}`,
    );
  }
}

function readEncryption(value: unknown, path: string): StoredMessageEncryption {
  const input = new InputReader(value, 'an encryption key', path);
  const transport = input.optionalChoice('transport', ['rsa-oaep', 'aes-wrap']) ?? 'rsa-oaep';
  const keyName = input.optionalText('keyName', { max: 255 });
  const named = keyName === undefined ? {} : { keyName };
  if (transport === 'rsa-oaep') {
    const publicKey = input.text('publicKey', { max: 16_384, content: 'free' });
    input.end();
    atPath(`${path}.publicKey`, () => new TransportPublicKey(publicKey));
    return { transport, publicKey, ...named };
  }
  return { transport, ...readWrapKey(input, path), ...named };
}

function readWrapKey(input: InputReader, path: string): { readonly key: string } {
  const key = readHex(input, 'key', path);
  input.end();
  if (key === undefined) throw new ValueError('MISSING', 'must be given', `${path}.key`);
  atPath(`${path}.key`, () => new WrappingKey(hexToBytes(key)));
  return { key };
}

function readHex(input: InputReader, name: string, path: string): string | undefined {
  const text = input.optionalText(name, { max: 512 });
  if (text === undefined) return undefined;
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(text)) {
    throw new ValueError('BAD_FORMAT', 'must be octets in hex', `${path}.${name}`);
  }
  return text.toLowerCase();
}

function atPath<Result>(path: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(error.code, error.detail, path, error.spec);
  }
}
