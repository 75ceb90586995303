// Where the elements of an XML document stand, in octets: for documents that were read, in charsets that keep ASCII.
import { type Annotation, bytesToUtf8 } from '../../core/index.ts';

/** An element; of one with children its start tag, of another all of it. */
export interface XmlPlace {
  /** Names from the root on, with dots: `SyncML.SyncHdr.VerDTD`. */
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  /** The text of an element without children; `<Name>` of another. */
  readonly value: string;
  readonly meaning: string;
}

/** Elements at most that are told. */
const mostElements = 4096;

/** What is no element, and tags; an attribute's value may hold `>`. */
const markup =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<![^>[]*(?:\[[\s\S]*?\]\s*)?>|<(\/?)([^\s/>!?"'<]+)([^"'>]*(?:(?:"[^"]*"|'[^']*')[^"'>]*)*)>/g;

interface Open {
  readonly path: string;
  readonly offset: number;
  readonly end: number;
  readonly index: number;
  isLeaf: boolean;
}

/** The elements in the order of the document. Empty for UTF-16, where characters are no octets. */
export function xmlPlaces(octets: Uint8Array): readonly XmlPlace[] {
  if (octets.subarray(0, 4).includes(0) || octets[0] === 0xff || octets[0] === 0xfe) return [];
  // One character for each octet, so that places in the text are those of the octets.
  const text = new TextDecoder('latin1').decode(octets);
  const places: XmlPlace[] = [];
  const open: Open[] = [];
  for (const found of text.matchAll(markup)) {
    const [tag, slash, name, rest = ''] = found;
    if (name === undefined) continue;
    const end = found.index + tag.length;
    if (slash === '/') {
      const last = open.pop();
      if (last?.isLeaf === true) places[last.index] = leaf(octets, last, found.index, end);
      continue;
    }
    if (places.length >= mostElements) break;
    const parent = open.at(-1);
    if (parent !== undefined) parent.isLeaf = false;
    const local = name.slice(name.indexOf(':') + 1);
    const path = parent === undefined ? local : `${parent.path}.${local}`;
    const empty = rest.endsWith('/');
    const place = { path, offset: found.index, length: tag.length };
    places.push({
      ...place,
      value: `<${local}${empty ? '/' : ''}>`,
      meaning: empty ? 'empty element' : 'start tag',
    });
    if (!empty) open.push({ path, offset: found.index, end, index: places.length - 1, isLeaf: true });
  }
  return places;
}

function leaf(octets: Uint8Array, { path, offset, end: start }: Open, close: number, end: number): XmlPlace {
  const value = bytesToUtf8(octets.subarray(start, close)) ?? `${close - start} octets`;
  return { path, offset, length: end - offset, value, meaning: 'element, its text as it is written' };
}

/** A place as a field of a layer; `by` is where the document starts. */
export function placeAnnotation({ path, offset, length, value, meaning }: XmlPlace, by: number): Annotation {
  return { offset: offset + by, length, field: path, value, meaning, section: 'XML-1.0 §3.1' };
}
