// Whose answer a late one is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LateReference } from '../../../src/push/modem/modem/late-reference.ts';

test('it is that of the last message that is in doubt, once, and of no other', () => {
  const late = new LateReference();
  assert.equal(late.hear('+CMGS: 1'), false, 'nothing is waited for');
  late.await('p');
  for (const line of ['OK', '+CMGS: 256', '+CMGS:', '+CMGL: 1', 'x+CMGS: 1'])
    assert.equal(late.hear(line), false);
  assert.equal(late.take('p'), undefined);
  assert.equal(late.hear('+CMGS: 255'), true);
  assert.equal(late.take('q'), undefined);
  assert.equal(late.take('p'), 255);
  assert.equal(late.take('p'), undefined);
  assert.equal(late.hear('+CMGS: 2'), false);
});

test('once another message is out nobody knows whose an answer is', () => {
  const late = new LateReference();
  late.await('p');
  late.hear('+CMGS: 7');
  late.forget();
  assert.equal(late.take('p'), undefined);
  assert.equal(late.hear('+CMGS: 7'), false);
});
