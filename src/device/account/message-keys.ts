// Keys of signed messages, as they stand below an account: Ext/Reveille/Signing/<X>/{Algorithm,Key} and
// Ext/Reveille/Decryption/<X>/{Transport,Key}. PEM for public and private keys, hex for secrets (docs/signed-messages.md).
import { hexToBytes, utf8ToBytes, ValueError } from '../../core/index.ts';
import {
  type DecryptionKey,
  PublicKey,
  SharedKey,
  TransportPrivateKey,
  type VerificationKey,
  WrappingKey,
} from '../../security/index.ts';
import type { DmAccount, TreeReader, TreeWriter } from '../../tree/index.ts';
import { sessionEntry } from './account.ts';

/** A key that a server's messages are verified with. */
export type VerificationKeyInput =
  /** PEM, of the algorithm's type. */
  | { readonly algorithm: 'rsa-sha256' | 'ecdsa-sha256'; readonly publicKey: string }
  /** Hex. */
  | { readonly algorithm: 'hmac-sha256'; readonly secret: string };

/** A key that opens encrypted parts. */
export type DecryptionKeyInput =
  /** PEM. */
  | { readonly transport: 'rsa-oaep'; readonly privateKey: string }
  /** 16, 24 or 32 octets in hex. */
  | { readonly transport: 'aes-wrap'; readonly key: string };

/** Keys of an account. */
export interface MessageKeysInput {
  /** At most eight. Default: HMAC-SHA256 under the secret of SRVCRED. */
  readonly verify?: readonly VerificationKeyInput[];
  /** At most eight. Default: none. */
  readonly decrypt?: readonly DecryptionKeyInput[];
}

/** Keys that an account has at most, of either kind. */
export const mostMessageKeys = 8;

/**
 * Writes keys below an account.
 * @throws {ValueError} for a key that cannot be used
 */
export function writeMessageKeys(tree: TreeWriter, accountUri: string, keys: MessageKeysInput): void {
  for (const [index, each] of (keys.verify ?? []).entries()) {
    const text = 'secret' in each ? each.secret : each.publicKey;
    checked(() => verificationKey(each.algorithm, text), `messages.verify[${index}]`);
    tree.set(`${accountUri}/Ext/Reveille/Signing/${index + 1}/Algorithm`, { value: each.algorithm });
    tree.set(`${accountUri}/Ext/Reveille/Signing/${index + 1}/Key`, { value: text });
  }
  for (const [index, each] of (keys.decrypt ?? []).entries()) {
    const text = 'key' in each ? each.key : each.privateKey;
    checked(() => decryptionKey(each.transport, text), `messages.decrypt[${index}]`);
    tree.set(`${accountUri}/Ext/Reveille/Decryption/${index + 1}/Transport`, { value: each.transport });
    tree.set(`${accountUri}/Ext/Reveille/Decryption/${index + 1}/Key`, { value: text });
  }
}

/** What verifies the messages of an account's server: its own keys; without any, the secret of SRVCRED. */
export function verificationKeys(tree: TreeReader, account: DmAccount): readonly VerificationKey[] {
  const folder = `${account.uri}/Ext/Reveille/Signing`;
  const names = [...(tree.node(folder)?.children?.keys() ?? [])].slice(0, mostMessageKeys);
  if (names.length === 0) {
    const secret = sessionEntry(account, 'SRVCRED')?.secret ?? '';
    return usable(() => new SharedKey(utf8ToBytes(secret)));
  }
  return names.flatMap((name) => {
    const algorithm = textOf(tree, `${folder}/${name}/Algorithm`);
    return usable(() => verificationKey(algorithm, textOf(tree, `${folder}/${name}/Key`)));
  });
}

/** What opens encrypted parts of the messages of an account's server. */
export function decryptionKeys(tree: TreeReader, account: DmAccount): readonly DecryptionKey[] {
  const folder = `${account.uri}/Ext/Reveille/Decryption`;
  const names = [...(tree.node(folder)?.children?.keys() ?? [])].slice(0, mostMessageKeys);
  return names.flatMap((name) => {
    const transport = textOf(tree, `${folder}/${name}/Transport`);
    return usable(() => decryptionKey(transport, textOf(tree, `${folder}/${name}/Key`)));
  });
}

function verificationKey(algorithm: string, key: string): VerificationKey {
  if (algorithm === 'hmac-sha256') return new SharedKey(hexToBytes(key));
  if (algorithm === 'rsa-sha256' || algorithm === 'ecdsa-sha256') return new PublicKey(key, algorithm);
  throw new ValueError('BAD_FORMAT', 'must be rsa-sha256, ecdsa-sha256 or hmac-sha256', 'algorithm');
}

function decryptionKey(transport: string, key: string): DecryptionKey {
  if (transport === 'aes-wrap') return new WrappingKey(hexToBytes(key));
  if (transport === 'rsa-oaep') return new TransportPrivateKey(key);
  throw new ValueError('BAD_FORMAT', 'must be rsa-oaep or aes-wrap', 'transport');
}

function checked(make: () => unknown, path: string): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(error.code, error.detail, path);
  }
}

// A server may have written one that is no key, as an empty one is: it opens nothing, and the others count.
function usable<Key>(make: () => Key): Key[] {
  try {
    return [make()];
  } catch (error) {
    if (error instanceof ValueError) return [];
    throw error;
  }
}

function textOf(tree: TreeReader, uri: string): string {
  const value = tree.node(uri)?.value;
  return typeof value === 'string' ? value : '';
}
