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
    const { unknownState, ...receipt } = read(text) ?? {};
    assert.deepEqual(receipt, { textId: id, state, error, intermediate: false });
    assert.equal(unknownState, state === undefined ? 'SOMETHING' : undefined);
  });
}

test('SMPP 3.4 §5.2.12: without the bits of a receipt in esm_class it is one by its text, or by its parameters', () => {
  const text = texts[0]?.[0] ?? '';
  for (const esmClass of [0x00, 0x03, 0x08, 0x10]) {
    assert.equal(read(text, none, esmClass)?.state, 'UNDELIVERABLE');
    const parameters = { receiptedMessageId: 'ff', messageState: 2 };
    assert.equal(readReceipt({ esmClass, parameters })?.state, 'DELIVERED');
    assert.equal(read('anything', parameters, esmClass)?.parameterId, 'ff');
  }
  assert.equal(read(text, none, 0x20)?.intermediate, true);
  assert.equal(read(text, none, 0x04)?.intermediate, false);
});

const ordinary: readonly (readonly [string, SmppParameters])[] = [
  ['id:id1 is my number', none],
  ['id:1 stat:DELIVRD', none],
  ['Was it id:1 sub:001 dlvrd:001 stat:DELIVRD err:000 that you wrote?', none],
  ['sub:001 dlvrd:001 submit date:2611290700 done date:2611290701 err:000', none],
  ['', none],
  ['hello', { receiptedMessageId: '1' }],
  ['hello', { messageState: 2 }],
];
for (const [text, parameters] of ordinary) {
  test(`SMPP 3.4 §5.2.12: a message of a device is no receipt: "${text}" ${JSON.stringify(parameters)}`, () => {
    assert.equal(read(text, parameters, 0), undefined);
  });
}

test('SMPP 3.4 §5.2.12: a part of a concatenated message is no receipt by its text; what is one may have a header', () => {
  const content = Uint8Array.from([5, 0, 3, 1, 2, 1, ...utf8ToBytes(texts[0]?.[0] ?? '')]);
  assert.equal(readReceipt({ esmClass: 0x40, shortMessage: content, parameters: none }), undefined);
  const read44 = readReceipt({ esmClass: 0x44, shortMessage: content, parameters: none });
  assert.deepEqual([read44?.textId, read44?.state], ['0911897980', 'UNDELIVERABLE']);
});

/** UTF-16 in either order, with or without its mark. */
function utf16(text: string, order: 'big' | 'little', mark = false): Uint8Array {
  const octets: number[] = [];
  for (const character of mark ? `\ufeff${text}` : text) {
    const code = character.charCodeAt(0);
    octets.push(...(order === 'big' ? [code >> 8, code & 0xff] : [code & 0xff, code >> 8]));
  }
  return Uint8Array.from(octets);
}
for (const order of ['big', 'little'] as const) {
  for (const mark of [false, true]) {
    test(`a receipt in UCS-2, ${order} end first${mark ? ', with a byte order mark' : ''}, of either esm_class, short or as payload`, () => {
      const octets = utf16(`${texts[1]?.[0]} привет`, order, mark);
      const expected = { textId: '0000000012345678', state: 'DELIVERED', error: '000', intermediate: false };
      for (const type of [0, 4]) {
        assert.deepEqual(readReceipt({ esmClass: type, shortMessage: octets, parameters: none }), expected);
        const parameters = { messagePayload: octets };
        assert.deepEqual(readReceipt({ esmClass: type, parameters }), expected);
      }
    });
  }
}

const words: readonly (readonly [MessageState, readonly string[]])[] = [
  ['DELIVERED', ['DELIVRD', 'DELIVERD', 'DELIVRED', 'Delivered', 'delivrd']],
  [
    'UNDELIVERABLE',
    ['UNDELIV', 'UNDELIVERED', 'UNDELIVRD', 'UNDELIVERD', 'UNDELIVRED', 'FAILED', 'Fail', 'FAILURE'],
  ],
  ['EXPIRED', ['EXPIRED', 'EXPIRD']],
  ['DELETED', ['DELETED', 'DELETD', 'CANCELED', 'CANCELLED']],
  ['REJECTED', ['REJECTD', 'REJECTED', 'REJECT', 'SKIPPED']],
  ['ACCEPTED', ['ACCEPTD', 'ACCEPTED', 'ACKED']],
  [
    'ENROUTE',
    ['ENROUTE', 'BUFFRED', 'BUFFERED', 'BUFFERD', 'QUEUED', 'PENDING', 'SCHEDULED', 'RETRY', 'SENT'],
  ],
];
for (const [state, spelt] of words) {
  test(`SMPP 3.4 appendix B: ${spelt.join(', ')} mean ${state}`, () => {
    for (const word of spelt) {
      const receipt = read(`id:1 sub:001 dlvrd:000 stat:${word} err:001 text:`);
      assert.deepEqual([receipt?.state, receipt?.unknownState], [state, undefined]);
    }
  });
}

test('a state that nobody knows is told as it stands: a word, or a number', () => {
  const states = (text: string, parameters = none) => {
    const receipt = read(text, parameters);
    return [receipt?.state, receipt?.unknownState];
  };
  assert.deepEqual(states('id:1 stat:GONE'), [undefined, 'GONE']);
  assert.deepEqual(states('id:1 stat:2'), [undefined, '2']);
  assert.deepEqual(states('id:1', { messageState: 77 }), [undefined, 'message_state 77']);
  assert.deepEqual(states('id:1 stat:EXPIRED', { messageState: 77 }), ['EXPIRED', undefined]);
  assert.deepEqual(states('id:1'), [undefined, undefined]);
  assert.deepEqual(states('id:1', { messageState: 9 }), ['REJECTED', undefined]);
  assert.deepEqual(states('id:1', { messageState: 0 }), ['ENROUTE', undefined]);
  assert.equal(states(`id:1 stat:${'X'.repeat(200)}`)[1]?.length, 40);
});

test('the id and the state are read with quotes, blanks and commas around them', () => {
  for (const text of [
    'id:"4f-1A" sub:001 dlvrd:001 stat:DELIVRD err:0',
    "ID : '4f-1A' SUB : 001 DLVRD : 001 STAT : 'delivrd' ERR : 0",
    'id:4f-1A,sub:001,dlvrd:001,stat:DELIVRD,err:0',
    'sub:001 dlvrd:001 stat:"DELIVRD" err:0 id: 4f-1A',
  ]) {
    const { textId, state, error } = read(text, none, 0) ?? {};
    assert.deepEqual([textId, state, error], ['4f-1A', 'DELIVERED', '0'], text);
  }
});

test('the number of a receipt is the address that it comes from', () => {
  const message = { esmClass: 4, shortMessage: utf8ToBytes('id:1 stat:DELIVRD'), parameters: none };
  assert.equal(readReceipt({ ...message, sourceAddress: '491701234567' })?.number, '491701234567');
  assert.ok(!('number' in (readReceipt({ ...message, sourceAddress: '' }) ?? {})));
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
