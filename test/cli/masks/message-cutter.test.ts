// Secrets of streams are masked at equal length, wherever the chunks are cut.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maskMessage } from '../../../src/cli/masks/mask-message.ts';
import { ShownMessages } from '../../../src/cli/masks/mask-short-message.ts';
import { MessageCutter } from '../../../src/cli/masks/message-cutter.ts';
import { encodePdu } from '../../../src/codec/smpp/index.ts';
import { segmentDatagram } from '../../../src/codec/sms/index.ts';
import { encodeWbxml } from '../../../src/codec/wbxml/index.ts';
import { readXml } from '../../../src/codec/xml/index.ts';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';

const secret = 'S3cr3t';
const nothing = new Uint8Array(0);
const digest = '6629fae49393a05397450978507c4ef1';

function http(head: string, body: string | Uint8Array = ''): Uint8Array {
  const octets = typeof body === 'string' ? utf8ToBytes(body) : body;
  return concatBytes(utf8ToBytes(`${head}\r\nContent-Length: ${octets.length}\r\n\r\n`), octets);
}

const session = `<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>
  <SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>http://dm.example.com/dm?s=${secret}</LocURI></Target><Source>
  <LocURI>IMEI:1</LocURI></Source><Cred><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf"
  >syncml:auth-basic</Type></Meta><Data>${secret}</Data></Cred></SyncHdr><SyncBody><Replace><CmdID>1</CmdID><Item><Target>
  <LocURI>./DMAcc/a/AppAuth/s/AAuthSecret</LocURI></Target><Data>${secret}</Data></Item><Item><Target><LocURI>./DevInfo/Man
  </LocURI></Target><Data>stays here</Data></Item></Replace><Final/></SyncBody></SyncML>`.replace(
  /\n\s+/g,
  '',
);
const provisioning =
  `<wap-provisioningdoc version="1.0"><characteristic type="APPLICATION"><parm name="APPID" value="w7"/>
  <characteristic type="APPAUTH"><parm name="AAUTHLEVEL" value="APPSRV"/><parm name="AAUTHNAME" value="stays here"/><parm
  name="AAUTHSECRET" value="${secret}"/></characteristic></characteristic></wap-provisioningdoc>`.replace(
    /\n\s+/g,
    ' ',
  );
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const obexBody = (opcode: number, id: number, text: string): Uint8Array => {
  const octets = utf8ToBytes(text);
  return concatBytes(Uint8Array.of(opcode, 0, octets.length + 6, id, 0, octets.length + 3), octets);
};

/** Name, octets of one direction, and how often the secret, or what proves it, stands in them. */
const streams: readonly (readonly [string, Uint8Array])[] = [
  ['SMPP bind', encodePdu({ command: 'bind_transceiver', sequence: 1, systemId: 'dms', password: secret })],
  ['HTTP Basic', http(`GET / HTTP/1.1\r\nauthorization: Basic ${btoa(`user:${secret}`)}`)],
  ['HTTP bearer', http(`POST / HTTP/1.1\r\nAuthorization:Bearer ${secret}`)],
  ['unknown scheme, folded', http(`POST / HTTP/1.1\r\nProxy-Authorization: Odd a\r\n ${secret}`)],
  ['cookies', http(`GET / HTTP/1.1\r\nCookie: a=${secret}; b=${secret}`)],
  ['own header', http(`GET / HTTP/1.1\r\nX-Api-Key: ${secret}`)],
  [
    'SIP Digest',
    http(
      `REGISTER sip:a SIP/2.0\r\nAuthorization: Digest username="stays here", nonce="n", response="${digest}", uri="sip:a"`,
    ),
  ],
  ['query', http(`GET /cgi-bin/sendsms?username=u&password=${secret}&to=1 HTTP/1.1`)],
  ['form', http('POST / HTTP/1.1', `api_key=k&api_secret=${secret}&text=stays%20here`)],
  ['JSON', http('POST / HTTP/1.1', JSON.stringify({ auth: { api_secret: secret }, text: 'stays here' }))],
  ['address', http(`GET / HTTP/1.1\r\nReferer: http://user:${secret}@host/`)],
  ['HMAC', http(`POST /dm HTTP/1.1\r\nx-syncml-hmac: algorithm=MD5, username="u", mac=${digest}`)],
  ['DM session as XML', http('POST /dm HTTP/1.1', session)],
  ['DM session as WBXML', http('POST /dm HTTP/1.1', encodeWbxml(readXml(session)))],
  [
    'provisioning as XML',
    http('POST / HTTP/1.1\r\nContent-Type: a/b; SEC=1; MAC=ABCDEF0123456789', provisioning),
  ],
  ['provisioning as WBXML', http('POST / HTTP/1.1', encodeWbxml(readXml(provisioning)))],
  [
    'chunks',
    utf8ToBytes(
      `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(`{"password":"${secret.slice(0, 3)}`)}${chunk(`${secret.slice(3)}"}`)}0\r\n\r\n`,
    ),
  ],
  [
    'PUT in two packets',
    concatBytes(
      obexBody(0x02, 0x48, `<Cred><Data>${secret.slice(0, 2)}`),
      obexBody(0x82, 0x49, `${secret.slice(2)}</Data></Cred>`),
    ),
  ],
  [
    'OBEX authentication',
    concatBytes(hexToBytes('82 0018 4e 0015 00 10'), hexToBytes(digest), hexToBytes('')),
  ],
];

const hidden = [secret, digest, btoa(`user:${secret}`), 'ABCDEF0123456789'].map((each) => each);

function text(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}

/** What may be written of a stream that comes in these chunks. */
function written(chunks: readonly Uint8Array[]): { readonly octets: Uint8Array; readonly masked: number } {
  const cutter = new MessageCutter([], { methods: [], shown: new ShownMessages() });
  const messages = chunks.flatMap((each) => cutter.take(each)).concat(cutter.end());
  return {
    octets: concatBytes(...messages.map(({ octets }) => octets)),
    masked: messages.reduce((sum, { masked }) => sum + masked.length, 0),
  };
}

function assertHidden(octets: Uint8Array): void {
  for (const each of hidden) assert.equal(text(octets).includes(each), false, text(octets));
  assert.equal(Buffer.from(octets).includes(Buffer.from(digest, 'hex')), false);
}

describe('secrets of streams', () => {
  for (const [name, stream] of streams) {
    it(`${name}: masked at equal length, the same at each cut`, () => {
      const whole = written([stream]);
      assert.equal(whole.octets.length, stream.length);
      assert.ok(whole.masked > 0);
      assertHidden(whole.octets);
      if (text(stream).includes('stays here')) assert.match(text(whole.octets), /stays here/);
      for (let at = 1; at < stream.length; at += 1) {
        assert.deepEqual(written([stream.subarray(0, at), stream.subarray(at)]).octets, whole.octets);
      }
      assert.deepEqual(written(Array.from(stream, (octet) => Uint8Array.of(octet))).octets, whole.octets);
      assert.deepEqual(
        written([concatBytes(stream, stream)]).octets,
        concatBytes(whole.octets, whole.octets),
      );
    });

    it(`${name}: cut off at each octet, nothing of the secret is written`, () => {
      for (let end = 1; end < stream.length; end += 1) {
        const { octets } = written([stream.subarray(0, end)]);
        assert.equal(octets.length, end);
        const shown = text(octets);
        for (const each of [secret.slice(0, 4), digest.slice(0, 8), btoa(`user:${secret}`).slice(0, 8)]) {
          assert.equal(shown.includes(each), false, shown);
        }
      }
    });
  }

  it('what is no protocol that is looked through, and what is too long, is covered', () => {
    assert.deepEqual(written([utf8ToBytes('~hello')]).octets, utf8ToBytes('xxxxxx'));
    const long = http('POST / HTTP/1.1', 'p'.repeat(1_100_000));
    const { octets } = written([long]);
    assert.equal(octets.length, long.length);
    assert.match(text(octets), /^POST \/ HTTP\/1\.1\r\nContent-Length: 1100000\r\n\r\nx+$/);
  });

  for (const [name, message] of [
    [
      'chunks of one octet',
      `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(10_000)}0\r\n\r\n`,
    ],
    ['a long header', `GET / HTTP/1.1\r\nA: ${'\r\n x'.repeat(12_000)}\r\n\r\n`],
    ['a long line of a chunk', `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(8000)}`],
    [
      'a long trailer',
      `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(9000)}`,
    ],
    ['an answer up to the end of the stream', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(50_000)}`],
    ['a body of a known length', `POST / HTTP/1.1\r\nContent-Length: 60000\r\n\r\n${'x'.repeat(50_000)}`],
    ['packets of OBEX', '\x02\x00\x03'.repeat(20_000)],
  ] as const) {
    it(`${name}, octet by octet: each is looked at and moved a few times`, () => {
      const cutter = new MessageCutter([], { methods: [], shown: new ShownMessages() });
      const octets = Uint8Array.from(message, (character) => character.charCodeAt(0));
      let written = 0;
      for (const octet of octets) {
        for (const each of cutter.take(Uint8Array.of(octet))) written += each.octets.length;
      }
      for (const each of cutter.end()) written += each.octets.length;
      assert.equal(written, octets.length);
      assert.ok(cutter.looked <= 8 * octets.length, `${cutter.looked} of ${octets.length}`);
    });
  }

  it('any octets in any chunks keep their length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 64 }), { maxLength: 8 }), (chunks) => {
        assert.equal(
          written(chunks).octets.length,
          chunks.reduce((sum, { length }) => sum + length, 0),
        );
      }),
    );
  });
});

describe('octets that are written as text', () => {
  const document = encodeWbxml(readXml(provisioning));
  const push = concatBytes(hexToBytes('0106 03 b6 01 01'), document);
  const notification = concatBytes(hexToBytes('0106 01 d8'), new Uint8Array(300).fill(0x61));
  const percent = (octets: Uint8Array): string =>
    Array.from(octets, (octet) => `%${hex(Uint8Array.of(octet))}`).join('');
  const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
  const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');

  for (const [name, encode] of [
    ['hex', hex],
    ['percent', percent],
    ['Base64', base64],
    ['Base64 in percent', (octets: Uint8Array) => encodeURIComponent(base64(octets))],
  ] as const) {
    it(`${name}: a bootstrap is masked, in one message and in parts; Package #0 is not`, () => {
      const ask = (octets: Uint8Array) =>
        written([http('POST / HTTP/1.1', `to=1&text=${encode(octets)}&from=2`)]);
      assert.match(text(ask(push).octets), /text=x+&from=2$/);
      assert.equal(ask(notification.subarray(0, 90)).masked, 0);
      for (const part of segmentDatagram(push, { reference: 7 })) {
        assert.match(text(ask(part).octets), /text=x+&from=2$/);
      }
      const [first = nothing, second = nothing] = segmentDatagram(notification, { reference: 7 });
      assert.equal(ask(first).masked, 0);
      assert.equal(ask(second).masked, 1);
    });

    it(`${name}: a part whose header stands beside it is masked`, () => {
      const [, second = nothing] = segmentDatagram(concatBytes(push, push), { reference: 7 });
      const body = `udh=${encode(second.subarray(0, 12))}&text=${encode(second.subarray(12))}&from=2`;
      assert.match(text(written([http('POST / HTTP/1.1', body)]).octets), /&text=x+&from=2$/);
    });
  }
});

describe('messages cut over PDUs', () => {
  /** A push of 300 octets with this content type, in parts. */
  const parts = (contentType: number) =>
    segmentDatagram(concatBytes(Uint8Array.of(1, 6, 1, contentType | 0x80), new Uint8Array(296).fill(0x61)), {
      reference: 7,
    }).map((shortMessage, index) =>
      encodePdu({
        command: 'submit_sm',
        sequence: index + 1,
        esmClass: 0x40,
        destinationAddress: '1',
        shortMessage,
      }),
    );

  it('parts of Package #0 are shown; those of anything else, and those whose first part is missing, are not', () => {
    for (const type of [0x44, 0x58]) assert.equal(written(parts(type)).masked, 0);
    // A provisioning document.
    const bootstrap = written(parts(0x36));
    assert.equal(bootstrap.masked, parts(0x36).length);
    assert.equal(text(bootstrap.octets).includes('aaa'), false);
    assert.equal(written(parts(0x44).slice(1)).masked, parts(0x44).length - 1);
  });
});

describe('secrets of datagrams', () => {
  it('a Package #0 passes as it is; a configured secret does not, in any of its spellings', () => {
    const push = hexToBytes('010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d74');
    assert.deepEqual(maskMessage(push, [secret]).finish(), { octets: push, masked: [] });
    const { octets, masked } = maskMessage(utf8ToBytes(`a ${secret} b`), [secret]).finish();
    assert.equal(text(octets), 'a xxxxxx b');
    assert.deepEqual(masked, [{ offset: 2, length: 6, what: 'configured secret' }]);
  });
});

describe('secrets by their names', () => {
  const put = (node: string, value = secret) =>
    `<Replace><CmdID>1</CmdID><Item><Target><LocURI>${node}</LocURI></Target><Data>${value}</Data></Item></Replace>`;
  const parameter = (name: string) =>
    `<wap-provisioningdoc version="1.0"><characteristic type="APPLICATION"><parm name="${name}" value="${secret}"/></characteristic></wap-provisioningdoc>`;
  const document = (body: string) =>
    `<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>a</LocURI></Target><Source><LocURI>b</LocURI></Source></SyncHdr><SyncBody>${body}<Final/></SyncBody></SyncML>`;
  for (const node of [
    './SyncML/DMAcc/x/ClientPW',
    './SyncML/DMAcc/x/ServerPW',
    './DMAcc/x/AAuthPw',
    './WLAN/x/SecurityKey',
    './Wifi/x/PSK',
  ]) {
    it(node, () => {
      const shown = put('./DevInfo/Man', 'stays here');
      const xml = document(put(node) + shown);
      const tree = `<MgmtTree><Node><NodeName>${node.slice(node.lastIndexOf('/') + 1)}</NodeName><Value>${secret}</Value></Node><Node><NodeName>Man</NodeName><Value>stays here</Value></Node></MgmtTree>`;
      for (const octets of [utf8ToBytes(xml), encodeWbxml(readXml(xml)), utf8ToBytes(tree)]) {
        const { octets: written, masked } = maskMessage(octets, []).finish();
        assertHidden(written);
        assert.match(text(written), /stays here/);
        assert.deepEqual(
          masked.map(({ what }) => what),
          ['secret of an account'],
        );
      }
    });
  }
  for (const name of ['NETWORK-KEY', 'PRE-SHARED-KEY', 'AUTHSECRET', 'CLIENTPW']) {
    it(name, () => {
      for (const octets of [utf8ToBytes(parameter(name)), encodeWbxml(readXml(parameter(name)))]) {
        const { octets: written, masked } = maskMessage(octets, []).finish();
        assertHidden(written);
        assert.ok(masked.length > 0);
      }
    });
  }
  for (const [line, expected] of [
    ['{"pin":123456,"to":789012}', '{"pin":xxxxxx,"to":789012}'],
    ['{"key":"S3cr3t","monkey":"a"}', '{"key":"xxxxxx","monkey":"a"}'],
    ['{"password":"a\\"b","to":"c"}', '{"password":"xxxx","to":"c"}'],
    ['{"a":"key","to":"c"}', '{"a":"key","to":"c"}'],
    ['/send?user=u&pass=S3cr3t&to=1', '/send?user=u&pass=xxxxxx&to=1'],
    ['/x?sig=S3cr3t&p%61ss=b&compass=c', '/x?sig=xxxxxx&p%61ss=x&compass=c'],
    ['<a user="u" password="S3cr3t" b="c"/>', '<a user="u" password="xxxxxx" b="c"/>'],
  ] as const) {
    it(line, () => assert.equal(text(maskMessage(utf8ToBytes(line), []).finish().octets), expected));
  }
  it('the password of an outbind', () => {
    const octets = hexToBytes('000000190000000b0000000000000001736d736300707731313100');
    assert.doesNotMatch(text(written([octets]).octets), /pw111/);
  });
});

describe('octets that are chosen to make work', () => {
  for (const unit of [
    'LocURI>secret',
    'LocURI>secret<',
    'secret',
    '<Cred><',
    '"pin":"',
    'value="',
    'a: \r\n ',
    '\x01\x01\x6a\x7f',
    '\x03\x01\x6a\x00',
    // Beginnings of documents, also each with a table of 16,384 octets.
    '\x03\x01\x6a\x81\x80\x00',
  ]) {
    it(`${JSON.stringify(unit)} half a million octets long comes to an end`, () => {
      const body = `LocURI>${unit.repeat(524_288 / unit.length)}`;
      const octets = Uint8Array.from(body, (character) => character.charCodeAt(0));
      assert.equal(maskMessage(octets, []).finish().octets.length, octets.length);
    });
  }

  it('secrets and pieces of a body meet in the order in which they stand', () => {
    const body = `${chunk('pin=1&')}${chunk('pin=')}${chunk('2&a=1')}${chunk('&pin=345')}`;
    const stream = utf8ToBytes(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`);
    const shown = text(written([stream]).octets);
    assert.match(shown, /pin=x&\r\n4\r\npin=\r\n5\r\nx&a=1\r\n8\r\n&pin=xxx\r\n0/);
  });
});
