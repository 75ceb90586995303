// Keys of signed and encrypted messages from files. Secrets never come as arguments: other users of a machine see those.
import { bytesToUtf8, ConfigError, hexToBytes, ValueError } from '../../core/index.ts';
import {
  type DecryptionKey,
  type EncryptionKey,
  type HmacAlgorithm,
  type KeyTransport,
  PrivateKey,
  PublicKey,
  type PublicKeyAlgorithm,
  SharedKey,
  type SignatureAlgorithm,
  type SigningKey,
  TransportPrivateKey,
  TransportPublicKey,
  type VerificationKey,
  WrappingKey,
} from '../../security/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readOctets } from '../io/read-octets.ts';
import { guardSecretFile } from '../io/secret-file.ts';

/** Values of `--algorithm`. */
export const algorithmChoices: readonly SignatureAlgorithm[] = [
  'rsa-sha256',
  'ecdsa-sha256',
  'hmac-sha256',
  'rsa-sha1',
  'hmac-sha1',
];

/** Where the key of a signature comes from. */
export interface SignatureKeyOptions {
  readonly key?: string;
  readonly hmacKeyFile?: string;
  readonly algorithm?: SignatureAlgorithm;
}

/** What a file with octets that both ends hold may look like, for help texts. */
export const sharedKeyHelp =
  'A file with a shared key holds its octets as they are, or "hex:" and hex digits. The line end of a text is left out.';

/** The key that signs. @throws {UsageError} {ConfigError} */
export async function readSigningKey(io: Io, options: SignatureKeyOptions): Promise<SigningKey> {
  return await readSignatureKey(
    io,
    options,
    readPrivatePem,
    (pem, algorithm) => new PrivateKey(pem, algorithm),
  );
}

/** The key that verifies. @throws {UsageError} {ConfigError} */
export async function readVerificationKey(io: Io, options: SignatureKeyOptions): Promise<VerificationKey> {
  return await readSignatureKey(io, options, readPemText, (pem, algorithm) => new PublicKey(pem, algorithm));
}

async function readSignatureKey<T>(
  io: Io,
  { key, hmacKeyFile, algorithm }: SignatureKeyOptions,
  readKeyPair: (io: Io, file: string) => Promise<string>,
  keyPairKey: (pem: string, algorithm: PublicKeyAlgorithm | undefined) => T,
): Promise<T | SharedKey> {
  if ((key === undefined) === (hmacKeyFile === undefined)) {
    throw new UsageError(
      key === undefined ? 'no key' : '--key and --hmac-key-file exclude each other',
      'Give --key FILE.pem for RSA and ECDSA, or --hmac-key-file FILE for HMAC.',
    );
  }
  if (hmacKeyFile !== undefined) {
    if (algorithm !== undefined && !isHmac(algorithm)) {
      throw new UsageError(`--algorithm ${algorithm} needs a key pair`, 'Give --key FILE.pem.');
    }
    const secret = await readSharedKey(io, hmacKeyFile);
    return imported(hmacKeyFile, () => new SharedKey(secret, algorithm));
  }
  if (algorithm !== undefined && isHmac(algorithm)) {
    throw new UsageError(`--algorithm ${algorithm} needs a shared key`, 'Give --hmac-key-file FILE.');
  }
  const pem = await readKeyPair(io, key ?? '');
  return imported(key ?? '', () => keyPairKey(pem, algorithm));
}

function isHmac(algorithm: SignatureAlgorithm): algorithm is HmacAlgorithm {
  return algorithm.startsWith('hmac');
}

/** Where the key comes from that a message is encrypted to. */
export interface EncryptionKeyOptions {
  readonly recipientKey?: string;
  readonly wrapKeyFile?: string;
  readonly keyTransport?: KeyTransport;
}

/** The key that a message is encrypted to; `undefined` when none is given. @throws {UsageError} {ConfigError} */
export async function readEncryptionKey(
  io: Io,
  { recipientKey, wrapKeyFile, keyTransport }: EncryptionKeyOptions,
): Promise<EncryptionKey | undefined> {
  if (recipientKey !== undefined && wrapKeyFile !== undefined) {
    throw new UsageError('--recipient-key and --wrap-key-file exclude each other');
  }
  if (keyTransport !== undefined && recipientKey === undefined) {
    throw new UsageError('--key-transport belongs to --recipient-key');
  }
  if (wrapKeyFile !== undefined) return await readWrappingKey(io, wrapKeyFile);
  if (recipientKey === undefined) return undefined;
  const pem = await readPemText(io, recipientKey);
  return imported(recipientKey, () => new TransportPublicKey(pem, keyTransport));
}

/** Keys that open encrypted parts. @throws {ConfigError} */
export async function readDecryptionKeys(
  io: Io,
  { decryptKey, wrapKeyFile }: { readonly decryptKey?: string; readonly wrapKeyFile?: string },
): Promise<readonly DecryptionKey[]> {
  const keys: DecryptionKey[] = [];
  if (decryptKey !== undefined) {
    const pem = await readPrivatePem(io, decryptKey);
    keys.push(imported(decryptKey, () => new TransportPrivateKey(pem)));
  }
  if (wrapKeyFile !== undefined) keys.push(await readWrappingKey(io, wrapKeyFile));
  return keys;
}

async function readWrappingKey(io: Io, file: string): Promise<WrappingKey> {
  const octets = await readSharedKey(io, file);
  return imported(file, () => new WrappingKey(octets));
}

async function readPrivatePem(io: Io, file: string): Promise<string> {
  const pem = await readPemText(io, file);
  if (pem.includes('PRIVATE KEY')) guardSecretFile(io, file);
  return pem;
}

async function readPemText(io: Io, file: string): Promise<string> {
  requireFile(file);
  return Buffer.from(await readOctets(io, file)).toString('latin1');
}

/** Octets of a key that both ends hold. */
async function readSharedKey(io: Io, file: string): Promise<Uint8Array> {
  requireFile(file);
  const octets = await readOctets(io, file);
  const text = bytesToUtf8(octets)?.replace(/\r?\n$/, '');
  // A public key that was named by mistake is no secret.
  if (text?.startsWith('-----BEGIN') !== true) guardSecretFile(io, file);
  // Octets by chance are text with a line end too rarely to matter.
  if (text === undefined || /\p{Cc}/u.test(text)) return octets;
  if (text.startsWith('hex:')) return imported(file, () => hexToBytes(text.slice(4)));
  return new TextEncoder().encode(text);
}

function requireFile(file: string): void {
  if (file === '-') throw new UsageError('a key comes from a file: standard input is for the message');
}

/** What `read` makes of a file; errors name the file, and nothing of what is in it. */
function imported<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const hint = adviceFor(error);
    throw new ConfigError(`${file}: ${hint ?? error.detail}`);
  }
}

function adviceFor({ code, detail, path }: ValueError): string | undefined {
  if (/hex digit/.test(detail)) return 'what follows "hex:" is not pairs of hex digits';
  if (code !== 'BAD_FORMAT' || path !== 'key') return undefined;
  const other = detail.includes('private') ? 'an unencrypted private key' : 'a public key or certificate';
  return `${detail}; give ${other}`;
}
