// Calls that come at the same time are one set, as far as it has room, and each hears of itself alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushRequest, Store } from '../../../src/store/index.ts';
import { rejectsWith, sampleRequest } from '../../../src/testing/index.ts';
import { withSamples } from './push/session-ids.ts';

const several = (count: number): readonly PushRequest[] =>
  Array.from({ length: count }, () => sampleRequest());

/** How many sets calls of these sizes come to. */
async function setsOf(...sizes: readonly number[]): Promise<number> {
  const { store, log } = await withSamples();
  log.length = 0;
  const outcomes = await Promise.all(sizes.map((size) => store.enqueue(several(size))));
  assert.deepEqual(
    outcomes.map(({ length }) => length),
    sizes,
  );
  return log.filter((sql) => /^insert into "?push_sessions/.test(sql.trimStart())).length;
}

test('calls of one moment are one set of up to a thousand requests; a call is never parted', async () => {
  assert.equal(await setsOf(1, 2, 3), 1);
  assert.equal(await setsOf(600, 400), 1);
  assert.equal(await setsOf(600, 401), 2);
  assert.equal(await setsOf(1001), 1);
  assert.equal(await setsOf(600, 400, 1), 2);
});

test('a call that is refused keeps none of the others from being taken', async () => {
  const { store } = await withSamples();
  const calls = (one: Store) => [
    one.enqueue([sampleRequest()]),
    one.enqueue([sampleRequest(), sampleRequest({ deviceId: 'IMEI:0' })]),
    one.enqueueEach([sampleRequest({ deviceId: 'IMEI:0' }), sampleRequest()]),
  ];
  const [first, second, third] = calls(store);
  assert.equal((await first)?.[0]?.outcome, 'queued');
  await rejectsWith('UNKNOWN_DEVICE', Promise.resolve(second));
  assert.deepEqual(
    (await third)?.map(({ outcome }) => outcome),
    ['refused', 'queued'],
  );
  assert.equal((await store.listPushes({ limit: 9 })).items.length, 2);
});

test('calls about nothing ask nothing', async () => {
  const { store, log } = await withSamples();
  log.length = 0;
  assert.deepEqual(await store.enqueue([]), []);
  assert.deepEqual(await store.enqueueEach([]), []);
  assert.deepEqual(log, []);
});
