// The tree that an item's Data holds, whichever way it travelled.
import { decodeWbxml, type WbxmlLimits, wbxmlWithin } from '../wbxml/index.ts';
import { readXml, type XmlElement } from '../xml/index.ts';
import type { Data } from './message.ts';

/**
 * The document element (`MgmtTree`) in `data`: an element as it is, octets as WBXML or XML, text as XML without the white
 * space between elements.
 * @throws {DecodeError} when there is no such document, with offsets from the start of the data
 */
export function embeddedTree(data: Data, limits: Partial<WbxmlLimits> = {}): XmlElement {
  if (typeof data === 'string') return readXml(data.trim(), { limits, whitespace: 'drop' });
  if (!(data instanceof Uint8Array)) return data;
  const wbxml = data.length === 0 ? data : wbxmlWithin(data);
  if (wbxml !== undefined) return decodeWbxml(wbxml, { limits, language: 'syncml' }).root;
  return readXml(data, { limits, whitespace: 'drop' });
}
