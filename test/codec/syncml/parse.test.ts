// From document to message: what is asked for, what is tolerated, what is refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type DmMessage, parseMessage } from '../../../src/codec/syncml/index.ts';
import { readXml } from '../../../src/codec/xml/index.ts';
import { assertDecodeError } from '../wbxml/support.ts';

const header =
  '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>' +
  '<Target><LocURI>T</LocURI></Target><Source><LocURI>S</LocURI></Source></SyncHdr>';

function message(body: string, hdr = header): string {
  return `<SyncML xmlns="SYNCML:SYNCML1.2">${hdr}<SyncBody>${body}</SyncBody></SyncML>`;
}

function parse(xml: string, ignored: string[] = []): DmMessage {
  return parseMessage(readXml(xml), { onIgnored: (path) => ignored.push(path) });
}

test('DM-REPPRO-1.2: package 1 of a server-initiated session', () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
    <SyncML xmlns="SYNCML:SYNCML1.2">
     <SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1234</SessionID><MsgID>1</MsgID>
      <Target><LocURI>https://dm.example/</LocURI></Target>
      <Source><LocURI>IMEI:493005100592800</LocURI><LocName>Bruce2</LocName></Source>
      <Cred><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-md5</Type></Meta>
       <Data>Zz6EivR3yeaaENcRN6lpAQ==</Data></Cred>
      <Meta><MaxMsgSize xmlns="syncml:metinf"> 5000 </MaxMsgSize></Meta></SyncHdr>
     <SyncBody><Alert><CmdID>1</CmdID><Data>1200</Data></Alert>
      <Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source>
       <Data>IMEI:493005100592800</Data></Item></Replace><Final/></SyncBody>
    </SyncML>`;
  assert.deepEqual(parse(xml), {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1234',
      msgId: '1',
      target: { uri: 'https://dm.example/' },
      source: { uri: 'IMEI:493005100592800', name: 'Bruce2' },
      cred: { meta: { format: 'b64', type: 'syncml:auth-md5' }, data: 'Zz6EivR3yeaaENcRN6lpAQ==' },
      meta: { maxMsgSize: 5000 },
    },
    commands: [
      { name: 'Alert', cmdId: '1', data: '1200', items: [] },
      {
        name: 'Replace',
        cmdId: '2',
        items: [{ source: { uri: './DevInfo/DevId' }, data: 'IMEI:493005100592800' }],
      },
    ],
    final: true,
  });
});

test('DM-REPPRO-1.2: Status with a challenge, and Results', () => {
  const { commands } = parse(
    message(
      '<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><TargetRef>T</TargetRef>' +
        '<SourceRef>S</SourceRef><Chal><Meta><Type xmlns="syncml:metinf">syncml:auth-md5</Type>' +
        '<NextNonce xmlns="syncml:metinf">ZG9iZWhhdmUNCg==</NextNonce></Meta></Chal><Data>212</Data></Status>' +
        '<Results><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>3</CmdRef><Item><Source><LocURI>./A</LocURI></Source>' +
        '<Meta><Format xmlns="syncml:metinf">node</Format><Size xmlns="syncml:metinf">3</Size></Meta>' +
        '<Data>B/C</Data><MoreData/></Item></Results>',
    ),
  );
  assert.deepEqual(commands, [
    {
      name: 'Status',
      cmdId: '1',
      msgRef: '1',
      cmdRef: '0',
      cmd: 'SyncHdr',
      targetRefs: ['T'],
      sourceRefs: ['S'],
      chal: { meta: { type: 'syncml:auth-md5', nextNonce: new TextEncoder().encode('dobehave\r\n') } },
      data: '212',
      items: [],
    },
    {
      name: 'Results',
      cmdId: '2',
      msgRef: '1',
      cmdRef: '3',
      items: [{ source: { uri: './A' }, meta: { format: 'node', size: 3 }, data: 'B/C', moreData: true }],
    },
  ]);
});

test('DM-REPPRO-1.2: Exec, Alert 1226, and groups in groups', () => {
  const item = '<Item><Target><LocURI>./A</LocURI></Target></Item>';
  const { commands } = parse(
    message(
      `<Exec><CmdID>1</CmdID><Correlator>c</Correlator>${item}</Exec>` +
        '<Alert><CmdID>2</CmdID><Data>1226</Data><Correlator>c</Correlator>' +
        '<Item><Meta><Mark xmlns="syncml:metinf">fatal</Mark></Meta><Data/></Item></Alert>' +
        `<Atomic><CmdID>3</CmdID><Sequence><CmdID>4</CmdID><Get><CmdID>5</CmdID>${item}</Get></Sequence>` +
        `<Delete><CmdID>6</CmdID>${item}</Delete></Atomic>`,
    ),
  );
  const items = [{ target: { uri: './A' } }];
  assert.deepEqual(commands, [
    { name: 'Exec', cmdId: '1', correlator: 'c', items },
    {
      name: 'Alert',
      cmdId: '2',
      data: '1226',
      correlator: 'c',
      items: [{ meta: { mark: 'fatal' }, data: '' }],
    },
    {
      name: 'Atomic',
      cmdId: '3',
      commands: [
        { name: 'Sequence', cmdId: '4', commands: [{ name: 'Get', cmdId: '5', items }] },
        { name: 'Delete', cmdId: '6', items },
      ],
    },
  ]);
});

test('children may stand in any order, in an older namespace, or in none', () => {
  const xml =
    '<SyncML><SyncBody><Final/><Get><Item><Target><LocName>n</LocName><LocURI>./A</LocURI></Target></Item>' +
    '<CmdID>1</CmdID></Get></SyncBody>' +
    `${header.replace('<VerDTD>1.2</VerDTD>', '').replace('</SyncHdr>', '<VerDTD>1.2</VerDTD></SyncHdr>')}</SyncML>`;
  for (const namespace of ['', ' xmlns="SYNCML:SYNCML1.1"', ' xmlns="syncml:SYNCML1.2"']) {
    const { header: read, commands, final } = parse(xml.replace('<SyncML', `<SyncML${namespace}`));
    assert.equal(read.verDtd, '1.2');
    const items = [{ target: { uri: './A', name: 'n' } }];
    assert.deepEqual(commands, [{ name: 'Get', cmdId: '1', items }]);
    assert.equal(final, true);
  }
});

test('a command that DM does not use is kept, so that it can be answered', () => {
  const ignored: string[] = [];
  const { commands } = parse(
    message(
      '<Sync><CmdID>1</CmdID><NoResp/><Add><CmdID>2</CmdID></Add></Sync><Put><CmdID> 3 </CmdID></Put>' +
        '<Atomic><CmdID>4</CmdID><Status><CmdID>5</CmdID></Status><x xmlns="urn:x"/></Atomic><NoCmdId/>',
    ),
    ignored,
  );
  const [sync, put, atomic] = commands;
  assert.ok(sync?.name === 'Unknown' && put?.name === 'Unknown' && atomic?.name === 'Atomic');
  assert.equal(sync.cmdId, '1');
  assert.equal(sync.noResp, true);
  assert.equal(sync.element.name, 'Sync');
  assert.equal(put.cmdId, '3');
  assert.deepEqual(
    atomic.commands.map(({ name, cmdId }) => [name, cmdId]),
    [['Unknown', '5']],
  );
  assert.deepEqual(ignored, ['SyncBody.Atomic[0].x[0]', 'SyncBody.NoCmdId[0]']);
});

test('elements that are not part of a DM message are ignored, and reported with their path', () => {
  const ignored: string[] = [];
  parse(
    message(
      '<Replace><CmdID>1</CmdID><Cred><Data>x</Data></Cred><Item><SourceParent/><x:Data xmlns:x="urn:x">no</x:Data>' +
        '<Meta><Anchor xmlns="syncml:metinf"/></Meta></Item></Replace>',
      header.replace('</SyncHdr>', '<Vendor/></SyncHdr>'),
    ),
    ignored,
  );
  assert.deepEqual(ignored, [
    'SyncHdr.Vendor',
    'SyncBody.Replace[0].Cred',
    'SyncBody.Replace[0].Item[0].SourceParent',
    'SyncBody.Replace[0].Item[0].Data',
    'SyncBody.Replace[0].Item[0].Meta.Anchor',
  ]);
});

test('what stands beside SyncHdr and SyncBody is kept', () => {
  const signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>';
  const { extensions } = parse(message('<Final/>').replace('</SyncML>', `${signature}</SyncML>`));
  assert.deepEqual(
    extensions?.map(({ name }) => name),
    ['Signature'],
  );
});

describe('DM-REPPRO-1.2: a command that cannot be read is one to refuse, and the others are read', () => {
  const get = (cmdId: string) => `<Get><CmdID>${cmdId}</CmdID><Item/></Get>`;
  const replace = (item: string) => `<Replace><CmdID>1</CmdID><Item>${item}</Item></Replace>`;
  const metinf = (inner: string) => `<Meta>${inner.replace('>', ' xmlns="syncml:metinf">')}</Meta>`;
  const rows: readonly [string, string, string, number][] = [
    ['no CmdID', '<Get><Item/></Get>', '', 400],
    ['empty CmdID', get(''), '', 400],
    ['CmdID 0', get('0'), '0', 400],
    ['two CmdIDs', '<Get><CmdID>1</CmdID><CmdID>2</CmdID><Item/></Get>', '1', 400],
    ['CmdID of a command before', get('8'), '8', 400],
    ['CmdID of a command in a group before', get('9'), '9', 400],
    ['CmdID before, of a command that DM does not use', '<Sync><CmdID>8</CmdID></Sync>', '8', 400],
    ['no Item', '<Exec><CmdID>1</CmdID></Exec>', '1', 412],
    ['Results without Item', '<Results><CmdID>1</CmdID><CmdRef>2</CmdRef></Results>', '1', 412],
    ['empty group', '<Atomic><CmdID>1</CmdID></Atomic>', '1', 412],
    ['Size that is no number', replace(metinf('<Size>1k</Size>')), '1', 400],
    ['negative Size', replace(metinf('<Size>-1</Size>')), '1', 400],
    ['NextNonce that is not Base64', replace(metinf('<NextNonce>*</NextNonce>')), '1', 400],
    ['Target without LocURI', replace('<Target/>'), '1', 400],
    ['two elements in Data', replace('<Data><a/><b/></Data>'), '1', 400],
    ['text beside an element in Data', replace('<Data>x<a/></Data>'), '1', 400],
  ];
  for (const [name, xml, cmdId, fault] of rows) {
    test(name, () => {
      const before = `${get('8')}<Sequence><CmdID>7</CmdID>${get('9')}</Sequence>`;
      const [, , faulty, last] = parse(message(`${before}${xml}${get('10')}`)).commands;
      assert.ok(faulty?.name === 'Unknown');
      assert.deepEqual([faulty.cmdId, faulty.fault], [cmdId, fault]);
      assert.equal(xml.startsWith(`<${faulty.element.name}>`), true);
      assert.deepEqual(last, { name: 'Get', cmdId: '10', items: [{}] });
      // Where no answer goes out, nothing of the message is taken.
      const document = readXml(message(`${before}${xml}`));
      assertDecodeError(() => parseMessage(document, { strictCommands: true }), 'BAD_VALUE', /SyncBody/);
    });
  }

  test('inside a group it is that command alone', () => {
    const group = `<Sequence><CmdID>1</CmdID><Get><CmdID>2</CmdID></Get>${get('3')}</Sequence>`;
    const [sequence] = parse(message(group)).commands;
    assert.ok(sequence?.name === 'Sequence');
    assert.deepEqual(
      sequence.commands.map((command) => [command.name, command.cmdId]),
      [
        ['Unknown', '2'],
        ['Get', '3'],
      ],
    );
  });
});

describe('DM-REPPRO-1.2: what is refused, with the path', () => {
  const rows: readonly [string, string, string, RegExp][] = [
    ['another document', '<a/>', '', /"a", not SyncML/],
    ['SyncML of another namespace', '<SyncML xmlns="urn:x"/>', '', /not SyncML/],
    ['no header', '<SyncML><SyncBody/></SyncML>', 'SyncHdr', /is missing/],
    ['no body', `<SyncML>${header}</SyncML>`, 'SyncBody', /is missing/],
    ['two bodies', message('').replace('</SyncML>', '<SyncBody/></SyncML>'), 'SyncBody', /twice/],
    [
      'no SessionID',
      message('', header.replace(/<SessionID>.*<\/SessionID>/, '')),
      'SyncHdr.SessionID',
      /missing/,
    ],
    [
      'two MsgIDs',
      message('', header.replace('<MsgID>', '<MsgID>2</MsgID><MsgID>')),
      'SyncHdr.MsgID',
      /twice/,
    ],
    ['no LocURI', message('', header.replace('<LocURI>S</LocURI>', '')), 'SyncHdr.Source.LocURI', /missing/],
    ['elements in text', message('', header.replace('>1.2<', '><a/><')), 'SyncHdr.VerDTD', /must be text/],
    ['two Finals', message('<Final/><Final/>'), 'SyncBody.Final', /twice/],
    [
      'Status without a code',
      message('<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Cmd>Get</Cmd></Status>'),
      'SyncBody.Status[0].Data',
      /missing/,
    ],
    [
      'Chal without Meta',
      message(
        '<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Cmd>Get</Cmd><Chal/><Data>401</Data></Status>',
      ),
      'SyncBody.Status[0].Chal.Meta',
      /missing/,
    ],
  ];
  for (const [name, xml, path, detail] of rows) {
    test(name, () => {
      assert.equal(assertDecodeError(() => parse(xml), 'BAD_VALUE', detail).at.path, path);
    });
  }
});
