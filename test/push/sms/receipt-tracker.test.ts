import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReceiptIdRule } from '../../../src/push/sms/receipt/receipt-id.ts';
import { makeTracker, messages, parameter, text, trackPush } from './tracker-bench.ts';

test('SMPP 3.4 appendix B: a push is delivered when each of its messages is, and is reported once', async () => {
  const { tracker, reports } = makeTracker();
  trackPush(tracker, 'p', 'sim:1 sim:2 sim:3', messages('1', '2', '3'));
  assert.ok(await tracker.take('sim', text('2', 'DELIVERED')));
  assert.ok(await tracker.take('sim', text('2', 'DELIVERED')));
  assert.ok(await tracker.take('sim', text('1', 'DELIVERED')));
  assert.deepEqual(reports, []);
  assert.ok(await tracker.take('sim', parameter('3', 'DELIVERED')));
  assert.deepEqual(reports, [
    {
      binding: 'sms',
      pushId: 'p',
      reference: 'sim:1 sim:2 sim:3',
      references: ['sim:1', 'sim:2', 'sim:3'],
      outcome: 'delivered',
      detail: 'sim: DELIVERED',
    },
  ]);
  assert.equal(tracker.counters().open, 0);
});

for (const state of ['EXPIRED', 'DELETED', 'UNDELIVERABLE', 'REJECTED'] as const) {
  test(`SMPP 3.4 §5.2.28: one message that is ${state} fails the push at once`, async () => {
    const { tracker, reports } = makeTracker();
    trackPush(tracker, 'p', 'r', messages('1', '2'));
    await tracker.take('sim', text('1', 'DELIVERED'));
    await tracker.take('sim', text('2', state, { error: '034' }));
    assert.deepEqual(
      reports.map(({ outcome, detail }) => [outcome, detail]),
      [['failed', `sim: ${state}, error 034 (message 2 of 2)`]],
    );
  });
}

for (const state of ['ENROUTE', 'ACCEPTED', 'UNKNOWN', undefined] as const) {
  test(`SMPP 3.4 §5.2.28: ${state ?? 'a state that nobody knows'} says nothing about the end`, async () => {
    const { tracker, reports } = makeTracker();
    trackPush(tracker, 'p', 'r', messages('1'));
    assert.ok(await tracker.take('sim', text('1', state)));
    assert.ok(await tracker.take('sim', text('1', 'DELIVERED', { intermediate: true })));
    assert.deepEqual(reports, []);
    assert.deepEqual([tracker.counters().intermediate, tracker.counters().open], [2, 1]);
  });
}

test('ids belong to their centre', async () => {
  const { tracker, reports } = makeTracker();
  trackPush(tracker, 'p', 'r', messages('1'));
  await tracker.take('other', text('1', 'DELIVERED'));
  assert.deepEqual(reports, []);
});

test('a receipt that nobody waits for is given back after a while, with what it says', async () => {
  const { clock, tracker, unmatched } = makeTracker();
  await tracker.take('sim', { ...text('9', 'EXPIRED'), parameterId: '8' });
  await tracker.take('sim', { state: 'DELIVERED', error: '', intermediate: false });
  assert.deepEqual(unmatched, [{ smsc: 'sim', ids: [], state: 'DELIVERED' }]);
  clock.advance(600_000);
  await tracker.take('sim', text('10', 'DELIVERED'));
  assert.deepEqual(unmatched[1], { smsc: 'sim', ids: ['8', '9'], state: 'EXPIRED' });
  assert.equal(tracker.counters().unmatched, 2);
});

const rules: readonly (readonly [ReceiptIdRule, string, string])[] = [
  ['hex-to-decimal', '10', '0000000016'],
  ['decimal-to-hex', '10', '0000000A'],
];
for (const [rule, response, receipt] of rules) {
  test(`rule ${rule}: response ${response}, receipt ${receipt}; text and parameter each by their own rule`, async () => {
    const { tracker, reports } = makeTracker({ textId: rule });
    trackPush(tracker, 'p', 'r', messages(response));
    trackPush(tracker, 'q', 's', messages('other'));
    // By the rule this is another message, although it looks the same.
    await tracker.take('sim', text(response, 'DELIVERED'));
    assert.deepEqual(reports, []);
    await tracker.take('sim', text(receipt, 'DELIVERED'));
    await tracker.take('sim', parameter('OTHER', 'DELIVERED'));
    assert.deepEqual(
      reports.map(({ pushId }) => pushId),
      ['p', 'q'],
    );
  });
}

test('a handler that fails has the receipt said again; then it is reported again', async () => {
  let fails = 2;
  const reported: string[] = [];
  const { tracker } = makeTracker({
    onReport: async ({ outcome }) => {
      fails -= 1;
      if (fails >= 0) throw new Error('disk full');
      reported.push(outcome);
    },
  });
  trackPush(tracker, 'p', 'r', messages('1', '2'));
  assert.equal(await tracker.take('sim', text('1', 'DELIVERED')), true);
  assert.equal(await tracker.take('sim', text('2', 'DELIVERED')), false);
  assert.equal(await tracker.take('sim', text('2', 'DELIVERED')), false);
  assert.equal(await tracker.take('sim', text('2', 'DELIVERED')), true);
  assert.deepEqual(reported, ['delivered']);
});

test('a receipt that is said again while the handler runs waits for it, and is reported once', async () => {
  let finish: () => void = () => {};
  let calls = 0;
  const { tracker } = makeTracker({
    onReport: () => {
      calls += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  });
  trackPush(tracker, 'p', 'r', messages('1'));
  const both = Promise.all([
    tracker.take('sim', text('1', 'DELIVERED')),
    tracker.take('sim', text('1', 'DELIVERED')),
  ]);
  finish();
  assert.deepEqual(await both, [true, true]);
  assert.equal(calls, 1);
});

test('a message without an id is never delivered by a receipt without one', async () => {
  const { tracker, reports } = makeTracker();
  trackPush(tracker, 'p', 'r', messages(''));
  await tracker.take('sim', parameter('', 'DELIVERED'));
  assert.deepEqual(reports, []);
});

test('a push of an earlier process that is waited for twice is one wait', async () => {
  const { tracker, reports } = makeTracker();
  tracker.expect('p', 'r', messages('1', '2'));
  await tracker.take('sim', text('1', 'DELIVERED'));
  tracker.expect('p', 'r', messages('1', '2'));
  await tracker.take('sim', text('2', 'DELIVERED'));
  assert.deepEqual([reports.length, tracker.counters().open], [1, 0]);
});

test('what is waited for is bounded in number and time', async () => {
  const { clock, tracker, reports } = makeTracker({ maxTracked: 2 });
  for (const id of ['1', '2', '3']) trackPush(tracker, `p${id}`, 'r', messages(id));
  assert.deepEqual([tracker.counters().open, tracker.counters().forgotten], [2, 1]);
  await tracker.take('sim', text('1', 'DELIVERED'));
  assert.deepEqual(reports, []);
  clock.advance(3_600_000);
  await tracker.take('sim', text('2', 'DELIVERED'));
  assert.deepEqual(reports, []);
  assert.deepEqual([tracker.counters().open, tracker.counters().forgotten], [0, 3]);
});
