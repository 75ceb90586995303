// The value that a command carries, as the tree keeps it (DM-TND-1.2 §7.7.2; DM-REPPRO-1.2).
import { isNodeFormat, type NodeFormat, type TndsData } from '../../codec/tnds/index.ts';
import { base64ToBytes, bytesToUtf8 } from '../../core/index.ts';
import type { TreeNode } from './node.ts';
import { Refusal, type TreeItem } from './outcome.ts';
import { isXmlText } from './uri.ts';

/** A value of a leaf with the format that it is kept in. */
export interface LeafValue {
  readonly format: TreeNode['format'];
  readonly value: string | Uint8Array;
}

/**
 * The value of a leaf. `b64` and `bin` become octets under `bin`: octets are taken as they are, text as Base64. The
 * other formats are text. Refuses with 412 a missing value, 400 one that does not decode or that XML cannot carry, 415 an unknown format or
 * octets that are no text.
 */
export function readLeafValue(format: string | undefined, data: TndsData | undefined): LeafValue | Refusal {
  const name = format ?? 'chr';
  if (!isNodeFormat(name) || name === 'node') {
    return new Refusal(415, `format ${JSON.stringify(name)} is none of a leaf`);
  }
  if (typeof data === 'object' && !(data instanceof Uint8Array)) {
    return new Refusal(415, `element ${data.name} is no value of a leaf`);
  }
  if (name === 'null') {
    const empty = data === undefined || data.length === 0;
    return empty ? { format: name, value: '' } : new Refusal(400, 'format null comes with data');
  }
  if (data === undefined) return new Refusal(412, 'no data');
  return name === 'b64' || name === 'bin' ? readOctets(name, data) : readText(name, data);
}

function readOctets(format: 'b64' | 'bin', data: string | Uint8Array): LeafValue | Refusal {
  // A copy: what was decoded may be a view into the whole message.
  if (typeof data !== 'string' && format === 'bin') return { format: 'bin', value: data.slice() };
  const text = typeof data === 'string' ? data : bytesToUtf8(data);
  try {
    if (text !== undefined) return { format: 'bin', value: base64ToBytes(text).slice() };
  } catch {
    // Refused below.
  }
  return new Refusal(400, 'data is not Base64');
}

function readText(
  format: Exclude<NodeFormat, 'b64' | 'bin' | 'node'>,
  data: string | Uint8Array,
): LeafValue | Refusal {
  const value = typeof data === 'string' ? data : bytesToUtf8(data);
  if (value === undefined) return new Refusal(415, `octets that are no text, under format ${format}`);
  // WBXML could bring it, but then no list with this leaf in it could be given as XML.
  return isXmlText(value) ? { format, value } : new Refusal(400, 'text that XML cannot carry');
}

/**
 * Text of a Meta Type that is kept as the Type property. Refuses with 400 what XML cannot carry; absent stays absent.
 */
export function readType(type: string | undefined): string | undefined | Refusal {
  return type === undefined || isXmlText(type) ? type : new Refusal(400, 'a Type that XML cannot carry');
}

/** Text of a property that a server sets: property values are UTF-8 strings. Refuses as `readLeafValue`. */
export function readPropertyText(data: TndsData | undefined): string | Refusal {
  const read = readLeafValue('chr', data);
  if (read instanceof Refusal) return read;
  return typeof read.value === 'string' ? read.value : new Refusal(415, 'a property is text');
}

/** Type of an interior node by the Type of a command: the default of Meta means that nothing was said. */
export function interiorType(type: string | undefined): string {
  return type === undefined || type === 'text/plain' ? '' : type;
}

/** Format and Type of a node as Meta says them: defaults are left out. */
export function metaOf(node: TreeNode): Pick<TreeItem, 'format' | 'type'> {
  return {
    ...(node.format === 'chr' ? {} : { format: node.format }),
    ...(node.type === 'text/plain' || node.type === '' ? {} : { type: node.type }),
  };
}
