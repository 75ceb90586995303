// The primitives of WTLS, from Node's OpenSSL.
import {
  type Cipheriv,
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  type Decipheriv,
  hash,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { RsaPublicKey, WtlsCrypto, WtlsRsaPrivateKey } from '../../codec/wtls/index.ts';
import { ConfigError, ValueError } from '../../core/index.ts';

const cipherName = 'des-ede3-cbc';

/** WTLS's primitives. */
export const nodeWtlsCrypto: WtlsCrypto = {
  hmacSha1: (key, ...parts) => octetsOf(hmacSha1(key, parts)),
  sha1: (...parts) => octetsOf(hash('sha1', Buffer.concat(parts), 'buffer')),
  encryptTripleDes: (key, iv, data) => tripleDesOf(key).encrypt(iv, data),
  decryptTripleDes: (key, iv, data) => tripleDesOf(key).decrypt(iv, data),
  random: randomBytes,
  encryptRsa({ exponent, modulus }, message) {
    const key = createPublicKey({
      key: { kty: 'RSA', n: base64Url(modulus), e: base64Url(exponent) },
      format: 'jwk',
    });
    return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, message);
  },
};

/** Octets of a block of SHA-1, and what the key is mixed with (RFC 2104). */
const block = 64;
const innerPad = 0x36;
const outerPad = 0x5c;

/** By two hashes at once: for a few dozen octets Node's Hmac takes longer to be made than to work. */
function hmacSha1(key: Uint8Array, parts: readonly Uint8Array[]): Buffer {
  const short = key.length > block ? hash('sha1', key, 'buffer') : key;
  const inner = Buffer.alloc(block, innerPad);
  const outer = Buffer.alloc(block, outerPad);
  for (let at = 0; at < short.length; at += 1) {
    inner[at] = (short[at] ?? 0) ^ innerPad;
    outer[at] = (short[at] ?? 0) ^ outerPad;
  }
  const innerHash = hash('sha1', Buffer.concat([inner, ...parts]), 'buffer');
  return hash('sha1', Buffer.concat([outer, innerHash]), 'buffer');
}

/** Octets of a block of DES. */
const desBlock = 8;

/** By their keys. */
const ciphers = new WeakMap<Uint8Array, TripleDes>();

function tripleDesOf(key: Uint8Array): TripleDes {
  let cipher = ciphers.get(key);
  if (cipher === undefined) {
    cipher = new TripleDes(key);
    ciphers.set(key, cipher);
  }
  return cipher;
}

/**
 * Triple DES in CBC mode with one key. OpenSSL's ciphers are made once and go on from record to record: what CBC mixes the first block
 * with is then the last block of the record before, which is taken out again, and the IV of this one put in.
 */
class TripleDes {
  readonly #key: Uint8Array;
  #encryptor: Cipheriv | undefined;
  #decryptor: Decipheriv | undefined;
  #lastEncrypted = new Uint8Array(desBlock);
  #lastDecrypted = new Uint8Array(desBlock);

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  encrypt(iv: Uint8Array, data: Uint8Array): Uint8Array {
    this.#encryptor ??= createCipheriv(cipherName, this.#key, this.#lastEncrypted).setAutoPadding(false);
    const mixed = Uint8Array.from(data);
    mix(mixed, iv, this.#lastEncrypted);
    const encrypted = octetsOf(this.#encryptor.update(mixed));
    this.#lastEncrypted = new Uint8Array(encrypted.subarray(-desBlock));
    return encrypted;
  }

  decrypt(iv: Uint8Array, data: Uint8Array): Uint8Array {
    this.#decryptor ??= createDecipheriv(cipherName, this.#key, this.#lastDecrypted).setAutoPadding(false);
    const decrypted = octetsOf(this.#decryptor.update(data));
    mix(decrypted, iv, this.#lastDecrypted);
    this.#lastDecrypted = new Uint8Array(data.subarray(-desBlock));
    return decrypted;
  }
}

/** XORs both into the first block of `octets`. */
function mix(octets: Uint8Array, a: Uint8Array, b: Uint8Array): void {
  for (let at = 0; at < desBlock; at += 1) {
    octets[at] = (octets[at] ?? 0) ^ (a[at] ?? 0) ^ (b[at] ?? 0);
  }
}

/** @throws {ConfigError} when this Node's OpenSSL has switched the algorithms off */
export function requireWtlsCrypto(): void {
  if (isThere) return;
  try {
    nodeWtlsCrypto.encryptTripleDes(new Uint8Array(24), new Uint8Array(8), new Uint8Array(8));
    nodeWtlsCrypto.hmacSha1(new Uint8Array(1));
    isThere = true;
  } catch (error) {
    const message = 'secure WAP push needs triple DES and SHA-1, which the OpenSSL of this Node refuses';
    throw new ConfigError(message, { cause: error });
  }
}

/** It was found that the algorithms are there. */
let isThere = false;

/**
 * An RSA key for RSA_anon. Padding is taken off by ourselves, in constant time: OpenSSL's own way tells by its errors.
 * @throws {ValueError} when it is not a private RSA key of 1024 to 4096 bits
 */
export function nodeRsaKey(key: KeyObject): WtlsRsaPrivateKey {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.type !== 'private' || key.asymmetricKeyType !== 'rsa' || bits < 1024 || bits > 4096) {
    throw new ValueError('BAD_FORMAT', 'is not a private RSA key of 1024 to 4096 bits', 'rsaKey');
  }
  const { n = '', e = '' } = createPublicKey(key).export({ format: 'jwk' });
  const publicKey: RsaPublicKey = {
    exponent: Buffer.from(e, 'base64url'),
    modulus: Buffer.from(n, 'base64url'),
  };
  return {
    publicKey,
    decryptRaw: (data) => privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, data),
  };
}

/** Not a Buffer: what is decrypted reaches handlers, and is compared with other octets. */
function octetsOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function base64Url(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64url');
}
