// Receipts that a device may have written: they count for a push to that device alone, and leave no other trace.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveryReceipt } from '../../../src/codec/smpp/index.ts';
import { makeTracker, messages, receiptOf, trackPush } from './tracker-bench.ts';

const anna = '+491701111111';
const bert = '+491702222222';
const doubtful = (number: string, id: string): DeliveryReceipt => ({
  ...receiptOf(number, id),
  doubtful: true,
});

test('a doubtful receipt settles the open push whose id and number it has', async () => {
  const { tracker, told } = makeTracker();
  trackPush(tracker, 'a', 'r', messages('1'), anna);
  assert.ok(await tracker.take('sim', doubtful('491701111111', '1')));
  assert.deepEqual(told(), ['a delivered']);
});

test('a doubtful receipt that overtakes the answer counts for the push to its device', async () => {
  const { tracker, told } = makeTracker();
  const submission = tracker.submissions.begin(anna);
  await tracker.take('sim', doubtful(anna, '1'));
  tracker.track('a', 'r', messages('1'), submission);
  assert.deepEqual(told(), ['a delivered']);
});

test('a doubtful receipt of another number, of another id or of an unknown state leaves no trace', async () => {
  const { clock, tracker, told, unmatched, unknown } = makeTracker();
  trackPush(tracker, 'a', 'r', messages('1'), anna);
  trackPush(tracker, 'b', 'r', messages('2'), bert);
  const submission = tracker.submissions.begin('+491703333333');
  for (const number of [bert, '4040', '', 'Carrier']) await tracker.take('sim', doubtful(number, '1'));
  await tracker.take('sim', doubtful(anna, '9'));
  await tracker.take('sim', { ...doubtful(anna, '1'), state: undefined, unknownState: 'WELL' });
  tracker.submissions.end(submission);
  clock.advance(600_000);
  await tracker.take('sim', doubtful(bert, '7'));
  assert.deepEqual([told(), unmatched, unknown], [[], [], []]);
  const { matched, unmatched: count, late, unclear, intermediate } = tracker.counters();
  assert.deepEqual([matched, count, late, unclear, intermediate], [0, 0, 0, 0, 0]);
});

for (const id of ['a,', 'a;', ' a ']) {
  test(`an id is the same with or without what separates it: "${id}"`, async () => {
    const { tracker, told } = makeTracker();
    trackPush(tracker, 'a', 'r', messages('a'), anna);
    await tracker.take('sim', receiptOf('', id));
    assert.deepEqual(told(), ['a delivered']);
  });
}
