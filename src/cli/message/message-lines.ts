// A DM message for people and as JSON: header and commands, without what protects them.
import {
  type DmCommand,
  type DmMessage,
  effectiveMeta,
  embeddedTree,
  type Item,
  type Meta,
  mediaTypes,
} from '../../codec/syncml/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { base64ToBytes, bytesToBase64, printable, ReveilleError } from '../../core/index.ts';

/** Characters of a value that a line shows. */
const mostShown = 60;

/** Header fields as JSON. */
export function headerJson({ header, final }: DmMessage): object {
  return {
    serverId: header.source.uri,
    deviceId: header.target.uri,
    sessionId: header.sessionId,
    msgId: header.msgId,
    final,
  };
}

/** Header fields as lines. */
export function headerLines({ header, final }: DmMessage): readonly string[] {
  return [
    `sender     ${printable(header.source.uri)} (ServerID)`,
    `target     ${printable(header.target.uri)}`,
    `session    ${printable(header.sessionId)}, message ${printable(header.msgId)}${final ? '' : ', not the last of its package'}`,
  ];
}

/** Commands as JSON: names and fields as the DTD has them; octets are Base64. */
export function commandJson(command: DmCommand): object {
  const { name, cmdId } = command;
  if (command.name === 'Unknown') return { command: command.element.name, cmdId, unknown: true };
  if ('commands' in command) return { command: name, cmdId, commands: command.commands.map(commandJson) };
  const data = 'data' in command && command.data !== undefined ? { data: command.data } : {};
  const meta = 'meta' in command ? command.meta : undefined;
  return { command: name, cmdId, ...data, items: command.items.map((item) => itemJson(item, meta)) };
}

function itemJson(item: Item, commandMeta: Meta | undefined): object {
  const { target, source } = item;
  const { format, type } = effectiveMeta(commandMeta, item.meta);
  const data = readable(item.data, type);
  return {
    ...(target !== undefined && { target: target.uri }),
    ...(source !== undefined && { source: source.uri }),
    ...(format !== undefined && { format }),
    ...(type !== undefined && { type }),
    ...(data instanceof Uint8Array && { dataBase64: bytesToBase64(data) }),
    ...(data !== undefined && !(data instanceof Uint8Array) && { data: dataText(data) }),
  };
}

/** Commands as lines, those inside groups further in. */
export function commandLines(commands: readonly DmCommand[], indent = '  '): readonly string[] {
  return commands.flatMap((command) => {
    const start = `${indent}${printable(command.cmdId)}  `;
    if (command.name === 'Unknown') return [`${start}${printable(command.element.name)} (no command of DM)`];
    if ('commands' in command) {
      return [`${start}${command.name}`, ...commandLines(command.commands, `${indent}  `)];
    }
    const code = 'data' in command && command.data !== undefined ? ` ${printable(command.data)}` : '';
    const meta = 'meta' in command ? command.meta : undefined;
    if (command.items.length === 0) return [`${start}${command.name}${code}`];
    return command.items.map((item) => `${start}${command.name}${code}${itemText(item, meta)}`);
  });
}

function itemText(item: Item, commandMeta: Meta | undefined): string {
  const { source, target } = item;
  const { format, type } = effectiveMeta(commandMeta, item.meta);
  const data = readable(item.data, type);
  const uris = [source?.uri, target?.uri].filter((uri) => uri !== undefined).map(printable);
  const about = [format, type].filter((text) => text !== undefined).map(printable);
  return [
    uris.length === 0 ? '' : ` ${uris.join(' -> ')}`,
    about.length === 0 ? '' : ` (${about.join(', ')})`,
    data === undefined ? '' : `: ${shown(data)}`,
  ].join('');
}

/** A tree that travels as WBXML, octets or in Base64, as the document that it is; other data as they are. */
function readable(data: Item['data'], type: string | undefined): Item['data'] {
  if (data === undefined || type !== mediaTypes.tndsWbxml) return data;
  try {
    return embeddedTree(typeof data === 'string' ? base64ToBytes(data) : data);
  } catch (error) {
    if (error instanceof ReveilleError) return data;
    throw error;
  }
}

function shown(data: NonNullable<Item['data']>): string {
  if (data instanceof Uint8Array) return `${data.length} octets`;
  const text = printable(dataText(data));
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}… (${text.length} characters)`;
}

function dataText(data: Exclude<NonNullable<Item['data']>, Uint8Array>): string {
  return typeof data === 'string' ? data : writeXml(data, { lenient: true });
}
