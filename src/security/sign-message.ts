// Signing a DM message: XML view → encryption, if any → Signature → WBXML (profile RV-SIG-1; DM-SESSIONLESS-1.3 §5.2).
import { buildMessage, type DmMessage } from '../codec/syncml/index.ts';
import { type EncodeWbxmlOptions, encodeWbxml } from '../codec/wbxml/index.ts';
import type { XmlElement } from '../codec/xml/index.ts';
import { utf8ToBytes, ValueError } from '../core/index.ts';
import { type EncryptedParts, encryptDocument } from './encrypt-document.ts';
import type { EncryptOptions } from './encrypted-data.ts';
import type { EncryptionKey } from './encryption-keys.ts';
import { encodeShort } from './short-form.ts';
import { type DigestAlgorithm, signatureMethods } from './signature-algorithms.ts';
import { buildSignature, buildSignedInfo, canonicalSignedInfo } from './signature-element.ts';
import type { SigningKey } from './signature-keys.ts';
import { canonicalContent, contentRefusal, digestOf } from './signed-content.ts';

/** How to sign. */
export interface SignOptions {
  /** Default: the hash of the key's algorithm, so SHA-256 unless the key is for SHA-1. */
  readonly digest?: DigestAlgorithm;
  /** KeyName, a hint for receivers with several keys; not covered by the signature. Default: none. */
  readonly keyName?: string;
  /** True lets a key sign that is for SHA-1. Default false. */
  readonly allowSha1?: boolean;
}

/** What to encrypt, and to whom. */
export interface MessageEncryption extends EncryptOptions {
  readonly parts: EncryptedParts;
  readonly key: EncryptionKey;
}

/** How to encrypt, sign and encode. */
export interface SignMessageOptions extends SignOptions {
  /** Encrypts these parts before the message is signed. Default: nothing is encrypted. */
  readonly encrypt?: MessageEncryption;
  /** WBXML version, string table. The version holds for trees in Data as well. */
  readonly wbxml?: EncodeWbxmlOptions;
  /**
   * How short it is written; the signed text is the same. `plain` (default): every string where it stands. `compact`: what
   * repeats is in the string table once, which every reader of WBXML joins. `opaque`: besides that the octets of each
   * CipherValue travel as OPAQUE, a quarter shorter; Reveille before 0.2 refuses such a message as `not-xml`.
   */
  readonly spelling?: 'plain' | 'compact' | 'opaque';
}

/**
 * The document with its Signature as last child of SyncML. `root` is what `buildMessage` gives for WBXML, and is encoded
 * only afterwards.
 * @throws {ValueError} BAD_FORMAT for a document that receivers refuse or XML cannot carry, OUT_OF_RANGE for SHA-1 that is
 * not switched on
 */
export function signDocument(root: XmlElement, key: SigningKey, options: SignOptions = {}): XmlElement {
  return signed(root, key, options).document;
}

/** As `signDocument`, with the SHA-256 of what was signed. @throws {ValueError} */
function signed(
  root: XmlElement,
  key: SigningKey,
  options: SignOptions,
): { readonly document: XmlElement; readonly contentDigest: Uint8Array } {
  const { algorithm } = key;
  const digestAlgorithm = options.digest ?? signatureMethods[algorithm].hash;
  if ((digestAlgorithm === 'sha1' || algorithm.endsWith('-sha1')) && options.allowSha1 !== true) {
    throw new ValueError('OUT_OF_RANGE', 'SHA-1 is not switched on', 'algorithm');
  }
  const refusal = contentRefusal(root);
  if (refusal !== undefined) throw new ValueError('BAD_FORMAT', `cannot be signed: ${refusal.detail}`);
  const content = canonicalContent(root);
  const digest = digestOf(digestAlgorithm, content);
  const signedInfo = buildSignedInfo({ algorithm, digestAlgorithm, digest });
  const value = key.sign(utf8ToBytes(canonicalSignedInfo(signedInfo)));
  return {
    document: { ...root, children: [...root.children, buildSignature(signedInfo, value, options.keyName)] },
    contentDigest: digestAlgorithm === 'sha256' ? digest : digestOf('sha256', content),
  };
}

/** A signed message on its way out. */
export interface SealedMessage {
  /** The message as WBXML. */
  readonly octets: Uint8Array;
  /** SHA-256 of the canonical text without the Signature: what receivers remember against replays. */
  readonly contentDigest: Uint8Array;
}

/**
 * The message as WBXML, encrypted where asked for and signed, with the digest that receivers know it by.
 * @throws {ValueError} see `signDocument`; also when a value of the message cannot be carried
 */
export function sealMessage(
  message: DmMessage,
  key: SigningKey,
  options: SignMessageOptions = {},
): SealedMessage {
  const { encrypt, wbxml, spelling = 'plain' } = options;
  const plain = messageDocument(message, options);
  const root = encrypt === undefined ? plain : encryptDocument(plain, encrypt.parts, encrypt.key, encrypt);
  const { document, contentDigest } = signed(root, key, options);
  const octets =
    spelling === 'plain'
      ? encodeWbxml(document, wbxml)
      : encodeShort(document, spelling === 'opaque', wbxml ?? {});
  return { octets, contentDigest };
}

/** The octets of `sealMessage` alone. @throws {ValueError} as `sealMessage` does */
export function signMessage(
  message: DmMessage,
  key: SigningKey,
  options: SignMessageOptions = {},
): Uint8Array {
  return sealMessage(message, key, options).octets;
}

/** The document of a message as it is signed and encoded. @throws {ValueError} when a value cannot be carried */
export function messageDocument(
  message: DmMessage,
  { wbxml }: Pick<SignMessageOptions, 'wbxml'> = {},
): XmlElement {
  const version = wbxml?.version === undefined ? {} : { wbxmlVersion: wbxml.version };
  return buildMessage(message, { form: 'wbxml', ...version });
}
