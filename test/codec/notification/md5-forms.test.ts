import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  authTypes,
  type Dm12Notification,
  type Dm13Draft2010Notification,
  decodeNotification,
  encodeNotification,
  transports2010,
  uiModes,
} from '../../../src/codec/notification/index.ts';
import { bytesToHex, hexToBytes } from '../../../src/core/index.ts';
import { decodeErrorOf, key, valueErrorOf } from './support.ts';

const least12: Dm12Notification = {
  format: 'dm1.2',
  serverId: 'dm',
  sessionId: 0x1234,
  uiMode: 'not-specified',
  initiator: 'user',
};
const least2010: Dm13Draft2010Notification = {
  ...least12,
  format: 'dm1.3-2010',
  transport: 'not-specified',
  authType: 'not-specified',
  sendDevDetail: false,
  timeoutDays: 0,
};

/** What follows the digest, in hex. */
const trigger12 = (changes: Partial<Dm12Notification>): string =>
  bytesToHex(encodeNotification({ ...least12, ...changes }, key).subarray(16));
const trigger2010 = (changes: Partial<Dm13Draft2010Notification>): string =>
  bytesToHex(encodeNotification({ ...least2010, ...changes }, key).subarray(16));
const withDigest = (trigger: string): string => '00'.repeat(16) + trigger;
const decode = (trigger: string) => decodeNotification(hexToBytes(withDigest(trigger)));
const errorOf = (trigger: string, format: 'dm1.2' | 'dm1.3-2010') =>
  decodeErrorOf(withDigest(trigger), { format });

test('DM-NOTI-1.2 §6.1: every header field, in its bits', () => {
  assert.equal(trigger12({}), '02c0000000123402646d');
  assert.equal(trigger12({ initiator: 'server' }), '02c8000000123402646d');
  assert.equal(trigger12({ sessionId: 1 }), '02c0000000000102646d');
  assert.equal(trigger12({ sessionId: 65535 }), '02c0000000ffff02646d');
  for (const [number, uiMode] of uiModes.entries()) {
    const trigger = `02${(0xc0 + (number << 4)).toString(16)}000000123402646d`;
    assert.equal(trigger12({ uiMode }), trigger);
    assert.deepEqual(decode(trigger).message, { ...least12, uiMode });
  }
});

test('DM-NOTI-1.3-2010 §6.1: every header field, in its bits', () => {
  const cases: readonly (readonly [Partial<Dm13Draft2010Notification>, string])[] = [
    [{}, '030000'],
    ...uiModes.map((uiMode, number) => [{ uiMode }, `03${hex(number << 4)}00`] as const),
    [{ initiator: 'server' }, '030800'],
    ...transports2010.map((transport, number) => [{ transport }, `03${hex(number << 1)}00`] as const),
    ...authTypes.map(
      (authType, number) => [{ authType }, `03${hex(number >> 1)}${hex((number & 1) << 7)}`] as const,
    ),
    [{ sendDevDetail: true }, '030040'],
    ...Array.from({ length: 8 }, (_, days) => [{ timeoutDays: days }, `0300${hex(days << 3)}`] as const),
  ];
  for (const [changes, head] of cases) {
    assert.equal(trigger2010(changes), `${head}0000123402646d`);
    assert.deepEqual(decode(`${head}0000123402646d`).message, { ...least2010, ...changes });
  }
});

const hex = (octet: number): string => octet.toString(16).padStart(2, '0');

test('N12-S-003 DM-NOTI-1.2 §6.2.6: the version field is binary 0000001011', () => {
  const [high, low] = hexToBytes(trigger12({ uiMode: 'user-interaction', initiator: 'server' }));
  assert.equal((high ?? 0) * 4 + ((low ?? 0) >> 6), 0b0000001011);
  const error = errorOf('0300000000123402646d', 'dm1.2');
  assert.equal(error.message, 'version: is 12, must be 11 (byte 16; DM-NOTI-1.2 §6.2.6)');
});

test('N10-S-003 DM-NOTI-1.3-2010 §6.2.6: the version field is binary 0000001100', () => {
  const [high, low] = hexToBytes(trigger2010({ uiMode: 'user-interaction', initiator: 'server' }));
  assert.equal((high ?? 0) * 4 + ((low ?? 0) >> 6), 0b0000001100);
  const error = errorOf('02c0000000123402646d', 'dm1.3-2010');
  assert.equal(error.message, 'version: is 11, must be 12 (byte 16; DM-NOTI-1.3-2010 §6.2.6)');
});

test('DM-NOTI-1.2 §6.2.10, DM-NOTI-1.3-2010 §6.2.15: session 0 is an error in both directions', () => {
  for (const [trigger, format] of [
    ['02c0000000000002646d', 'dm1.2'],
    ['0300000000000002646d', 'dm1.3-2010'],
  ] as const) {
    const error = errorOf(trigger, format);
    assert.deepEqual([error.code, error.at.path, error.at.offset], ['BAD_VALUE', 'sessionId', 21]);
  }
  assert.equal(valueErrorOf(() => trigger12({ sessionId: 0 })).spec?.section, '6.2.10');
  assert.equal(valueErrorOf(() => trigger2010({ sessionId: 0 })).spec?.section, '6.2.15');
});

test('DM-NOTI-1.2 §6.2.11: a server identifier of 1 to 255 octets', () => {
  const longest = `${'é'.repeat(127)}x`;
  assert.equal(decode(trigger12({ serverId: longest })).message.serverId, longest);
  assert.equal(valueErrorOf(() => trigger12({ serverId: 'é'.repeat(128) })).code, 'TOO_LONG');
  assert.equal(valueErrorOf(() => trigger12({ serverId: '' })).path, 'serverId');
  const empty = errorOf('02c0000000123400', 'dm1.2');
  assert.deepEqual([empty.at.path, empty.at.offset], ['length-identifier', 23]);
  const beyond = errorOf('02c0000000123403646d', 'dm1.2');
  assert.deepEqual([beyond.code, beyond.at.path, beyond.at.offset], ['TRUNCATED', 'serverId', 24]);
});

test('spec-notes 3: the 2010 form has 8 bits of server identifier length', () => {
  const longest = 'x'.repeat(255);
  assert.equal(trigger2010({ serverId: longest }).slice(14, 18), 'ff78');
  assert.equal(decode(trigger2010({ serverId: longest })).message.serverId, longest);
});

test('DM-NOTI-1.2 §6.2.13: vendor data is the rest of the trigger', () => {
  assert.equal(trigger12({ vendorData: '00ff' }), '02c0000000123402646d00ff');
  assert.deepEqual(decode('02c0000000123402646d00ff').message, { ...least12, vendorData: '00ff' });
  assert.equal('vendorData' in decode('02c0000000123402646d').message, false);
});

test('DM-NOTI-1.3-2010 §6.2.13: presence bits tell which parts follow, in the order of the grammar', () => {
  const parts = { vendorData: 'c0ffee', moIdentifier: 'mo', reason: 'why' };
  assert.equal(trigger2010(parts), '0300070000123402646d0003c0ffee026d6f0003776879');
  assert.deepEqual(decode(trigger2010(parts)).message, { ...least2010, ...parts });
  assert.equal(trigger2010({ vendorData: 'c0ffee' }), '0300040000123402646d0003c0ffee');
  assert.equal(trigger2010({ moIdentifier: 'mo' }), '0300020000123402646d026d6f');
  assert.equal(trigger2010({ reason: 'why' }), '0300010000123402646d0003776879');
});

test('DM-NOTI-1.3-2010 §6.2.13: a part may be present and empty', () => {
  const parts = { vendorData: '', moIdentifier: '', reason: '' };
  assert.equal(trigger2010(parts), '0300070000123402646d0000000000');
  assert.deepEqual(decode(trigger2010(parts)).message, { ...least2010, ...parts });
});

test('DM-NOTI-1.3-2010 §6.2.18–23: the lengths that the parts may have', () => {
  const longest = {
    vendorData: '00'.repeat(65535),
    moIdentifier: 'm'.repeat(255),
    reason: 'r'.repeat(65535),
  };
  assert.deepEqual(decode(trigger2010(longest)).message, { ...least2010, ...longest });
  const longer = [
    { vendorData: '00'.repeat(65536) },
    { moIdentifier: 'é'.repeat(128) },
    { reason: 'r'.repeat(65536) },
  ];
  for (const changes of longer) {
    const error = valueErrorOf(() => trigger2010(changes));
    assert.deepEqual([error.code, error.path], ['TOO_LONG', Object.keys(changes)[0]]);
  }
});

test('DM-NOTI-1.3-2010 §6.1: lengths beyond the end, and octets that no length covers, are errors', () => {
  const cut = errorOf('0300010000123402646d00047768', 'dm1.3-2010');
  assert.deepEqual([cut.code, cut.at.path, cut.at.offset], ['TRUNCATED', 'reason', 28]);
  const missing = errorOf('0300010000123402646d', 'dm1.3-2010');
  assert.deepEqual([missing.code, missing.at.path, missing.at.offset], ['TRUNCATED', 'length-reason', 26]);
  const trailing = errorOf('0300000000123402646d00', 'dm1.3-2010');
  assert.deepEqual([trailing.code, trailing.at.offset, trailing.spec.section], ['TRAILING', 26, '6.1']);
  const notUtf8 = errorOf('0300020000123402646d01ff', 'dm1.3-2010');
  assert.deepEqual([notUtf8.code, notUtf8.at.path, notUtf8.at.offset], ['BAD_VALUE', 'moIdentifier', 27]);
});

test('spec-notes 6: bits for future use and the reserved transport are kept as deviations', () => {
  const dm12 = decode('02c7ffffff123402646d');
  assert.deepEqual(dm12.message, least12);
  assert.deepEqual(
    dm12.deviations.map(({ field, offset, bit, value }) => [field, offset, bit, value]),
    [['futureUse', 17, 5, 0x7ffffff]],
  );
  const draft = decode('0306008001123402646d');
  assert.deepEqual(draft.message, least2010);
  assert.deepEqual(
    draft.deviations.map(({ field, offset, bit, value }) => [field, offset, bit, value]),
    [
      ['transport', 17, 5, 3],
      ['futureUse', 19, 0, 0x8001],
    ],
  );
});
