// Small steps through a document that is read strictly.
import { isElement, namespaces, textOf, type XmlElement, type XmlNode } from '../codec/xml/index.ts';
import { base64ToBytes } from '../core/index.ts';

/** The child elements of that name and namespace. */
export function childrenNamed(
  parent: XmlElement | undefined,
  name: string,
  namespace: string,
): readonly XmlElement[] {
  return (parent?.children ?? []).filter(
    (child): child is XmlElement => isElement(child) && child.name === name && child.namespace === namespace,
  );
}

/** The child of that name when there is exactly one. */
export function onlyChild(
  parent: XmlElement | undefined,
  name: string,
  namespace: string,
): XmlElement | undefined {
  const found = childrenNamed(parent, name, namespace);
  return found.length === 1 ? found[0] : undefined;
}

/** Text of SyncHdr/Source/LocURI or SyncHdr/Target/LocURI when there is exactly one of each. */
export function headerUri(message: XmlElement, side: 'Source' | 'Target'): string | undefined {
  const { syncml } = namespaces;
  const location = onlyChild(onlyChild(message, 'SyncHdr', syncml), side, syncml);
  const uri = onlyChild(location, 'LocURI', syncml);
  return uri === undefined ? undefined : textOf(uri);
}

/** The Algorithm attribute, empty when there is none. */
export function algorithmOf(element: XmlElement | undefined): string {
  const attribute = element?.attributes.find(
    ({ name, namespace }) => name === 'Algorithm' && namespace === '',
  );
  return attribute?.value ?? '';
}

/** An element with nothing but an Algorithm, and parameters if given. */
export function method(
  name: string,
  namespace: string,
  algorithm: string,
  parameters: readonly XmlElement[] = [],
): XmlElement {
  const attributes = [{ name: 'Algorithm', namespace: '', value: algorithm }];
  return { name, namespace, attributes, children: parameters };
}

/** Octets that the text of a leaf stands for; `undefined` when it is not Base64 of at most `longest` octets. */
export function base64Of(leaf: XmlElement | undefined, longest: number): Uint8Array | undefined {
  const text = leaf === undefined ? undefined : textOf(leaf);
  // Line breaks make it longer.
  if (text === undefined || text.length > longest * 2) return undefined;
  try {
    const octets = base64ToBytes(text);
    return octets.length > longest ? undefined : octets;
  } catch {
    return undefined;
  }
}

/** The text without the white space of XML around it. In linear time, which a regular expression would not promise. */
export function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (start < end && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** True for text that is nothing but the white space of XML. */
export function isWhiteSpace(node: XmlNode): boolean {
  return typeof node === 'string' && /^[ \t\r\n]*$/.test(node);
}
