// Keys that content keys travel under: a device's RSA key pair, or a key that both ends hold. Opening never says why it
// failed.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { ValueError } from '../core/index.ts';
import { type KeyTransport, keyTransports, xmlenc } from './encryption-algorithms.ts';
import { importKey, type KeyInput } from './import-key.ts';

/** The receiver's public RSA key: content keys are encrypted to it. */
export class TransportPublicKey {
  readonly transport: KeyTransport;
  readonly #key: KeyObject;

  /** From PEM (public key or certificate) or a key object, at least 2048 bits. @throws {ValueError} BAD_FORMAT, OUT_OF_RANGE */
  constructor(key: KeyInput, transport: KeyTransport = 'rsa-oaep-mgf1p') {
    this.#key = checkedRsa(importKey(key, createPublicKey, 'public'));
    this.transport = transport;
  }

  /** Identifier of how `wrap` wraps. */
  get uri(): string {
    return keyTransports[this.transport].uri;
  }

  /** The content key, encrypted. */
  wrap(contentKey: Uint8Array): Uint8Array {
    return new Uint8Array(publicEncrypt(oaep(this.#key, this.transport), contentKey));
  }
}

/** The receiver's private RSA key. */
export class TransportPrivateKey {
  readonly #key: KeyObject;

  /** From unencrypted PEM or a key object, at least 2048 bits. @throws {ValueError} BAD_FORMAT, OUT_OF_RANGE */
  constructor(key: KeyInput) {
    this.#key = checkedRsa(importKey(key, createPrivateKey, 'private'));
  }

  /** The content key; `undefined` when `uri` is no key transport or the octets do not open. */
  unwrap(uri: string, wrapped: Uint8Array): Uint8Array | undefined {
    const transport = (['rsa-oaep-mgf1p', 'rsa-oaep-sha256'] as const).find(
      (name) => keyTransports[name].uri === uri,
    );
    if (transport === undefined) return undefined;
    try {
      return new Uint8Array(privateDecrypt(oaep(this.#key, transport), wrapped));
    } catch {
      return undefined;
    }
  }
}

/** A key that both ends hold, for AES key wrap (RFC 3394). */
export class WrappingKey {
  readonly #key: Uint8Array;

  /** 16, 24 or 32 octets. @throws {ValueError} OUT_OF_RANGE */
  constructor(key: Uint8Array) {
    if (![16, 24, 32].includes(key.length)) {
      throw new ValueError('OUT_OF_RANGE', 'an AES key has 16, 24 or 32 octets', 'key');
    }
    this.#key = key.slice();
  }

  /** Identifier of how `wrap` wraps. */
  get uri(): string {
    return `${xmlenc}kw-aes${this.#key.length * 8}`;
  }

  /** The content key, wrapped. */
  wrap(contentKey: Uint8Array): Uint8Array {
    const cipher = createCipheriv(this.#cipher, this.#key, initialValue);
    return new Uint8Array(Buffer.concat([cipher.update(contentKey), cipher.final()]));
  }

  /** The content key; `undefined` when `uri` is not this key's wrap or the octets do not open. */
  unwrap(uri: string, wrapped: Uint8Array): Uint8Array | undefined {
    if (uri !== this.uri) return undefined;
    try {
      const decipher = createDecipheriv(this.#cipher, this.#key, initialValue);
      return new Uint8Array(Buffer.concat([decipher.update(wrapped), decipher.final()]));
    } catch {
      return undefined;
    }
  }

  get #cipher(): string {
    return `id-aes${this.#key.length * 8}-wrap`;
  }
}

/** What a message is encrypted to. */
export type EncryptionKey = TransportPublicKey | WrappingKey;

/** What opens an encrypted message. */
export type DecryptionKey = TransportPrivateKey | WrappingKey;

// RFC 3394 §2.2.3.1.
const initialValue = new Uint8Array(8).fill(0xa6);

function oaep(key: KeyObject, transport: KeyTransport) {
  return { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: keyTransports[transport].hash };
}

function checkedRsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return key;
  throw new ValueError('OUT_OF_RANGE', 'key transport needs an RSA key of at least 2048 bits', 'key');
}
