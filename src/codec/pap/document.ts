// A PAP document as XML: `pap` around one message, after a DOCTYPE that is never fetched (PAP 2.0).
import { DecodeError, utf8ToBytes, ValueError } from '../../core/index.ts';
import { isElement, readXml, writeXml, type XmlElement } from '../xml/index.ts';
import { papElements } from './elements.ts';
import { badPap, papDoc, shown, type UnknownParts } from './fields.ts';
import type { PapDocument } from './message.ts';

/** Versions whose DOCTYPE we write. */
export const papVersions = ['1.0', '2.0'] as const;

/** One of `papVersions`. */
export type PapVersion = (typeof papVersions)[number];

/** A document as read. */
export interface ReadPapDocument extends PapDocument {
  /** From the DOCTYPE, such as `2.0`; `undefined` without one. */
  readonly version: string | undefined;
}

/** How to read a document. */
export interface ReadPapOptions {
  /** What to do about attributes and elements that the DTD does not have. Default `refuse`. */
  readonly unknown?: UnknownParts;
  /** Charset that the transport named. */
  readonly charset?: string;
  /** Octets of the document, at most. Default 65 536. */
  readonly maxOctets?: number;
  /** Elements of the document, at most; an address is one. Default 1024. */
  readonly maxElements?: number;
}

/** Defaults of `ReadPapOptions`. */
export const papReadDefaults = Object.freeze({ maxOctets: 65_536, maxElements: 1024 });

/**
 * Reads a document.
 * @throws {DecodeError} UNSUPPORTED for another major version than 1 and 2, otherwise as the XML reader and the DTD say
 */
export function readPapDocument(input: string | Uint8Array, options: ReadPapOptions = {}): ReadPapDocument {
  const { unknown = 'refuse' } = options;
  const { maxOctets = papReadDefaults.maxOctets, maxElements = papReadDefaults.maxElements } = options;
  let version: string | undefined;
  const root = readXml(input, {
    doctype: 'ignore',
    internalSubset: 'instructions',
    onDoctype: (doctype) => {
      version = /\sPUBLIC\s+["'][^"']*\bPAP ([0-9]{1,3}\.[0-9]{1,3})\b/.exec(doctype)?.[1];
    },
    limits: { maxOctets, maxElements, maxDepth: 8 },
    ...(options.charset === undefined ? {} : { charset: options.charset }),
  });
  if (version !== undefined && !/^[12]\./.test(version)) {
    const at = { path: 'DOCTYPE', offset: 0, bit: 0 };
    throw new DecodeError('UNSUPPORTED', `version ${version} of PAP`, at, { doc: papDoc, section: '' });
  }
  if (root.name !== 'pap' || root.namespace !== '') {
    throw badPap('', `root element is ${shown(root.name)}, not pap`);
  }
  const productName = productNameOf(root, unknown);
  const message = messageOf(root, unknown);
  return { message, version, ...(productName === undefined ? {} : { productName }) };
}

function productNameOf(root: XmlElement, unknown: UnknownParts): string | undefined {
  let productName: string | undefined;
  for (const { name, value } of root.attributes) {
    if (name === 'product-name') productName = value;
    else if (unknown === 'refuse') throw badPap('pap', `there is no attribute ${shown(name)}`);
  }
  return productName;
}

function messageOf(root: XmlElement, unknown: UnknownParts): PapDocument['message'] {
  const [first, ...more] = root.children.filter((child) => typeof child !== 'string' || child.trim() !== '');
  if (first === undefined) throw badPap('pap', 'holds no message');
  if (more.length > 0 || !isElement(first)) throw badPap('pap', 'must hold one message and nothing else');
  const shape = papElements.get(first.name);
  if (shape === undefined || first.namespace !== '')
    throw badPap('pap', `unknown message ${shown(first.name)}`);
  return shape.parse(first, first.name, unknown);
}

/**
 * Octets of a document, in UTF-8, lines ended by CRLF.
 * @throws {ValueError} MISSING or BAD_FORMAT for a value that cannot be written
 */
export function writePapDocument(document: PapDocument, version: PapVersion = '2.0'): Uint8Array {
  const { message, productName } = document;
  const shape = papElements.get(message.element);
  if (shape === undefined) throw new ValueError('BAD_FORMAT', 'is no PAP message', 'element');
  const attributes =
    productName === undefined ? [] : [{ name: 'product-name', namespace: '', value: productName }];
  const root: XmlElement = {
    name: 'pap',
    namespace: '',
    attributes,
    children: [shape.build(message, message.element)],
  };
  return utf8ToBytes(
    `<?xml version="1.0" encoding="UTF-8"?>\r\n${doctypes[version]}\r\n${writeXml(root)}\r\n`,
  );
}

const doctypes: Readonly<Record<PapVersion, string>> = {
  '1.0': '<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 1.0//EN" "http://www.wapforum.org/DTD/pap_1.0.dtd">',
  '2.0':
    '<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 2.0//EN" "http://www.wapforum.org/DTD/pap_2.0.dtd" [<?wap-pap-ver supported-versions="2.0,1.*"?>]>',
};
