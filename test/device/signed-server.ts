// Servers that push signed messages to a device under test, and the management objects that they send to its Inbox.
import type { DmCommand, DmMessage, Item } from '../../src/codec/syncml/index.ts';
import { readXml } from '../../src/codec/xml/index.ts';
import { utf8ToBytes } from '../../src/core/index.ts';
import type { ReceivedPush } from '../../src/push/index.ts';
import { SharedKey, signMessage } from '../../src/security/index.ts';
import { received } from './fixtures.ts';

/** One leaf of a TNDS document. */
export const leaf = (name: string, value: string, format = 'chr'): string =>
  `<Node><NodeName>${name}</NodeName><RTProperties><Format><${format}/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>${value}</Value></Node>`;

/** An interior node; with a type, a management object. */
export const node = (name: string, inner: string, { type = '', acl = '' } = {}): string => {
  const ddf = type === '' ? '' : `<Type><DDFName>${type}</DDFName></Type>`;
  const rights = acl === '' ? '' : `<ACL>${acl.replaceAll('&', '&amp;')}</ACL>`;
  return `<Node><NodeName>${name}</NodeName><RTProperties>${rights}<Format><node/></Format>${ddf}</RTProperties>${inner}</Node>`;
};

/** A DMAcc whose server signs with `secret`. */
export const dmAccount = (
  name: string,
  serverId: string,
  {
    secret = 'a secret of some length',
    client = { name: 'name', secret: 'a secret of some length' },
    address = 'http://127.0.0.1:1/dm',
    version = '1.0',
    acl = '',
    more = '',
  } = {},
): string => {
  const credential = (index: string, level: string, own: { name: string; secret: string }): string =>
    node(
      index,
      leaf('AAuthLevel', level) +
        leaf('AAuthType', 'DIGEST') +
        leaf('AAuthName', own.name) +
        leaf('AAuthSecret', own.secret),
    );
  const inner =
    leaf('AppID', 'w7') +
    leaf('ServerID', serverId) +
    node('AppAddr', node('1', leaf('Addr', address) + leaf('AddrType', 'URI'))) +
    node(
      'AppAuth',
      credential('1', 'CLCRED', client) + credential('2', 'SRVCRED', { name: serverId, secret }),
    ) +
    more;
  return node(name, inner, { type: `urn:oma:mo:oma-dm-dmacc:${version}`, acl });
};

/** A document of these objects. */
export const tnds = (...objects: readonly string[]): string =>
  `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${objects.join('')}</MgmtTree>`;

const tndsType = 'application/vnd.syncml.dmtnds+wbxml';

/** A document as the item of a command. */
export const tndsItem = (uri: string, ...objects: readonly string[]): Item => ({
  target: { uri },
  meta: { format: 'xml', type: tndsType },
  data: readXml(tnds(...objects)),
});

/** A command of one item. */
export const command = (name: 'Add' | 'Replace' | 'Delete' | 'Exec' | 'Copy', item: Item): DmCommand => ({
  name,
  cmdId: '1',
  items: [item],
});

/** Objects for the Inbox. */
export const toInbox = (...objects: readonly string[]): DmCommand =>
  command('Add', tndsItem('./Inbox', ...objects));

/** A group of commands. */
export const group = (name: 'Atomic' | 'Sequence', commands: readonly DmCommand[]): DmCommand =>
  ({
    name,
    cmdId: '1',
    commands: commands.map((each, index) => ({ ...each, cmdId: `9${index}` })),
  }) as DmCommand;

let messages = 0;

/** A message of that server, not signed yet. An empty device identifier means any. */
export function messageOf(serverId: string, deviceId: string, commands: readonly DmCommand[]): DmMessage {
  messages += 1;
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: (messages % 0xffff).toString(16).toUpperCase(),
      msgId: '1',
      target: { uri: deviceId },
      source: { uri: serverId },
    },
    commands: commands.map((each, index) => ({ ...each, cmdId: String(index + 1) })),
    final: true,
  };
}

/** A message of that server, signed with the secret of its account (HMAC-SHA256 under SRVCRED). */
export function signedBy(
  serverId: string,
  secret: string,
  deviceId: string,
  commands: readonly DmCommand[],
): ReceivedPush {
  const message = messageOf(serverId, deviceId, commands);
  return received(signMessage(message, new SharedKey(utf8ToBytes(secret))), 0x42);
}
