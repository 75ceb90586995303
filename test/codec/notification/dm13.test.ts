import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Dm13Notification,
  decodeNotification,
  encodeNotification,
  preferredBearers,
  transports,
  uiModes,
} from '../../../src/codec/notification/index.ts';
import { bytesToHex, hexToBytes } from '../../../src/core/index.ts';
import { decodeErrorOf, fullMessages, key, valueErrorOf } from './support.ts';

const least: Dm13Notification = {
  format: 'dm1.3',
  serverId: 'dm',
  sessionId: 0x1234,
  uiMode: 'not-specified',
  initiator: 'user',
  transport: 'not-specified',
  timeoutMinutes: 0,
  timestamp: 0,
  requestedMo: [1],
};

const encodeHex = (changes: Partial<Dm13Notification>): string =>
  bytesToHex(encodeNotification({ ...least, ...changes }, key));
const headerOf = (changes: Partial<Dm13Notification>): string => encodeHex(changes).slice(0, 24);
const optionsOf = (changes: Partial<Dm13Notification>): string => encodeHex(changes).slice(24, -64);
const digest = '00'.repeat(32);
/** A message with the header of `least`, these options and any digest. */
const withOptions = (count: number, options: string): string =>
  `${(0x10 + count * 2).toString(16)}0000000000123400000000${options}${digest}`;
const decode = (hex: string) => decodeNotification(hexToBytes(hex), { format: 'dm1.3' });

test('N13-C-005 N13-S-003 DM-NOTI-1.3 §6.1: every header field, in its bits', () => {
  assert.equal(headerOf({}), '140000000000123400000000');
  assert.equal(headerOf({ initiator: 'server' }), '150000000000123400000000');
  for (const [number, uiMode] of uiModes.entries()) {
    const octet = (number << 6).toString(16).padStart(2, '0');
    assert.equal(headerOf({ uiMode }), `14${octet}00000000123400000000`);
  }
  for (const [number, transport] of transports.entries()) {
    const octet = (number << 3).toString(16).padStart(2, '0');
    assert.equal(headerOf({ transport }), `14${octet}00000000123400000000`);
  }
  assert.equal(headerOf({ timeoutMinutes: 65535 }), '14000000ffff123400000000');
  assert.equal(headerOf({ sessionId: 65535 }), '140000000000ffff00000000');
  assert.equal(headerOf({ timestamp: 0xffffffff }), '1400000000001234ffffffff');
  const all: Partial<Dm13Notification>[] = [
    ...uiModes.map((uiMode) => ({ uiMode })),
    ...transports.map((transport) => ({ transport })),
    { initiator: 'server', timeoutMinutes: 65535, sessionId: 65535, timestamp: 0xffffffff },
  ];
  for (const changes of all) assert.deepEqual(decode(encodeHex(changes)).message, { ...least, ...changes });
});

test('N13-C-006 N13-S-004 DM-NOTI-1.3 §6.4.1: VER is 1, another one is an error', () => {
  for (let version = 0; version < 16; version += 1) {
    const hex = version.toString(16) + encodeHex({}).slice(1);
    if (version === 1) {
      assert.deepEqual(decode(hex).message, least);
    } else {
      const error = decodeErrorOf(hex, { format: 'dm1.3' });
      assert.deepEqual([error.code, error.at.path, error.at.offset], ['BAD_VALUE', 'version', 0]);
      assert.equal(error.spec.section, '6.4.1');
    }
  }
});

test('DM-NOTI-1.3 §6.4.8: session 0 is an error in both directions', () => {
  const error = decodeErrorOf(`140000000000000000000000${optionsOf({})}${digest}`);
  assert.deepEqual([error.at.path, error.at.offset, error.spec.section], ['sessionId', 6, '6.4.8']);
  assert.equal(valueErrorOf(() => encodeHex({ sessionId: 0 })).path, 'sessionId');
});

test('DM-NOTI-1.3 §6.2, §6.3: options in order of their numbers, four bits of number and twelve of length', () => {
  const changes = {
    targetedMo: [5],
    requestedMo: [1, 2],
    preferredBearer: ['wlan'] as const,
    reason: 'why',
    vendorInfo: 'é',
  };
  assert.equal(
    optionsOf(changes),
    '1002646d 200105 300101 300102 400106 5003776879 6002c3a9'.replaceAll(' ', ''),
  );
  assert.deepEqual(decode(encodeHex(changes)).message, { ...least, ...changes });
});

test('N13-C-010 N13-S-005 DM-NOTI-1.3 §6.5.1: Server-ID is written up to 255 octets and read up to 256', () => {
  const longest = `${'é'.repeat(127)}x`;
  assert.deepEqual(decode(encodeHex({ serverId: longest })).message, { ...least, serverId: longest });
  for (const serverId of ['é'.repeat(128), 'x'.repeat(256)]) {
    assert.equal(valueErrorOf(() => encodeHex({ serverId })).code, 'TOO_LONG');
  }
  assert.equal(decode(withOptions(2, `1100${'61'.repeat(256)}300101`)).message.serverId.length, 256);
  const error = decodeErrorOf(withOptions(2, `1101${'61'.repeat(257)}300101`));
  assert.deepEqual([error.at.path, error.at.offset, error.at.bit], ['options[0].length', 12, 4]);
  assert.equal(decodeErrorOf(withOptions(2, '1000300101')).at.path, 'options[0].length');
  assert.equal(valueErrorOf(() => encodeHex({ serverId: '' })).path, 'serverId');
});

test('N13-C-011 N13-S-006 DM-NOTI-1.3 §6.5.2: Targeted-MO, none or several', () => {
  const targetedMo = [0, 255, 256, 65535];
  assert.equal(
    optionsOf({ targetedMo }),
    '1002646d 200100 2001ff 20020100 2002ffff 300101'.replaceAll(' ', ''),
  );
  assert.deepEqual(decode(encodeHex({ targetedMo })).message, { ...least, targetedMo });
  assert.equal('targetedMo' in decode(encodeHex({})).message, false);
});

test('N13-C-013 N13-S-008 DM-NOTI-1.3 §6.5.4: Requested-MO, one or several, must be there', () => {
  const requestedMo = [1, 256, 3, 65535, 1, 0];
  assert.deepEqual(decode(encodeHex({ requestedMo })).message, { ...least, requestedMo });
  const error = decodeErrorOf(withOptions(1, '1002646d'));
  assert.deepEqual([error.code, error.at.path, error.at.offset], ['BAD_VALUE', 'requestedMo', 16]);
  assert.equal(error.spec.section, '6.5.4');
  assert.equal(valueErrorOf(() => encodeHex({ requestedMo: [] })).path, 'requestedMo');
});

test('DM-NOTI-1.3 §6.3: an MO index is written in as few octets as hold it and read in one or two', () => {
  assert.deepEqual(decode(withOptions(3, '1002646d300105 30020005'.replaceAll(' ', ''))).message, {
    ...least,
    requestedMo: [5, 5],
  });
  for (const option of ['3000', '3003000005']) {
    const error = decodeErrorOf(withOptions(2, `1002646d${option}`));
    assert.deepEqual([error.code, error.at.path, error.at.offset], ['BAD_VALUE', 'options[1].length', 16]);
  }
});

test('N13-C-016 N13-S-010 DM-NOTI-1.3 §6.5.6: Preferred-Bearer, in order of priority', () => {
  for (const [number, bearer] of preferredBearers.entries()) {
    assert.equal(
      optionsOf({ preferredBearer: [bearer] }),
      `1002646d3001014001${number.toString(16).padStart(2, '0')}`,
    );
  }
  for (const preferredBearer of [preferredBearers.slice(0, 5), preferredBearers.slice(7)]) {
    assert.deepEqual(decode(encodeHex({ preferredBearer })).message, { ...least, preferredBearer });
  }
  const error = decodeErrorOf(withOptions(3, '1002646d30010140020006'));
  assert.equal(error.at.path, 'options[2].length');
});

test('N13-C-014 N13-S-009 DM-NOTI-1.3 §6.5.5: Connect-Reason, 1 to 4095 octets', () => {
  for (const reason of ['r', `${'é'.repeat(2047)}x`]) {
    assert.deepEqual(decode(encodeHex({ reason })).message, { ...least, reason });
  }
  assert.equal(valueErrorOf(() => encodeHex({ reason: 'é'.repeat(2048) })).code, 'TOO_LONG');
  assert.equal(decodeErrorOf(withOptions(3, '1002646d3001015000')).at.path, 'options[2].length');
});

test('N13-C-012 N13-S-007 DM-NOTI-1.3 §6.5.3: Vendor-Info, 1 to 4095 octets', () => {
  for (const vendorInfo of ['v', 'v'.repeat(4095)]) {
    assert.deepEqual(decode(encodeHex({ vendorInfo })).message, { ...least, vendorInfo });
  }
  assert.equal(valueErrorOf(() => encodeHex({ vendorInfo: 'v'.repeat(4096) })).code, 'TOO_LONG');
  assert.equal(decodeErrorOf(withOptions(3, '1002646d3001016000')).at.path, 'options[2].length');
});

test('spec-notes 6: options out of order, or repeated against the table, are an error', () => {
  const cases = [
    [2, '3001011002646d', 'options[1].number', 15, 'Server-ID after Requested-MO'],
    [3, '1002646d300101200101', 'options[2].number', 19, 'Targeted-MO after Requested-MO'],
    [3, '1002646d1002646d300101', 'options[1].number', 16, 'Server-ID must not occur more than once'],
    [
      4,
      '1002646d30010150016150 0162',
      'options[3].number',
      22,
      'Connect-Reason must not occur more than once',
    ],
    [4, '1002646d30010160016160 0162', 'options[3].number', 22, 'Vendor-Info must not occur more than once'],
    [4, '1002646d300101f000e000', 'options[3].number', 21, 'option 14 after option 15'],
  ] as const;
  for (const [count, options, path, offset, detail] of cases) {
    const error = decodeErrorOf(withOptions(count, options.replaceAll(' ', '')));
    assert.deepEqual([error.code, error.at.path, error.at.offset], ['BAD_VALUE', path, offset]);
    assert.ok(error.detail.startsWith(detail), error.detail);
  }
});

test('DM-NOTI-1.3 §6.5.1: a message without Server-ID is an error', () => {
  for (const [count, options] of [
    [0, ''],
    [1, '300101'],
  ] as const) {
    const error = decodeErrorOf(withOptions(count, options));
    assert.deepEqual([error.code, error.at.path, error.spec.section], ['BAD_VALUE', 'serverId', '6.5.1']);
  }
});

test('DM-NOTI-1.3 §6.4.2: options must end where the digest begins', () => {
  const trailing = decodeErrorOf(withOptions(2, '1002646d300101ff'));
  assert.deepEqual([trailing.code, trailing.at.path, trailing.at.offset], ['TRAILING', 'options', 19]);
  const counted = decodeErrorOf(withOptions(3, '1002646d300101'));
  assert.deepEqual([counted.code, counted.at.path, counted.at.offset], ['TRUNCATED', 'options[2]', 19]);
  const inside = decodeErrorOf(withOptions(2, '1002646d3002ff'));
  assert.deepEqual([inside.code, inside.at.path, inside.at.offset], ['TRUNCATED', 'requestedMo', 18]);
  const noDigest = decodeErrorOf('14000000000012340000000000');
  assert.deepEqual([noDigest.code, noDigest.at.path, noDigest.at.offset], ['TRUNCATED', 'digest', 12]);
  assert.equal(noDigest.spec.section, '6.6');
});

test('DM-NOTI-1.3 §6.2.3: a text that is not UTF-8 is an error', () => {
  const error = decodeErrorOf(withOptions(2, '1002c328300101'));
  assert.deepEqual([error.code, error.at.path, error.at.offset], ['BAD_VALUE', 'serverId', 14]);
});

test('spec-notes 6: reserved bits and values are kept as deviations', () => {
  const bits = decode(`1407ffff0000123400000000${optionsOf({})}${digest}`);
  assert.deepEqual(bits.message, least);
  assert.deepEqual(
    bits.deviations.map(({ field, offset, bit, value, section }) => ({ field, offset, bit, value, section })),
    [{ field: 'reserved', offset: 1, bit: 5, value: 0x7ffff, section: 'DM-NOTI-1.3 §6.4.6' }],
  );
  for (const transport of [5, 6, 7]) {
    const octet = (transport << 3).toString(16);
    const decoded = decode(encodeHex({}).replace(/^1400/, `14${octet}`));
    assert.deepEqual(decoded.message, least);
    assert.deepEqual(
      decoded.deviations.map(({ field, value }) => [field, value]),
      [['transport', transport]],
    );
  }
});

test('spec-notes 6: an unknown bearer is left out and kept as a deviation', () => {
  const some = decode(withOptions(5, '1002646d30010140010c40010640 01ff'.replaceAll(' ', '')));
  assert.deepEqual(some.message, { ...least, preferredBearer: ['wlan'] });
  assert.deepEqual(
    some.deviations.map(({ field, offset, value }) => [field, offset, value]),
    [
      ['preferredBearer', 21, 12],
      ['preferredBearer', 27, 255],
    ],
  );
  const none = decode(withOptions(3, '1002646d30010140010c'));
  assert.deepEqual(none.message, least);
  assert.equal(none.deviations.length, 1);
});

test('spec-notes 6: unknown options are kept raw', () => {
  const decoded = decode(
    withOptions(7, '0002beef 1002646d 300101 7000 800101 800102 f003000102'.replaceAll(' ', '')),
  );
  assert.deepEqual(decoded.message, least);
  assert.deepEqual(
    decoded.deviations.map(({ field, offset, value, message }) => [field, offset, value, message]),
    [
      ['options[0]', 12, 'beef', 'unknown option 0 of 2 octets, kept raw'],
      ['options[3]', 23, '', 'unknown option 7 of 0 octets, kept raw'],
      ['options[4]', 25, '01', 'unknown option 8 of 1 octet, kept raw'],
      ['options[5]', 28, '02', 'unknown option 8 of 1 octet, kept raw'],
      ['options[6]', 31, '000102', 'unknown option 15 of 3 octets, kept raw'],
    ],
  );
});

test('DM-NOTI-1.3 §6.4.2: more than 7 options are an error that says what to drop', () => {
  const drop = (changes: Partial<Dm13Notification>): [string, string] => {
    const error = valueErrorOf(() => encodeHex({ ...fullMessages['dm1.3'], ...changes }));
    assert.equal(error.code, 'OUT_OF_RANGE');
    return [error.path, error.detail];
  };
  assert.deepEqual(drop({ preferredBearer: ['wlan', 'dsl'] }), [
    'preferredBearer',
    'the message has 8 options and at most 7 fit: drop the last of preferredBearer',
  ]);
  assert.deepEqual(drop({ targetedMo: [1, 2, 3, 4], preferredBearer: ['wlan', 'dsl'] }), [
    'preferredBearer',
    'the message has 11 options and at most 7 fit: drop preferredBearer, the last 2 of targetedMo',
  ]);
  assert.deepEqual(drop({ requestedMo: new Array<number>(100).fill(1) }), [
    'preferredBearer',
    'the message has 105 options and at most 7 fit: drop preferredBearer, targetedMo, vendorInfo, reason, ' +
      'the last 94 of requestedMo',
  ]);
});
