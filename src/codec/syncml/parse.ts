// A document as a DM message (representation protocol of DM 1.2; child order is not insisted on).
import { isElement, type XmlElement } from '../xml/index.ts';
import { ElementFields, isDmNamespace, isNamed } from './element-fields.ts';
import { ElementPath } from './element-path.ts';
import type { DmCommand, DmMessage, SyncHdr } from './message.ts';
import { parseCommand, siblingCounter } from './parse-command.ts';
import { badElement, type ParseMessageOptions } from './parse-context.ts';
import { optionalMeta, parseCred, parseLocation } from './parse-item.ts';

export type { MessageForm, ParseMessageOptions } from './parse-context.ts';

const headerChildren = new Set([
  ...['VerDTD', 'VerProto', 'SessionID', 'MsgID', 'Target', 'Source', 'RespURI', 'NoResp', 'Cred', 'Meta'],
]);

/**
 * A DM message from its document. Children may stand in any order; required ones must be there, single ones once.
 * A command that DM does not know, or that cannot be read, comes as `Unknown`, for the session to refuse.
 * @throws {DecodeError} BAD_VALUE with a path such as `SyncHdr.Meta.MaxMsgSize`
 */
export function parseMessage(root: XmlElement, options: ParseMessageOptions = {}): DmMessage {
  const top = new ElementPath('');
  if (root.name !== 'SyncML' || !isDmNamespace(root.namespace)) {
    const shown = JSON.stringify(root.name.slice(0, 80));
    throw badElement(top, `the document element is ${shown}, not SyncML`);
  }
  const extensions = root.children.filter(
    (child): child is XmlElement =>
      isElement(child) && !isNamed(child, 'SyncHdr') && !isNamed(child, 'SyncBody'),
  );
  const fields = new ElementFields(root, top, undefined, options);
  const header = parseHeader(fields.required('SyncHdr'), top.child('SyncHdr'), options);
  const body = parseBody(fields.required('SyncBody'), top.child('SyncBody'), options);
  return { header, ...body, ...(extensions.length === 0 ? {} : { extensions }) };
}

function parseHeader(element: XmlElement, path: ElementPath, options: ParseMessageOptions): SyncHdr {
  const fields = new ElementFields(element, path, headerChildren, options);
  const respUri = fields.text('RespURI');
  const cred = fields.one('Cred');
  const meta = optionalMeta(fields);
  return {
    verDtd: fields.requiredToken('VerDTD'),
    verProto: fields.requiredToken('VerProto'),
    sessionId: fields.requiredToken('SessionID'),
    msgId: fields.requiredToken('MsgID'),
    target: parseLocation(fields.required('Target'), path.child('Target'), options),
    source: parseLocation(fields.required('Source'), path.child('Source'), options),
    ...(respUri === undefined ? {} : { respUri }),
    ...(fields.flag('NoResp') ? { noResp: true } : {}),
    ...(cred === undefined ? {} : { cred: parseCred(cred, path.child('Cred'), options) }),
    ...(meta === undefined ? {} : { meta }),
  };
}

function parseBody(
  element: XmlElement,
  path: ElementPath,
  options: ParseMessageOptions,
): Pick<DmMessage, 'commands' | 'final'> {
  const count = siblingCounter();
  const taken = new Set<string>();
  const commands: DmCommand[] = [];
  let final = false;
  for (const child of element.children) {
    if (!isElement(child)) continue;
    if (child.name === 'Final' && isDmNamespace(child.namespace)) {
      if (final) throw badElement(path.child('Final'), 'occurs twice');
      final = true;
      continue;
    }
    const childPath = path.child(child.name, count(child.name));
    const command = parseCommand(child, childPath, options, taken);
    if (command === undefined) options.onIgnored?.(childPath.toString(), child);
    else commands.push(command);
  }
  return { commands, final };
}
