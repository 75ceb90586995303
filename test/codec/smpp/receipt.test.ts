import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type MessageState,
  messageStates,
  readReceipt,
  receiptStates,
  type SmppParameters,
  writeReceiptText,
} from '../../../src/codec/smpp/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';

const none: SmppParameters = {};
const read = (text: string, parameters = none, esmClass = 0x04) =>
  readReceipt({ esmClass, shortMessage: utf8ToBytes(text), parameters });

// As published by operators of message centres, who each write the text in their own way.
const texts: readonly (readonly [string, string, MessageState | undefined, string])[] = [
  [
    'id:0911897980 sub:001 dlvrd:000 submit date:1201121551 done date:1201121551 stat:UNDELIV err:075 text:-PROFILE',
    '0911897980',
    'UNDELIVERABLE',
    '075',
  ],
  [
    'id:0000000012345678 sub:001 dlvrd:001 submit date:1601010100 done date:1601010101 stat:DELIVRD err:000 text:none',
    '0000000012345678',
    'DELIVERED',
    '000',
  ],
  [
    'id:40072910491427628 sub:001 dlvrd:001 submit date:1007291049 done date:1007291049 stat:DELIVRD err:000',
    '40072910491427628',
    'DELIVERED',
    '000',
  ],
  [
    'id:64567564356765435676 sub:001 dlvrd:001 submit date:190608165232 done date:190608165237 stat:DELIVRD err:000 text:Hello',
    '64567564356765435676',
    'DELIVERED',
    '000',
  ],
  [
    'id:0118Z-0122I-2309U-57DGB sub:000 dlvrd:000 submitdate:180122230957 donedate:000000000000 stat:REJECTED err:375 text:',
    '0118Z-0122I-2309U-57DGB',
    'REJECTED',
    '375',
  ],
  ['ID:1A2b SUB:001 STAT:expired ERR:0A1 Text: x', '1A2b', 'EXPIRED', '0A1'],
  ['id:7 stat:SOMETHING err:1', '7', undefined, '1'],
];
for (const [text, id, state, error] of texts) {
  test(`SMPP 3.4 appendix B: "${text.slice(0, 40)}…"`, () => {
    assert.deepEqual(read(text), { textId: id, state, error, intermediate: false });
  });
}

test('SMPP 3.4 §5.2.12: without the bits of a receipt in esm_class it is none, whatever the text', () => {
  const text = texts[0]?.[0] ?? '';
  for (const esmClass of [0x00, 0x40, 0x03, 0x08, 0x10]) assert.equal(read(text, none, esmClass), undefined);
  assert.equal(read(text, none, 0x20)?.intermediate, true);
  assert.equal(read(text, none, 0x44)?.intermediate, false);
});

test('SMPP 3.4 §5.3.2.12, §5.3.2.35: the parameters count before the text', () => {
  const parameters = {
    receiptedMessageId: 'ff',
    messageState: 2,
    networkErrorCode: Uint8Array.of(3, 0, 1),
  };
  assert.deepEqual(read('id:255 stat:UNDELIV', parameters), {
    textId: '255',
    parameterId: 'ff',
    state: 'DELIVERED',
    error: '030001',
    intermediate: false,
  });
  assert.deepEqual(readReceipt({ esmClass: 4, parameters }), {
    parameterId: 'ff',
    state: 'DELIVERED',
    error: '030001',
    intermediate: false,
  });
  assert.equal(read('id:1 stat:EXPIRED', { messageState: 99 })?.state, 'EXPIRED');
});

test('a receipt in message_payload is read', () => {
  const messagePayload = utf8ToBytes('id:5 stat:DELIVRD');
  assert.equal(readReceipt({ esmClass: 4, parameters: { messagePayload } })?.textId, '5');
});

test('SMPP 3.4 appendix B: what we write, we read, for every state', () => {
  const at = Date.UTC(2026, 10, 20, 22, 39);
  for (const state of Object.keys(messageStates) as MessageState[]) {
    const octets = writeReceiptText({
      messageId: '1a',
      state,
      submittedAt: at,
      doneAt: at + 60_000,
      text: 'abc',
    });
    assert.deepEqual(readReceipt({ esmClass: 4, shortMessage: octets, parameters: none }), {
      textId: '1a',
      state,
      error: '000',
      intermediate: false,
    });
    const delivered = state === 'DELIVERED' ? '001' : '000';
    assert.equal(
      new TextDecoder().decode(octets),
      `id:1a sub:001 dlvrd:${delivered} submit date:2611202239 done date:2611202240 stat:${receiptStates[state]} err:000 text:abc`,
    );
  }
});

test('any octets read as something, quickly', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(255), (shortMessage, esmClass) => {
      readReceipt({ esmClass, shortMessage, parameters: none });
    }),
  );
  read(`${'id:'.repeat(20_000)}`);
  read(`stat:${'A'.repeat(60_000)}`);
});
