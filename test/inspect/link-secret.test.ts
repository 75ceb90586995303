// What a link of the inspector would hand on: messages with secrets have none, and the reason is said; plain messages have one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { encodeWbxml, provisioningPublicId } from '../../src/codec/wbxml/index.ts';
import { readXml } from '../../src/codec/xml/index.ts';
import { bytesToBase64, bytesToHex, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import { type CapturedForm, type CapturedMessage, inspectCaptured } from '../../src/inspect/index.ts';
import { examples } from '../../web/inspector/state/examples.ts';
import { fragmentOf, longestLinked, partsOf } from '../../web/inspector/state/link.ts';
import { secretIn } from '../../web/inspector/worker/link-secret.ts';
import { take, takeApartOptions, viewOf } from '../../web/inspector/worker/view-of.ts';

const settings = { as: 'auto' } as const;

/** The link of octets, or why there is none. */
function linkOf(...parts: readonly Uint8Array[]): string {
  const { mayHold } = viewOf(1, take({ parts }, takeApartOptions(settings)), parts, settings);
  const made = fragmentOf(parts, mayHold);
  return 'refusal' in made ? made.refusal : made.fragment;
}

const http = (line: string, headers: string, body = '') =>
  utf8ToBytes(`${line} HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`);
const syncml = (header: string, body = '') =>
  `<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>` +
  `<Target><LocURI>a</LocURI></Target><Source><LocURI>b</LocURI></Source>${header}</SyncHdr><SyncBody>${body}<Final/></SyncBody></SyncML>`;
const cred = `<Cred><Meta><Type xmlns="syncml:metinf">syncml:auth-basic</Type></Meta><Data>QnJ1Y2U6T2hCZWhhdmU=</Data></Cred>`;
const replace = `<Replace><CmdID>1</CmdID><Item><Target><LocURI>./DMAcc/x/AppAuth/1/AAuthSecret</LocURI></Target><Data>x</Data></Item></Replace>`;
const provisioning = (name: string) =>
  `<wap-provisioningdoc version="1.0"><characteristic type="APPLICATION"><characteristic type="APPAUTH">` +
  `<parm name="${name}" value="x"/></characteristic></characteristic></wap-provisioningdoc>`;
const binary = (xml: string) =>
  encodeWbxml(readXml(utf8ToBytes(xml)), xml.startsWith('<SyncML') ? {} : { publicId: provisioningPublicId });
// The example of SMPP 3.4 §3.2.3.
const bind = hexToBytes(
  '0000002f000000020000000000000001534d50503354455354007365637265743038005355424d4954310000010100',
);

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const sdp = (line: string) =>
  http('POST /', 'Content-Type: application/sdp\r\n', `v=0\r\nm=audio 9 RTP/SAVP 0\r\n${line}\r\n`);

const secrets: readonly (readonly [name: string, octets: Uint8Array])[] = [
  ['HTTP Basic', http('GET /', 'Authorization: Basic QTpC\r\n')],
  ['HTTP Basic to a proxy', http('GET /', 'proxy-authorization: Basic QTpC\r\n')],
  ['a header field cut in its value', utf8ToBytes('GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic QTp')],
  ['password in a query', http('GET /sendsms?username=a&password=b', '')],
  ['password in a query, escaped', http('GET /sendsms?username=a&p%61ssword=b', '')],
  ['password of no octets', http('GET /sendsms?password=', '')],
  ['user information of an address', http('GET http://user:pw@host/', '')],
  ['Cookie', http('GET /', 'Cookie: a=b\r\n')],
  ['Set-Cookie', http('GET /', 'Set-Cookie: a=b\r\n')],
  ['X-API-Key', http('GET /', 'X-API-Key: b\r\n')],
  ['X-Auth-Token', http('GET /', 'X-Auth-Token: b\r\n')],
  ['JSON', http('POST /', 'Content-Type: application/json\r\n', '{"token":"b"}')],
  ['JSON, api_key', http('POST /', 'Content-Type: application/json\r\n', '{"api_key":"b"}')],
  ['form', http('POST /', 'Content-Type: application/x-www-form-urlencoded\r\n', 'user=a&passwd=b')],
  [
    'chunks',
    utf8ToBytes('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npass\r\n6\r\nword=b\r\n'),
  ],
  ['gzip', http('POST /', 'Content-Encoding: gzip\r\n', 'xx')],
  [
    'text that is UTF-16',
    Uint8Array.from('password: b', (c) => c.charCodeAt(0)).reduce(wide, new Uint8Array()),
  ],
  ['Cred in XML', utf8ToBytes(syncml(cred))],
  ['Cred in XML, cut', utf8ToBytes(syncml(cred).slice(0, 280))],
  ['Cred in WBXML', binary(syncml(cred))],
  ...[120, 90, 60, 40].map(
    (left) => [`SyncML cut to ${left}`, binary(syncml(cred)).subarray(0, left)] as const,
  ),
  ['AAuthSecret, XML', utf8ToBytes(syncml('', replace))],
  ['AAuthSecret, WBXML', binary(syncml('', replace))],
  ...['AAUTHSECRET', 'PXAUTH-PW', 'AUTHSECRET', 'BASAUTH-PW'].flatMap((name) => [
    [`${name}, XML`, utf8ToBytes(provisioning(name))] as const,
    [`${name}, WBXML`, binary(provisioning(name))] as const,
    [`${name}, cut`, binary(provisioning(name)).subarray(0, -4)] as const,
  ]),
  ['WSP, Authorization with its number', hexToBytes('010605c4af8787068061006200')],
  ['SMPP bind', bind],
  ...[46, 39, 30, 20, 16, 8].map((left) => [`SMPP bind cut to ${left}`, bind.subarray(0, left)] as const),
  ['JWT as a body', http('POST /', 'Content-Type: text/plain\r\n', jwt)],
  ['JWT in a path', http(`GET /a/${jwt}`, '')],
  ['JWE', http('POST /', '', `${jwt}.AAAA.BBBB`)],
  ...['otp', 'pin', 'passcode', 'oneTimeCode', 'verification_code', 'totp', 'cookie'].map(
    (name) => [`member ${name}`, http('POST /', '', `{"${name}":"123456"}`)] as const,
  ),
  ...['code=SplxlOBeZQQYbYS6WxSbIA', 'state=af0ifjsldkj93kdk2', 'id_token=a', 'client_assertion=a'].map(
    (each) => [`OAuth, ${each}`, http(`GET /?${each}`, '')] as const,
  ),
  ...['JSESSIONID=0123456789ab', 'session_id=0123456789ab', 'sid=0123456789ab', 'PHPSESSID=0123456789'].map(
    (each) => [`session, ${each}`, http(`GET /?${each}`, '')] as const,
  ),
  ...['X-Session-Id', 'Session-ID', 'X-SID', 'sessionid'].map(
    (name) => [`session, ${name}`, http('GET /', `${name}: 5\r\n`)] as const,
  ),
  [
    'SDP crypto',
    sdp('a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20'),
  ],
  ['SDP ice-pwd', sdp('a=ice-pwd:YH75Fviy6338Vbrhrlp8Yh')],
  ['SDP k', sdp('k=clear:abc')],
  ...[
    'Your one-time code is 481516',
    '481516 is your bank code',
    'Your verification code: 481516',
    'OTP 481516',
  ].map((each) => [`text, ${each}`, http('POST /', 'Content-Type: text/plain\r\n', each)] as const),
  [
    'SMPP bind after an enquire_link',
    Uint8Array.from([...hexToBytes('00000010000000150000000000000001'), ...bind.subarray(0, 30)]),
  ],
];

/** What `reveille capture` covers. */
const recorded: readonly (readonly [name: string, octets: Uint8Array])[] = [
  ['OBEX authentication', hexToBytes('8200184e0015001000112233445566778899aabbccddeeff')],
  ['OBEX authentication, cut', hexToBytes('8200184e00150010001122')],
  ['x-syncml-hmac', http('POST /dm', 'x-syncml-hmac: algorithm=MD5, username="u", mac=6629fae49393\r\n')],
  [
    'Authentication-Info',
    http('GET /', 'Authentication-Info: qop=auth, rspauth="6629fae49393a05397450978507c4ef1"\r\n'),
  ],
  ['session token', http('POST /dm?s=Zm9vYmFy', '')],
  ['session token in RespURI', binary(syncml('<RespURI>http://a/dm?s=Zm9vYmFy</RespURI>'))],
  ['signature in a query', http('GET /x?sig=Zm9vYmFy', '')],
  ['number in JSON', http('POST /', 'Content-Type: application/json\r\n', '{"pin":123456}')],
  ['attribute', http('POST /', 'Content-Type: text/xml\r\n', '<a user="u" password="b"/>')],
  ['token in a path', http('GET /r/AbCdEfGhIjKlMnOpQrStUvWx', '')],
  ...['./SyncML/DMAcc/x/ClientPW', './Wifi/x/PSK', './DMAcc/x/AAuthPw', './WLAN/x/SecurityKey'].flatMap(
    (node) => [
      [
        `${node}, XML`,
        utf8ToBytes(syncml('', replace.replace('./DMAcc/x/AppAuth/1/AAuthSecret', node))),
      ] as const,
      [
        `${node}, WBXML`,
        binary(syncml('', replace.replace('./DMAcc/x/AppAuth/1/AAuthSecret', node))),
      ] as const,
    ],
  ),
  ...['AAuthPw', 'ClientPW', 'ServerPW'].map(
    (node) =>
      [
        `${node} of a tree`,
        utf8ToBytes(
          `<MgmtTree><VerDTD>1.2</VerDTD><Node><NodeName>${node}</NodeName><Value>b</Value></Node></MgmtTree>`,
        ),
      ] as const,
  ),
  ...['NETWORK-KEY', 'PRE-SHARED-KEY'].flatMap((name) => [
    [`${name}, XML`, utf8ToBytes(provisioning(name))] as const,
    [`${name}, WBXML`, binary(provisioning(name))] as const,
  ]),
  [
    'a bootstrap in hex',
    http('POST /', '', `to=1&text=0106${bytesToHex(binary(provisioning('AAUTHSECRET')))}`),
  ],
  [
    'a bootstrap in Base64',
    http('POST /', '', `to=1&text=${bytesToBase64(binary(provisioning('AAUTHSECRET')))}`),
  ],
];

function wide(sum: Uint8Array, octet: number): Uint8Array {
  return Uint8Array.from([...sum, 0, octet]);
}

describe('no link', () => {
  for (const [name, octets] of [...secrets, ...recorded]) {
    test(name, () => {
      assert.match(
        linkOf(octets),
        /^These octets may hold a secret \([^)]+\), and a link would hand it on\.$/,
      );
    });
  }
});

test('no link to octets that hold what was typed in', () => {
  const nonce = new Uint8Array([7, 0, 9, 200, 5]);
  const settings = { as: 'auto', secret: 'hunter22', nonce: bytesToBase64(nonce) } as const;
  const mayHold = (octets: Uint8Array) =>
    viewOf(1, take({ parts: [octets] }, takeApartOptions(settings)), [octets], settings).mayHold;
  const said = (text: string) => mayHold(http('POST /', '', text));
  for (const text of ['hunter22', 'h%75nter22', btoa('hunter22'), bytesToHex(nonce), bytesToBase64(nonce)]) {
    assert.equal(said(`say=${text}`), 'what was typed in', text);
  }
  assert.equal(mayHold(Uint8Array.of(0x41, ...nonce, 0x42)), 'what was typed in');
  assert.equal(said('say=hunter'), undefined);
  // A nonce alone that is no Base64 is told where it is typed, and takes no view away.
  const alone = { as: 'auto', nonce: '!' } as const;
  const octets = http('GET /', '');
  const view = viewOf(1, take({ parts: [octets] }, takeApartOptions(alone)), [octets], alone);
  assert.equal(view.mayHold, undefined);
  const opening = { wtls: { identity: 'a', secret: '0102 0304 0506', hex: true } };
  const opened = { as: 'auto', opening } as const;
  const held = Uint8Array.of(0x41, 1, 2, 3, 4, 5, 6);
  assert.equal(
    viewOf(1, take({ parts: [held] }, { as: 'auto' }), [held], opened).mayHold,
    'what was typed in',
  );
});

function vectors(name: string) {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
}

/** Octets of messages without secrets. */
const plain: readonly (readonly [name: string, hex: string])[] = [
  ...vectors('notification').messages.map(({ name, octets }: Record<string, string>) => [name, octets]),
  ...vectors('wsp-push')
    .pushes.filter(({ contentType }: { contentType: { code: number } }) => contentType.code === 0x44)
    .map(({ name, hex }: Record<string, string>) => [name, hex]),
  ...vectors('sms-user-data')
    .userData.filter(({ name }: { name: string }) => !name.includes('SI push'))
    .map(({ name, hex }: Record<string, string>) => [name, hex]),
  ...vectors('smpp')
    .pdus.filter(({ pdu }: { pdu: { command: string } }) => !/bind_|outbind/.test(pdu.command))
    .map(({ name, hex }: Record<string, string>) => [name, hex]),
  ['HTTP', bytesToHex(http('GET /', 'Accept: */*\r\n'))],
  ...['state=failed,expired', 'code=404', 'session=1234', 'sessionId=4660'].map((each): [string, string] => [
    each,
    bytesToHex(http(`GET /v1/notifications?${each}`, '')),
  ]),
  ['members', bytesToHex(http('POST /', '', '{"sessionId":4660,"code":"BAD_VALUE","state":"failed"}'))],
  ['SyncML in XML', bytesToHex(utf8ToBytes(syncml('')))],
  ['SyncML in WBXML', bytesToHex(binary(syncml('')))],
];

describe('a link', () => {
  for (const [name, hex] of plain) {
    test(name, () => {
      const octets = hexToBytes(hex);
      const link = linkOf(octets);
      assert.match(link, /^#octets=/);
      assert.deepEqual(partsOf(link), [octets]);
    });
  }

  for (const { name, text } of examples) {
    test(`of the example ${name}`, () => {
      const parts = text.split('\n').length > 1 ? [] : text.split(/\s+/).map((hex) => hexToBytes(hex));
      assert.match(linkOf(...parts), /^#octets=/);
    });
  }
});

test('looking through ends for the longest messages that nearly match', () => {
  for (const unit of [
    '/',
    '//a:',
    '%',
    '\r\n1',
    '\x87\x03\x80a',
    'basic ',
    'pass',
    '//:',
    'authorization ',
    'a/b.',
    'LocURI>',
    'eyJ',
    'eyJaaaaaaaa.',
    'otp ',
    'a=crypto:inline:',
    '1234 is your ',
    '0123456789ab0123456789ab ',
  ]) {
    const octets = Uint8Array.from(unit.repeat(longestLinked / unit.length), (c) => c.charCodeAt(0));
    assert.doesNotThrow(() =>
      secretIn({ octets: [octets], fields: [], layers: [], text: '', isWhole: false }),
    );
  }
});

describe('a link of octets of a stream', () => {
  const answer = utf8ToBytes('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n');
  const unlinked = (octets: Uint8Array, form: CapturedForm) => {
    const message: CapturedMessage = { number: 1, frames: [1], protocol: 'http', form, octets };
    return viewOf(1, inspectCaptured(message, {}), [octets], settings, message).unlinked;
  };
  test('is there where they read the same alone', () => {
    assert.equal(unlinked(http('GET /', ''), { kind: 'stream', layer: 'http' }), undefined);
  });
  test('is not there where they do not, and the reason is', () => {
    const form = { kind: 'stream', layer: 'http', withoutBody: true } as const;
    assert.match(unlinked(answer, form) ?? '', /would read otherwise alone/);
    assert.match(unlinked(new Uint8Array(), { kind: 'note' }) ?? '', /no octets/);
  });
});
