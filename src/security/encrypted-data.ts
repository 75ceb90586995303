// xenc:EncryptedData of one part of a message: an element under a fresh AES-GCM key, and that key for one receiver.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { element, isElement, namespaces, writeXml, type XmlElement } from '../codec/xml/index.ts';
import { bytesToBase64, concatBytes } from '../core/index.ts';
import {
  type ContentAlgorithm,
  contentAlgorithmOf,
  contentMethods,
  elementType,
  keyTransports,
  xmlenc,
  xmlenc11,
} from './encryption-algorithms.ts';
import type { DecryptionKey, EncryptionKey } from './encryption-keys.ts';
import { digestMethods } from './signature-algorithms.ts';
import { keyInfo } from './signature-element.ts';
import { algorithmOf, base64Of, isWhiteSpace, method, onlyChild } from './xml-parts.ts';

const { xmldsig } = namespaces;
const ivOctets = 12;
const tagOctets = 16;
/** Most keys of the receiver that are tried. */
const mostKeys = 8;
/** The message was bounded before; this bounds what is allocated for one part of it. */
const longestContent = 4 * 1024 * 1024;
/** Octets of a content key under RSA with 16384 bits. */
const longestWrapped = 2048;

/** How to encrypt a part. */
export interface EncryptOptions {
  /** Default `aes128-gcm`. */
  readonly content?: ContentAlgorithm;
  /** KeyName of the receiver's key, a hint. Default: none. */
  readonly keyName?: string;
}

/** EncryptedData of an element, given as octets of its XML. */
export function sealElement(
  plaintext: Uint8Array,
  key: EncryptionKey,
  options: EncryptOptions = {},
): XmlElement {
  const { uri, cipher: name, keyOctets } = contentMethods[options.content ?? 'aes128-gcm'];
  const contentKey = randomBytes(keyOctets);
  const iv = randomBytes(ivOctets);
  const cipher = createCipheriv(name, contentKey, iv);
  const sealed = [iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  const wrapped = key.wrap(contentKey);
  contentKey.fill(0);
  const hint = options.keyName === undefined ? [] : [keyInfo(options.keyName)];
  const encryptedKey = element(
    'EncryptedKey',
    xmlenc,
    encryptionMethod(key.uri),
    ...hint,
    cipherData(wrapped),
  );
  const encryptedData = element(
    'EncryptedData',
    xmlenc,
    encryptionMethod(uri),
    element('KeyInfo', xmldsig, encryptedKey),
    cipherData(concatBytes(...sealed)),
  );
  return { ...encryptedData, attributes: [{ name: 'Type', namespace: '', value: elementType }] };
}

/** True for EncryptedData that stands for an element, which is how parts of a message are encrypted. */
export function isSealedElement(candidate: XmlElement): boolean {
  const type = candidate.attributes.find(({ name, namespace }) => name === 'Type' && namespace === '');
  return candidate.name === 'EncryptedData' && candidate.namespace === xmlenc && type?.value === elementType;
}

/**
 * The octets that `sealed` encrypts, opened with the first of 8 keys that fits; `undefined` when none does, for whatever
 * reason: a caller, and so a peer, cannot tell a wrong key from damaged content.
 */
export function openElement(sealed: XmlElement, keys: readonly DecryptionKey[]): Uint8Array | undefined {
  const algorithm = contentAlgorithmOf(methodOf(sealed));
  const content = cipherValue(sealed, longestContent);
  const encryptedKey = onlyChild(onlyChild(sealed, 'KeyInfo', xmldsig), 'EncryptedKey', xmlenc);
  const wrapped = cipherValue(encryptedKey, longestWrapped);
  if (algorithm === undefined || content === undefined || wrapped === undefined) return undefined;
  if (content.length < ivOctets + tagOctets || !hasKnownParameters(encryptedKey)) return undefined;
  const { keyOctets } = contentMethods[algorithm];
  for (const key of keys.slice(0, mostKeys)) {
    const unwrapped = key.unwrap(methodOf(encryptedKey), wrapped);
    // A key that does not open is replaced, so that the time does not tell what failed.
    const contentKey = unwrapped?.length === keyOctets ? unwrapped : randomBytes(keyOctets);
    const plaintext = openContent(algorithm, contentKey, content);
    if (plaintext !== undefined) return plaintext;
  }
  return undefined;
}

function openContent(
  algorithm: ContentAlgorithm,
  key: Uint8Array,
  content: Uint8Array,
): Uint8Array | undefined {
  const end = content.length - tagOctets;
  const decipher = createDecipheriv(contentMethods[algorithm].cipher, key, content.subarray(0, ivOctets), {
    authTagLength: tagOctets,
  });
  decipher.setAuthTag(content.subarray(end));
  const plaintext = decipher.update(content.subarray(ivOctets, end));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return new Uint8Array(plaintext);
}

const sha1Parameters = [method('DigestMethod', xmldsig, digestMethods.sha1)];
const sha256Parameters = [
  method('DigestMethod', xmldsig, digestMethods.sha256),
  method('MGF', xmlenc11, `${xmlenc11}mgf1sha256`),
];

/** EncryptionMethod with the parameters that the method needs. */
function encryptionMethod(uri: string): XmlElement {
  const parameters = uri === keyTransports['rsa-oaep-sha256'].uri ? sha256Parameters : [];
  return method('EncryptionMethod', xmlenc, uri, parameters);
}

/** Whether the method has no parameters but those that we use: another hash, or a label, would be another method. */
function hasKnownParameters(encryptedKey: XmlElement | undefined): boolean {
  const given = onlyChild(encryptedKey, 'EncryptionMethod', xmlenc);
  if (given === undefined) return false;
  const parameters = given.children.filter((child) => !isWhiteSpace(child));
  if (!parameters.every(isElement)) return false;
  const uri = algorithmOf(given);
  if (uri === keyTransports['rsa-oaep-sha256'].uri) return sameElements(parameters, sha256Parameters);
  // SHA-1 is what OAEP has when it does not say; some say it.
  const saysSha1 = uri === keyTransports['rsa-oaep-mgf1p'].uri && sameElements(parameters, sha1Parameters);
  return parameters.length === 0 || saysSha1;
}

/** Whether these are the same elements, in any order. */
function sameElements(some: readonly XmlElement[], others: readonly XmlElement[]): boolean {
  const text = (elements: readonly XmlElement[]) =>
    elements.map((one) => writeXml(one, { canonical: true })).sort();
  return text(some).join('') === text(others).join('');
}

function cipherData(octets: Uint8Array): XmlElement {
  return element('CipherData', xmlenc, element('CipherValue', xmlenc, bytesToBase64(octets)));
}

function cipherValue(parent: XmlElement | undefined, longest: number): Uint8Array | undefined {
  return base64Of(onlyChild(onlyChild(parent, 'CipherData', xmlenc), 'CipherValue', xmlenc), longest);
}

function methodOf(parent: XmlElement | undefined): string {
  return algorithmOf(onlyChild(parent, 'EncryptionMethod', xmlenc));
}
