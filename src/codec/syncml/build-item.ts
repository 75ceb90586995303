// Items and what they carry, as elements.
import { bytesToBase64 } from '../../core/index.ts';
import { element, namespaces, type XmlElement, type XmlNode } from '../xml/index.ts';
import type { Cred, Data, Item, Location, Meta } from './message.ts';

/** An element of SyncML; children that are absent are left out. */
export function syncml(name: string, children: readonly (XmlNode | undefined)[]): XmlElement {
  const present = children.filter((child) => child !== undefined);
  return { name, namespace: namespaces.syncml, attributes: [], children: present };
}

/** An element of SyncML with text, or nothing when the text is absent. */
export function leaf(name: string, text: string | undefined): XmlElement | undefined {
  if (text === undefined) return undefined;
  return text === '' ? element(name, namespaces.syncml) : element(name, namespaces.syncml, text);
}

/** An empty element of SyncML when `set` is true. */
export function flag(name: string, set: boolean | undefined): XmlElement | undefined {
  return set === true ? element(name, namespaces.syncml) : undefined;
}

/** Target or Source. */
export function buildLocation(
  name: 'Target' | 'Source',
  location: Location | undefined,
): XmlElement | undefined {
  if (location === undefined) return undefined;
  return syncml(name, [leaf('LocURI', location.uri), leaf('LocName', location.name)]);
}

/** Meta with the MetInf elements that are set. */
export function buildMeta(meta: Meta | undefined): XmlElement | undefined {
  if (meta === undefined) return undefined;
  const children: XmlElement[] = [];
  const add = (name: string, text: string | number | undefined) => {
    if (text !== undefined) children.push(metinf(name, String(text)));
  };
  add('Format', meta.format);
  add('Type', meta.type);
  add('Mark', meta.mark);
  add('Size', meta.size);
  add('Version', meta.version);
  add('NextNonce', meta.nextNonce && bytesToBase64(meta.nextNonce));
  add('MaxMsgSize', meta.maxMsgSize);
  add('MaxObjSize', meta.maxObjSize);
  for (const text of meta.emi ?? []) add('EMI', text);
  return syncml('Meta', children);
}

function metinf(name: string, text: string): XmlElement {
  return text === '' ? element(name, namespaces.metinf) : element(name, namespaces.metinf, text);
}

/** Cred of SyncHdr. */
export function buildCred(cred: Cred | undefined): XmlElement | undefined {
  return cred === undefined ? undefined : syncml('Cred', [buildMeta(cred.meta), leaf('Data', cred.data)]);
}

/** Item, its Data as it is. */
export function buildItem(item: Item): XmlElement {
  return syncml('Item', [
    buildLocation('Target', item.target),
    buildLocation('Source', item.source),
    buildMeta(item.meta),
    buildData(item.data),
    flag('MoreData', item.moreData),
  ]);
}

function buildData(data: Data | undefined): XmlElement | undefined {
  if (data === undefined) return undefined;
  if (typeof data === 'string') return leaf('Data', data);
  return syncml('Data', data instanceof Uint8Array && data.length === 0 ? [] : [data]);
}
