// A DM message as a document, children in the order of the DTD.

import type { WbxmlVersion } from '../wbxml/index.ts';
import type { XmlElement } from '../xml/index.ts';
import { buildCred, buildItem, buildLocation, buildMeta, flag, leaf, syncml } from './build-item.ts';
import type { Chal, DmCommand, DmMessage, Item, SyncHdr } from './message.ts';
import type { MessageForm } from './parse-context.ts';
import { itemForForm, type TndsForm } from './transport-form.ts';
import { inVersion } from './versions.ts';

/** How to turn a message into a document. */
export interface BuildMessageOptions {
  /**
   * Encoding that the document is meant for; absent leaves Data as it is. For XML, octets of Format `bin` become Base64
   * of Format `b64`; for either, trees in Data take the form that `tnds` says.
   */
  readonly form?: MessageForm;
  /** How trees in Data travel. Default `opaque` for WBXML, `text` for XML. */
  readonly tnds?: TndsForm;
  /** Version of the WBXML documents that `opaque` makes. Default `1.2`. */
  readonly wbxmlVersion?: WbxmlVersion;
}

/**
 * The message as a document, children in the order of the DTD, in the namespace of the version that VerDTD names.
 * @throws {ValueError} when a tree in Data cannot be carried
 */
export function buildMessage(message: DmMessage, options: BuildMessageOptions = {}): XmlElement {
  const body = message.commands.map((command) => buildCommand(command, options));
  const root = syncml('SyncML', [
    buildHeader(message.header),
    syncml('SyncBody', [...body, flag('Final', message.final)]),
    ...(message.extensions ?? []),
  ]);
  return inVersion(root, message.header.verDtd);
}

function buildHeader(header: SyncHdr): XmlElement {
  return syncml('SyncHdr', [
    leaf('VerDTD', header.verDtd),
    leaf('VerProto', header.verProto),
    leaf('SessionID', header.sessionId),
    leaf('MsgID', header.msgId),
    buildLocation('Target', header.target),
    buildLocation('Source', header.source),
    leaf('RespURI', header.respUri),
    flag('NoResp', header.noResp),
    buildCred(header.cred),
    buildMeta(header.meta),
  ]);
}

/** One command as an element. @throws {ValueError} when a tree in Data cannot be carried */
export function buildCommand(command: DmCommand, options: BuildMessageOptions = {}): XmlElement {
  if (command.name === 'Unknown') return command.element;
  const items = 'items' in command ? buildItems(command.items, command, options) : [];
  const start = [leaf('CmdID', command.cmdId), flag('NoResp', command.noResp)];
  const meta = buildMeta(command.meta);
  switch (command.name) {
    case 'Exec':
      return syncml('Exec', [...start, meta, leaf('Correlator', command.correlator), ...items]);
    case 'Alert': {
      const { data, correlator } = command;
      return syncml('Alert', [...start, leaf('Data', data), leaf('Correlator', correlator), ...items]);
    }
    case 'Atomic':
    case 'Sequence': {
      const inner = command.commands.map((one) => buildCommand(one, options));
      return syncml(command.name, [...start, meta, ...inner]);
    }
    case 'Status':
      return syncml('Status', [
        leaf('CmdID', command.cmdId),
        leaf('MsgRef', command.msgRef),
        leaf('CmdRef', command.cmdRef),
        leaf('Cmd', command.cmd),
        ...command.targetRefs.map((uri) => leaf('TargetRef', uri)),
        ...command.sourceRefs.map((uri) => leaf('SourceRef', uri)),
        buildChal(command.chal),
        leaf('Data', command.data),
        ...items,
      ]);
    case 'Results':
      return syncml('Results', [
        leaf('CmdID', command.cmdId),
        leaf('MsgRef', command.msgRef),
        leaf('CmdRef', command.cmdRef),
        meta,
        leaf('TargetRef', command.targetRef),
        leaf('SourceRef', command.sourceRef),
        ...items,
      ]);
    default:
      return syncml(command.name, [...start, meta, ...items]);
  }
}

function buildItems(
  items: readonly Item[],
  command: DmCommand,
  options: BuildMessageOptions,
): readonly XmlElement[] {
  const { form } = options;
  if (form === undefined) return items.map(buildItem);
  return items.map((item) => buildItem(itemForForm(item, command.meta, form, options)));
}

function buildChal(chal: Chal | undefined): XmlElement | undefined {
  return chal === undefined ? undefined : syncml('Chal', [buildMeta(chal.meta)]);
}
