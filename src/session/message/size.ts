// How many octets a command takes when encoded, never too few: to respect the peer's MaxMsgSize without encoding twice.
import type {
  Chal,
  Cred,
  Data,
  DmCommand,
  Item,
  Location,
  ManagementCommand,
  MessageForm,
  Meta,
  SyncHdr,
} from '../../codec/syncml/index.ts';
import { isElement, type XmlNode } from '../../codec/xml/index.ts';
import { utf8ToBytes } from '../../core/index.ts';
import { base64Length, carriedData, transmittedSize } from './carried-data.ts';

/** Octets of a command, its CmdID included. */
export function commandSize(command: DmCommand, form: MessageForm): number {
  const sizes = sizesOf(form);
  let size = sizes.text('CmdID', '99999') + meta(command.meta, form);
  if (command.noResp === true) size += sizes.element('NoResp', 0);
  switch (command.name) {
    case 'Atomic':
    case 'Sequence':
      for (const inner of command.commands) size += commandSize(inner, form);
      break;
    case 'Unknown':
      size += document(command.element);
      break;
    case 'Status':
      size += sizes.text('MsgRef', command.msgRef) + sizes.text('CmdRef', command.cmdRef);
      size += sizes.text('Cmd', command.cmd) + sizes.text('Data', command.data) + chal(command.chal, form);
      for (const uri of command.targetRefs) size += sizes.text('TargetRef', uri);
      for (const uri of command.sourceRefs) size += sizes.text('SourceRef', uri);
      for (const item of command.items) size += itemSize(item, command.meta, form);
      break;
    case 'Results':
      for (const text of [command.msgRef, command.cmdRef, command.targetRef, command.sourceRef]) {
        if (text !== undefined) size += sizes.text('TargetRef', text);
      }
      for (const item of command.items) size += itemSize(item, command.meta, form);
      break;
    case 'Alert':
      size += sizes.text('Data', command.data ?? '') + sizes.text('Correlator', command.correlator ?? '');
      for (const item of command.items) size += itemSize(item, command.meta, form);
      break;
    default:
      if (command.name === 'Exec') size += sizes.text('Correlator', command.correlator ?? '');
      for (const item of command.items) size += itemSize(item, command.meta, form);
  }
  return sizes.element(command.name, size);
}

/** What a message has beside its header and commands: declaration, namespaces, the elements around them, Final. */
const frameSize = 320;

/** Octets of a message. */
export function boundOfMessage(header: SyncHdr, commands: readonly DmCommand[], form: MessageForm): number {
  const sizes = sizesOf(form);
  let size = frameSize + boundOfCred(header.cred, form) + meta(header.meta, form);
  size += location(header.target, form) + location(header.source, form);
  for (const text of [header.verDtd, header.verProto, header.sessionId, header.msgId, header.respUri]) {
    if (text !== undefined) size += sizes.text('SessionID', text);
  }
  for (const command of commands) size += commandSize(command, form);
  return size;
}

/** Octets of credentials in a header. */
export function boundOfCred(cred: Cred | undefined, form: MessageForm): number {
  return cred === undefined
    ? 0
    : sizesOf(form).element('Cred', meta(cred.meta, form) + data(cred.data, form));
}

/** Octets of an item. */
export function itemSize(item: Item, commandMeta: Meta | undefined, form: MessageForm): number {
  const sizes = sizesOf(form);
  let size = location(item.target, form) + location(item.source, form) + meta(item.meta, form);
  size += data(carriedData(item, commandMeta, form) ?? item.data, form) + sizes.element('MoreData', 0);
  return sizes.element('Item', size);
}

/** True when a command carries an object of more than `maxObjSize` octets. */
export function oversized(command: ManagementCommand, maxObjSize: number, form: MessageForm): boolean {
  if (command.name === 'Unknown') return false;
  if ('commands' in command) return command.commands.some((inner) => oversized(inner, maxObjSize, form));
  const items: readonly Item[] = command.items;
  return items.some((item) => {
    const carried = carriedData(item, command.meta, form);
    return carried !== undefined && transmittedSize(carried, form) > maxObjSize;
  });
}

/** Octets of a text inside XML, where some characters are written as references. */
export function escapedSize(text: string): number {
  let size = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 38 || code === 60 || code === 62 || code === 34 || code < 32) size += 6;
    else if (code < 0x80) size += 1;
    else if (code < 0x800) size += 2;
    else size += code < 0x10000 ? 3 : 4;
  }
  return size;
}

interface Sizes {
  element(name: string, content: number): number;
  text(name: string, text: string): number;
  /** What a child of Meta costs beyond an element: a namespace, or two page switches. */
  readonly metaChild: number;
}

const xmlSizes: Sizes = {
  element: (name, content) => 2 * name.length + 5 + content,
  text: (name, text) => 2 * name.length + 5 + escapedSize(text),
  metaChild: ' xmlns="syncml:metinf"'.length,
};

// Tag, END; a text has STR_I and a zero, or OPAQUE and its length.
const wbxmlSizes: Sizes = {
  element: (_name, content) => 2 + content,
  text: (_name, text) => 8 + utf8ToBytes(text).length,
  metaChild: 4,
};

const sizesOf = (form: MessageForm): Sizes => (form === 'xml' ? xmlSizes : wbxmlSizes);

function location(where: Location | undefined, form: MessageForm): number {
  if (where === undefined) return 0;
  const sizes = sizesOf(form);
  const name = where.name === undefined ? 0 : sizes.text('LocName', where.name);
  return sizes.element('Target', sizes.text('LocURI', where.uri) + name);
}

function chal(value: Chal | undefined, form: MessageForm): number {
  return value === undefined ? 0 : sizesOf(form).element('Chal', meta(value.meta, form));
}

function meta(value: Meta | undefined, form: MessageForm): number {
  if (value === undefined) return 0;
  const sizes = sizesOf(form);
  const nonce = value.nextNonce === undefined ? [] : ['x'.repeat(base64Length(value.nextNonce.length))];
  const numbers = [value.size, value.maxMsgSize, value.maxObjSize].filter((number) => number !== undefined);
  const texts = [value.format, value.type, value.mark, value.version, ...(value.emi ?? []), ...nonce];
  let size = 0;
  for (const text of [...texts, ...numbers.map(String)]) {
    if (text !== undefined) size += sizes.text('MaxMsgSize', text) + sizes.metaChild;
  }
  return sizes.element('Meta', size);
}

function data(value: Data | undefined, form: MessageForm): number {
  if (value === undefined) return 0;
  const sizes = sizesOf(form);
  if (typeof value === 'string') return sizes.text('Data', value);
  if (value instanceof Uint8Array) return sizes.text('Data', '') + transmittedSize(value, form);
  return sizes.text('Data', '') + document(value);
}

// An embedded document may travel as text, escaped a second time.
function document(node: XmlNode): number {
  if (typeof node === 'string') return escapedSize(node) * 2;
  if (!isElement(node)) return base64Length(node.length);
  let size = 2 * node.name.length + node.namespace.length + 60;
  for (const { name, namespace, value } of node.attributes) {
    size += name.length + namespace.length + 2 * escapedSize(value) + 60;
  }
  for (const child of node.children) size += document(child);
  return size;
}
