// How else centres write receipts, and what a device may write that looks like one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReceipt, type SmppParameters } from '../../../src/codec/smpp/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';

const none: SmppParameters = {};
const read = (text: string, parameters = none, esmClass = 0) =>
  readReceipt({ esmClass, shortMessage: utf8ToBytes(text), parameters });
const rest = 'sub:001 dlvrd:001 submit date:2611290700 done date:2611290701 stat:DELIVRD err:000 text:';

for (const messageState of [0, 1, 6, 7, 99]) {
  test(`SMPP 3.4 §5.2.28: message_state ${messageState} ends nothing: the text that does counts`, () => {
    for (const esmClass of [0, 4]) {
      assert.equal(read(`id:abc ${rest}`, { messageState }, esmClass)?.state, 'DELIVERED');
      assert.equal(read(`id:abc ${rest}`, { messageState: 5 }, esmClass)?.state, 'UNDELIVERABLE');
      const parameters = { receiptedMessageId: 'abc', messageState };
      assert.equal(read('stat:EXPIRED', parameters, esmClass)?.state, 'EXPIRED');
    }
    assert.equal(read('id:abc stat:DELIVRD', { messageState }, 0x20)?.intermediate, true);
  });
}

for (const text of [
  'id:abc submit_date:2611290700 done_date:2611290701 stat:DELIVRD err:000',
  'id:abc sub:001 dlvrd:001 status:DELIVRD err:0',
  'id:abc sub:001 dlvrd:001 state:DELIVRD error:0',
  'id=abc sub=001 dlvrd=001 stat=DELIVRD err=000',
  'Message-Id: abc, Sub: 001, Dlvrd: 001, Stat: DELIVRD., Err: 000',
]) {
  test(`SMPP 3.4 appendix B: laid out otherwise, with esm_class 0: ${text}`, () => {
    const { textId, state, doubtful } = read(text) ?? {};
    assert.deepEqual([textId, state, doubtful], ['abc', 'DELIVERED', undefined]);
  });
}

test('SMPP 3.4 §5.3.2.12: receipted_message_id beside a text without id, with esm_class 0', () => {
  const receipt = read(rest, { receiptedMessageId: 'abc' });
  assert.deepEqual(
    [receipt?.parameterId, receipt?.state, receipt?.doubtful],
    ['abc', 'DELIVERED', undefined],
  );
});

for (const [text, parameters] of [
  ['id:abc stat:DELIVRD err:000', none],
  ['id:abc status:DELIVRD err:0', none],
  ['id:abc', { messageState: 2 }],
  ['stat:DELIVRD', { receiptedMessageId: 'abc' }],
] as const) {
  test(`with esm_class 0 it is doubtful, with that of a receipt it is not: ${text} ${JSON.stringify(parameters)}`, () => {
    const { textId, parameterId, state, doubtful } = read(text, parameters) ?? {};
    assert.deepEqual([textId ?? parameterId, state, doubtful], ['abc', 'DELIVERED', true]);
    assert.equal(read(text, parameters, 4)?.doubtful, undefined);
  });
}

for (const id of ['a,b', '20 61', 'a;b', 'a, b c', 'abc']) {
  for (const [separator, what] of [
    [' ', 'blank'],
    [',', 'comma'],
    [', ', 'comma and blank'],
    [' ,', 'blank and comma'],
    ['\n', 'new line'],
  ]) {
    test(`an id up to the next field, with a ${what} behind it: "${id}"`, () => {
      for (const esmClass of [0, 4])
        assert.equal(read(`id:${id}${separator}${rest}`, none, esmClass)?.textId, id);
    });
  }
}

test('an id without a field behind it is one word', () => {
  assert.equal(read('stat:DELIVRD id:abc thank you', none, 4)?.textId, 'abc');
});

for (const [word, state] of [
  ['DLVRD', 'DELIVERED'],
  ['DELIVRD.', 'DELIVERED'],
  ['UNDLVRD', 'UNDELIVERABLE'],
  ['UNDELV', 'UNDELIVERABLE'],
  ['undelv!', 'UNDELIVERABLE'],
] as const) {
  test(`${word} means ${state}`, () => {
    assert.equal(read(`id:1 sub:001 dlvrd:000 stat:${word} err:001`)?.state, state);
  });
}

for (const text of [
  'id:1',
  'id=1 stat=DELIVRD',
  'id: 17, status: fine',
  'My id:1 sub:001 dlvrd:001 stat:DELIVRD err:000',
  'status: all well, thanks',
  'stat:DELIVRD err:000',
]) {
  test(`a message of a device is no receipt: ${text}`, () => {
    assert.equal(read(text), undefined);
  });
}
