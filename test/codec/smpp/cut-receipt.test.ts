// Receipts whose octets end too early: what matters is read where it is whole, for a centre says again what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodePdu,
  encodePdu,
  type PduInputOf,
  readReceipt,
  type SmppPdu,
} from '../../../src/codec/smpp/index.ts';
import { concatBytes, DecodeError, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';

const text =
  'id:abc sub:001 dlvrd:001 submit date:2611290700 done date:2611290701 stat:DELIVRD err:000 text:';

function delivered(content: string | undefined, more: Partial<PduInputOf<'deliver_sm'>> = {}): Uint8Array {
  const shortMessage = utf8ToBytes(content ?? '');
  return encodePdu({ command: 'deliver_sm', sequence: 1, esmClass: 4, shortMessage, ...more });
}

/** With octets behind it, and its length set right. */
function withTail(pdu: Uint8Array, tail: string): Uint8Array {
  const bytes = concatBytes(pdu, hexToBytes(tail));
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, bytes.length);
  return bytes;
}

/** With that much more in sm_length than there is of the text. */
function withLongerText(pdu: Uint8Array, content: string, by: number): Uint8Array {
  const at = pdu.length - content.length - 1;
  assert.equal(pdu[at], content.length);
  const bytes = Uint8Array.from(pdu);
  bytes[at] = content.length + by;
  return bytes;
}

function receiptOf(bytes: Uint8Array): readonly unknown[] {
  const unusual: string[] = [];
  const pdu: SmppPdu = decodePdu(bytes, { onDeviation: ({ field }) => unusual.push(field) });
  assert.ok(pdu.command === 'deliver_sm');
  const { textId, parameterId, state } = readReceipt(pdu) ?? {};
  return [textId ?? parameterId, state, unusual.length > 0];
}

for (const tail of ['0424000a31', '0424', '020b000231', '020c0002', '1400000531', '001e000861']) {
  test(`SMPP 3.4 §3.2.4: a whole receipt counts with a cut parameter behind it: ${tail}`, () => {
    for (const esmClass of [0, 4])
      assert.deepEqual(receiptOf(withTail(delivered(text, { esmClass }), tail)), ['abc', 'DELIVERED', true]);
    const parameters = { receiptedMessageId: 'abc', messageState: 2 };
    assert.deepEqual(receiptOf(withTail(delivered('', { parameters }), tail)), ['abc', 'DELIVERED', true]);
  });
}

test('SMPP 3.4 §5.3.2.32: a receipt in a message_payload that is said to be longer counts', () => {
  const payload = Buffer.from(text).toString('hex');
  assert.deepEqual(receiptOf(withTail(delivered(''), `042400ff${payload}`)), ['abc', 'DELIVERED', true]);
});

for (const by of [1, 2, 100]) {
  test(`SMPP 3.4 §5.2.21: a whole receipt counts with ${by} too much in sm_length`, () => {
    for (const esmClass of [0, 4])
      assert.deepEqual(receiptOf(withLongerText(delivered(text, { esmClass }), text, by)), [
        'abc',
        'DELIVERED',
        true,
      ]);
  });
}

test('SMPP 3.4 §5.2.21: sm_length that reaches into the parameters', () => {
  const bytes = withTail(withLongerText(delivered(text), text, 1), '001e0004616263000427000102');
  assert.deepEqual(receiptOf(bytes), ['abc', 'DELIVERED', true]);
});

test('what is no receipt, or says no end, is refused as before', () => {
  const half = text.slice(0, text.indexOf(' stat:'));
  for (const [esmClass, content] of [
    [0, 'hello'],
    [0, half],
    [4, half],
    [4, 'stat:DELIVRD'],
    [4, `${half} stat:DELI`],
    [0x40, '\u0005\u0000\u0003\u0001\u0002\u0001id:abc'],
  ] as const) {
    const pdu = delivered(content, { esmClass });
    for (const bytes of [
      withTail(pdu, '0424000a31'),
      withTail(pdu, '020b000231'),
      withLongerText(pdu, content, 1),
    ])
      assert.throws(() => decodePdu(bytes), DecodeError, content);
  }
  const submit = encodePdu({ command: 'submit_sm', esmClass: 4, shortMessage: utf8ToBytes(text) });
  assert.throws(() => decodePdu(withTail(submit, '0424000a31')), DecodeError);
  assert.throws(() => decodePdu(withLongerText(submit, text, 1)), DecodeError);
});
