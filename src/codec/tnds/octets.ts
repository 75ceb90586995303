// TNDS documents as octets: the two media types, and the content of a Data element.
import { utf8ToBytes } from '../../core/index.ts';
import {
  decodeWbxml,
  encodeWbxml,
  type WbxmlLimits,
  type WbxmlVersion,
  wbxmlWithin,
} from '../wbxml/index.ts';
import { isElement, readXml, writeXml, type XmlElement } from '../xml/index.ts';
import { buildTnds } from './build.ts';
import type { TndsDocument } from './document.ts';
import { parseTnds, type TndsLimits } from './parse.ts';

/** Media types of a TNDS document. */
export const tndsMediaTypes = {
  xml: 'application/vnd.syncml.dmtnds+xml',
  wbxml: 'application/vnd.syncml.dmtnds+wbxml',
} as const;

/** Encoding of a TNDS document. */
export type TndsForm = keyof typeof tndsMediaTypes;

/** Content of a Data element that may be a TNDS document: text, octets, or the element itself. */
export type TndsData = string | Uint8Array | XmlElement;

/** The encoding that a media type names, parameters and case ignored; `undefined` when it is not TNDS. */
export function tndsForm(mediaType: string): TndsForm | undefined {
  const name = (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (name === tndsMediaTypes.xml) return 'xml';
  return name === tndsMediaTypes.wbxml ? 'wbxml' : undefined;
}

/** How to read a TNDS document. */
export interface ReadTndsOptions {
  /** Bounds on nodes. */
  readonly nodes?: Partial<TndsLimits>;
  /** Bounds of the document that carries them. */
  readonly limits?: Partial<WbxmlLimits>;
}

/**
 * Reads a TNDS document: text is XML, octets are WBXML or XML as their first octet tells, an element is taken as it is.
 * A media type is not needed, for peers name one and send the other.
 * @throws {DecodeError} when it is not a TNDS document
 */
export function readTnds(data: TndsData, options: ReadTndsOptions = {}): TndsDocument {
  return parseTnds(rootOf(data, options.limits ?? {}), options.nodes);
}

function rootOf(data: TndsData, limits: Partial<WbxmlLimits>): XmlElement {
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) return data;
  const wbxml = data instanceof Uint8Array ? wbxmlWithin(data) : undefined;
  if (wbxml !== undefined) return decodeWbxml(wbxml, { limits }).root;
  return readXml(data, { limits, doctype: 'ignore', whitespace: 'drop' });
}

/** How to write a TNDS document. */
export interface WriteTndsOptions {
  /** WBXML version, for WBXML only. Default `1.2`. */
  readonly version?: WbxmlVersion;
  /**
   * How WBXML carries values of format `bin`: as Base64 text (default), which every decoder turns into the same XML, or
   * raw as OPAQUE, which is shorter. Readers take both.
   */
  readonly octets?: 'base64' | 'raw';
  /** True puts repeated text into the string table of WBXML, which is shorter. Default false. */
  readonly stringTable?: boolean;
}

/**
 * Octets of the document in that encoding.
 * @throws {ValueError} for text that the encoding cannot carry
 */
export function writeTnds(
  document: TndsDocument,
  form: TndsForm,
  options: WriteTndsOptions = {},
): Uint8Array {
  if (form === 'xml') return utf8ToBytes(writeXml(buildTnds(document)));
  const { octets = 'base64', version, stringTable = false } = options;
  return encodeWbxml(buildTnds(document, { octets }), {
    stringTable,
    ...(version !== undefined && { version }),
  });
}

/** True when a Data element holds a TNDS document itself (DM-REPPRO-1.2, form B). */
export function isTndsElement(data: TndsData | undefined): data is XmlElement {
  return typeof data === 'object' && isElement(data) && data.name === 'MgmtTree';
}
