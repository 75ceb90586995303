// Numbers, references, and ids of messages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ValueError } from '../../../src/core/index.ts';
import { deviceNumber, smsAddress } from '../../../src/push/short-message/number/number.ts';
import {
  joinReferences,
  messageReference,
  parseReferences,
} from '../../../src/push/short-message/report/message-reference.ts';
import { ReferenceCounter } from '../../../src/push/short-message/segment/reference-counter.ts';
import { comparableId, comparableReceiptId } from '../../../src/push/sms/receipt/receipt-id.ts';

test('SMPP 3.4 §5.2.5, §5.2.6: what kind of address a text is', () => {
  assert.deepEqual(smsAddress('+491701234567'), { ton: 1, npi: 1, address: '491701234567' });
  assert.deepEqual(smsAddress('4040'), { ton: 0, npi: 1, address: '4040' });
  assert.deepEqual(smsAddress('4040', { ton: 3, npi: 0 }), { ton: 3, npi: 0, address: '4040' });
  assert.deepEqual(smsAddress('Reveille'), { ton: 5, npi: 0, address: 'Reveille' });
  for (const text of ['', '+', 'much too long a name', 'Öst', '+49 170']) {
    if (text === '+49 170') assert.equal(smsAddress(text).ton, 5);
    else if (text === '+') assert.equal(smsAddress(text).ton, 5);
    else assert.throws(() => smsAddress(text), ValueError);
  }
  assert.throws(() => smsAddress('4040', { ton: 256 }), ValueError);
});

test('a device has a telephone number', () => {
  assert.deepEqual(deviceNumber('+491701234567'), { ton: 1, npi: 1, address: '491701234567' });
  assert.deepEqual(deviceNumber('01701234567', { ton: 2 }), { ton: 2, npi: 1, address: '01701234567' });
  for (const text of ['', '+', 'Reveille', '+49 170', '1'.repeat(21), '\n1']) {
    assert.throws(
      () => deviceNumber(text),
      (error) => error instanceof ValueError && error.path === 'number',
    );
  }
});

test('3GPP TS 23.040 §9.2.3.24.1: references count up for each device, from anywhere, and wrap round', () => {
  const counter = new ReferenceCounter(8, () => 0.99);
  const first = Array.from({ length: 4 }, () => counter.next('a'));
  assert.deepEqual(first, [254, 255, 0, 1]);
  assert.equal(counter.next('b'), 254);
  assert.equal(counter.next('a'), 2);
  assert.equal(new ReferenceCounter(16, () => 0.5).next('a'), 32769);
});

test('so many devices are remembered, the one of longest ago is forgotten', () => {
  const counter = new ReferenceCounter(8, () => 0, 2);
  assert.deepEqual(
    ['a', 'b', 'a', 'c', 'a', 'b'].map((device) => counter.next(device)),
    [1, 1, 2, 1, 3, 1],
  );
});

test('references of any names and ids survive as text', () => {
  const message = fc.record(
    { smsc: fc.string({ minLength: 1, unit: 'grapheme' }), messageId: fc.string({ unit: 'binary' }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), (messages) => {
      // A lone surrogate is no text, and no SMPP string has one.
      fc.pre(messages.every(({ smsc, messageId }) => smsc.isWellFormed() && messageId.isWellFormed()));
      const text = joinReferences(messages.map(messageReference));
      assert.match(text, /^[!-~]+( [!-~]+)*$/);
      assert.deepEqual(parseReferences(text), messages);
    }),
  );
  assert.equal(
    messageReference({ smsc: 'smsc.example:2775', messageId: '1A2b' }),
    'smsc.example%3A2775:1A2b',
  );
});

test('a text that is no reference is refused', () => {
  for (const text of ['', 'abc', ':1', 'a:b:c', 'a:%zz', 'a:1  a:2', 'a:1 ']) {
    assert.throws(() => parseReferences(text), ValueError, text);
  }
});

test('ids: same but for case and zeros, hexadecimal to decimal, and the reverse', () => {
  const same = (response: string, receipt: string, rule: Parameters<typeof comparableReceiptId>[1]) =>
    comparableId(response) === comparableReceiptId(receipt, rule).id;
  assert.ok(same('1A2B', '0000001a2b', 'same'));
  assert.ok(same('0', '0000000000', 'same'));
  assert.ok(!same('10', '16', 'same'));
  assert.ok(same('0F4241', '1000001', 'hex-to-decimal'));
  assert.ok(!same('10', '10', 'hex-to-decimal'));
  assert.ok(same('1000001', '000F4241', 'decimal-to-hex'));
  assert.ok(same('64567564356765435676', '3800F3AAC61E8311C'.toLowerCase(), 'decimal-to-hex') === false);
  assert.ok(same(BigInt('0xffffffffffffffffffff').toString(), 'FFFFFFFFFFFFFFFFFFFF', 'decimal-to-hex'));
  assert.ok(same('abc-def', 'ABC-DEF', 'hex-to-decimal'));
});
