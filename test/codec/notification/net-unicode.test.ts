// Texts of dm1.3 are Net-Unicode (DM-NOTI-1.3 §6.2.3, RFC 5198 §2): what is written, and what is read all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Dm13Notification,
  decodeNotification,
  encodeNotification,
  parseNotification,
} from '../../../src/codec/notification/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import { fullMessages, key, valueErrorOf } from './support.ts';

const message = fullMessages['dm1.3'];
const digest = '00'.repeat(32);
/** Octets that no encoder of ours writes: Server-ID, Requested-MO 1, then these options. */
const withOptions = (serverId: string, count: number, options: string) => {
  const id = `10${(serverId.length / 2).toString(16).padStart(2, '0')}${serverId}`;
  const head = `${(0x10 + count * 2).toString(16)}0000000000123400000000`;
  return decodeNotification(hexToBytes(`${head}${id}300101${options}${digest}`), { format: 'dm1.3' });
};

test('DM-NOTI-1.3 §6.2.3: control characters other than CR LF are refused when a dm1.3 text is written', () => {
  for (const field of ['serverId', 'reason', 'vendorInfo'] as const) {
    for (const [control, name] of [
      ['\0', 'U+0000'],
      ['\t', 'U+0009'],
      ['\n', 'U+000A'],
      ['\r', 'U+000D'],
      ['\u001b', 'U+001B'],
      ['\u007f', 'U+007F'],
      ['\u0085', 'U+0085'],
      ['\u009f', 'U+009F'],
      ['\r\n\n', 'U+000A'],
      ['\r\r\n', 'U+000D'],
      ['\n\r', 'U+000A'],
    ] as const) {
      const given: Dm13Notification = { ...message, [field]: `é${control}b` };
      for (const write of [() => encodeNotification(given, key), () => parseNotification({ ...given })]) {
        const error = valueErrorOf(write);
        assert.deepEqual([error.code, error.path], ['BAD_FORMAT', field], JSON.stringify(control));
        assert.deepEqual(error.spec, { doc: 'DM-NOTI-1.3', section: '6.2.3' });
        const at = control === '\r\n\n' ? 4 : 2;
        assert.ok(error.detail.startsWith(`holds ${name} at octet ${at}:`), error.detail);
      }
    }
  }
});

test('DM-NOTI-1.3 §6.2.3: CR LF, and what only looks unusual, is written as it is', () => {
  for (const reason of ['one\r\ntwo\r\n', '\r\n', 'a\u200bb\u202e', 'e\u0301', '\u{1f514}']) {
    const decoded = decodeNotification(encodeNotification({ ...message, reason }, key));
    assert.deepEqual(decoded.message, { ...message, reason });
    assert.deepEqual(decoded.deviations, []);
  }
});

test('DM-NOTI-1.3 §6.2.3: a control character that was read is kept, and is a deviation; the Server-ID is exempt', () => {
  const decoded = withOptions('64076d', 4, '5004c3a90a62600361000d'.replaceAll(' ', ''));
  assert.equal(decoded.message.serverId, 'd\u0007m');
  assert.deepEqual(
    decoded.format === 'dm1.3' && 'reason' in decoded.message
      ? [decoded.message.reason, 'vendorInfo' in decoded.message && decoded.message.vendorInfo]
      : [],
    ['é\nb', 'a\0\r'],
  );
  assert.deepEqual(
    decoded.deviations.map(({ field, offset, value, section }) => [field, offset, value, section]),
    [
      ['reason', 24, 'U+000A', 'DM-NOTI-1.3 §6.2.3'],
      ['vendorInfo', 29, 'U+0000', 'DM-NOTI-1.3 §6.2.3'],
    ],
  );
  const clean = withOptions('646d', 3, '50026162');
  assert.deepEqual(clean.deviations, []);
});

test('DM-NOTI-1.3-2010 §6.2.23: its reason has no such rule', () => {
  const draft = { ...fullMessages['dm1.3-2010'], reason: 'a\tb' };
  assert.deepEqual(decodeNotification(encodeNotification(draft, key)).message, draft);
});
