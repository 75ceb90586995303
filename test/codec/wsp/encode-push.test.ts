import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  classifyPush,
  decodePush,
  encodePackage0Push,
  encodePush,
  package0HeaderBudget,
  type WspHeader,
} from '../../../src/codec/wsp/index.ts';
import { bytesToHex, hexToBytes, ValueError } from '../../../src/core/index.ts';

const body = hexToBytes('aabb');
const notification = { code: 0x44 };

test('N10-S-005 DM-NOTI-1.2 §7.1: the six octets of appendix C, content type before application id', () => {
  const push = encodePackage0Push({
    transactionId: 1,
    contentType: { mime: 'application/vnd.syncml.notification', code: 0x44 },
    body,
  });
  assert.equal(bytesToHex(push), '010603c4af87aabb');
});

test('N13-S-012 DM-NOTI-1.3 §7.1: content type 0x58 as a code', () => {
  const contentType = { mime: 'application/vnd.syncml.dm.notification', code: 0x58 };
  assert.equal(bytesToHex(encodePackage0Push({ transactionId: 255, contentType, body })), 'ff0603d8af87aabb');
});

const forms: readonly (readonly [string, Parameters<typeof encodePush>[0]['contentType'], string])[] = [
  ['a text', { mime: 'a/b' }, '612f6200'],
  ['a code beyond 127', { code: 0x0303 }, '03020303'],
  ['charset by name', { code: 0x44, parameters: { charset: 'UTF-8' } }, '03c481ea'],
  ['charset by MIBenum', { code: 0x44, parameters: { charset: 1015 } }, '05c4810203f7'],
  ['SEC and MAC', { code: 0x42, parameters: { SEC: 'USERPIN', MAC: '0A1B' } }, '09c2918192304131 4200'],
  ['an untyped parameter', { code: 0x42, parameters: { v: 2, w: 'x' } }, '08c2760082 77007800'],
];
for (const [name, contentType, expected] of forms) {
  test(`WSP §8.4.2.24: ${name}`, () => {
    const push = encodePush({ transactionId: 0, contentType, applicationId: null, body: new Uint8Array() });
    assert.equal(bytesToHex(push.subarray(3)), expected.replaceAll(' ', ''));
  });
}

test('WSP §8.4.2.24: the longer value-length form from 31 octets on', () => {
  const length = (text: string): string =>
    bytesToHex(
      encodePush({
        transactionId: 0,
        contentType: { code: 1, parameters: { MAC: text } },
        applicationId: null,
        body: new Uint8Array(),
      }).subarray(3, 6),
    );
  assert.equal(length('a'.repeat(27)), '1e8192');
  assert.equal(length('a'.repeat(28)), '1f1f81');
});

test('WSP §8.4.2.54: application id as short-integer, long-integer, text, or left out', () => {
  const ids = [7, 0x8001, 'x-wap-application:syncml.dm', null].map((applicationId) => {
    const push = encodePush({ transactionId: 0, contentType: notification, applicationId, body });
    return bytesToHex(push.subarray(4, -2));
  });
  assert.deepEqual(ids, [
    'af87',
    'af028001',
    'af782d7761702d6170706c69636174696f6e3a73796e636d6c2e646d00',
    '',
  ]);
});

test('WSP §8.4: other headers follow, by number where the name has one', () => {
  const headers: readonly WspHeader[] = [
    { name: 'content-length', value: 300 },
    { name: 'X-Foo', value: 'bar' },
    { name: '0x7E', code: 0x7e, value: Uint8Array.of(1, 2) },
    { name: 'any', code: 1, page: 9, value: 0 },
    { name: 'Push-Flag', value: 4 },
  ];
  const push = encodePush({ transactionId: 0, contentType: notification, headers, body });
  assert.equal(
    bytesToHex(push.subarray(6, -2)),
    '8d02012c 582d466f6f00 62617200 fe020102 7f098180 7f01b484'.replaceAll(' ', ''),
  );
});

test('ruling 13: 41 octets before the body of Package #0 are sent, 42 are an error and nothing is cut', () => {
  assert.equal(package0HeaderBudget(), 41);
  // 01 06 len C4 AF 87 are 6 octets; B1 and the 00 are 2 more.
  const withUri = (length: number): Uint8Array =>
    encodePackage0Push({
      transactionId: 1,
      contentType: notification,
      headers: [{ name: 'X-Wap-Initiator-URI', value: 'u'.repeat(length) }],
      body,
    });
  const fits = withUri(33);
  assert.equal(fits.length, 41 + body.length);
  assert.ok(classifyPush(decodePush(fits)).accepted);
  assert.throws(
    () => withUri(34),
    (error) =>
      error instanceof ValueError && error.code === 'TOO_LONG' && /take 42 octets, 41/.test(error.message),
  );
});

test('ruling 13: concatenation leaves 36 octets, WSP alone 48, and a receiver reads longer headers', () => {
  const build = (octets: number, wdpOctets: number): Uint8Array =>
    encodePackage0Push(
      {
        transactionId: 1,
        contentType: notification,
        headers: [{ name: 'X-Wap-Initiator-URI', value: 'u'.repeat(octets - 8) }],
        body,
      },
      wdpOctets,
    );
  assert.equal(build(36, 12).length, 38);
  assert.throws(() => build(37, 12), ValueError);
  assert.equal(build(48, 0).length, 50);
  assert.throws(() => build(49, 0), ValueError);
  const long = encodePush({
    transactionId: 1,
    contentType: notification,
    headers: [{ name: 'X-Wap-Initiator-URI', value: 'u'.repeat(200) }],
    body,
  });
  assert.ok(classifyPush(decodePush(long)).accepted);
});

const bad: readonly (readonly [string, Partial<Parameters<typeof encodePush>[0]>, string])[] = [
  ['transaction id 256', { transactionId: 256 }, 'transactionId'],
  ['no content type', { contentType: {} }, 'contentType'],
  ['a MIME type with parameters', { contentType: { mime: 'a/b; c=d' } }, 'contentType.mime'],
  ['a content type code below 0', { contentType: { code: -1 } }, 'contentType.code'],
  [
    'an unknown charset',
    { contentType: { code: 1, parameters: { charset: 'x' } } },
    'contentType.parameters.charset',
  ],
  [
    'a SEC that does not exist',
    { contentType: { code: 1, parameters: { SEC: 'PIN' } } },
    'contentType.parameters.SEC',
  ],
  [
    'a parameter name with a space',
    { contentType: { code: 1, parameters: { 'a b': 1 } } },
    'contentType.parameters.a b',
  ],
  ['an empty text', { applicationId: '' }, 'headers[0].value'],
  ['a text with a control character', { applicationId: 'a\u0000b' }, 'headers[0].value'],
  ['a text beyond ASCII', { applicationId: 'é' }, 'headers[0].value'],
  ['a text with a leading quotation mark', { applicationId: '"a' }, 'headers[0].value'],
  ['a fraction', { applicationId: 1.5 }, 'headers[0].value'],
  ['an integer beyond 48 bits', { applicationId: 2 ** 48 }, 'headers[0].value'],
  ['a header name with a space', { headers: [{ name: 'a b', value: 1 }] }, 'headers[0].name'],
  ['a header code beyond 127', { headers: [{ name: 'x', code: 128, value: 1 }] }, 'headers[0].code'],
  ['a page beyond 255', { headers: [{ name: 'x', page: 256, value: 1 }] }, 'headers[0].page'],
];
for (const [name, change, path] of bad) {
  test(`encodePush refuses ${name}`, () => {
    assert.throws(
      () => encodePush({ transactionId: 1, contentType: notification, body, ...change }),
      (error) => error instanceof ValueError && error.path === path,
    );
  });
}
