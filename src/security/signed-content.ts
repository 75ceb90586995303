// What a signature covers: the whole message but for the Signature itself, in the XML view that both ends have.
import { hash } from 'node:crypto';
import { isElement, namespaces, writeXml, type XmlElement, type XmlNode } from '../codec/xml/index.ts';
import { isRefused, type Refused, refused } from './message-refusal.ts';
import type { DigestAlgorithm } from './signature-algorithms.ts';
import { isWhiteSpace } from './xml-parts.ts';

/** A document taken apart. */
export interface SignedContent {
  /** The message without its Signature. */
  readonly content: XmlElement;
  readonly signature: XmlElement;
  /** How many elements of the document have that Id. */
  readonly idCount: (id: string) => number;
}

const { syncml, xmldsig } = namespaces;

/** Takes a document apart: one Signature, the last child of SyncML; beside it SyncHdr and SyncBody, once each. */
export function splitSigned(root: XmlElement): SignedContent | Refused {
  if (!isNamed(root, 'SyncML')) return refused('not-a-message');
  const found = inspect(root);
  if (found.namespaceLength > mostNamespaceCharacters) return refused('too-large');
  if (found.signatures.length === 0) return refused('not-signed');
  if (found.signatures.length > 1) return refused('several-signatures');
  const elements = root.children.filter(isElement);
  const signature = elements.at(-1);
  if (signature === undefined || signature !== found.signatures[0]) return refused('signature-misplaced');
  if (found.wrapped) return refused('wrapped-message');
  const content = { ...root, children: root.children.filter((child) => child !== signature) };
  const [header, body, ...others] = content.children.filter((child) => !isWhiteSpace(child));
  if (!isNamed(header, 'SyncHdr') || !isNamed(body, 'SyncBody') || others.length > 0) {
    return refused('unsigned-sibling');
  }
  return { content, signature, idCount: (id) => found.ids.get(id) ?? 0 };
}

/** The refusal of a message with attributes, which no DM message has. */
export function attributeRefusal(content: XmlElement): Refused | undefined {
  for (const element of descendants(content)) if (element.attributes.length > 0) return refused('attribute');
  return undefined;
}

/** Why a receiver would refuse the message whoever signs it, if so. */
export function contentRefusal(content: XmlElement): Refused | undefined {
  const signature: XmlElement = { name: 'Signature', namespace: xmldsig, attributes: [], children: [] };
  const split = splitSigned({ ...content, children: [...content.children, signature] });
  return isRefused(split) ? split : attributeRefusal(content);
}

/** The text that is digested. @throws {ValueError} BAD_FORMAT when XML cannot carry the content */
export function canonicalContent(content: XmlElement): string {
  return writeXml(content, { canonical: true });
}

/** The digest of such a text. */
export function digestOf(algorithm: DigestAlgorithm, content: string): Uint8Array {
  return new Uint8Array(hash(algorithm, content, 'buffer'));
}

interface Inspection {
  readonly signatures: readonly XmlElement[];
  readonly ids: ReadonlyMap<string, number>;
  /** A part of a message stands inside another one, or inside the Signature. */
  readonly wrapped: boolean;
  /** Characters of namespaces that the XML view has to declare. */
  readonly namespaceLength: number;
}

/**
 * In WBXML a prefix is declared once and used by many elements, each of which declares its namespace in the XML view: few
 * octets must not become a text without end.
 */
const mostNamespaceCharacters = 1024 * 1024;

function inspect(root: XmlElement): Inspection {
  const signatures: XmlElement[] = [];
  const ids = new Map<string, number>();
  const direct = new Set(root.children);
  let wrapped = false;
  let namespaceLength = 0;
  for (const element of descendants(root)) {
    if (element.namespace === xmldsig && element.name === 'Signature') signatures.push(element);
    const part = element.namespace === syncml && messageParts.has(element.name);
    if (part && element !== root && !direct.has(element)) wrapped = true;
    for (const child of element.children) {
      if (isElement(child) && child.namespace !== element.namespace)
        namespaceLength += child.namespace.length;
    }
    for (const { name, namespace, value } of element.attributes) {
      namespaceLength += namespace.length;
      if (name.toLowerCase() === 'id') ids.set(value, (ids.get(value) ?? 0) + 1);
    }
  }
  return { signatures, ids, wrapped, namespaceLength };
}

const messageParts = new Set(['SyncML', 'SyncHdr', 'SyncBody']);

/** The element and everything inside it. Without recursion, whatever the depth. */
function* descendants(root: XmlElement): Generator<XmlElement> {
  const waiting: XmlElement[] = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    yield element;
    for (const child of element.children) if (isElement(child)) waiting.push(child);
  }
}

function isNamed(node: XmlNode | undefined, name: string): boolean {
  return isElement(node) && node.name === name && node.namespace === syncml;
}
