// Pushes as sets: what a first contact costs, outcomes that wait for a store in trouble, and one that cannot be written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../src/core/index.ts';
import type { ChangeRequest, PushQueue } from '../../../src/store/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { withEngine } from '../engine-bench.ts';

const settle = async (turns = 100): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A queue of which calls are counted and may fail. */
function watched() {
  const state = {
    calls: [] as string[],
    /** Thrown by `change` for a set that it is given. */
    fails: (_changes: readonly ChangeRequest[]): Error | undefined => undefined,
    largest: 0,
  };
  const wrapQueue = (queue: PushQueue): PushQueue => ({
    ...queue,
    claimDue: (...claim) => {
      state.calls.push('claimDue');
      return queue.claimDue(...claim);
    },
    offerDefaultNonces: (...offer) => {
      state.calls.push(`offer ${offer[0].length}`);
      return queue.offerDefaultNonces(...offer);
    },
    change: async (changes) => {
      state.calls.push('change');
      state.largest = Math.max(state.largest, changes.length);
      const failure = state.fails(changes);
      if (failure !== undefined) throw failure;
      return queue.change(changes);
    },
  });
  return { state, wrapQueue };
}

/** Queues notifications for so many devices, and gives their ids. */
async function many(
  { store, clock }: Parameters<Parameters<typeof withEngine>[1]>[0],
  count: number,
  resynchronise = false,
): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, nth) => `IMEI:${nth}`);
  for (const id of ids) await store.createDevice(sampleDevice({ id }));
  const outcomes = await store.enqueue(
    ids.map((deviceId) => ({
      purpose: 'notification' as const,
      deviceId,
      format: 'dm1.2' as const,
      fields: { uiMode: 'background', initiator: 'server' },
      expiresAt: clock.now() + 86_400_000,
      carrier: 'wap',
      ...(resynchronise && { resynchronise }),
    })),
  );
  return outcomes.flatMap((outcome) => ('push' in outcome ? [outcome.push.id] : []));
}

test('a set is claimed, sent and settled in a few calls', () => {
  const { state, wrapQueue } = watched();
  return withEngine({ wrapQueue }, async (bench) => {
    const ids = await many(bench, 200);
    await bench.engine.start();
    for (const id of ids) await bench.reaches(id, 'sent');
    const counted = (name: string): number => state.calls.filter((call) => call === name).length;
    // Three purposes of three lanes are asked for at the start, and one has something.
    assert.ok(counted('claimDue') <= 12, `${counted('claimDue')} claims`);
    assert.ok(counted('change') <= 8, `${counted('change')} changes, the largest of ${state.largest}`);
    assert.equal(bench.wap.pushes.length, 200);
  });
});

test('a first contact needs no call of its own, a resynchronisation one for a whole set', () => {
  const { state, wrapQueue } = watched();
  const serverCredentials = { scheme: 'md5', name: 's', secret: 'server secret' } as const;
  return withEngine({ wrapQueue, device: { serverCredentials } }, async (bench) => {
    const id = await bench.push();
    const others = await many(bench, 20, true);
    await bench.engine.start();
    for (const each of [id, ...others]) await bench.reaches(each, 'sent');
    assert.deepEqual(await bench.story(id), ['queued', 'sending 1', 'resynchronising 1', 'sent 1']);
    assert.equal((await bench.notification(id)).defaultNonce, 'offered');
    assert.deepEqual(await bench.story(others[0] ?? ''), [
      ...['queued', 'sending 1', 'resynchronising 1', 'sent 1'],
    ]);
    assert.deepEqual(
      state.calls.filter((call) => call.startsWith('offer')),
      ['offer 20'],
    );
  });
});

test('outcomes wait while the store is in trouble: none is lost, nothing goes out twice, and stop waits for them', () => {
  const { state, wrapQueue } = watched();
  return withEngine({ wrapQueue }, async (bench) => {
    const ids = await many(bench, 50);
    state.fails = () => new StoreError('FULL', 'no room');
    await bench.engine.start();
    await eventually(() => bench.wap.pushes.length === 50 && state.calls.includes('change'), 'the outcomes');
    await settle();
    assert.equal(bench.engine.inFlight, 50);
    assert.equal((await bench.store.push(ids[0] ?? ''))?.state, 'sending');
    state.fails = () => undefined;
    bench.clock.advance(1000);
    for (const id of ids) await bench.reaches(id, 'sent');
    assert.equal(bench.wap.pushes.length, 50);
    await eventually(() => bench.engine.inFlight === 0, 'the end of all');
  });
});

test('stop resolves once what is under way has its outcome on disk', () =>
  withEngine({}, async (bench) => {
    const ids = await many(bench, 30);
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    bench.wap.respond = () => asked.then(() => ({ outcome: 'sent' as const }));
    await bench.engine.start();
    await eventually(() => bench.wap.pushes.length === 30, 'every push under way');
    const stopped = bench.engine.stop();
    answer();
    await stopped;
    for (const id of ids) assert.equal((await bench.store.push(id))?.state, 'sent');
  }));

test('an outcome that cannot be written keeps none of the others from being written', () => {
  const { state, wrapQueue } = watched();
  return withEngine({ wrapQueue }, async (bench) => {
    const ids = await many(bench, 20);
    const [bad = '', ...good] = ids;
    state.fails = (changes) =>
      changes.some(({ id }) => id === bad) ? new TypeError('a value that no column takes') : undefined;
    await bench.engine.start();
    for (const id of good) await bench.reaches(id, 'sent');
    assert.equal((await bench.store.push(bad))?.state, 'sending');
    await eventually(() => bench.engine.inFlight === 0, 'its place');
    // Its lease brings it back.
    state.fails = () => undefined;
    bench.clock.advance(bench.policy.leaseMs);
    await bench.reaches(bad, 'sent');
  });
});
