// Writes a TNDS document as an element, in the order of the DTD.
import { bytesToBase64 } from '../../core/index.ts';
import { element, namespaces, type XmlElement, type XmlNode } from '../xml/index.ts';
import type { TndsDocument, TndsNode, TndsProperties } from './document.ts';

/** How to write a TNDS document. */
export interface BuildTndsOptions {
  /** Octet values as Base64 text (default; XML knows nothing else) or as octets, which WBXML carries as OPAQUE. */
  readonly octets?: 'base64' | 'raw';
}

/** The `MgmtTree` element of the document. What the document does not say is left out. */
export function buildTnds(document: TndsDocument, options: BuildTndsOptions = {}): XmlElement {
  const raw = options.octets === 'raw';
  return make(
    'MgmtTree',
    make('VerDTD', document.verDtd),
    ...optional('Man', document.man),
    ...optional('Mod', document.mod),
    ...document.nodes.map((node) => buildNode(node, raw)),
  );
}

function buildNode(node: TndsNode, raw: boolean): XmlElement {
  const { value } = node;
  // Base64 is what a b64 value is, in either encoding.
  const asOctets = raw && node.properties?.format !== 'b64';
  return make(
    'Node',
    ...optional('NodeName', node.name),
    ...optional('Path', node.path),
    ...(node.properties === undefined ? [] : [buildProperties(node.properties)]),
    ...(node.dfProperties === undefined ? [] : [node.dfProperties]),
    ...node.nodes.map((child) => buildNode(child, raw)),
    ...(value === undefined
      ? []
      : [make('Value', typeof value === 'string' || asOctets ? value : bytesToBase64(value))]),
  );
}

function buildProperties(properties: TndsProperties): XmlElement {
  const { format, size, type, verNo } = properties;
  return make(
    'RTProperties',
    ...optional('ACL', properties.acl),
    ...(format === undefined ? [] : [make('Format', make(format))]),
    ...optional('Name', properties.name),
    ...optional('Size', size === undefined ? undefined : String(size)),
    ...optional('Title', properties.title),
    ...optional('TStamp', properties.tstamp),
    ...(type === undefined
      ? []
      : [make('Type', 'mime' in type ? make('MIME', type.mime) : make('DDFName', type.ddfName))]),
    ...optional('VerNo', verNo === undefined ? undefined : String(verNo)),
  );
}

function optional(name: string, text: string | undefined): XmlElement[] {
  return text === undefined ? [] : [make(name, text)];
}

function make(name: string, ...children: readonly XmlNode[]): XmlElement {
  return element(name, namespaces.dmddf, ...children.filter((child) => child !== ''));
}
