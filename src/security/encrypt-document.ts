// Encrypting chosen items of a message, or its whole body, before it is signed (DM-SESSIONLESS-1.3 §5.2). What is encrypted
// is the Item or SyncBody element itself; EncryptedData stands as text in the Data of an item of type application/xenc+xml.
import {
  childElement,
  element,
  isElement,
  namespaces,
  writeXml,
  type XmlElement,
} from '../codec/xml/index.ts';
import { utf8ToBytes, ValueError } from '../core/index.ts';
import { type EncryptOptions, sealElement } from './encrypted-data.ts';
import { encryptedMediaType } from './encryption-algorithms.ts';
import type { EncryptionKey } from './encryption-keys.ts';
import { isGroup, isItem, itemTarget } from './message-items.ts';

/** One item of a message, for choosing it. */
export interface MessagePart {
  /** Name of its command, such as `Replace`. */
  readonly command: string;
  /** Target/LocURI, if any. */
  readonly target?: string;
}

/** What to encrypt: the whole body, or the items that are chosen. */
export type EncryptedParts = 'body' | ((part: MessagePart) => boolean);

const { syncml, metinf } = namespaces;

/**
 * The document with these parts encrypted; an item says no more than the name of its command. `root` is what
 * `messageDocument` gives.
 * @throws {ValueError} MISSING when there is no SyncBody, BAD_FORMAT for content that XML cannot carry
 */
export function encryptDocument(
  root: XmlElement,
  parts: EncryptedParts,
  key: EncryptionKey,
  options: EncryptOptions = {},
): XmlElement {
  const body = childElement(root, 'SyncBody');
  if (body === undefined) throw new ValueError('MISSING', 'the message has no SyncBody');
  const encrypted =
    parts === 'body' ? sealedBody(body, key, options) : sealedItems(body, parts, key, options);
  return { ...root, children: root.children.map((child) => (child === body ? encrypted : child)) };
}

function sealedBody(body: XmlElement, key: EncryptionKey, options: EncryptOptions): XmlElement {
  // A DM message needs a command to hold an item. The receiver puts the body back in the place of all this.
  const cmdId = element('CmdID', syncml, '1');
  const command = element('Replace', syncml, cmdId, sealedItem(body, key, options));
  const final = childElement(body, 'Final');
  return element('SyncBody', syncml, command, ...(final === undefined ? [] : [final]));
}

function sealedItems(
  group: XmlElement,
  chosen: (part: MessagePart) => boolean,
  key: EncryptionKey,
  options: EncryptOptions,
): XmlElement {
  const children = group.children.map((command) => {
    if (!isElement(command)) return command;
    if (isGroup(command)) return sealedItems(command, chosen, key, options);
    const meta = childElement(command, 'Meta');
    const items = command.children.map((item) => {
      if (!isItem(item)) return item;
      const target = itemTarget(item);
      const part = { command: command.name, ...(target === undefined ? {} : { target }) };
      return chosen(part) ? sealedItem(withMeta(item, meta), key, options) : item;
    });
    return { ...command, children: items };
  });
  return { ...group, children };
}

/** An item that holds the element encrypted. */
function sealedItem(plain: XmlElement, key: EncryptionKey, options: EncryptOptions): XmlElement {
  const sealed = sealElement(utf8ToBytes(writeXml(plain)), key, options);
  const format = element('Format', metinf, 'xml');
  const type = element('Type', metinf, encryptedMediaType);
  return element(
    'Item',
    syncml,
    element('Meta', syncml, format, type),
    element('Data', syncml, writeXml(sealed)),
  );
}

/** The item with what the Meta of its command says and its own does not: alone, it has to say how its Data is to be read. */
function withMeta(item: XmlElement, commandMeta: XmlElement | undefined): XmlElement {
  if (commandMeta === undefined) return item;
  const own = childElement(item, 'Meta');
  const inherited = commandMeta.children.filter(
    (child) => isElement(child) && (own === undefined || childElement(own, child.name) === undefined),
  );
  const meta = element('Meta', syncml, ...(own?.children ?? []), ...inherited);
  const others = item.children.filter((child) => child !== own);
  // Meta stands after Target and Source, before Data.
  const at = others.findIndex((child) => isElement(child) && ['Data', 'MoreData'].includes(child.name));
  const end = at < 0 ? others.length : at;
  return { ...item, children: [...others.slice(0, end), meta, ...others.slice(end)] };
}
