// The commands of jobs as DM commands, and what devices answer as JSON.
import {
  type Data,
  embeddedTree,
  type Item,
  type ManagementCommand,
  type Meta,
  mediaTypes,
} from '../../codec/syncml/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { base64ToBytes, bytesToBase64, DecodeError, ValueError } from '../../core/index.ts';
import { type ClientReport, codeOfInteraction, writeUserInteraction } from '../../session/index.ts';
import {
  type CommandAnswer,
  isSuccess,
  type JobCommand,
  type JobData,
  type JobItem,
} from '../../store/index.ts';

/** The client's answer to a command, as the session tells it. */
export type Answered = Extract<ClientReport, { effect: 'answered' }>;

/** Sessions number commands anew. */
const unnumbered = '1';

/** The DM command. */
export function managementCommand(command: JobCommand): ManagementCommand {
  const cmdId = unnumbered;
  switch (command.command) {
    case 'get':
      return { name: 'Get', cmdId, items: [{ target: { uri: command.uri } }] };
    case 'delete':
      return { name: 'Delete', cmdId, items: [{ target: { uri: command.uri } }] };
    case 'add':
      return { name: 'Add', cmdId, items: [itemOf(command)] };
    case 'replace':
      return { name: 'Replace', cmdId, items: [itemOf(command)] };
    case 'copy': {
      const item = { target: { uri: command.uri }, source: { uri: command.source } };
      return { name: 'Copy', cmdId, items: [item] };
    }
    case 'exec': {
      const { correlator } = command;
      const items = [itemOf(command)];
      return { name: 'Exec', cmdId, ...(correlator !== undefined && { correlator }), items };
    }
    case 'alert': {
      const { command: _, ...request } = command;
      const items = writeUserInteraction({ choices: [], ...request });
      return { name: 'Alert', cmdId, data: String(codeOfInteraction(command.kind)), items };
    }
    case 'atomic':
      return { name: 'Atomic', cmdId, commands: command.commands.map(managementCommand) };
    case 'sequence':
      return { name: 'Sequence', cmdId, commands: command.commands.map(managementCommand) };
  }
}

function itemOf({ uri, format, type, data, dataBase64 }: JobData & { readonly uri: string }): Item {
  const meta: Meta = { ...(format !== undefined && { format }), ...(type !== undefined && { type }) };
  const value = dataBase64 === undefined ? data : base64ToBytes(dataBase64);
  return {
    target: { uri },
    ...(Object.keys(meta).length > 0 && { meta }),
    ...(value !== undefined && { data: value }),
  };
}

/**
 * The command as sessions send it: every value has Format and Type. Defaults may be left out (DM-REPPRO-1.2), but clients are
 * deployed that read a value without them as something else, or not at all.
 */
export function sessionCommand(command: JobCommand): ManagementCommand {
  return withUsualMeta(managementCommand(command));
}

function withUsualMeta(command: ManagementCommand): ManagementCommand {
  switch (command.name) {
    case 'Atomic':
    case 'Sequence':
      return { ...command, commands: command.commands.map(withUsualMeta) };
    case 'Add':
    case 'Replace':
    case 'Exec':
      return { ...command, items: command.items.map(itemWithUsualMeta) };
    default:
      return command;
  }
}

function itemWithUsualMeta(item: Item): Item {
  const { data, meta, target } = item;
  // The value of a property has no Meta (DM-TND-1.2).
  if (data === undefined || target?.uri.includes('?') === true) return item;
  const format = meta?.format ?? (typeof data === 'string' ? 'chr' : 'bin');
  return { ...item, meta: { format, type: usualTypes[format] ?? 'text/plain', ...meta } };
}

/** Type of a value whose own is not given, by its format; of the others `text/plain`. */
const usualTypes: Readonly<Record<string, string>> = {
  bin: 'application/octet-stream',
  b64: 'application/octet-stream',
  xml: 'text/xml',
};

/**
 * What a client said to a command, without what it said to commands inside it; `undefined` when nothing is known yet and
 * the command has to go out again. `over`: the session went on after the client's package, or was completed, so that an
 * answer that is missing will not come.
 */
export function answerOf(answered: Answered, secrets: Secrets, over: boolean): CommandAnswer | undefined {
  const { command, sent, statuses, results } = answered;
  const chosen = statuses.find(({ status }) => !isSuccess(status)) ?? statuses[0];
  const problem = answered.problem === undefined ? undefined : withoutSecrets(answered.problem, secrets);
  if (chosen === undefined) {
    if (problem !== undefined) return { problem };
    if (!over) return undefined;
    return { problem: sent ? 'the device gave no status' : 'larger than the device can take' };
  }
  const isBare = command.name === 'Get' && isSuccess(chosen.status) && results.length === 0;
  // Results may come in a later message of the same package.
  if (isBare && problem === undefined && !over) return undefined;
  const why = problem ?? (isBare ? `status ${chosen.status} without Results` : undefined);
  const items = statuses.flatMap((each) => each.items).map((item) => jobItem(item, secrets));
  return {
    status: chosen.status,
    ...(why !== undefined && { problem: why }),
    ...(items.length > 0 && { items }),
    ...(results.length > 0 && { results: results.map((item) => jobItem(item, secrets)) }),
  };
}

/** A sentence that may quote what a device sent. */
function withoutSecrets(text: string, secrets: Secrets): string {
  return holdsSecret(text, secrets) ? 'the device answered with what is no status' : text;
}

/** Texts that no answer may show. */
export type Secrets = readonly string[];

/** Shorter secrets could stand in any text by chance; they are looked for as a whole value only. */
const shortestInText = 6;

/** An item that a device sent, as JSON. Where it holds a secret, its data is left out. */
export function jobItem(item: Item, secrets: Secrets): JobItem {
  const { target, source, meta, data } = asXmlTree(item);
  const uri = source?.uri ?? target?.uri;
  const { format, type } = meta ?? {};
  const value = data === undefined ? undefined : carried(data, format);
  const octets = value instanceof Uint8Array;
  const withheld = value !== undefined && holdsSecret(value, secrets);
  return {
    ...(uri !== undefined && { uri }),
    // XML carries octets as b64, WBXML as bin: they look the same here.
    ...(format !== undefined && { format: octets && format === 'b64' ? 'bin' : format }),
    ...(type !== undefined && { type }),
    ...(withheld ? { withheld } : {}),
    ...(value === undefined || withheld
      ? {}
      : octets
        ? { dataBase64: bytesToBase64(value) }
        : { data: value }),
  };
}

/** A tree in WBXML as one in XML, so that whoever asked can read it; the item as it is when it holds none. */
function asXmlTree(item: Item): Item {
  const { data, meta } = item;
  if (data === undefined || meta?.type !== mediaTypes.tndsWbxml) return item;
  try {
    const octets = typeof data === 'string' && meta.format === 'b64' ? base64ToBytes(data) : data;
    // It is XML now, whatever Format its octets had.
    const shown = { ...meta, format: 'xml', type: mediaTypes.tndsXml };
    return { ...item, meta: shown, data: writeXml(embeddedTree(octets)) };
  } catch (error) {
    if (error instanceof DecodeError || error instanceof ValueError) return item;
    throw error;
  }
}

/** Text or octets, however they travelled. */
function carried(data: Data, format: string | undefined): string | Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (typeof data !== 'string') return writeXml(data);
  if (format !== 'b64' && format !== 'bin') return data;
  try {
    return base64ToBytes(data);
  } catch {
    // The device says Base64 and it is none: kept as the text that it is.
    return data;
  }
}

function holdsSecret(value: string | Uint8Array, secrets: Secrets): boolean {
  const within =
    typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return secrets.some(
    (secret) =>
      within.includes(secret) && (secret.length >= shortestInText || within.length === secret.length),
  );
}
