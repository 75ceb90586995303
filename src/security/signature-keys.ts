// Keys of signed messages. A secret and a public key are different classes, and each key knows the one algorithm that it is
// used with: nothing in a message can make one serve as the other.
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  sign as signOctets,
  timingSafeEqual,
  verify as verifyOctets,
} from 'node:crypto';
import { bytesToUtf8, ValueError } from '../core/index.ts';
import { importKey, type KeyInput } from './import-key.ts';
import { type HmacAlgorithm, type PublicKeyAlgorithm, signatureMethods } from './signature-algorithms.ts';

/** A secret that both ends hold: it signs and verifies. */
export class SharedKey {
  readonly algorithm: HmacAlgorithm;
  readonly #secret: ReturnType<typeof createSecretKey>;

  /**
   * `secret` is the octets of the MAC key, such as those of AAuthSecret; at least 16 are recommended, since whoever has one
   * message can try secrets offline.
   * @throws {ValueError} OUT_OF_RANGE for an empty secret, BAD_FORMAT for a PEM text, which is no secret
   */
  constructor(secret: Uint8Array, algorithm: HmacAlgorithm = 'hmac-sha256') {
    if (secret.length === 0)
      throw new ValueError('OUT_OF_RANGE', 'an empty secret protects nothing', 'secret');
    if (bytesToUtf8(secret)?.includes('-----BEGIN ') === true) {
      throw new ValueError('BAD_FORMAT', 'a PEM text is no secret: it may hold a public key', 'secret');
    }
    this.algorithm = algorithm;
    this.#secret = createSecretKey(secret);
  }

  /** The MAC of the octets. */
  sign(octets: Uint8Array): Uint8Array {
    const { hash } = signatureMethods[this.algorithm];
    return new Uint8Array(createHmac(hash, this.#secret).update(octets).digest());
  }

  /** Whether `signature` is the whole MAC of the octets; in constant time. */
  verify(octets: Uint8Array, signature: Uint8Array): boolean {
    const expected = this.sign(octets);
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
}

/** A public key that verifies. */
export class PublicKey {
  readonly algorithm: PublicKeyAlgorithm;
  readonly #key: ReturnType<typeof createPublicKey>;

  /**
   * From PEM (public key or certificate) or a key object. The algorithm is by default the SHA-256 one of its type.
   * @throws {ValueError} BAD_FORMAT when it is no such key, OUT_OF_RANGE for one that is too weak or of another type
   */
  constructor(key: KeyInput, algorithm?: PublicKeyAlgorithm) {
    this.#key = importKey(key, createPublicKey, 'public');
    this.algorithm = checkedAlgorithm(this.#key, algorithm);
  }

  /** Whether `signature` is one of the octets. Never throws. */
  verify(octets: Uint8Array, signature: Uint8Array): boolean {
    const { hash } = signatureMethods[this.algorithm];
    try {
      return verifyOctets(hash, octets, { key: this.#key, dsaEncoding: 'ieee-p1363' }, signature);
    } catch {
      return false;
    }
  }
}

/** A private key that signs. */
export class PrivateKey {
  readonly algorithm: PublicKeyAlgorithm;
  readonly #key: ReturnType<typeof createPrivateKey>;

  /** As `PublicKey`, from an unencrypted private key. @throws {ValueError} BAD_FORMAT, OUT_OF_RANGE */
  constructor(key: KeyInput, algorithm?: PublicKeyAlgorithm) {
    this.#key = importKey(key, createPrivateKey, 'private');
    this.algorithm = checkedAlgorithm(this.#key, algorithm);
  }

  /** A signature of the octets; for ECDSA the two numbers side by side, as XML-Signature has them. */
  sign(octets: Uint8Array): Uint8Array {
    const { hash } = signatureMethods[this.algorithm];
    return new Uint8Array(signOctets(hash, octets, { key: this.#key, dsaEncoding: 'ieee-p1363' }));
  }
}

/** What verifies a message. */
export type VerificationKey = PublicKey | SharedKey;

/** What signs a message. */
export type SigningKey = PrivateKey | SharedKey;

const curves: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];

function checkedAlgorithm(
  key: ReturnType<typeof createPublicKey>,
  wanted: PublicKeyAlgorithm | undefined,
): PublicKeyAlgorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const algorithm = wanted ?? (type === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256');
  if (type !== (algorithm === 'ecdsa-sha256' ? 'ec' : 'rsa')) {
    throw new ValueError('OUT_OF_RANGE', `a key of type ${type} is not for ${algorithm}`, 'key');
  }
  if (type === 'ec' && !curves.includes(details?.namedCurve)) {
    throw new ValueError('OUT_OF_RANGE', 'the curve must be P-256, P-384 or P-521', 'key');
  }
  const least = algorithm === 'rsa-sha1' ? 1024 : 2048;
  if (type === 'rsa' && (details?.modulusLength ?? 0) < least) {
    throw new ValueError('OUT_OF_RANGE', `an RSA key for ${algorithm} has at least ${least} bits`, 'key');
  }
  return algorithm;
}
