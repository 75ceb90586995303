// The neutral document that the XML reader, the WBXML codec, SyncML and TNDS share.

/** An attribute that is not a namespace declaration. */
export interface XmlAttribute {
  readonly name: string;
  /** Namespace URI, empty for none. */
  readonly namespace: string;
  readonly value: string;
}

/** Content of an element: an element, text, or raw octets (WBXML OPAQUE). */
export type XmlNode = XmlElement | string | Uint8Array;

/** An element. Namespace prefixes are not kept: `namespace` says it all. */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** Namespace URI, empty for none. */
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
}

/** Namespaces of the documents that DM carries (DM-REPPRO-1.2). */
export const namespaces = {
  syncml: 'SYNCML:SYNCML1.2',
  metinf: 'syncml:metinf',
  dmddf: 'syncml:dmddf1.2',
  devinf: 'syncml:devinf',
  xmldsig: 'http://www.w3.org/2000/09/xmldsig#',
} as const;

/** Makes an element without attributes. */
export function element(name: string, namespace: string, ...children: readonly XmlNode[]): XmlElement {
  return { name, namespace, attributes: [], children };
}

/** True for an element, false for text and octets. */
export function isElement(node: XmlNode | undefined): node is XmlElement {
  return typeof node === 'object' && !(node instanceof Uint8Array);
}

/** The first child element of that name, in any namespace. */
export function childElement(parent: XmlElement, name: string): XmlElement | undefined {
  for (const child of parent.children) if (isElement(child) && child.name === name) return child;
  return undefined;
}
