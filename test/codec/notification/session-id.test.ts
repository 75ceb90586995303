import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSessionIdText, sessionIdText } from '../../../src/codec/notification/index.ts';
import { valueErrorOf } from './support.ts';

test('DM-NOTI-1.2 §6.2.10, DM-NOTI-1.3-2010 §6.2.15, DM-NOTI-1.3 §6.4.8: 1–4 upper-case hex digits, no leading zeros', () => {
  assert.deepEqual([0x00af, 0x1234, 1, 0xffff].map(sessionIdText), ['AF', '1234', '1', 'FFFF']);
  for (const sessionId of [0, 65536, -1, 1.5, Number.NaN]) {
    assert.equal(valueErrorOf(() => sessionIdText(sessionId)).path, 'sessionId');
  }
});

test('spec-notes 10: hex in any case and with leading zeros, decimal as the last try', () => {
  const cases: Readonly<Record<string, readonly number[]>> = {
    AF: [0xaf],
    af: [0xaf],
    '00aF': [0xaf],
    '1234': [0x1234, 1234],
    '0004660': [0x4660, 4660],
    ' 1234 ': [0x1234, 1234],
    '65535': [65535],
    '65536': [],
    '9': [9],
    '10': [16, 10],
    FFFF: [0xffff],
    '10000': [10000],
    FFFFF: [],
    '0': [],
    '0000': [],
    '': [],
    '0x12': [],
    '12.5': [],
    '-1': [],
    G: [],
    '١٢': [],
  };
  for (const [text, candidates] of Object.entries(cases)) {
    assert.deepEqual(parseSessionIdText(text), candidates, JSON.stringify(text));
  }
  assert.deepEqual(parseSessionIdText(`${'0'.repeat(100_000)}1`), [1]);
});

test('the text of any session id gives it back first', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 65535 }), (sessionId) => {
      assert.equal(parseSessionIdText(sessionIdText(sessionId))[0], sessionId);
      assert.equal(parseSessionIdText(sessionIdText(sessionId).toLowerCase().padStart(4, '0'))[0], sessionId);
      assert.ok(parseSessionIdText(String(sessionId)).includes(sessionId));
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const candidate of parseSessionIdText(text)) assert.ok(candidate >= 1 && candidate <= 65535);
    }),
  );
});
