// What a change does to the result that a push initiator asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedPush, type MessagePush, type PushChange } from '../../../src/store/index.ts';
import { message, notification, relayed } from './support.ts';

const due: MessagePush = {
  ...relayed,
  state: 'delivered',
  body: new Uint8Array(0),
  resultDueAt: 60,
  resultFailures: 2,
};

const result = (push: MessagePush, change: PushChange) => {
  const { resultDueAt, resultFailures } = changedPush(push, change, 77);
  return [resultDueAt, resultFailures];
};

test('a result that was told is due no more, and one that could not be told is due again', () => {
  for (const event of ['result-told', 'result-lost', 'note'] as const) {
    assert.deepEqual(result(due, { event, resultDueAt: null, resultOf: 'delivered' }), [undefined, 2]);
    assert.deepEqual(result(due, { event, resultDueAt: null }), [undefined, 2]);
    assert.deepEqual(result(due, { event, resultDueAt: 90, resultOf: 'delivered' }), [90, 3]);
    assert.deepEqual(result(due, { event, resultDueAt: 95 }), [95, 3]);
    assert.deepEqual(result(due, { event }), [60, 2]);
    assert.deepEqual(result(due, { event, resultOf: 'delivered' }), [60, 2]);
  }
});

test('what came of telling an earlier state changes nothing about the result of this one', () => {
  for (const resultDueAt of [null, 90]) {
    const told = { event: 'result-told', resultDueAt, resultOf: 'unreported' } as const;
    assert.deepEqual(result(due, told), [60, 2]);
  }
});

test('each end makes the result due at once, the belated one too, and its failures are counted anew', () => {
  const unreported = { ...due, state: 'unreported', endedAt: 50 } as const;
  for (const event of ['delivered', 'failed'] as const) {
    const late = changedPush(unreported, { event }, 77);
    assert.deepEqual([late.resultDueAt, late.resultFailures, late.endedAt], [77, 0, 50]);
  }
  const { resultDueAt: _, ...told } = unreported;
  assert.deepEqual(result(told, { event: 'delivered' }), [77, 0]);
  assert.deepEqual(result(told, { event: 'sent' }), [undefined, 2], 'a fact that moves nothing is no end');
});

test('nothing is told of a push whose initiator did not ask, or that has none, or that is a notification', () => {
  const { notifyTo: _, ...mark } = relayed.initiator ?? { initiator: '', pushId: '', recipient: '' };
  for (const push of [message, { ...relayed, initiator: mark }]) {
    const ended = changedPush({ ...push, state: 'sending' }, { event: 'sent' }, 77);
    assert.deepEqual([ended.resultDueAt, ended.resultFailures, ended.body.length], [undefined, 4, 0]);
  }
  const change = { event: 'failed', resultDueAt: 90, resultOf: 'failed' } as const;
  const failed = changedPush(notification, change, 77);
  assert.ok(!('resultDueAt' in failed) && !('resultFailures' in failed) && !('body' in failed));
});
