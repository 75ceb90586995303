// Commands of a SyncBody, and of Atomic and Sequence.
import { isElement, type XmlElement } from '../xml/index.ts';
import { ElementFields, elementText, isDmNamespace, isNamed } from './element-fields.ts';
import type { ElementPath } from './element-path.ts';
import type { DmCommand, Item, ManagementCommand, Meta, Results, Status, UnknownCommand } from './message.ts';
import { badElement, type ParseMessageOptions } from './parse-context.ts';
import { optionalMeta, parseChal, parseItem } from './parse-item.ts';

const baseChildren = ['CmdID', 'NoResp', 'Meta'];
const itemCommandChildren = new Set([...baseChildren, 'Item']);
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
 * could answer. @throws {DecodeError} BAD_VALUE
 */
export function parseCommand(
  element: XmlElement,
  path: ElementPath,
  options: ParseMessageOptions,
): DmCommand | undefined {
  if (isDmNamespace(element.namespace)) {
    if (element.name === 'Status') return parseStatus(element, path, options);
    if (element.name === 'Results') return parseResults(element, path, options);
  }
  return parseManagementCommand(element, path, options);
}

function parseManagementCommand(
  element: XmlElement,
  path: ElementPath,
  options: ParseMessageOptions,
): ManagementCommand | undefined {
  if (!isDmNamespace(element.namespace)) return parseUnknown(element, path);
  switch (element.name) {
    case 'Add':
    case 'Replace':
    case 'Delete':
    case 'Copy':
    case 'Get': {
      const fields = new ElementFields(element, path, itemCommandChildren, options);
      const base = baseOf(fields);
      return { name: element.name, ...base, items: itemsOf(fields, base.meta, 1) };
    }
    case 'Exec': {
      const fields = new ElementFields(element, path, execChildren, options);
      const base = baseOf(fields);
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
      const base = baseOf(fields);
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
      return { name: element.name, ...baseOf(fields), commands: groupCommands(fields) };
    }
    default:
      return parseUnknown(element, path);
  }
}

function groupCommands(fields: ElementFields): readonly ManagementCommand[] {
  const count = siblingCounter();
  const commands: ManagementCommand[] = [];
  for (const child of fields.element.children) {
    if (!isElement(child) || baseChildren.includes(child.name)) continue;
    const path = fields.path.child(child.name, count(child.name));
    const command = parseManagementCommand(child, path, fields.options);
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

function parseUnknown(element: XmlElement, path: ElementPath): UnknownCommand | undefined {
  const cmdId = element.children.find((child): child is XmlElement => isNamed(child, 'CmdID'));
  if (cmdId === undefined) return undefined;
  const noResp = element.children.some((child) => isNamed(child, 'NoResp'));
  return {
    name: 'Unknown',
    cmdId: elementText(cmdId, path.child('CmdID')).trim(),
    ...(noResp ? { noResp: true } : {}),
    element,
  };
}

function baseOf(fields: ElementFields): { cmdId: string; noResp?: boolean; meta?: Meta } {
  const meta = optionalMeta(fields);
  return {
    cmdId: fields.requiredToken('CmdID'),
    ...(fields.flag('NoResp') ? { noResp: true } : {}),
    ...(meta === undefined ? {} : { meta }),
  };
}

function itemsOf(fields: ElementFields, meta: Meta | undefined, atLeast: number): readonly Item[] {
  const items = fields.many('Item', (child, path) => parseItem(child, path, fields.options, meta));
  if (items.length < atLeast) throw badElement(fields.path.child('Item'), 'is missing');
  return items;
}
