import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeNotification,
  encodeNotification,
  moIndexRegistry,
  notificationFormats,
} from '../../../src/codec/notification/index.ts';
import { type Annotation, hexToBytes } from '../../../src/core/index.ts';
import { encodeFull, fullMessages, key, package0Of, vectors } from './support.ts';

function annotationsOf(
  octets: Uint8Array,
  options: Parameters<typeof decodeNotification>[1] = {},
): Annotation[] {
  const annotations: Annotation[] = [];
  decodeNotification(octets, { ...options, annotate: (annotation) => annotations.push(annotation) });
  return annotations;
}

const line = ({ offset, length, bit, bits, field, value, meaning }: Annotation): string =>
  `${offset}+${length}${bits === undefined ? '' : ` ${bit}:${bits}`} ${field} = ${value}${meaning && ` | ${meaning}`}`;

const vectorOf = (format: string): Uint8Array => {
  const vector = vectors.messages.find(({ message }) => message.format === format);
  assert.ok(vector);
  return package0Of(vector);
};

test('DM-NOTI-1.2 App. C: the worked example, field by field', () => {
  assert.deepEqual(annotationsOf(vectorOf('dm1.2')).map(line), [
    '0+16 digest = 4e94c58c36a8c50aabcdbe0c296b2ba7 | MD5 over secret, nonce and trigger',
    '16+2 0:10 version = 11 | version 1.1',
    '17+1 2:2 uiMode = 1 | background',
    '17+1 4:1 initiator = 0 | user',
    '17+4 5:27 futureUse = 0 | reserved',
    '21+2 sessionId = 4660 | session 1234 (hex)',
    '23+1 length-identifier = 18 | 18 octets',
    '24+18 serverId = "com.mgmtsrv.manage"',
  ]);
});

test('DM-NOTI-1.3-2010 App. C: the worked example, field by field', () => {
  assert.deepEqual(annotationsOf(vectorOf('dm1.3-2010')).map(line), [
    '0+16 digest = 0c7960a970e4a5a1b33efe068af2c4d1 | MD5 over secret, nonce and trigger',
    '16+2 0:10 version = 12 | version 1.2',
    '17+1 2:2 uiMode = 1 | background',
    '17+1 4:1 initiator = 0 | user',
    '17+1 5:2 transport = 1 | http',
    '17+2 7:2 authType = 1 | http-digest',
    '18+1 1:1 sendDevDetail = 1 | send DevDetail',
    '18+1 2:3 timeoutDays = 2 | 2 days',
    '18+1 5:1 vendorPresent = 0 | no vendor data',
    '18+1 6:1 moiPresent = 0 | no MO identifier',
    '18+1 7:1 reasonPresent = 1 | reason follows',
    '19+2 futureUse = 0 | reserved',
    '21+2 sessionId = 4660 | session 1234 (hex)',
    '23+1 length-identifier = 18 | 18 octets',
    '24+18 serverId = "com.mgmtsrv.manage"',
    '42+2 length-reason = 11 | 11 octets',
    '44+11 reason = "Update FUMO"',
  ]);
});

test('DM-NOTI-1.3 §6: header, options and digest, field by field', () => {
  assert.deepEqual(annotationsOf(vectorOf('dm1.3')).map(line), [
    '0+1 0:4 version = 1 | version 1',
    '0+1 4:3 optionCount = 3 | 3 options',
    '0+1 7:1 initiator = 1 | server',
    '1+1 0:2 uiMode = 1 | background',
    '1+1 2:3 transport = 2 | https',
    '1+3 5:19 reserved = 0 | reserved',
    '4+2 timeoutMinutes = 60 | 60 minutes',
    '6+2 sessionId = 4660 | session 1234 (hex)',
    '8+4 timestamp = 1331000000 | 2012-03-06T02:13:20Z',
    '12+1 0:4 Option-Number = 1 | Server-ID',
    '12+2 4:12 Option-Length = 18 | 18 octets',
    '14+18 serverId = "com.mgmtsrv.manage"',
    '32+1 0:4 Option-Number = 3 | Requested-MO',
    '32+2 4:12 Option-Length = 1 | 1 octet',
    '34+1 requestedMo = 1 | DevInfo',
    '35+1 0:4 Option-Number = 5 | Connect-Reason',
    '35+2 4:12 Option-Length = 11 | 11 octets',
    '37+11 reason = "Update FUMO"',
    '48+32 digest = 2e7802344264bf427f72373ced441b5bc99e2cec56647fa9d9b0e3556933418c' +
      ' | SHA-256 over secret, header and options',
  ]);
});

test('every bit of a message is annotated once, in order, with document and section', () => {
  for (const format of notificationFormats) {
    const octets = encodeFull(format);
    let next = 0;
    for (const { offset, length, bit = 0, bits = length * 8, section } of annotationsOf(octets)) {
      assert.equal(offset * 8 + bit, next);
      assert.equal(length, Math.ceil((bit + bits) / 8));
      assert.match(section, /^DM-NOTI-1\.[23](-2010)? §6(\.\d+)*$/);
      next += bits;
    }
    assert.equal(next, octets.length * 8);
  }
});

test('meanings: lists, unknown options and bearers, vendor data, control characters', () => {
  const full = annotationsOf(encodeFull('dm1.3'));
  const meanings = full.filter(({ field }) => /Mo$|Bearer$/.test(field)).map(line);
  assert.deepEqual(
    meanings.map((text) => text.replace(/^\S+ /, '')),
    [
      'targetedMo = 32769 | index of a vendor',
      'requestedMo = 1 | DevInfo',
      'requestedMo = 65535 | index of a vendor',
      'preferredBearer = 6 | wlan',
    ],
  );
  const moIndexes = moIndexRegistry({ DevInfo: 7, LAWMO: 0x8001, DevDetail: null });
  const named = annotationsOf(encodeFull('dm1.3'), { moIndexes }).filter(({ field }) => field.endsWith('Mo'));
  assert.deepEqual(
    named.map(({ meaning }) => meaning),
    ['LAWMO', 'index without a name here', 'index of a vendor'],
  );
  const strange = annotationsOf(
    hexToBytes(
      `180000000000123400000000 100161 300100 4001ff 700200ff`.replaceAll(' ', '') + '00'.repeat(32),
    ),
    {
      format: 'dm1.3',
    },
  );
  assert.ok(strange.map(line).includes('17+1 requestedMo = 0 | no object'));
  assert.ok(strange.map(line).includes('20+1 preferredBearer = 255 | unknown bearer, left out'));
  assert.ok(strange.map(line).includes('23+2 Option-Value = 00ff | unknown option, kept raw'));
  const vendor = (vendorData: string): string | undefined =>
    annotationsOf(encodeNotification({ ...fullMessages['dm1.2'], serverId: 'a\nb', vendorData }, key))
      .slice(-2)
      .map(line)
      .join(', ');
  assert.equal(vendor('616263'), '24+3 serverId = "a\\nb", 27+3 vendorData = 616263 | "abc"');
  assert.equal(vendor('00ff'), '24+3 serverId = "a\\nb", 27+2 vendorData = 00ff');
});
