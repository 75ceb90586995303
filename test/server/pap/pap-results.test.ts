// The outbox of results: after which pauses it tells again, what it says, and what it does while the store takes no writes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, StoreError } from '../../../src/core/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { desk, first, second, submission } from './pap-desk.ts';

const [sms] = submission().recipients;
assert.ok(sms);
/** For one address. */
const one = submission({ recipients: [sms] });

/** Whoever pauses has begun to. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('a result is told again after pauses that double, up to five minutes', async () => {
  const { pushes, store, results, notify, clock, all, apply, ends } = await desk();
  await pushes.submit(one);
  await apply(0, 'delivered');
  const id = (await all())[0]?.id ?? '';
  notify.respond = () => Promise.reject(new PushError('UNREACHABLE', 'down', true));
  results.start();
  const pauses: number[] = [];
  for (let count = 1; count <= 11; count += 1) {
    await eventually(async () => {
      const timeline = (await store.timeline(id)) ?? [];
      return timeline.filter(({ event }) => event === 'note').length === count;
    }, `the note of try ${count}`);
    const pauseMs = ((await store.nextResultDueAt()) ?? 0) - clock.now();
    pauses.push(pauseMs);
    clock.advance(pauseMs);
  }
  assert.deepEqual(
    pauses.map((ms) => ms / 1000),
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300],
  );
  await ends();
});

test('a result says of which push and address it is, what became of it and when, and why', async () => {
  const { pushes, results, told, clock, apply, ends } = await desk();
  await pushes.submit(submission());
  clock.advance(1000);
  await apply(0, 'delivered');
  clock.advance(1000);
  await apply(1, 'expired');
  const expiredAt = clock.now();
  clock.advance(1000);
  results.start();
  await eventually(() => told.length === 2, 'both results');
  const shown = told.toSorted((a, b) => a.code - b.code);
  assert.deepEqual(
    shown.map(({ pushId, address, messageState, eventTime }) => [pushId, address, messageState, eventTime]),
    [
      ['1@partner', first, 'delivered', expiredAt - 1000],
      ['1@partner', second, 'expired', expiredAt],
    ],
  );
  await ends();
});

test('a result that was told while the store took no writes is not told twice', async () => {
  let full = false;
  let failed = 0;
  const { pushes, store, results, told, notify, clock, apply, ends } = await desk((opened) => ({
    ...opened,
    change: (changes) => {
      if (!full) return opened.change(changes);
      failed += 1;
      return Promise.reject(new StoreError('FULL', 'no room'));
    },
  }));
  await pushes.submit(one);
  await apply(0, 'delivered');
  notify.respond = async () => {
    full = true;
  };
  results.start();
  await eventually(() => failed === 1, 'the outcome that could not be written');
  await settle();
  clock.advance(1000);
  await eventually(() => failed === 2, 'another try');
  await settle();
  full = false;
  clock.advance(2000);
  await eventually(async () => (await store.nextResultDueAt()) === undefined, 'the outcome written');
  assert.equal(told.length, 1);
  await ends();
});

test('what an initiator refuses for good is lost, and noted with the reason', async () => {
  const { pushes, store, results, told, notify, all, apply, ends } = await desk();
  await pushes.submit(one);
  await apply(0, 'delivered');
  notify.respond = () => Promise.reject(new PushError('REFUSED', 'HTTP status 403', false));
  results.start();
  await eventually(async () => (await store.nextResultDueAt()) === undefined, 'the end of it');
  const timeline = (await store.timeline((await all())[0]?.id ?? '')) ?? [];
  assert.equal(timeline.at(-1)?.event, 'result-lost');
  assert.match(timeline.at(-1)?.detail ?? '', /^the result was not taken: .*HTTP status 403/);
  assert.equal(told.length, 0);
  await ends();
});

test('it may be started twice, and ended before it was started', async () => {
  const { pushes, results, told, apply, ends } = await desk();
  await pushes.submit(one);
  results.start();
  results.start();
  await apply(0, 'delivered');
  await eventually(() => told.length === 1, 'the result');
  await ends();
  await (await desk()).ends();
});
