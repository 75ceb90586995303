import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  contentTypeOf,
  type Dm13Notification,
  decodeNotification,
  digestMd5,
  encodeNotification,
  isNotificationMime,
  md5CredentialHash,
  notificationFormats,
  unwrapBase64Body,
} from '../../../src/codec/notification/index.ts';
import { type Annotation, concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { decodeErrorOf, encodeFull, fullMessages, key } from './support.ts';

// Reads as both: Server-ID and Requested-MO put 02C0 where an MD5 form has its version (11), the reason holds what then
// reads as session, length and server identifier, and the digest passes for vendor data.
const twoFaced: Dm13Notification = {
  format: 'dm1.3',
  serverId: 'x',
  sessionId: 0x1234,
  uiMode: 'background',
  initiator: 'server',
  transport: 'https',
  timeoutMinutes: 0,
  timestamp: 1331000000,
  requestedMo: [0xc000],
  // The blank is the length, 32.
  reason: `ab ${'n'.repeat(27)}.test`,
};

test('spec-notes 7: each format is found by its content type and by its octets', () => {
  for (const format of notificationFormats) {
    const octets = encodeFull(format);
    const { code, mime } = contentTypeOf(format);
    const ways = [
      {},
      { contentTypeCode: code },
      { mime },
      { mime: `${mime.toUpperCase()}; charset=x` },
      { format },
    ];
    for (const options of ways) {
      const decoded = decodeNotification(octets, options);
      assert.equal(decoded.format, format);
      assert.equal(decoded.alternatives, undefined);
    }
  }
});

test('spec-notes 8: either textual name is accepted for every format', () => {
  for (const format of notificationFormats) {
    for (const mime of ['application/vnd.syncml.notification', 'application/vnd.syncml.dm.notification']) {
      assert.equal(isNotificationMime(mime), true);
      assert.equal(decodeNotification(encodeFull(format), { mime }).format, format);
    }
  }
  assert.equal(isNotificationMime('application/vnd.syncml.ds.notification'), false);
});

test('spec-notes 7: code 0x58 is dm1.3 and nothing else, 0x44 an MD5 form and nothing else', () => {
  const asDm13 = decodeErrorOf(encodeFull('dm1.2'), { contentTypeCode: 0x58 });
  assert.deepEqual([asDm13.code, asDm13.spec.doc], ['BAD_VALUE', 'DM-NOTI-1.3']);
  const asMd5 = decodeErrorOf(encodeFull('dm1.3'), { contentTypeCode: 0x44 });
  assert.deepEqual([asMd5.code, asMd5.at.path, asMd5.at.offset], ['BAD_VALUE', 'version', 16]);
  assert.match(asMd5.message, /must be 11 \(dm1\.2\) or 12 \(dm1\.3-2010\)/);
  const octets = encodeNotification(twoFaced, key);
  assert.equal(decodeNotification(octets, { contentTypeCode: 0x58 }).alternatives, undefined);
  const other = decodeNotification(octets, { contentTypeCode: 0x44 });
  assert.deepEqual([other.format, other.alternatives], ['dm1.2', undefined]);
});

test('another content type is not a notification', () => {
  const octets = encodeFull('dm1.2');
  for (const options of [
    { contentTypeCode: 0x42 },
    { mime: 'application/vnd.syncml.ds.notification' },
    { mime: '' },
  ]) {
    assert.equal(decodeErrorOf(octets, options).code, 'UNSUPPORTED');
  }
});

test('spec-notes 7: where both readings hold and no key is given, both are reported, dm1.3 first', () => {
  const decoded = decodeNotification(encodeNotification(twoFaced, key));
  assert.deepEqual(decoded.message, twoFaced);
  const [other, ...more] = decoded.alternatives ?? [];
  assert.equal(other?.format, 'dm1.2');
  assert.deepEqual(more, []);
});

test('spec-notes 7: where both readings hold, the digest decides', () => {
  const octets = encodeNotification(twoFaced, key);
  const decided = decodeNotification(octets, { key });
  assert.deepEqual([decided.format, decided.alternatives], ['dm1.3', undefined]);

  // The same octets after the first 16 with an MD5 digest that begins with the nibble 1 read as both again.
  const trigger = octets.slice(16);
  const other = decodeNotification(octets, { format: 'dm1.2' });
  const secret = secretWithNibble1(other.message.serverId, trigger);
  const hash = md5CredentialHash(other.message.serverId, secret);
  const forged = concatBytes(digestMd5(hash, new Uint8Array(4), trigger), trigger);
  assert.equal(decodeNotification(forged, { key: { secret } }).format, 'dm1.2');

  const undecided = decodeNotification(octets, { key: { secret: 'neither' } });
  assert.deepEqual([undecided.format, undecided.alternatives?.length], ['dm1.3', 1]);
});

/** A secret under which the digest starts with the nibble 1, so that the octets look like dm1.3 at first sight. */
function secretWithNibble1(serverId: string, trigger: Uint8Array): string {
  for (let i = 0; ; i += 1) {
    const digest = digestMd5(md5CredentialHash(serverId, `s${i}`), new Uint8Array(4), trigger);
    if ((digest[0] ?? 0) >> 4 === 1) return `s${i}`;
  }
}

test('an MD5 form whose digest starts with the nibble 1 is still read as what it is', () => {
  const trigger = encodeFull('dm1.2').subarray(16);
  const octets = concatBytes(new Uint8Array(16).fill(0x1f), trigger);
  const decoded = decodeNotification(octets);
  assert.deepEqual([decoded.format, decoded.alternatives], ['dm1.2', undefined]);
});

test('octets of no format name both marks that are missing', () => {
  const neither = decodeErrorOf('00'.repeat(40));
  assert.deepEqual([neither.code, neither.at.offset], ['BAD_VALUE', 0]);
  assert.match(neither.message, /first four bits are 0, not 1 .* version 0, not 11 .* or 12/);
  const short = decodeErrorOf('0000');
  assert.deepEqual([short.code, short.at.offset, short.at.path], ['TRUNCATED', 2, 'version']);
  assert.deepEqual([decodeErrorOf('').code, decodeErrorOf('').at.offset], ['TRUNCATED', 0]);
  assert.equal(decodeErrorOf('00', { contentTypeCode: 0x44 }).code, 'TRUNCATED');
});

test('where both readings fail, the error is that of the MD5 form, whose mark is the longer one', () => {
  const both = decodeErrorOf(`${'1f'.repeat(16)}02c0000000000004616263`);
  assert.deepEqual([both.at.path, both.at.offset, both.spec.doc], ['sessionId', 21, 'DM-NOTI-1.2']);
});

test('annotations are those of the reading that is given, or of the one that failed', () => {
  const annotations: Annotation[] = [];
  const annotate = (annotation: Annotation): void => {
    annotations.push(annotation);
  };
  decodeNotification(encodeNotification(twoFaced, key), { annotate });
  assert.equal(new Set(annotations.map(({ section }) => section.split(' ')[0])).size, 1);
  assert.equal(annotations.filter(({ field }) => field === 'digest').length, 1);
  annotations.length = 0;
  decodeErrorOf(`${'1f'.repeat(16)}02c0000000000004616263`, { annotate });
  assert.deepEqual(
    annotations.map(({ field }) => field),
    ['digest', 'version', 'uiMode', 'initiator', 'futureUse', 'sessionId'],
  );
});

test('spec-notes 8: a Base64 body is unwrapped, octets are left alone', () => {
  for (const format of notificationFormats) {
    const octets = encodeFull(format);
    const base64 = Buffer.from(octets).toString('base64');
    for (const text of [
      base64,
      `${base64}\r\n`,
      base64.replace(/(.{20})/g, '$1\r\n'),
      base64.replace(/=+$/, ''),
    ]) {
      const unwrapped = unwrapBase64Body(utf8ToBytes(text));
      assert.deepEqual([...unwrapped], [...octets]);
      assert.deepEqual(decodeNotification(unwrapped).message, fullMessages[format]);
    }
    assert.equal(unwrapBase64Body(octets), octets);
  }
  for (const hex of ['', '41', '3d3d', '4141ff']) {
    const body = hexToBytes(hex);
    assert.equal(unwrapBase64Body(body), body);
  }
});

test('DM-NOTI §6: content types are those that the push bindings send', () => {
  for (const format of notificationFormats) assert.deepEqual(contentTypeOf(format), contentTypes[format]);
});
