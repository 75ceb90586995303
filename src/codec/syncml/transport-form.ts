// What an encoding does to the Data of an item: binary content and embedded trees.
import { bytesToBase64, utf8ToBytes } from '../../core/index.ts';
import { encodeWbxml, type WbxmlVersion } from '../wbxml/index.ts';
import { namespaces, writeXml } from '../xml/index.ts';
import { mediaTypes } from './codes.ts';
import type { Item, Meta } from './message.ts';
import { effectiveMeta } from './meta.ts';
import type { MessageForm } from './parse-context.ts';

/** How a tree (`MgmtTree` element) in Data travels. */
export type TndsForm =
  /** A complete WBXML document in octets, Type `…dmtnds+wbxml`. */
  | 'opaque'
  /** Elements inside Data (WBXML: code page 2). */
  | 'inline'
  /** XML as text of Data, Type `…dmtnds+xml`. */
  | 'text';

/** The item of a command with `commandMeta` as that encoding carries it. */
export function itemForForm(
  item: Item,
  commandMeta: Meta | undefined,
  form: MessageForm,
  options: { readonly tnds?: TndsForm; readonly wbxmlVersion?: WbxmlVersion },
): Item {
  const { data } = item;
  if (data === undefined) return item;
  if (typeof data === 'string' || data instanceof Uint8Array) {
    if (effectiveMeta(commandMeta, item.meta).format !== 'bin') return item;
    const octets = typeof data === 'string' ? utf8ToBytes(data) : data;
    if (form === 'wbxml') return { ...item, data: octets };
    // XML has no binary: it is sent as Base64, and the node's Format becomes `bin` all the same.
    return { ...item, meta: { ...item.meta, format: 'b64' }, data: bytesToBase64(octets) };
  }
  if (data.namespace !== namespaces.dmddf) return item;
  switch (options.tnds ?? (form === 'wbxml' ? 'opaque' : 'text')) {
    case 'inline':
      return item;
    case 'text':
      return {
        ...item,
        meta: { ...item.meta, format: 'xml', type: mediaTypes.tndsXml },
        data: writeXml(data),
      };
    case 'opaque': {
      const { wbxmlVersion: version } = options;
      return {
        ...item,
        meta: { ...item.meta, format: 'xml', type: mediaTypes.tndsWbxml },
        data: encodeWbxml(data, version === undefined ? {} : { version }),
      };
    }
  }
}
