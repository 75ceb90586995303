// Items and what they carry: locations, Meta, Data.
import { base64ToBytes, bytesToBase64, bytesToUtf8, utf8ToBytes, ValueError } from '../../core/index.ts';
import {
  isElement,
  joinBytes,
  type OpaqueContext,
  opaqueIsBase64,
  textOf,
  textToOpaque,
  type XmlElement,
  type XmlNode,
} from '../xml/index.ts';
import { ElementFields, elementText } from './element-fields.ts';
import type { ElementPath } from './element-path.ts';
import type { Chal, Cred, Data, Item, Location, Meta } from './message.ts';
import { effectiveMeta } from './meta.ts';
import { badElement, type Draft, type ParseMessageOptions } from './parse-context.ts';

const locationChildren = new Set(['LocURI', 'LocName']);
const itemChildren = new Set(['Target', 'Source', 'Meta', 'Data', 'MoreData']);
const credChildren = new Set(['Meta', 'Data']);
const chalChildren = new Set(['Meta']);
const metaChildren = new Set([
  'Format',
  'Type',
  'Mark',
  'Size',
  'Version',
  'NextNonce',
  'MaxMsgSize',
  'MaxObjSize',
  'EMI',
]);

/** Target or Source. */
export function parseLocation(
  element: XmlElement,
  path: ElementPath,
  options: ParseMessageOptions,
): Location {
  const fields = new ElementFields(element, path, locationChildren, options);
  const uri = fields.requiredText('LocURI');
  const name = fields.text('LocName');
  return name === undefined ? { uri } : { uri, name };
}

/** Target or Source among the children of another element, if there. */
export function optionalLocation(fields: ElementFields, name: string): Location | undefined {
  const child = fields.one(name);
  return child === undefined ? undefined : parseLocation(child, fields.path.child(name), fields.options);
}

/** Meta among the children of another element, if there. */
export function optionalMeta(fields: ElementFields): Meta | undefined {
  const child = fields.one('Meta');
  return child === undefined ? undefined : parseMeta(child, fields.path.child('Meta'), fields.options);
}

function parseMeta(element: XmlElement, path: ElementPath, options: ParseMessageOptions): Meta {
  const fields = new ElementFields(element, path, metaChildren, options);
  const format = fields.token('Format');
  const type = fields.token('Type');
  const size = fields.number('Size');
  const mark = fields.token('Mark');
  const version = fields.token('Version');
  const nonce = fields.one('NextNonce');
  const maxMsgSize = fields.number('MaxMsgSize');
  const maxObjSize = fields.number('MaxObjSize');
  const emi = fields.many('EMI', elementText);
  const meta: Draft<Meta> = {};
  if (format !== undefined) meta.format = format;
  if (type !== undefined) meta.type = type;
  if (size !== undefined) meta.size = size;
  if (mark !== undefined) meta.mark = mark;
  if (nonce !== undefined) meta.nextNonce = parseNonce(nonce, path.child('NextNonce'));
  if (maxMsgSize !== undefined) meta.maxMsgSize = maxMsgSize;
  if (maxObjSize !== undefined) meta.maxObjSize = maxObjSize;
  if (version !== undefined) meta.version = version;
  if (emi.length > 0) meta.emi = emi;
  return meta;
}

/** Text is Base64 (XML, WBXML strings); octets are the nonce itself (WBXML OPAQUE). */
function parseNonce(element: XmlElement, path: ElementPath): Uint8Array {
  const octets = element.children.filter((child) => child instanceof Uint8Array);
  if (octets.length > 0 && octets.length === element.children.length) return joinBytes(octets);
  try {
    return base64ToBytes(elementText(element, path));
  } catch (error) {
    if (error instanceof ValueError) throw badElement(path, 'is not Base64');
    throw error;
  }
}

/** Cred of SyncHdr. */
export function parseCred(element: XmlElement, path: ElementPath, options: ParseMessageOptions): Cred {
  const fields = new ElementFields(element, path, credChildren, options);
  const meta = optionalMeta(fields);
  const data = fields.required('Data');
  const octets = data.children.find((child) => child instanceof Uint8Array);
  // Octets that are no text are what Base64 would have stood for.
  const text =
    octets !== undefined && (meta?.format === 'bin' || textOf(data) === undefined)
      ? bytesToBase64(octets)
      : elementText(data, path.child('Data'));
  return meta === undefined ? { data: text } : { meta, data: text };
}

/** Chal of Status. */
export function parseChal(element: XmlElement, path: ElementPath, options: ParseMessageOptions): Chal {
  const fields = new ElementFields(element, path, chalChildren, options);
  const meta = optionalMeta(fields);
  if (meta === undefined) throw badElement(path.child('Meta'), 'is missing');
  return { meta };
}

/** Item of a command that has `commandMeta`. */
export function parseItem(
  element: XmlElement,
  path: ElementPath,
  options: ParseMessageOptions,
  commandMeta: Meta | undefined,
): Item {
  const fields = new ElementFields(element, path, itemChildren, options);
  const target = optionalLocation(fields, 'Target');
  const source = optionalLocation(fields, 'Source');
  const meta = optionalMeta(fields);
  const data = fields.one('Data');
  const item: Draft<Item> = {};
  if (target !== undefined) item.target = target;
  if (source !== undefined) item.source = source;
  if (meta !== undefined) item.meta = meta;
  if (data !== undefined) {
    item.data = parseData(data, path.child('Data'), options, effectiveMeta(commandMeta, meta));
  }
  if (fields.flag('MoreData')) item.moreData = true;
  return item;
}

function parseData(element: XmlElement, path: ElementPath, options: ParseMessageOptions, meta: Meta): Data {
  const { children } = element;
  const document = children.find(isElement);
  if (document !== undefined) {
    const beside = children.some((child) => child !== document && !isWhiteSpace(child));
    if (beside) throw badElement(path, 'must be text, octets, or one element');
    return document;
  }
  const context: Draft<OpaqueContext> = { name: 'Data' };
  if (meta.format !== undefined) context.format = meta.format;
  if (meta.type !== undefined) context.type = meta.type;
  if (children.every((child) => typeof child === 'string')) {
    const text = children.join('');
    if (options.form === 'wbxml') return meta.format === 'bin' ? utf8ToBytes(text) : text;
    return textToOpaque(text, context) ?? text;
  }
  const isBase64 = opaqueIsBase64(context);
  const mixed = children.some((child) => typeof child === 'string');
  const ciphers = !isBase64 && mixed && opaqueIsBase64({ ...context, mixed });
  const parts: Uint8Array[] = [];
  for (const child of children) {
    if (typeof child === 'string') parts.push(utf8ToBytes(child));
    else if (child instanceof Uint8Array) parts.push(ciphers ? utf8ToBytes(bytesToBase64(child)) : child);
  }
  const octets = joinBytes(parts);
  if (isBase64) return octets;
  // A chunk of a large object may end inside a character: then it stays octets.
  return bytesToUtf8(octets) ?? octets;
}

function isWhiteSpace(node: XmlNode): boolean {
  return typeof node === 'string' && node.trim() === '';
}
