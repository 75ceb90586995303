// XML documents for libwbxml: every DM command, every tag of every code page, the ways that a tree travels.
import assert from 'node:assert/strict';
import { mediaTypes } from '../../src/codec/syncml/index.ts';
import { type CodePage, codeSpaces } from '../../src/codec/wbxml/code-pages.ts';
import { element, writeXml, type XmlElement } from '../../src/codec/xml/index.ts';

const metinf = 'xmlns="syncml:metinf"';
const source = (uri: string) => `<Source><LocURI>${uri}</LocURI></Source>`;
const target = (uri: string) => `<Target><LocURI>${uri}</LocURI></Target>`;
const item = (...parts: string[]) => `<Item>${parts.join('')}</Item>`;
const data = (text: string) => `<Data>${text}</Data>`;
const meta = (format: string, type: string) =>
  `<Meta><Format ${metinf}>${format}</Format><Type ${metinf}>${type}</Type></Meta>`;
const command = (name: string, id: number, ...parts: string[]) =>
  `<${name}><CmdID>${id}</CmdID>${parts.join('')}</${name}>`;

const header =
  '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>A1</SessionID><MsgID>1</MsgID>' +
  `${target('IMEI:493005100592800')}<Source><LocURI>com.mgmtsrv.manage</LocURI><LocName>Bruce2</LocName></Source>` +
  '<RespURI>https://dm.example/?a=1&amp;b=2</RespURI>' +
  `<Cred>${meta('b64', 'syncml:auth-md5')}<Data>Zz6EivR3yeaaENcRN6lpAQ==</Data></Cred>` +
  `<Meta><MaxMsgSize ${metinf}>5000</MaxMsgSize><MaxObjSize ${metinf}>1048576</MaxObjSize></Meta></SyncHdr>`;

/** A message with those commands. */
function message(...commands: string[]): string {
  return `<SyncML xmlns="SYNCML:SYNCML1.2">${header}<SyncBody>${commands.join('')}<Final/></SyncBody></SyncML>`;
}

const tree =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Op</NodeName><RTProperties><Format><node/>' +
  '</Format><Type><DDFName>urn:oma:mo:oma-dm-dmacc:1.0</DDFName></Type></RTProperties><Node><NodeName>AppID</NodeName>' +
  '<RTProperties><ACL>Get=*</ACL><Format><chr/></Format><Type><MIME>text/plain</MIME></Type></RTProperties>' +
  '<Value>w7</Value></Node></Node></MgmtTree>';
const addTree = (content: string) =>
  message(command('Add', 1, item(target('./Inbox'), meta('xml', mediaTypes.tndsXml), data(content))));
const getOne = message(command('Get', 1, item(target('./A'))));

const doctype = (root: string, publicId: string) => `<!DOCTYPE ${root} PUBLIC "${publicId}" "x">`;
const ddf = doctype('MgmtTree', '-//OMA//DTD-DM-DDF 1.2//EN');

/** Every tag that documents with that page have, without content and with text. */
function everyTag(page: CodePage | undefined, root: string): XmlElement {
  assert.ok(page);
  // libwbxml looks into Data and Type.
  const tags = [...page.tokens.keys()].filter((name) => ![root, 'Data', 'Type'].includes(name));
  const elements = tags.flatMap((name) => [
    element(name, page.namespace),
    element(name, page.namespace, 'text'),
  ]);
  return element(root, page.namespace, ...elements);
}

function everyTagOfSyncml([syncml, metinfPage]: readonly CodePage[]): string {
  const root = everyTag(syncml, 'SyncML');
  return writeXml({ ...root, children: [...root.children, everyTag(metinfPage, 'MetInf')] });
}

function everyTagOfDevinf(version: string, [page]: readonly CodePage[]): string {
  return doctype('DevInf', `-//SYNCML//DTD DevInf ${version}//EN`) + writeXml(everyTag(page, 'DevInf'));
}

const { syncml10, syncml11, syncml12, devinf11, devinf12 } = codeSpaces;

/** A document of MetInf alone; wbxml2xml leaves its namespace out. */
export const metinfDocument = `${doctype('MetInf', '-//SYNCML//DTD MetInf 1.2//EN')}<MetInf ${metinf}><Format>chr</Format></MetInf>`;

/** Names that libwbxml does not know, which it refuses without its string table. */
export const unknownElements = message(command('Vendor', 1, '<Thing>x</Thing>'));

/** A challenge with a NextNonce. */
export const challenge = message(
  command(
    'Status',
    1,
    '<MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><TargetRef>a</TargetRef><SourceRef>b</SourceRef>',
    `<Chal><Meta><Format ${metinf}>b64</Format><Type ${metinf}>syncml:auth-md5</Type>`,
    `<NextNonce ${metinf}>LG3iZQhhdmKNHg==</NextNonce></Meta></Chal><Data>407</Data>`,
  ),
);

/** The documents, by what they show. */
export const inputs: readonly (readonly [name: string, xml: string])[] = [
  [
    'Alert 1200 and DevInfo',
    message(
      command('Alert', 1, data('1200')),
      command(
        'Replace',
        2,
        item(source('./DevInfo/DevId'), data('IMEI:493005100592800')),
        item(source('./DevInfo/Lang'), data('en')),
      ),
    ),
  ],
  [
    'Alert 1100 with options and other scripts',
    message(
      command('Alert', 1, data('1100'), item(data('MINDT=10&amp;MAXDT=30')), item(data('Grüße, 世界 😀'))),
    ),
  ],
  [
    'Alert 1226',
    message(
      command(
        'Alert',
        1,
        data('1226'),
        '<Correlator>c1</Correlator>',
        item(
          source('./FwUpdate/x'),
          `<Meta><Type ${metinf}>org.openmobilealliance.dm.firmwareupdate.download</Type>`,
          `<Format ${metinf}>xml</Format><Mark ${metinf}>critical</Mark></Meta>`,
          data('200'),
        ),
      ),
    ),
  ],
  ['Status with Chal', challenge],
  [
    'Results',
    message(
      command(
        'Results',
        1,
        '<MsgRef>1</MsgRef><CmdRef>2</CmdRef>',
        item(source('./A'), meta('node', 'urn:oma:mo:x:1.0'), data('B/C')),
      ),
    ),
  ],
  [
    'Get, Delete, Copy, Exec',
    message(
      command('Get', 1, item(target('./A?list=Struct'))),
      command('Delete', 2, item(target('./A'))),
      command('Copy', 3, item(target('./B'), source('./A'))),
      command('Exec', 4, '<Correlator>c</Correlator>', item(target('./FwUpdate/x/Download'))),
    ),
  ],
  [
    'Atomic and Sequence',
    message(
      command(
        'Atomic',
        1,
        command('Add', 2, item(target('./A'), meta('node', 'urn:x'))),
        command(
          'Sequence',
          3,
          command('Replace', 4, item(target('./A/B'), meta('chr', 'text/plain'), data('v'))),
        ),
      ),
    ),
  ],
  [
    'a chunk of a large object',
    message(
      command(
        'Add',
        1,
        item(target('./A'), `<Meta><Size ${metinf}>2048</Size></Meta>`, data('part'), '<MoreData/>'),
      ),
    ),
  ],
  ['CDATA', message(command('Replace', 1, item(target('./A'), data('<![CDATA[a<b&c]]>'))))],
  [
    'repeated texts',
    message(command('Get', 1, ...Array.from({ length: 3 }, () => item(target('./DevDetail/LrgObj'))))),
  ],
  ['a tree inline', addTree(tree)],
  ['a tree as CDATA', addTree(`<![CDATA[${tree}]]>`)],
  ['a tree document', ddf + tree],
  [
    'commands of data synchronisation',
    message(
      command('Put', 1, item()),
      command(
        'Sync',
        2,
        target('./c'),
        '<NumberOfChanges>1</NumberOfChanges>',
        command('Map', 3, '<MapItem/>'),
      ),
      command('Search', 4),
    ),
  ],
  [
    'a DevInf document in Put',
    message(
      command(
        'Put',
        1,
        item(
          source('./devinf12'),
          meta('xml', 'application/vnd.syncml-devinf+xml'),
          data('<DevInf xmlns="syncml:devinf"><VerDTD>1.2</VerDTD><Man>Maker</Man><UTC/></DevInf>'),
        ),
      ),
    ),
  ],
  ['SyncML 1.1', getOne.replace('SYNCML1.2', 'SYNCML1.1')],
  ['SyncML 1.0', getOne.replace('SYNCML1.2', 'SYNCML1.0')],
  ['every tag of SyncML 1.2 and MetInf', everyTagOfSyncml(syncml12.pages)],
  ['every tag of SyncML 1.1 and MetInf', everyTagOfSyncml(syncml11.pages)],
  ['every tag of SyncML 1.0 and MetInf', everyTagOfSyncml(syncml10.pages)],
  ['every tag of DM DDF', ddf + writeXml(everyTag(syncml12.pages[2], 'MgmtTree'))],
  ['every tag of DevInf 1.2', everyTagOfDevinf('1.2', devinf12.pages)],
  ['every tag of DevInf 1.1', everyTagOfDevinf('1.1', devinf11.pages)],
  ['every tag of DevInf 1.0', everyTagOfDevinf('1.0', devinf11.pages)],
  ['MetInf alone', metinfDocument],
];
