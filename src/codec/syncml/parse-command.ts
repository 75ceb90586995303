// Commands of a SyncBody, and of Atomic and Sequence.
import { DecodeError } from '../../core/index.ts';
import { isElement, textOf, type XmlElement } from '../xml/index.ts';
import { ElementFields, elementText, isDmNamespace, isNamed } from './element-fields.ts';
import type { ElementPath } from './element-path.ts';
import type { DmCommand, Item, ManagementCommand, Meta, Results, Status, UnknownCommand } from './message.ts';
import { badElement, type Draft, type ParseMessageOptions } from './parse-context.ts';
import { optionalMeta, parseChal, parseItem } from './parse-item.ts';

const baseChildren = ['CmdID', 'NoResp', 'Meta'];
const itemCommandChildren = new Set([...baseChildren, 'Item']);
const itemCommands = new Set(['Add', 'Replace', 'Delete', 'Copy', 'Get', 'Exec', 'Results']);
const execChildren = new Set([...baseChildren, 'Correlator', 'Item']);
const alertChildren = new Set([...baseChildren, 'Data', 'Correlator', 'Item']);
const statusChildren = new Set([
  ...['CmdID', 'MsgRef', 'CmdRef', 'Cmd', 'TargetRef', 'SourceRef', 'Chal', 'Data', 'Item'],
]);
const resultsChildren = new Set([...baseChildren, 'MsgRef', 'CmdRef', 'TargetRef', 'SourceRef', 'Item']);

/** Numbers elements of one name among their siblings, from 0. */
export type SiblingCounter = (name: string) => number;

/** A counter for the children of one element. */
export function siblingCounter(): SiblingCounter {
  const counts = new Map<string, number>();
  return (name) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count;
  };
}

/**
 * A child of SyncBody as a command; `undefined` for an element that has no CmdID and is no command of DM, which nobody
 * could answer. A command that cannot be read comes as `Unknown` with its `fault`. `taken` collects the CmdIDs of the
 * message, which must differ. @throws {DecodeError} BAD_VALUE for a Status that cannot be read, since none answers it;
 * with `strictCommands`, for any command
 */
export function parseCommand(
  element: XmlElement,
  path: ElementPath,
  options: ParseMessageOptions,
  taken: Set<string>,
): DmCommand | undefined {
  if (isDmNamespace(element.namespace)) {
    if (element.name === 'Status') return parseStatus(element, path, options);
    if (element.name === 'Results') {
      return orFaulty(element, options, () => parseResults(element, path, options));
    }
  }
  return parseManagementCommand(element, path, options, taken);
}

function parseManagementCommand(
  element: XmlElement,
  path: ElementPath,
  options: ParseMessageOptions,
  taken: Set<string>,
): ManagementCommand | undefined {
  return orFaulty(element, options, () => parseReadable(element, path, options, taken));
}

function orFaulty<Command>(
  element: XmlElement,
  options: ParseMessageOptions,
  parse: () => Command,
): Command | UnknownCommand {
  try {
    return parse();
  } catch (error) {
    if (options.strictCommands === true || !(error instanceof DecodeError)) throw error;
    return { ...asUnknown(element), fault: incomplete(element) ? 412 : 400, why: error.message };
  }
}

/** True when there is nothing that the command could act on. */
function incomplete(element: XmlElement): boolean {
  if (element.name === 'Atomic' || element.name === 'Sequence') {
    return !element.children.some((child) => isElement(child) && !baseChildren.includes(child.name));
  }
  return itemCommands.has(element.name) && !element.children.some((child) => isNamed(child, 'Item'));
}

function parseReadable(
  element: XmlElement,
  path: ElementPath,
  options: ParseMessageOptions,
  taken: Set<string>,
): ManagementCommand | undefined {
  if (!isDmNamespace(element.namespace)) return parseUnknown(element, path, taken);
  switch (element.name) {
    case 'Add':
    case 'Replace':
    case 'Delete':
    case 'Copy':
    case 'Get': {
      const fields = new ElementFields(element, path, itemCommandChildren, options);
      const base = ownBase(fields, taken);
      return { name: element.name, ...base, items: itemsOf(fields, base.meta, 1) };
    }
    case 'Exec': {
      const fields = new ElementFields(element, path, execChildren, options);
      const base = ownBase(fields, taken);
      const correlator = fields.text('Correlator');
      return {
        name: 'Exec',
        ...base,
        ...(correlator === undefined ? {} : { correlator }),
        items: itemsOf(fields, base.meta, 1),
      };
    }
    case 'Alert': {
      const fields = new ElementFields(element, path, alertChildren, options);
      const base = ownBase(fields, taken);
      const data = fields.token('Data');
      const correlator = fields.text('Correlator');
      return {
        name: 'Alert',
        ...base,
        ...(data === undefined ? {} : { data }),
        ...(correlator === undefined ? {} : { correlator }),
        items: itemsOf(fields, base.meta, 0),
      };
    }
    case 'Atomic':
    case 'Sequence': {
      const fields = new ElementFields(element, path, undefined, options);
      return { name: element.name, ...ownBase(fields, taken), commands: groupCommands(fields, taken) };
    }
    default:
      return parseUnknown(element, path, taken);
  }
}

function groupCommands(fields: ElementFields, taken: Set<string>): readonly ManagementCommand[] {
  const count = siblingCounter();
  const commands: ManagementCommand[] = [];
  for (const child of fields.element.children) {
    if (!isElement(child) || baseChildren.includes(child.name)) continue;
    const path = fields.path.child(child.name, count(child.name));
    const command = parseManagementCommand(child, path, fields.options, taken);
    if (command === undefined) fields.options.onIgnored?.(path.toString(), child);
    else commands.push(command);
  }
  if (commands.length === 0) throw badElement(fields.path, 'holds no command');
  return commands;
}

function parseStatus(element: XmlElement, path: ElementPath, options: ParseMessageOptions): Status {
  const fields = new ElementFields(element, path, statusChildren, options);
  const chal = fields.one('Chal');
  return {
    name: 'Status',
    cmdId: fields.requiredToken('CmdID'),
    msgRef: fields.requiredToken('MsgRef'),
    cmdRef: fields.requiredToken('CmdRef'),
    cmd: fields.requiredToken('Cmd'),
    targetRefs: fields.many('TargetRef', elementText),
    sourceRefs: fields.many('SourceRef', elementText),
    ...(chal === undefined ? {} : { chal: parseChal(chal, path.child('Chal'), options) }),
    data: fields.requiredToken('Data'),
    items: itemsOf(fields, undefined, 0),
  };
}

function parseResults(element: XmlElement, path: ElementPath, options: ParseMessageOptions): Results {
  const fields = new ElementFields(element, path, resultsChildren, options);
  const base = baseOf(fields);
  const msgRef = fields.token('MsgRef');
  const targetRef = fields.text('TargetRef');
  const sourceRef = fields.text('SourceRef');
  return {
    name: 'Results',
    ...base,
    ...(msgRef === undefined ? {} : { msgRef }),
    cmdRef: fields.requiredToken('CmdRef'),
    ...(targetRef === undefined ? {} : { targetRef }),
    ...(sourceRef === undefined ? {} : { sourceRef }),
    items: itemsOf(fields, base.meta, 1),
  };
}

function parseUnknown(
  element: XmlElement,
  path: ElementPath,
  taken: Set<string>,
): UnknownCommand | undefined {
  if (!element.children.some((child) => isNamed(child, 'CmdID'))) return undefined;
  const command = asUnknown(element);
  takeCmdId(command.cmdId, path, taken);
  return command;
}

/** What a Status needs to know of any command; an empty CmdID when it has none that can be read. */
function asUnknown(element: XmlElement): UnknownCommand {
  const cmdId = element.children.find((child): child is XmlElement => isNamed(child, 'CmdID'));
  const noResp = element.children.some((child) => isNamed(child, 'NoResp'));
  return {
    name: 'Unknown',
    cmdId: cmdId === undefined ? '' : (textOf(cmdId) ?? '').trim(),
    ...(noResp ? { noResp: true } : {}),
    element,
  };
}

function takeCmdId(cmdId: string, path: ElementPath, taken: Set<string>): void {
  if (cmdId === '' || cmdId === '0') throw badElement(path.child('CmdID'), 'is empty or 0');
  if (taken.has(cmdId)) throw badElement(path.child('CmdID'), 'is the one of another command');
  taken.add(cmdId);
}

interface Base {
  readonly cmdId: string;
  readonly noResp?: boolean;
  readonly meta?: Meta;
}

/** As `baseOf`, for a CmdID that no other command of the message may have. */
function ownBase(fields: ElementFields, taken: Set<string>): Base {
  takeCmdId(fields.requiredToken('CmdID'), fields.path, taken);
  return baseOf(fields);
}

function baseOf(fields: ElementFields): Base {
  const meta = optionalMeta(fields);
  const base: Draft<Base> = { cmdId: fields.requiredToken('CmdID') };
  if (fields.flag('NoResp')) base.noResp = true;
  if (meta !== undefined) base.meta = meta;
  return base;
}

function itemsOf(fields: ElementFields, meta: Meta | undefined, atLeast: number): readonly Item[] {
  const items = fields.many('Item', (child, path) => parseItem(child, path, fields.options, meta));
  if (items.length < atLeast) throw badElement(fields.path.child('Item'), 'is missing');
  return items;
}
