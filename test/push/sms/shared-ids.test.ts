// Ids that several pushes have or had, or that fit several: what the number does not decide settles none of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { makeTracker, messages, parameter, receiptOf, trackPush } from './tracker-bench.ts';

const anna = '+491701111111';
const bert = '+491702222222';

for (const number of ['', '4040', 'Carrier', '493012345678']) {
  test(`one id for all: a receipt of a finished push that is said again settles no other; its number is "${number}"`, async () => {
    for (const first of [number, anna]) {
      const { tracker, told } = makeTracker();
      trackPush(tracker, 'a', 'sim:0', messages('0'), anna);
      await tracker.take('sim', receiptOf(first, '0'));
      trackPush(tracker, 'b', 'sim:0', messages('0'), bert);
      assert.ok(await tracker.take('sim', receiptOf(number, '0')));
      assert.deepEqual(told(), ['a delivered', 'b unclear']);
      await tracker.take('sim', receiptOf(bert, '0'));
      assert.equal(told().at(-1), 'b delivered');
    }
  });

  test(`one id for all: while another push is submitted, a receipt waits for its answer; its number is "${number}"`, async () => {
    const { tracker, told } = makeTracker();
    trackPush(tracker, 'a', 'sim:0', messages('0'), anna);
    const submission = tracker.submissions.begin(bert);
    assert.ok(await tracker.take('sim', receiptOf(number, '0')));
    assert.deepEqual(told(), []);
    tracker.track('b', 'sim:0', messages('0'), submission);
    await setImmediate();
    assert.deepEqual(told(), ['a unclear', 'b unclear']);
  });

  test(`ids of their own: a receipt counts as soon as the pushes that were being submitted have others; its number is "${number}"`, async () => {
    const { tracker, told } = makeTracker();
    trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
    const submission = tracker.submissions.begin(bert);
    const failed = tracker.submissions.begin('+491703333333');
    await tracker.take('sim', receiptOf(number, '1'));
    // One that leaves later cannot be meant.
    const later = tracker.submissions.begin(bert);
    tracker.track('b', 'sim:2', messages('2'), submission);
    assert.deepEqual(told(), []);
    tracker.submissions.end(failed);
    assert.deepEqual(told(), ['a delivered']);
    tracker.submissions.end(later);
  });
}

test('one id for all: while the end of a push is written down, a receipt without a number settles no other', async () => {
  let finish: () => void = () => {};
  const told: string[] = [];
  const { tracker } = makeTracker({
    onReport: ({ pushId, outcome }) => {
      told.push(`${pushId} ${outcome}`);
      return outcome === 'unclear' ? undefined : new Promise<void>((resolve) => (finish = resolve));
    },
  });
  trackPush(tracker, 'a', 'sim:0', messages('0'), anna);
  trackPush(tracker, 'b', 'sim:0', messages('0'), bert);
  const first = tracker.take('sim', receiptOf(anna, '0'));
  await tracker.take('sim', receiptOf('', '0'));
  finish();
  await first;
  assert.deepEqual(told, ['a delivered', 'b unclear']);
});

test('a receipt between the answers to the parts of a push does not count by the id alone where another push had the id', async () => {
  const { tracker, told } = makeTracker();
  trackPush(tracker, 'a', 'sim:0', messages('0'), anna);
  await tracker.take('sim', receiptOf(anna, '0'));
  const submission = tracker.submissions.begin(bert);
  const answeredAt = tracker.submissions.moment;
  await tracker.take('sim', receiptOf('', '0'));
  tracker.track('b', 'r', [{ smsc: 'sim', messageId: '0', answeredAt }], submission);
  assert.deepEqual(told(), ['a delivered', 'b unclear']);
});

test('held receipts are bounded: what has to give way is a note', async () => {
  const { tracker, told } = makeTracker();
  trackPush(tracker, 'a', 'sim:0', messages('0'), anna);
  tracker.submissions.begin(bert);
  for (let i = 0; i <= 10_000; i += 1) await tracker.take('sim', receiptOf('', '0'));
  assert.deepEqual(told(), ['a unclear']);
});

for (const number of ['1000', '']) {
  test(`without a rule: an id that fits two pushes by different readings settles none; its number is "${number}"`, async () => {
    const { tracker, reports, told } = makeTracker({ textId: 'any' });
    trackPush(tracker, 'a', 'r', messages('10'), anna);
    trackPush(tracker, 'b', 'r', messages('16'), bert);
    await tracker.take('sim', receiptOf(number, '16'));
    assert.deepEqual([...told()].sort(), ['a unclear', 'b unclear']);
    assert.match(reports[0]?.detail ?? '', /read as decimal or as hexadecimal/);
    // The number of a device decides.
    await tracker.take('sim', receiptOf(anna, '16'));
    assert.equal(told().at(-1), 'a delivered');
  });
}

for (const id of ['10', '16']) {
  test(`without a rule: two readings for one device settle none: ${id}`, async () => {
    const { tracker, told } = makeTracker({ textId: 'any' });
    trackPush(tracker, 'ten', 'r', messages('10'), anna);
    trackPush(tracker, 'sixteen', 'r', messages('16'), anna);
    await tracker.take('sim', receiptOf(anna, id));
    assert.deepEqual([...told()].sort(), ['sixteen unclear', 'ten unclear']);
  });
}

test('without a rule: two readings that are attempts of one push are one push', async () => {
  const { tracker, told } = makeTracker({ textId: 'any' });
  trackPush(tracker, 'a', 'r', messages('10'), anna);
  trackPush(tracker, 'a', 'r', messages('16'), anna);
  await tracker.take('sim', receiptOf(anna, '16'));
  assert.deepEqual(told(), ['a delivered']);
});

test('without a rule: a receipt whose id was that of a finished push settles no push that it fits by another reading', async () => {
  const { tracker, told } = makeTracker({ textId: 'any' });
  trackPush(tracker, 'sixteen', 'r', messages('16'), anna);
  await tracker.take('sim', receiptOf(anna, '16'));
  await tracker.take('sim', receiptOf(anna, '16'));
  assert.equal(tracker.counters().late, 1);
  trackPush(tracker, 'ten', 'r', messages('10'), anna);
  await tracker.take('sim', receiptOf(anna, '16'));
  assert.deepEqual(told(), ['sixteen delivered', 'ten unclear']);
});

test('without a rule: parameter and text that agree in one reading leave nothing to guess', async () => {
  const { tracker, told } = makeTracker({ textId: 'any', parameterId: 'any' });
  trackPush(tracker, 'ten', 'r', messages('10'), anna);
  trackPush(tracker, 'other', 'r', messages('22'), anna);
  await tracker.take('sim', { ...parameter('10', 'DELIVERED'), textId: '16', number: anna });
  assert.deepEqual(told(), ['ten delivered']);
});

for (const rule of ['same', 'hex-to-decimal'] as const) {
  test(`rule ${rule}: an id fits one push`, async () => {
    const { tracker, told } = makeTracker({ textId: rule });
    trackPush(tracker, 'ten', 'r', messages('10'), anna);
    trackPush(tracker, 'sixteen', 'r', messages('16'), anna);
    await tracker.take('sim', receiptOf('', '16'));
    assert.deepEqual(told(), [rule === 'same' ? 'sixteen delivered' : 'ten delivered']);
  });
}

test('a note for each other state, so that a failure behind a success is told; within a bound', async () => {
  const { tracker, reports, told } = makeTracker();
  trackPush(tracker, 'a', 'sim:0', messages('0'), anna);
  trackPush(tracker, 'b', 'sim:0', messages('0'), bert);
  await tracker.take('sim', receiptOf('', '0'));
  await tracker.take('sim', receiptOf('', '0', 'UNDELIVERABLE'));
  await tracker.take('sim', receiptOf('', '0', 'UNDELIVERABLE'));
  assert.deepEqual(told(), ['a unclear', 'b unclear', 'a unclear', 'b unclear']);
  assert.match(reports.at(-1)?.detail ?? '', /^sim: UNDELIVERABLE .*\(2 such receipts\)$/);
  for (let i = 0; i < 200; i += 1)
    await tracker.take('sim', receiptOf('', '0', i % 2 === 0 ? 'DELIVERED' : 'EXPIRED'));
  assert.ok(told().length <= 2 * 23, String(told().length));
});

const german = '+491700000001';
const british = '+441700000001';
for (const [number, whose] of [
  ['491700000001', 'de'],
  ['00441700000001', 'uk'],
] as const) {
  test(`numbers with the same last eight digits: the longest agreement decides: ${number}`, async () => {
    const { tracker, told } = makeTracker();
    trackPush(tracker, 'de', 'sim:0', messages('0'), german);
    trackPush(tracker, 'uk', 'sim:0', messages('0'), british);
    await tracker.take('sim', receiptOf('01700000001', '0'));
    assert.deepEqual(told(), ['de unclear', 'uk unclear']);
    await tracker.take('sim', receiptOf(number, '0'));
    assert.equal(told().at(-1), `${whose} delivered`);
    // Said again, it is about the one that is over.
    await tracker.take('sim', receiptOf(number, '0'));
    assert.deepEqual([told().length, tracker.counters().late], [3, 1]);
    // And in national form it may be.
    await tracker.take('sim', receiptOf('01700000001', '0', 'EXPIRED'));
    assert.equal(told().at(-1), `${whose === 'de' ? 'uk' : 'de'} unclear`);
  });
}

test('numbers with the same last eight digits: a receipt waits for the push under way that it agrees with as well', async () => {
  for (const number of ['491700000001', '01700000001']) {
    const { tracker, told } = makeTracker();
    trackPush(tracker, 'uk', 'sim:0', messages('0'), british);
    const submission = tracker.submissions.begin(german);
    await tracker.take('sim', receiptOf(number, '0'));
    assert.deepEqual(told(), []);
    tracker.track('de', 'sim:0', messages('0'), submission);
    assert.deepEqual(told(), [number === '491700000001' ? 'de delivered' : 'uk unclear']);
  }
});

test('numbers with the same last eight digits: an early receipt is for the one that it agrees with longest', async () => {
  const { tracker, told } = makeTracker();
  const first = tracker.submissions.begin(british);
  const second = tracker.submissions.begin(german);
  await tracker.take('sim', receiptOf('491700000001', '0'));
  tracker.track('uk', 'sim:0', messages('0'), first);
  assert.deepEqual(told(), []);
  tracker.track('de', 'sim:0', messages('0'), second);
  assert.deepEqual(told(), ['de delivered']);
});
