// Reads a TNDS document from an element, tolerant of order and of what it does not know.
import { base64ToBytes, bytesToUtf8, DecodeError, type DecodeErrorCode } from '../../core/index.ts';
import { isElement, writeXml, type XmlElement } from '../xml/index.ts';
import {
  isNodeFormat,
  type TndsDocument,
  type TndsNode,
  type TndsProperties,
  type TndsType,
} from './document.ts';

/** Bounds of a TNDS document. */
export interface TndsLimits {
  /** Nodes in all. Default 20 000. */
  readonly maxNodes: number;
  /** Nodes inside one another, those of MgmtTree counted as 1. Default 100. */
  readonly maxDepth: number;
}

export const defaultTndsLimits: TndsLimits = Object.freeze({ maxNodes: 20_000, maxDepth: 100 });

interface Reading {
  readonly limits: TndsLimits;
  nodes: number;
}

/**
 * The document below a `MgmtTree` element. Elements of other namespaces and unknown ones are skipped.
 * @throws {DecodeError} with the node's path, such as `OperatorX/POP3/Value`; the octet offset is not known here
 */
export function parseTnds(root: XmlElement, limits: Partial<TndsLimits> = {}): TndsDocument {
  if (root.name !== 'MgmtTree') {
    throw fail('BAD_VALUE', `root element is ${root.name}, not MgmtTree`, root.name, '6.3.1.1');
  }
  const reading: Reading = { limits: { ...defaultTndsLimits, ...limits }, nodes: 0 };
  const parts = partsOf(root, '', '6.3.1.1');
  const verDtd = textOf(parts.single.get('VerDTD'), 'VerDTD', '6.3.1.2')?.trim() ?? '1.2';
  if (!verDtd.startsWith('1.')) {
    throw fail('UNSUPPORTED', `version ${JSON.stringify(verDtd)}`, 'VerDTD', '6.3.1.2');
  }
  const man = textOf(parts.single.get('Man'), 'Man', '6.3.1.3');
  const mod = textOf(parts.single.get('Mod'), 'Mod', '6.3.1.4');
  const nodes = parts.nodes.map((node, index) => parseNode(reading, node, '', index, 1));
  if (nodes.length === 0) throw fail('BAD_VALUE', 'has no Node', 'MgmtTree', '6.3.1.1');
  return {
    verDtd,
    ...(man === undefined ? {} : { man }),
    ...(mod === undefined ? {} : { mod }),
    nodes,
  };
}

function parseNode(
  reading: Reading,
  node: XmlElement,
  above: string,
  index: number,
  depth: number,
): TndsNode {
  reading.nodes += 1;
  if (reading.nodes > reading.limits.maxNodes) {
    throw fail('LIMIT', `more than ${reading.limits.maxNodes} nodes`, above, '6.3.1.5');
  }
  if (depth > reading.limits.maxDepth) {
    throw fail('LIMIT', `more than ${reading.limits.maxDepth} nodes inside one another`, above, '6.3.1.5');
  }
  const parts = partsOf(node, `${above}Node[${index}]/`, '6.3.1.5');
  const nameElement = parts.single.get('NodeName');
  const name = textOf(nameElement, `${above}Node[${index}]/NodeName`, '6.3.1.6')?.trim();
  const at = `${above}${name === undefined || name === '' ? `Node[${index}]` : name}/`;
  const path = textOf(parts.single.get('Path'), `${at}Path`, '6.3.1.7')?.trim();
  const rtElement = parts.single.get('RTProperties');
  const properties = rtElement === undefined ? undefined : parseProperties(rtElement, at);
  const dfProperties = parts.single.get('DFProperties');
  const nodes = parts.nodes.map((child, i) => parseNode(reading, child, at, i, depth + 1));
  const value = parseValue(parts.single.get('Value'), properties?.format, `${at}Value`);
  if (value !== undefined && nodes.length > 0) {
    throw fail('BAD_VALUE', 'stands beside child nodes', `${at}Value`, '6.3.1.5');
  }
  if (nodes.length > 0 && properties?.format !== undefined && properties.format !== 'node') {
    throw fail(
      'BAD_VALUE',
      `is ${properties.format}, but the node has child nodes`,
      `${at}Format`,
      '6.3.1.20',
    );
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(path === undefined ? {} : { path }),
    ...(properties === undefined ? {} : { properties }),
    ...(dfProperties === undefined ? {} : { dfProperties }),
    ...(value === undefined ? {} : { value }),
    nodes,
  };
}

function parseProperties(element: XmlElement, at: string): TndsProperties {
  const { single } = partsOf(element, at, '6.3.1.9');
  const acl = textOf(single.get('ACL'), `${at}ACL`, '6.3.1.10')?.trim();
  const format = parseFormat(single.get('Format'), `${at}Format`);
  const name = textOf(single.get('Name'), `${at}Name`, '6.3.1.9')?.trim();
  const size = parseNumber(single.get('Size'), `${at}Size`, '6.3.1.9', 0xffffffff);
  const title = textOf(single.get('Title'), `${at}Title`, '6.3.1.9');
  const tstamp = textOf(single.get('TStamp'), `${at}TStamp`, '6.3.1.12')?.trim();
  const type = parseType(single.get('Type'), `${at}Type`);
  const verNo = parseNumber(single.get('VerNo'), `${at}VerNo`, '6.3.1.14', 0xffff);
  return {
    ...(acl === undefined ? {} : { acl }),
    ...(format === undefined ? {} : { format }),
    ...(name === undefined ? {} : { name }),
    ...(size === undefined ? {} : { size }),
    ...(title === undefined ? {} : { title }),
    ...(tstamp === undefined ? {} : { tstamp }),
    ...(type === undefined ? {} : { type }),
    ...(verNo === undefined ? {} : { verNo }),
  };
}

function parseFormat(element: XmlElement | undefined, path: string): TndsProperties['format'] {
  const child = element?.children.find(isElement);
  if (child === undefined) return undefined;
  if (!isNodeFormat(child.name)) throw fail('BAD_VALUE', `unknown format ${child.name}`, path, '6.3.1.11');
  return child.name;
}

function parseType(element: XmlElement | undefined, path: string): TndsType | undefined {
  const child = element?.children.find(isElement);
  if (child === undefined) return undefined;
  const text = (textOf(child, path, '6.3.1.13') ?? '').trim();
  if (child.name === 'MIME') return { mime: text };
  if (child.name === 'DDFName') return { ddfName: text };
  throw fail('BAD_VALUE', `holds ${child.name}, not MIME or DDFName`, path, '6.3.1.13');
}

function parseNumber(
  element: XmlElement | undefined,
  path: string,
  section: string,
  maximum: number,
): number | undefined {
  const text = textOf(element, path, section)?.trim();
  // Empty in a description: the property is supported.
  if (text === undefined || text === '') return undefined;
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= maximum)) throw fail('BAD_VALUE', `is no number from 0 to ${maximum}`, path, section);
  return value;
}

function parseValue(
  element: XmlElement | undefined,
  format: TndsProperties['format'],
  path: string,
): string | Uint8Array | undefined {
  if (element === undefined) return undefined;
  if (format === 'b64' || format === 'bin') {
    // OPAQUE is the octets themselves; text is their Base64 in either encoding (DM-REPPRO-1.2).
    const [first] = element.children;
    if (first instanceof Uint8Array && element.children.length === 1 && format === 'bin') return first;
    try {
      return base64ToBytes(textOf(element, path, '6.3.1.16') ?? '');
    } catch (error) {
      throw fail('BAD_VALUE', 'is not Base64', path, '6.3.1.16', error);
    }
  }
  const text = element.children.some(isElement)
    ? element.children
        .map((child) => (isElement(child) ? writeXml(child) : plain(child, path, '6.3.1.8')))
        .join('')
    : (textOf(element, path, '6.3.1.8') ?? '');
  if (format === 'node' || format === 'null') {
    if (text.trim() !== '') throw fail('BAD_VALUE', `must be empty for format ${format}`, path, '6.3.1.8');
    return format === 'node' ? undefined : '';
  }
  return text;
}

interface Parts {
  readonly single: ReadonlyMap<string, XmlElement>;
  readonly nodes: readonly XmlElement[];
}

function partsOf(parent: XmlElement, at: string, section: string): Parts {
  const single = new Map<string, XmlElement>();
  const nodes: XmlElement[] = [];
  for (const child of parent.children) {
    if (!isElement(child)) {
      if (plain(child, at, section).trim() !== '') {
        throw fail('BAD_VALUE', `text stands inside ${parent.name}`, at, section);
      }
    } else if (child.namespace !== parent.namespace && child.namespace !== '') {
      // Not ours, such as a signature.
    } else if (child.name === 'Node') {
      nodes.push(child);
    } else if (single.has(child.name)) {
      throw fail('BAD_VALUE', `stands twice inside ${parent.name}`, `${at}${child.name}`, section);
    } else {
      single.set(child.name, child);
    }
  }
  return { single, nodes };
}

function textOf(element: XmlElement | undefined, path: string, section: string): string | undefined {
  if (element === undefined) return undefined;
  let text = '';
  for (const child of element.children) {
    if (isElement(child)) {
      throw fail('BAD_VALUE', `element ${child.name} where text belongs`, path, section);
    }
    text += plain(child, path, section);
  }
  return text;
}

function plain(part: string | Uint8Array, path: string, section: string): string {
  const text = typeof part === 'string' ? part : bytesToUtf8(part);
  if (text === undefined) throw fail('BAD_VALUE', 'octets are not UTF-8', path, section);
  return text;
}

function fail(
  code: DecodeErrorCode,
  detail: string,
  path: string,
  section: string,
  cause?: unknown,
): DecodeError {
  const at = { path: path.replace(/\/$/, ''), offset: 0, bit: 0 };
  return new DecodeError(code, detail, at, { doc: 'DM-TNDS-1.2', section }, { cause });
}
