// Whose a receipt is: id and number together, for some centres give one id to every message, and others count from 0 again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTracker, messages, parameter, receiptOf, text, trackPush } from './tracker-bench.ts';

const anna = '+491701111111';
const bert = '+491702222222';

test('one id for all: each receipt settles the push to its own device', async () => {
  const { tracker, told } = makeTracker();
  trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
  trackPush(tracker, 'b', 'sim:1', messages('1'), bert);
  assert.ok(await tracker.take('sim', receiptOf('491702222222', '1')));
  assert.ok(await tracker.take('sim', receiptOf('491701111111', '1', 'UNDELIVERABLE')));
  assert.deepEqual(told(), ['b delivered', 'a failed']);
});

for (const number of ['491701111111', '+491701111111', '01701111111', '1701111111', '00 49 170 111-1111']) {
  test(`numbers are compared on their last eight digits: ${number}`, async () => {
    const { tracker, told } = makeTracker();
    trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
    trackPush(tracker, 'b', 'sim:1', messages('1'), bert);
    await tracker.take('sim', receiptOf(number, '1'));
    assert.deepEqual(told(), ['a delivered']);
  });
}

for (const number of ['4040', 'Carrier', '', '493012345678']) {
  test(`the id alone settles the one open push with it, whatever number the centre writes: "${number}"`, async () => {
    const { tracker, told } = makeTracker();
    trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
    trackPush(tracker, 'b', 'sim:2', messages('2'), bert);
    await tracker.take('sim', receiptOf(number, '1'));
    assert.deepEqual(told(), ['a delivered']);
  });

  test(`where several have the id and the number is "${number}", none is settled, and each is told`, async () => {
    const { tracker, reports, told } = makeTracker();
    trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
    trackPush(tracker, 'b', 'sim:1', messages('1'), bert);
    assert.ok(await tracker.take('sim', receiptOf(number, '1')));
    assert.deepEqual(told(), ['a unclear', 'b unclear']);
    assert.match(
      reports[0]?.detail ?? '',
      /^sim: DELIVERED for message 1, an id that several pushes have or had/,
    );
    assert.deepEqual([tracker.counters().open, tracker.counters().unclear], [2, 1]);
    // What names a device still settles its push.
    await tracker.take('sim', receiptOf(anna, '1'));
    assert.equal(told().at(-1), 'a delivered');
  });
}

test('one id twice for one device: nobody can tell, until one of the two is over', async () => {
  const { tracker, told } = makeTracker();
  trackPush(tracker, 'a1', 'sim:1', messages('1'), anna);
  trackPush(tracker, 'a2', 'sim:1', messages('1'), anna);
  trackPush(tracker, 'b', 'sim:1', messages('1'), bert);
  await tracker.take('sim', receiptOf(anna, '1'));
  assert.deepEqual(told(), ['a1 unclear', 'a2 unclear']);
  const { clock, tracker: later, told: toldLater } = makeTracker();
  trackPush(later, 'a1', 'sim:1', messages('1'), anna);
  clock.advance(3_000_000);
  trackPush(later, 'a2', 'sim:1', messages('1'), anna);
  clock.advance(1_000_000);
  await later.take('sim', receiptOf(anna, '1'));
  assert.deepEqual(toldLater(), ['a2 delivered']);
});

test('two attempts of one push under one id are one push', async () => {
  const { tracker, told } = makeTracker();
  trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
  trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
  await tracker.take('sim', receiptOf(anna, '1', 'EXPIRED'));
  await tracker.take('sim', receiptOf(anna, '1'));
  assert.deepEqual(told(), ['a failed', 'a delivered']);
  assert.equal(tracker.counters().open, 0);
});

test('an id that came again: a receipt of the push that had it before settles no other', async () => {
  const { tracker, told } = makeTracker({ maxTracked: 1 });
  trackPush(tracker, 'forgotten', 'sim:0', messages('0'), anna);
  trackPush(tracker, 'open', 'sim:0', messages('0'), bert);
  await tracker.take('sim', receiptOf(anna, '0'));
  assert.deepEqual(told(), []);
  assert.equal(tracker.counters().late, 1);
  await tracker.take('sim', receiptOf(bert, '0'));
  assert.deepEqual(told(), ['open delivered']);
});

test('a receipt that is said again after its push is over is none that nobody knows', async () => {
  const { clock, tracker, told, unmatched } = makeTracker();
  trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
  await tracker.take('sim', receiptOf(anna, '1'));
  await tracker.take('sim', receiptOf(anna, '1'));
  await tracker.take('sim', receiptOf('', '1'));
  clock.advance(600_000);
  await tracker.take('sim', receiptOf(anna, '1'));
  assert.deepEqual([told(), unmatched, tracker.counters().late], [['a delivered'], [], 3]);
});

test('parts of a push that all have one id: as many receipts as parts', async () => {
  const { tracker, reports, told } = makeTracker();
  trackPush(tracker, 'a', 'r', messages('1', '1', '1'), anna);
  trackPush(tracker, 'b', 'r', messages('1', '1'), bert);
  for (const number of [anna, bert, anna]) await tracker.take('sim', receiptOf(number, '1'));
  assert.deepEqual(told(), []);
  await tracker.take('sim', receiptOf(anna, '1'));
  assert.deepEqual(told(), ['a delivered']);
  await tracker.take('sim', receiptOf(bert, '1', 'EXPIRED'));
  assert.deepEqual([told().at(-1), reports.at(-1)?.detail], ['b failed', 'sim: EXPIRED']);
});

test('a receipt that overtakes the response counts when the response comes, for its own device', async () => {
  const { tracker, told } = makeTracker();
  const submission = tracker.submissions.begin(anna);
  assert.ok(await tracker.take('sim', receiptOf(anna, '2')));
  assert.ok(await tracker.take('sim', receiptOf(bert, '1')));
  assert.ok(await tracker.take('sim', receiptOf(anna, '1')));
  tracker.track('a', 'r', messages('1', '2'), submission);
  trackPush(tracker, 'b', 'r', messages('1'), bert);
  assert.deepEqual(told(), ['a delivered']);
  assert.equal(tracker.counters().unmatched, 0);
});

test('an early receipt is none of a push that is submitted later, and none of another device', async () => {
  const { clock, tracker, told, unmatched } = makeTracker();
  await tracker.take('sim', receiptOf(anna, '1'));
  trackPush(tracker, 'later', 'r', messages('1'), anna);
  const submission = tracker.submissions.begin(bert);
  await tracker.take('sim', receiptOf('4040', '7'));
  await tracker.take('sim', text('7', 'DELIVERED'));
  await tracker.take('sim', receiptOf(anna, '7'));
  tracker.track('other', 'r', messages('7'), submission);
  assert.deepEqual(told(), []);
  clock.advance(600_000);
  await tracker.take('sim', text('', undefined));
  assert.deepEqual([told(), unmatched.length], [[], 4]);
});

test('a receipt that comes between the answers to the parts of its push counts by the id alone, as one that comes later', async () => {
  const { tracker, told } = makeTracker();
  const submission = tracker.submissions.begin(anna);
  const answeredAt = tracker.submissions.moment;
  await tracker.take('sim', receiptOf('', '1'));
  await tracker.take('sim', receiptOf('4040', '2'));
  const [first, second] = messages('1', '2').map((one) => ({ ...one, answeredAt }));
  assert.ok(first !== undefined && second !== undefined);
  tracker.track('a', 'r', [first, second], submission);
  assert.deepEqual(told(), ['a delivered']);
});

test('a receipt for a device whose push is under way waits for it, and settles no other that has the id', async () => {
  const { tracker, told } = makeTracker();
  trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
  const submission = tracker.submissions.begin(bert);
  await tracker.take('sim', receiptOf(bert, '1'));
  assert.deepEqual(told(), []);
  tracker.track('b', 'sim:1', messages('1'), submission);
  assert.deepEqual(told(), ['b delivered']);
  // A submission that failed holds up nothing.
  const failed = tracker.submissions.begin(bert);
  tracker.submissions.end(failed);
  tracker.submissions.end(failed);
  await tracker.take('sim', receiptOf('493012345678', '1'));
  assert.deepEqual(told(), ['b delivered', 'a unclear']);
});

test('pushes of an earlier process: by their number where it is known, else by the id alone', async () => {
  const { tracker, told } = makeTracker();
  tracker.expect('a', 'sim:1', messages('1'), anna);
  tracker.expect('b', 'sim:1', messages('1'), bert);
  tracker.expect('old', 'sim:9', messages('9'));
  await tracker.take('sim', receiptOf(bert, '1'));
  await tracker.take('sim', receiptOf(anna, '9'));
  assert.deepEqual(told(), ['b delivered', 'old delivered']);
});

test('pushes of an earlier process: receipts that came before they were named count', async () => {
  const { tracker, told } = makeTracker();
  for (const [number, id] of [
    [anna, '1'],
    [bert, '1'],
    [bert, '9'],
    [anna, '8'],
    [bert, '8'],
  ] as const) {
    await tracker.take('sim', receiptOf(number, id));
  }
  tracker.expect('a', 'sim:1', messages('1'), anna);
  tracker.expect('old', 'sim:9', messages('9'));
  // Which of the two it is, nobody can tell.
  tracker.expect('older', 'sim:8', messages('8'));
  assert.deepEqual(told(), ['a delivered', 'old delivered']);
});

test('a centre cannot fill timelines: a note for the first, tenth, hundredth receipt that nobody can tell', async () => {
  const { tracker, reports } = makeTracker({ maxTracked: 1000 });
  for (let i = 0; i < 300; i += 1)
    trackPush(tracker, `p${i}`, 'sim:1', messages('1'), `+4917000000${100 + i}`);
  await tracker.take('sim', receiptOf('', '1'));
  assert.equal(reports.length, 100);
  for (let i = 1; i < 20; i += 1) await tracker.take('sim', receiptOf('', '1'));
  const ofFirst = reports.filter(({ pushId }) => pushId === 'p0').map(({ detail }) => detail.slice(-18));
  assert.deepEqual([ofFirst.length, ofFirst[1]], [2, '(10 such receipts)']);
  assert.ok(reports.length <= 600);
});

test('a note that cannot be written has the receipt said again', async () => {
  let fails = 1;
  const told: string[] = [];
  const { tracker } = makeTracker({
    onReport: ({ pushId, outcome }) => {
      fails -= 1;
      if (fails >= 0) throw new Error('disk full');
      told.push(`${pushId} ${outcome}`);
    },
  });
  trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
  trackPush(tracker, 'b', 'sim:1', messages('1'), bert);
  assert.equal(await tracker.take('sim', receiptOf('', '1')), false);
  assert.equal(await tracker.take('sim', receiptOf('', '1')), true);
  assert.deepEqual(told, ['b unclear', 'a unclear']);
});

test('receipts over another link of the same account count where id and number agree', async () => {
  const { tracker, told } = makeTracker({
    sameAccount: (smsc) => (smsc === 'other' ? ['sim'] : smsc === 'sim' ? ['other'] : []),
  });
  trackPush(tracker, 'a', 'sim:1', messages('1'), anna);
  trackPush(tracker, 'b', 'sim:2', messages('2'), bert);
  await tracker.take('other', receiptOf('4040', '1'));
  await tracker.take('stranger', receiptOf(anna, '1'));
  assert.deepEqual(told(), []);
  await tracker.take('other', receiptOf(anna, '1'));
  assert.deepEqual(told(), ['a delivered']);
  const submission = tracker.submissions.begin(anna);
  await tracker.take('other', receiptOf(anna, '3'));
  tracker.track('c', 'sim:3', messages('3'), submission);
  assert.deepEqual(told(), ['a delivered', 'c delivered']);
});

const spellings: readonly (readonly [string, string])[] = [
  ['1A2B', '1a2b'],
  ['0x1a2b', '1A2B'],
  ['1a2b', '0X1A2B'],
  ['0000000042', '42'],
  ['42', '0000000042'],
  ['550e8400-e29b-41d4-a716-446655440000', '550E8400E29B41D4A716446655440000'],
  [' 77 ', '77'],
  ['"77"', '77'],
  ['0', '000'],
];
for (const [response, receipt] of spellings) {
  test(`an id is the same however it is written: ${response} and ${receipt}`, async () => {
    const { tracker, told } = makeTracker();
    trackPush(tracker, 'a', 'r', messages(response));
    await tracker.take('sim', text(receipt, 'DELIVERED'));
    assert.deepEqual(told(), ['a delivered']);
  });
}

for (const [response, receipt] of [
  ['1F', '31'],
  ['31', '1F'],
  ['10', '16'],
] as const) {
  test(`without a rule: ${response} in the response and ${receipt} in the receipt, for the device of the push alone`, async () => {
    const { tracker, told } = makeTracker({ textId: 'any', parameterId: 'any' });
    trackPush(tracker, 'a', 'r', messages(response), anna);
    await tracker.take('sim', receiptOf(bert, receipt));
    await tracker.take('sim', receiptOf('', receipt));
    assert.deepEqual(told(), []);
    await tracker.take('sim', receiptOf(anna, receipt));
    assert.deepEqual(told(), ['a delivered']);
  });
}

test('one id for all: a receipt for a device whose earlier push is over waits for its push under way', async () => {
  const { tracker, told } = makeTracker();
  trackPush(tracker, 'a1', 'sim:1', messages('1'), anna);
  trackPush(tracker, 'b', 'sim:1', messages('1'), bert);
  await tracker.take('sim', receiptOf(anna, '1'));
  const submission = tracker.submissions.begin(anna);
  await tracker.take('sim', receiptOf(anna, '1'));
  tracker.track('a2', 'sim:1', messages('1'), submission);
  assert.deepEqual(told(), ['a1 delivered', 'a2 delivered']);
});

test('one id for all: a hundred thousand pushes of an earlier process are taken up in one go', () => {
  const { tracker } = makeTracker({ maxTracked: 200_000 });
  for (let i = 0; i < 100_000; i += 1) {
    tracker.expect(`p${i}`, 'sim:1', messages('1'), `+4917${String(10_000_000 + i)}`);
  }
  assert.equal(tracker.counters().open, 100_000);
});

for (const state of ['DELIVERED', 'UNDELIVERABLE'] as const) {
  test(`one receipt for all parts: ${state} of any part counts for the push, and those of others are late`, async () => {
    for (const part of ['1', '2', '3']) {
      const { tracker, reports, unmatched } = makeTracker({ parts: 'last' });
      trackPush(tracker, 'a', 'r', messages('1', '2', '3'), anna);
      await tracker.take('sim', receiptOf(anna, part, state));
      assert.deepEqual(
        reports.map(({ detail }) => detail),
        [`sim: ${state}`],
      );
      await tracker.take('sim', receiptOf(anna, part === '1' ? '2' : '1', state));
      assert.deepEqual([unmatched.length, tracker.counters().late, reports.length], [0, 1, 1]);
    }
  });
}

test('a state that nobody knows is counted, and told as the centre wrote it', async () => {
  const { tracker, unknown, told } = makeTracker();
  trackPush(tracker, 'a', 'r', messages('1'), anna);
  await tracker.take('sim', { ...parameter('1', 'DELIVERED'), state: undefined, unknownState: 'GONE' });
  assert.deepEqual(unknown, [{ smsc: 'sim', state: 'GONE' }]);
  assert.deepEqual([tracker.counters().unknownStates, tracker.counters().intermediate, told()], [1, 1, []]);
});
