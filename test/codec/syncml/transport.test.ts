// Messages as transports carry them: media types, worked examples in both directions, the order of the DTD.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  alertName,
  type DmMessage,
  describeAlert,
  describeStatus,
  mediaTypes,
  messageContentType,
  messageForm,
  readMessage,
  statusName,
  writeMessage,
} from '../../../src/codec/syncml/index.ts';
import { decodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { assertDecodeError, vector } from '../wbxml/support.ts';

const header = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1234',
  msgId: '1',
  target: { uri: 'IMEI:493005100592800' },
  source: { uri: 'com.mgmtsrv.manage' },
};

const get: DmMessage = {
  header: { ...header, meta: { maxMsgSize: 5000 } },
  commands: [{ name: 'Get', cmdId: '1', items: [{ target: { uri: './DevDetail/LrgObj' } }] }],
  final: true,
};

describe('worked examples as messages (SM-S-002)', () => {
  for (const version of ['1.1', '1.2', '1.3'] as const) {
    const name = version === '1.2' ? 'A. Get of ./DevDetail/LrgObj' : `A in WBXML ${version}`;
    test(`${name}: both directions`, () => {
      const octets = hexToBytes(vector(name).hex);
      assert.deepEqual(readMessage(octets, mediaTypes.dmWbxml), get);
      assert.equal(bytesToHex(writeMessage(get, 'wbxml', { wbxml: { version } })), vector(name).hex);
    });
  }

  test('D. Add to ./Inbox: both directions', () => {
    const { hex } = vector('D. Add to ./Inbox, the tree as a WBXML document in OPAQUE');
    const tree = decodeWbxml(hexToBytes(vector('D. the document inside').hex)).root;
    const meta = { format: 'xml', type: mediaTypes.tndsWbxml };
    const add = { name: 'Add', cmdId: '1', meta } as const;
    const target = { uri: './Inbox' };
    const document = hexToBytes(vector('D. the document inside').hex);
    const message: DmMessage = {
      header: { ...header, sessionId: '1' },
      commands: [{ ...add, items: [{ target, data: document }] }],
      final: true,
    };
    assert.deepEqual(readMessage(hexToBytes(hex), 'wbxml'), message);
    assert.equal(bytesToHex(writeMessage(message, 'wbxml')), hex);
    // With the tree itself, its Meta stands at the item.
    const withTree = { ...message, commands: [{ ...add, items: [{ target, data: tree }] }] };
    const read = readMessage(writeMessage(withTree, 'wbxml'), 'wbxml').commands[0];
    assert.ok(read?.name === 'Add');
    assert.deepEqual(read.items, [{ target, meta, data: document }]);
  });

  test('5.4 Replace of one leaf: OPAQUE and STR_I are the same text', () => {
    const message = readMessage(hexToBytes(vector('5.4 Replace of one leaf, WBXML 1.2').hex), 'wbxml');
    assert.deepEqual(message.commands, [
      {
        name: 'Replace',
        cmdId: '1',
        items: [
          {
            target: { uri: './DevDetail/Ext/Reveille/Mode' },
            meta: { format: 'chr', type: 'text/plain' },
            data: 'awake',
          },
        ],
      },
    ]);
  });

  test('the signed message: its signature is an extension, and is written back', () => {
    const { hex } = vector('the signed message');
    const message = readMessage(hexToBytes(hex), 'wbxml');
    const { extensions, ...unsigned } = message;
    assert.deepEqual(unsigned, get);
    assert.equal(extensions?.[0]?.name, 'Signature');
    assert.equal(bytesToHex(writeMessage(message, 'wbxml')), hex);
  });
});

test('DM-REPPRO-1.2: XML in the order of the DTD', () => {
  const message: DmMessage = {
    header: {
      meta: { maxObjSize: 4, maxMsgSize: 3, nextNonce: new Uint8Array(4), emi: ['e'], version: 'v' },
      cred: { data: 'x', meta: { type: 't', format: 'b64' } },
      noResp: true,
      respUri: 'r',
      ...header,
    },
    commands: [
      {
        name: 'Status',
        items: [],
        data: '401',
        chal: { meta: { type: 't' } },
        sourceRefs: ['s'],
        targetRefs: ['t'],
        cmd: 'Get',
        cmdRef: '2',
        msgRef: '1',
        cmdId: '1',
      },
      {
        name: 'Results',
        items: [
          {
            moreData: true,
            data: '1',
            meta: { size: 1, mark: 'm', format: 'chr' },
            source: { uri: 's' },
            target: { uri: 't', name: 'n' },
          },
        ],
        sourceRef: 's',
        targetRef: 't',
        meta: {},
        cmdRef: '2',
        msgRef: '1',
        cmdId: '2',
      },
      { name: 'Exec', items: [{}], correlator: 'c', meta: {}, noResp: true, cmdId: '3' },
      { name: 'Alert', items: [{}], correlator: 'c', data: '1226', noResp: true, cmdId: '4' },
      {
        name: 'Atomic',
        commands: [{ name: 'Delete', items: [{}], meta: {}, noResp: true, cmdId: '6' }],
        meta: {},
        noResp: true,
        cmdId: '5',
      },
    ],
    final: true,
  };
  const m = ' xmlns="syncml:metinf"';
  assert.equal(
    new TextDecoder().decode(writeMessage(message, 'xml')),
    '<?xml version="1.0" encoding="UTF-8"?>\n<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD>' +
      '<VerProto>DM/1.2</VerProto><SessionID>1234</SessionID><MsgID>1</MsgID>' +
      '<Target><LocURI>IMEI:493005100592800</LocURI></Target><Source><LocURI>com.mgmtsrv.manage</LocURI></Source>' +
      `<RespURI>r</RespURI><NoResp/><Cred><Meta><Format${m}>b64</Format><Type${m}>t</Type></Meta><Data>x</Data></Cred>` +
      `<Meta><Version${m}>v</Version><NextNonce${m}>AAAAAA==</NextNonce><MaxMsgSize${m}>3</MaxMsgSize>` +
      `<MaxObjSize${m}>4</MaxObjSize><EMI${m}>e</EMI></Meta></SyncHdr><SyncBody>` +
      '<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Cmd>Get</Cmd><TargetRef>t</TargetRef>' +
      `<SourceRef>s</SourceRef><Chal><Meta><Type${m}>t</Type></Meta></Chal><Data>401</Data></Status>` +
      '<Results><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Meta/><TargetRef>t</TargetRef>' +
      '<SourceRef>s</SourceRef><Item><Target><LocURI>t</LocURI><LocName>n</LocName></Target>' +
      `<Source><LocURI>s</LocURI></Source><Meta><Format${m}>chr</Format><Mark${m}>m</Mark><Size${m}>1</Size></Meta>` +
      '<Data>1</Data><MoreData/></Item></Results>' +
      '<Exec><CmdID>3</CmdID><NoResp/><Meta/><Correlator>c</Correlator><Item/></Exec>' +
      '<Alert><CmdID>4</CmdID><NoResp/><Data>1226</Data><Correlator>c</Correlator><Item/></Alert>' +
      '<Atomic><CmdID>5</CmdID><NoResp/><Meta/><Delete><CmdID>6</CmdID><NoResp/><Meta/><Item/></Delete></Atomic>' +
      '<Final/></SyncBody></SyncML>',
  );
});

describe('media types', () => {
  test('the encoding of a Content-Type', () => {
    assert.equal(messageForm('application/vnd.syncml.dm+xml'), 'xml');
    assert.equal(messageForm('Application/Vnd.SyncML.DM+WBXML ; charset="utf-8"'), 'wbxml');
    assert.equal(messageForm('text/xml; charset=utf-8'), 'xml');
    assert.equal(messageForm('APPLICATION/VND.SYNCML+XML'), 'xml');
    assert.equal(messageForm('application/vnd.syncml+wbxml;level=1'), 'wbxml');
    for (const other of [
      '',
      undefined,
      'text/html',
      'application/json',
      'application/vnd.syncml.dmtnds+xml',
    ]) {
      assert.equal(messageForm(other), undefined);
    }
    assert.equal(messageForm(messageContentType('xml')), 'xml');
    assert.equal(messageForm(messageContentType('wbxml')), 'wbxml');
  });
  test('the body shows its form, whichever type of a message or none it has', () => {
    const xml = writeMessage(get, 'xml');
    const wbxml = writeMessage(get, 'wbxml');
    const types = [
      'application/vnd.syncml.dm+xml',
      'application/vnd.syncml+wbxml',
      'text/xml',
      '',
      undefined,
    ];
    for (const type of types) {
      assert.equal(messageForm(type, xml), 'xml');
      assert.equal(messageForm(type, wbxml), 'wbxml');
      assert.deepEqual(readMessage(xml, type), get);
      assert.deepEqual(readMessage(wbxml, type), get);
    }
    assert.equal(messageForm(undefined, utf8ToBytes('hello')), undefined);
    assert.equal(messageForm('text/html', xml), undefined);
    assertDecodeError(() => readMessage(utf8ToBytes('hello'), undefined), 'UNSUPPORTED', /what came/);
  });
  test('an answer has the type of what it answers, where that fits its form', () => {
    const dm = 'application/vnd.syncml.dm';
    for (const [form, asked, wanted] of [
      ['xml', undefined, `${dm}+xml; charset=utf-8`],
      ['xml', 'Text/XML; charset="utf-8"', 'text/xml; charset=utf-8'],
      ['xml', 'application/vnd.syncml+xml', 'application/vnd.syncml+xml; charset=utf-8'],
      ['wbxml', 'application/vnd.SyncML+WBXML', 'application/vnd.syncml+wbxml'],
      ['wbxml', 'text/xml', `${dm}+wbxml`],
      ['wbxml', 'text/plain', `${dm}+wbxml`],
    ] as const) {
      assert.equal(messageContentType(form, asked), wanted);
    }
  });
  test('another media type is refused', () => {
    assertDecodeError(() => readMessage(new Uint8Array(0), 'text/plain'), 'UNSUPPORTED', /"text\/plain"/);
  });
  test('its charset is heeded', () => {
    const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
    const xml = new TextDecoder().decode(writeMessage(get, 'xml')).replace('LrgObj', 'é');
    const type = 'application/vnd.syncml.dm+xml; charset=ISO-8859-1';
    const [command] = readMessage(latin(xml), type).commands;
    assert.ok(command?.name === 'Get');
    assert.equal(command.items[0]?.target?.uri, './DevDetail/é');
    assertDecodeError(() => readMessage(latin(xml), 'xml'), 'BAD_VALUE', /not utf-8/);
    // A WBXML header that leaves the charset open.
    const octets = hexToBytes(vector('A. Get of ./DevDetail/LrgObj').hex.replace('02a4016a', '02a40100'));
    assert.deepEqual(readMessage(octets, 'application/vnd.syncml.dm+wbxml; charset=us-ascii'), get);
  });
  test('the media type beats the public identifier of the document', () => {
    const octets = hexToBytes(vector('A. Get of ./DevDetail/LrgObj').hex.replace('02a401', '0204'));
    assert.deepEqual(readMessage(octets, 'wbxml'), get);
  });
});

test('limits, DOCTYPE and comments are the caller’s choice', () => {
  const xml = utf8ToBytes(
    `<!DOCTYPE SyncML SYSTEM "x"><!-- c -->${new TextDecoder().decode(writeMessage(get, 'xml')).replace(/^.*\n/, '')}`,
  );
  assert.deepEqual(readMessage(xml, 'xml'), get);
  assertDecodeError(() => readMessage(xml, 'xml', { xml: { doctype: 'refuse' } }), 'UNSUPPORTED', /DOCTYPE/);
  assertDecodeError(
    () => readMessage(xml, 'xml', { xml: { comments: 'refuse' } }),
    'UNSUPPORTED',
    /comments/,
  );
  for (const form of ['xml', 'wbxml'] as const) {
    const octets = writeMessage(get, form);
    assertDecodeError(() => readMessage(octets, form, { limits: { maxElements: 9 } }), 'LIMIT', /9 elements/);
  }
});

/** The text of a message without its XML declaration. */
const bare = (): string => new TextDecoder().decode(writeMessage(get, 'xml')).replace(/^.*\n/, '');

test('what deployed peers write around a message does no harm', () => {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  const doctype = '<!DOCTYPE SyncML PUBLIC "-//SYNCML//DTD SyncML 1.2//EN" "http://127.0.0.1:1/x.dtd">';
  for (const text of [
    `\r\n\t ${declaration}${bare()}`,
    `\ufeff${declaration}${bare()}`,
    `\ufeff \n${declaration}${bare()}`,
    ` \ufeff${declaration}${bare()}`,
    `${declaration}${bare()}\0`,
    `${bare()}\n\0\0\n`,
    `${declaration}\n${doctype}\n${bare()}`,
    ` ${declaration}${doctype}${bare()}\0`,
  ]) {
    assert.deepEqual(readMessage(utf8ToBytes(text), undefined), get, JSON.stringify(text.slice(0, 60)));
  }
  const latin = ` <?xml version="1.0" encoding="ISO-8859-1"?>${bare()}`.replace('LrgObj', '\u00e9');
  const octets = Uint8Array.from(latin, (character) => character.charCodeAt(0));
  const [command] = readMessage(octets, 'text/xml').commands;
  assert.ok(command?.name === 'Get');
  assert.equal(command.items[0]?.target?.uri, './DevDetail/\u00e9');
  const wbxml = writeMessage(get, 'wbxml');
  assert.deepEqual(readMessage(Buffer.concat([wbxml, Buffer.from([0, 0])]), undefined), get);
  assert.deepEqual(readMessage(Buffer.concat([Buffer.from('\r\n'), wbxml]), undefined), get);
});

test('what was tolerated is told', () => {
  const told = (octets: Uint8Array, type: string | undefined): string[] => {
    const deviations: string[] = [];
    assert.deepEqual(readMessage(octets, type, { onDeviation: (text) => deviations.push(text) }), get);
    return deviations;
  };
  for (const form of ['xml', 'wbxml'] as const) {
    assert.deepEqual(told(writeMessage(get, form), messageContentType(form)), []);
    assert.deepEqual(told(writeMessage(get, form), form), []);
    assert.deepEqual(told(writeMessage(get, form), undefined), [
      'a Content-Type that is not that of DM messages',
    ]);
  }
  assert.deepEqual(told(utf8ToBytes(`\n<!DOCTYPE SyncML>${bare()}\0`), 'application/vnd.syncml.dm+wbxml'), [
    'a Content-Type that is not that of DM messages',
    'white space before the document',
    'NUL behind the document',
    'a DOCTYPE',
  ]);
});

test('a DOCTYPE with an internal subset is refused, and its entity named; what does not belong is found as before', () => {
  for (const [text, about] of [
    [`<!DOCTYPE SyncML [<!ENTITY lol "x">]>${bare()}`, /internal DTD subset.*entity "lol"/],
    [`<!DOCTYPE SyncML [<!ENTITY % out SYSTEM "file:///etc/passwd"> %out;]>${bare()}`, /entity "out"/],
    [`<!DOCTYPE SyncML SYSTEM "x" [<!ELEMENT a ANY>]>${bare()}`, /internal DTD subset is not allowed/],
  ] as const) {
    assertDecodeError(() => readMessage(utf8ToBytes(text), 'text/xml'), 'UNSUPPORTED', about);
  }
  assertDecodeError(() => readMessage(utf8ToBytes(`x${bare()}`), 'text/xml'), 'BAD_VALUE', /root/);
  assertDecodeError(() => readMessage(utf8ToBytes(`${bare()}\0x`), 'text/xml'), 'BAD_VALUE', /./);
  assertDecodeError(() => readMessage(utf8ToBytes(`\0${bare()}`), 'xml'), 'BAD_VALUE', /./);
  // Offsets count from the beginning of what came.
  const error = assertDecodeError(
    () => readMessage(utf8ToBytes(`\n\n\n${bare()}<x/>`), 'xml'),
    'BAD_VALUE',
    /./,
  );
  assert.ok(error.at.offset > bare().length);
});

test('MetInf with a blank behind its namespace is MetInf', () => {
  const text = bare().replaceAll('syncml:metinf', 'syncml:metinf ');
  assert.deepEqual(readMessage(utf8ToBytes(text), 'xml'), get);
});

test('DM 1.1: namespace and public identifier of its version, no Correlator, in both encodings', () => {
  const message: DmMessage = {
    ...get,
    header: { ...get.header, verDtd: '1.1', verProto: 'DM/1.1' },
    commands: [
      { name: 'Atomic', cmdId: '1', commands: [{ name: 'Exec', cmdId: '2', correlator: 'c', items: [{}] }] },
      { name: 'Alert', cmdId: '3', data: '1226', correlator: 'c', items: [] },
    ],
  };
  const xml = new TextDecoder().decode(writeMessage(message, 'xml'));
  assert.match(
    xml,
    /<SyncML xmlns="SYNCML:SYNCML1\.1"><SyncHdr><VerDTD>1\.1<.*<MaxMsgSize xmlns="syncml:metinf">/,
  );
  assert.doesNotMatch(xml, /SYNCML1\.2|Correlator/);
  const wbxml = writeMessage(message, 'wbxml');
  // Version 1.2, public identifier 0x0FD3, UTF-8, no string table: nothing is written as a literal.
  assert.equal(bytesToHex(wbxml.subarray(0, 5)), '029f536a00');
  const without: DmMessage = {
    ...message,
    commands: [
      { name: 'Atomic', cmdId: '1', commands: [{ name: 'Exec', cmdId: '2', items: [{}] }] },
      { name: 'Alert', cmdId: '3', data: '1226', items: [] },
    ],
  };
  for (const form of ['xml', 'wbxml'] as const) {
    assert.deepEqual(readMessage(writeMessage(message, form), form), without);
  }
});

test('codes and their names', () => {
  assert.equal(statusName('212'), 'authenticationAccepted');
  assert.equal(statusName(404), 'notFound');
  assert.equal(statusName('999'), undefined);
  assert.equal(alertName('1226'), 'genericAlert');
  assert.equal(alertName('x'), undefined);
  assert.equal(describeStatus('516'), '516 atomic roll back failed');
  assert.equal(describeStatus('299'), '299');
  assert.equal(describeAlert(1201), '1201 client initiated');
  assert.equal(describeAlert(1), '1');
});
