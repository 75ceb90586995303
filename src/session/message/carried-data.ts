// What the Data of an item is on its way: an encoding may turn octets into Base64, and text into octets.
import { effectiveMeta, type Item, type MessageForm, type Meta } from '../../codec/syncml/index.ts';
import { opaqueIsBase64 } from '../../codec/xml/index.ts';
import { bytesToUtf8, utf8ToBytes } from '../../core/index.ts';

/**
 * The item's Data as the encoding carries it: octets where XML will have Base64 or WBXML will have OPAQUE, else text
 * when it is text. `undefined` for no Data, and for an embedded document.
 */
export function carriedData(
  item: Item,
  commandMeta: Meta | undefined,
  form: MessageForm,
): string | Uint8Array | undefined {
  const { data } = item;
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) return undefined;
  const meta = effectiveMeta(commandMeta, item.meta);
  if (typeof data === 'string') return meta.format === 'bin' ? utf8ToBytes(data) : data;
  return form === 'wbxml' || isOctets(meta) ? data : (bytesToUtf8(data) ?? data);
}

/** True when what has this Meta is octets, which XML shows in Base64, and no text that may be carried as octets. */
export function isOctets({ format, type }: Meta): boolean {
  return opaqueIsBase64({
    name: 'Data',
    ...(format === undefined ? {} : { format }),
    ...(type === undefined ? {} : { type }),
  });
}

/** Octets of carried data as transmitted, which is what Meta/Size counts. */
export function transmittedSize(value: string | Uint8Array, form: MessageForm): number {
  if (typeof value === 'string') return utf8ToBytes(value).length;
  return form === 'xml' ? base64Length(value.length) : value.length;
}

/** Digits of Base64, padding included, for so many octets. */
export function base64Length(octets: number): number {
  return Math.ceil(octets / 3) * 4;
}
