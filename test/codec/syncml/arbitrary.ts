// DM messages for property tests, here and wherever messages are carried.
import fc from 'fast-check';
import type {
  Alert,
  Chal,
  CommandGroup,
  Cred,
  DmCommand,
  DmMessage,
  Exec,
  Item,
  ItemCommand,
  Location,
  ManagementCommand,
  Meta,
  Results,
  Status,
  SyncHdr,
  UnknownCommand,
} from '../../../src/codec/syncml/index.ts';
import { effectiveMeta, mediaTypes } from '../../../src/codec/syncml/index.ts';
import { element, isElement, namespaces, type XmlElement } from '../../../src/codec/xml/index.ts';
import { anyElement, token, xmlText } from '../xml/arbitrary.ts';

/** A record whose keys besides `required` may be absent. */
function record<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T)[]) {
  return fc.record(model, { requiredKeys: required, noNullPrototype: true });
}

const uri = fc.oneof(
  fc.constantFrom('.', './DevInfo/DevId', './Inbox', './A/B?prop=ACL', '', 'http://dm.example/?a=1&b=2'),
  xmlText,
);
const size = fc.nat({ max: 2 ** 31 - 1 });
const cmdId = fc.integer({ min: 1, max: 99_999 }).map(String);
const present = fc.constant(true as const);

const location: fc.Arbitrary<Location> = record<Location>({ uri, name: xmlText }, ['uri']);

/** Meta of any kind. */
export const meta: fc.Arbitrary<Meta> = record<Required<Meta>>(
  {
    format: fc.constantFrom(...'b64 bin bool chr int node null xml date time float'.split(' ')),
    type: fc.oneof(fc.constantFrom('text/plain', 'syncml:auth-md5', 'urn:oma:mo:oma-fumo:1.0'), token),
    size,
    mark: fc.constantFrom('fatal', 'critical', 'informational'),
    nextNonce: fc.uint8Array({ maxLength: 24 }),
    maxMsgSize: size,
    maxObjSize: size,
    version: token,
    emi: fc.array(xmlText, { minLength: 1, maxLength: 2 }),
  },
  [],
);

/** Texts and octets to take Data from: which one depends on the Format in force. */
const contents = fc.tuple(xmlText, fc.uint8Array({ maxLength: 40 }), fc.boolean());

const itemParts = fc.tuple(
  record<Required<Omit<Item, 'data' | 'moreData'>>>({ target: location, source: location, meta }, []),
  fc.option(contents, { nil: undefined }),
  fc.option(present, { nil: undefined }),
);

type ItemParts = typeof itemParts extends fc.Arbitrary<infer Parts> ? Parts : never;

// Data of Format bin is octets, other Data is text: that is what a parser gives.
function makeItem([base, content, moreData]: ItemParts, commandMeta: Meta | undefined): Item {
  const binary = effectiveMeta(commandMeta, base.meta).format === 'bin';
  return {
    ...base,
    ...(content === undefined ? {} : { data: binary ? content[1] : content[0] }),
    ...(moreData === undefined ? {} : { moreData }),
  };
}

const itemList = (atLeast: number) => fc.array(itemParts, { minLength: atLeast, maxLength: 3 });

interface CommandParts {
  readonly cmdId: string;
  readonly noResp?: boolean;
  readonly meta?: Meta;
}

const base: fc.Arbitrary<CommandParts> = record<Required<CommandParts>>({ cmdId, noResp: present, meta }, [
  'cmdId',
]);
const baseWithoutMeta: fc.Arbitrary<CommandParts> = record<Omit<Required<CommandParts>, 'meta'>>(
  { cmdId, noResp: present },
  ['cmdId'],
);

const itemCommand: fc.Arbitrary<ItemCommand> = fc
  .tuple(fc.constantFrom('Add', 'Replace', 'Delete', 'Copy', 'Get'), base, itemList(1))
  .map(([name, parts, items]) => ({ name, ...parts, items: items.map((one) => makeItem(one, parts.meta)) }));

const exec: fc.Arbitrary<Exec> = fc
  .tuple(base, record<{ correlator: string }>({ correlator: xmlText }, []), itemList(1))
  .map(([parts, more, items]) => ({
    name: 'Exec',
    ...parts,
    ...more,
    items: items.map((one) => makeItem(one, parts.meta)),
  }));

const alert: fc.Arbitrary<Alert> = fc
  .tuple(
    baseWithoutMeta,
    record<{ data: string; correlator: string }>(
      { data: fc.constantFrom('1100', '1200', '1222', '1226'), correlator: xmlText },
      [],
    ),
    itemList(0),
  )
  .map(([parts, more, items]) => ({
    name: 'Alert',
    ...parts,
    ...more,
    items: items.map((one) => makeItem(one, undefined)),
  }));

/** A command of data synchronisation or of a vendor. */
export const unknownCommand: fc.Arbitrary<UnknownCommand> = fc
  .tuple(fc.constantFrom('Put', 'Search', 'Sync', 'Map', 'Vendor'), cmdId, xmlText)
  .map(([name, id, text]) => {
    const { syncml } = namespaces;
    const inner = text === '' ? [] : [element('Data', syncml, text)];
    return {
      name: 'Unknown',
      cmdId: id,
      element: element(name, syncml, element('CmdID', syncml, id), ...inner),
    };
  });

/** Any command that asks for something, groups in groups included. */
export const managementCommand: fc.Arbitrary<ManagementCommand> = fc.letrec<{ command: ManagementCommand }>(
  (tie) => {
    const group: fc.Arbitrary<CommandGroup> = fc
      .tuple(
        fc.constantFrom('Atomic', 'Sequence'),
        base,
        fc.array(tie('command'), { minLength: 1, maxLength: 3 }),
      )
      .map(([name, parts, commands]) => ({ name, ...parts, commands }));
    return {
      command: fc.oneof(
        { maxDepth: 3 },
        { weight: 4, arbitrary: itemCommand },
        exec,
        alert,
        unknownCommand,
        group,
      ),
    };
  },
).command;

const chal: fc.Arbitrary<Chal> = meta.map((of) => ({ meta: of }));
const cred: fc.Arbitrary<Cred> = record<Required<Cred>>({ meta, data: xmlText }, ['data']);

const status: fc.Arbitrary<Status> = fc
  .tuple(
    record<Required<Omit<Status, 'name' | 'items' | 'noResp' | 'meta'>>>(
      {
        cmdId,
        msgRef: cmdId,
        cmdRef: fc.nat(99).map(String),
        cmd: fc.constantFrom('SyncHdr', 'Add', 'Alert', 'Sync'),
        targetRefs: fc.array(uri, { maxLength: 2 }),
        sourceRefs: fc.array(uri, { maxLength: 2 }),
        chal,
        data: fc.constantFrom('200', '212', '407', '516'),
      },
      ['cmdId', 'msgRef', 'cmdRef', 'cmd', 'targetRefs', 'sourceRefs', 'data'],
    ),
    itemList(0),
  )
  .map(([parts, items]) => ({
    name: 'Status',
    ...parts,
    items: items.map((one) => makeItem(one, undefined)),
  }));

const results: fc.Arbitrary<Results> = fc
  .tuple(
    record<Required<Omit<Results, 'name' | 'items' | 'noResp'>>>(
      { cmdId, msgRef: cmdId, cmdRef: cmdId, meta, targetRef: uri, sourceRef: uri },
      ['cmdId', 'cmdRef'],
    ),
    itemList(1),
  )
  .map(([parts, items]) => ({
    name: 'Results',
    ...parts,
    items: items.map((one) => makeItem(one, parts.meta)),
  }));

/** Any command of a SyncBody. */
export const command: fc.Arbitrary<DmCommand> = fc.oneof(managementCommand, status, results);

const header: fc.Arbitrary<SyncHdr> = record<Required<SyncHdr>>(
  {
    verDtd: fc.constantFrom('1.1', '1.2'),
    verProto: fc.constantFrom('DM/1.2', 'DM/1.3'),
    sessionId: fc.oneof(fc.constantFrom('1', 'FFFF', '00af', ''), token),
    msgId: cmdId,
    target: location,
    source: location,
    respUri: uri,
    noResp: present,
    cred,
    meta,
  },
  ['verDtd', 'verProto', 'sessionId', 'msgId', 'target', 'source'],
);

/** Something that stands beside SyncHdr and SyncBody, such as a signature. */
const extension: fc.Arbitrary<XmlElement> = anyElement({
  names: [['Signature', namespaces.xmldsig]],
  octets: false,
}).filter(({ namespace }) => namespace !== '');

function cmdIdsOf(given: DmCommand): string[] {
  return [given.cmdId, ...('commands' in given ? given.commands.flatMap(cmdIdsOf) : [])];
}

/** A command as DM 1.1 has it: without Correlator, and with its own namespace for what is not read. */
function inDm11<Command extends DmCommand>(given: Command): Command {
  const { correlator: _, ...rest } = given as Command & { correlator?: string };
  if ('commands' in given) return { ...rest, commands: given.commands.map(inDm11) } as unknown as Command;
  if (!('element' in given)) return rest as unknown as Command;
  return { ...rest, element: renamed(given.element) } as unknown as Command;
}

function renamed(given: XmlElement): XmlElement {
  if (given.namespace !== namespaces.syncml) return given;
  const children = given.children.map((child) => (isElement(child) ? renamed(child) : child));
  return { ...given, namespace: 'SYNCML:SYNCML1.1', children };
}

/** Any DM message, as a parser gives it. */
export const dmMessage: fc.Arbitrary<DmMessage> = record<Required<DmMessage>>(
  {
    header,
    commands: fc.array(command, { maxLength: 5 }).filter((commands) => {
      const cmdIds = commands.flatMap(cmdIdsOf);
      return new Set(cmdIds).size === cmdIds.length;
    }),
    final: fc.boolean(),
    extensions: fc.array(extension, { minLength: 1, maxLength: 2 }),
  },
  ['header', 'commands', 'final'],
).map((message) =>
  message.header.verDtd === '1.1' ? { ...message, commands: message.commands.map(inDm11) } : message,
);

const { dmddf } = namespaces;

function treeNode(name: string, format: string, content: readonly XmlElement[]): XmlElement {
  return element(
    'Node',
    dmddf,
    element('NodeName', dmddf, name),
    element('RTProperties', dmddf, element('Format', dmddf, element(format, dmddf))),
    ...content,
  );
}

const nodeName = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
// Not only white space: that would be dropped between elements, or be no value at all.
const value = xmlText.filter((text) => text.trim() !== '').map((text) => element('Value', dmddf, text));

const anyTreeNode: fc.Arbitrary<XmlElement> = fc.letrec<{ node: XmlElement; leaf: XmlElement }>((tie) => ({
  leaf: fc
    .tuple(nodeName, fc.constantFrom('chr', 'bin', 'xml', 'int'), fc.option(value, { nil: undefined }))
    .map(([name, format, content]) => treeNode(name, format, content === undefined ? [] : [content])),
  node: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc
      .tuple(nodeName, fc.array(tie('node'), { maxLength: 3 }))
      .map(([name, nodes]) => treeNode(name, 'node', nodes)),
  ),
})).node;

/** A `MgmtTree` document. */
export const mgmtTree: fc.Arbitrary<XmlElement> = fc
  .array(anyTreeNode, { minLength: 1, maxLength: 3 })
  .map((nodes) => {
    return element('MgmtTree', dmddf, element('VerDTD', dmddf, '1.2'), ...nodes);
  });

/** A message that adds the tree to the Inbox. */
export function messageWithTree(tree: XmlElement): DmMessage {
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1',
      msgId: '1',
      target: { uri: 'IMEI:493005100592800' },
      source: { uri: 'com.mgmtsrv.manage' },
    },
    commands: [
      {
        name: 'Add',
        cmdId: '1',
        items: [
          {
            target: { uri: './Inbox' },
            meta: { format: 'xml', type: mediaTypes.tndsXml },
            data: tree,
          },
        ],
      },
    ],
    final: true,
  };
}
