// ds:Signature as profile RV-SIG-1 builds it: one Reference to the whole message, two transforms, nothing else.
import { element, isElement, namespaces, writeXml, type XmlElement } from '../codec/xml/index.ts';
import { bytesToBase64 } from '../core/index.ts';
import { isRefused, type Refused, refused } from './message-refusal.ts';
import {
  type DigestAlgorithm,
  digestAlgorithmOf,
  digestMethods,
  envelopedTransform,
  exclusiveCanonicalization,
  type SignatureAlgorithm,
  signatureAlgorithmOf,
  signatureMethods,
} from './signature-algorithms.ts';
import { algorithmOf, base64Of, childrenNamed, isWhiteSpace, method, trimWhiteSpace } from './xml-parts.ts';

/** What SignedInfo says; the rest of it is the same in every message. */
export interface SignedInfo {
  readonly algorithm: SignatureAlgorithm;
  readonly digestAlgorithm: DigestAlgorithm;
  /** Digest of the canonical message without the Signature. */
  readonly digest: Uint8Array;
}

/** A Signature as it came. */
export interface ParsedSignature extends SignedInfo {
  /** SignedInfo in canonical form: what the signature value is over. */
  readonly signedInfo: string;
  readonly value: Uint8Array;
}

const { xmldsig } = namespaces;
/** Octets of the longest signature value: RSA with 16384 bits. */
const longestValue = 2048;

/** SignedInfo for a digest. */
export function buildSignedInfo({ algorithm, digestAlgorithm, digest }: SignedInfo): XmlElement {
  const transforms = [envelopedTransform, exclusiveCanonicalization].map((uri) =>
    method('Transform', xmldsig, uri),
  );
  const reference = element(
    'Reference',
    xmldsig,
    element('Transforms', xmldsig, ...transforms),
    method('DigestMethod', xmldsig, digestMethods[digestAlgorithm]),
    element('DigestValue', xmldsig, bytesToBase64(digest)),
  );
  return element(
    'SignedInfo',
    xmldsig,
    method('CanonicalizationMethod', xmldsig, exclusiveCanonicalization),
    method('SignatureMethod', xmldsig, signatureMethods[algorithm].uri),
    { ...reference, attributes: [{ name: 'URI', namespace: '', value: '' }] },
  );
}

/** The octets of SignedInfo that are signed. */
export function canonicalSignedInfo(signedInfo: XmlElement): string {
  return writeXml(signedInfo, { canonical: true });
}

/** The Signature; `keyName` is a hint for the receiver, not covered by the signature. */
export function buildSignature(signedInfo: XmlElement, value: Uint8Array, keyName?: string): XmlElement {
  const valueElement = element('SignatureValue', xmldsig, bytesToBase64(value));
  const hint = keyName === undefined ? [] : [keyInfo(keyName)];
  return element('Signature', xmldsig, signedInfo, valueElement, ...hint);
}

/**
 * Reads a Signature strictly: white space between elements is allowed, KeyInfo is allowed and not looked at, everything
 * else has to be as `buildSignature` makes it. `idCount` says how many elements of the message have an Id.
 */
export function parseSignature(
  signature: XmlElement,
  idCount: (id: string) => number,
): ParsedSignature | Refused {
  const parts = partsOf(signature);
  if (parts === undefined || signature.attributes.length > 0) return refused('signature-shape');
  if (parts.some(({ name }) => name === 'Object')) return refused('signature-object');
  const [signedInfo, signatureValue] = parts;
  const names = parts.map(({ name }) => name).join(' ');
  if (signedInfo === undefined || !/^SignedInfo SignatureValue( KeyInfo)?$/.test(names)) {
    return refused('signature-shape');
  }
  const said = parseSignedInfo(signedInfo, idCount);
  if (isRefused(said)) return said;
  const value = base64Of(signatureValue, longestValue);
  if (value === undefined || signatureValue?.attributes.length !== 0) {
    return refused('signature-shape', 'SignatureValue is not Base64 of a signature');
  }
  return { ...said, value };
}

function parseSignedInfo(
  signedInfo: XmlElement,
  idCount: (id: string) => number,
): Omit<ParsedSignature, 'value'> | Refused {
  const references = childrenNamed(signedInfo, 'Reference', xmldsig);
  const [reference] = references;
  if (references.length > 1) return refused('several-references');
  if (reference === undefined) return refused('signature-shape', 'there is no Reference');
  const elsewhere = referenceRefusal(reference, idCount);
  if (elsewhere !== undefined) return elsewhere;
  const first = (parent: XmlElement | undefined, name: string) => childrenNamed(parent, name, xmldsig)[0];
  const transforms = childrenNamed(first(reference, 'Transforms'), 'Transform', xmldsig).map(algorithmOf);
  if (transforms.join(' ') !== `${envelopedTransform} ${exclusiveCanonicalization}`)
    return refused('transform');
  const canonicalization = algorithmOf(first(signedInfo, 'CanonicalizationMethod'));
  if (canonicalization !== exclusiveCanonicalization) return refused('canonicalization');
  const signatureMethod = first(signedInfo, 'SignatureMethod');
  if ((signatureMethod?.children ?? []).some(isElement)) return refused('truncated-mac');
  const algorithm = signatureAlgorithmOf(algorithmOf(signatureMethod));
  const digestAlgorithm = digestAlgorithmOf(algorithmOf(first(reference, 'DigestMethod')));
  if (algorithm === undefined || digestAlgorithm === undefined) return refused('unknown-algorithm');
  const digest = base64Of(first(reference, 'DigestValue'), 64);
  if (digest === undefined) return refused('signature-shape', 'DigestValue is not Base64');
  const said = { algorithm, digestAlgorithm, digest };
  // What was not looked at above is compared here: nothing else may be in it.
  const expected = canonicalSignedInfo(buildSignedInfo(said));
  const signed = canonicalSignedInfo(signedInfo);
  if (signed !== expected && canonicalSignedInfo(withoutWhiteSpace(signedInfo)) !== expected) {
    return refused('signature-shape');
  }
  return { ...said, signedInfo: signed };
}

function referenceRefusal(reference: XmlElement, idCount: (id: string) => number): Refused | undefined {
  const uri = reference.attributes.find(({ name, namespace }) => name === 'URI' && namespace === '')?.value;
  if (uri === undefined) return refused('reference-without-uri');
  if (uri === '') return undefined;
  if (!uri.startsWith('#')) return refused('reference-external');
  const count = idCount(uri.slice(1));
  if (count === 0 && !uri.startsWith('#xpointer(')) return refused('reference-missing-id');
  return refused(count > 1 ? 'reference-duplicate-id' : 'reference-other-element');
}

/** KeyInfo with a name for a key: a hint. */
export function keyInfo(keyName: string): XmlElement {
  return element('KeyInfo', xmldsig, element('KeyName', xmldsig, keyName));
}

/** Child elements, which all have to be of XML-Signature; `undefined` when others or text are among them. */
function partsOf(parent: XmlElement): readonly XmlElement[] | undefined {
  const parts: XmlElement[] = [];
  for (const child of parent.children) {
    if (isElement(child) && child.namespace === xmldsig) parts.push(child);
    else if (!isWhiteSpace(child)) return undefined;
  }
  return parts;
}

/** The element without white space between elements, and around the text of its leaves. */
function withoutWhiteSpace(from: XmlElement): XmlElement {
  const leaf = !from.children.some(isElement);
  const kept = from.children.filter((child) => !isWhiteSpace(child));
  return {
    ...from,
    children: kept.map((child) => {
      if (isElement(child)) return withoutWhiteSpace(child);
      return leaf && typeof child === 'string' ? trimWhiteSpace(child) : child;
    }),
  };
}
