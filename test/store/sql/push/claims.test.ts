// Claims: which pushes are due, in which order, and which decisions are none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../../src/core/index.ts';
import type { PushChange } from '../../../../src/store/index.ts';
import { samplePushMessage, sampleRequest } from '../../../../src/testing/index.ts';
import { enqueueOne, pushesOf, toSending } from '../../../../src/testing/store/store-contract-base.ts';
import { withSamples } from './session-ids.ts';

const claim = { limit: 9, leaseMs: 1000, node: 'node' };

test('a claim gives the push as it is written, with its device as it was read', async () => {
  const { store, clock } = await withSamples();
  const queued = await enqueueOne(store, sampleRequest());
  clock.advance(5);
  const [claimed, ...others] = await store.claimDue(claim, (due, device) => {
    assert.deepEqual(due, queued);
    assert.equal(device?.id, queued.deviceId);
    return [{ event: 'sending' }, { event: 'note', detail: 'off it goes' }];
  });
  assert.deepEqual(others, []);
  assert.deepEqual(claimed?.push, {
    ...queued,
    state: 'sending',
    attempts: 1,
    lease: 1,
    claimedBy: 'node',
    version: 2,
    dueAt: clock.now() + 1000,
    updatedAt: clock.now(),
  });
  assert.deepEqual(await store.push(queued.id), claimed.push);
  assert.deepEqual(claimed.device, await store.device(queued.deviceId));
  const events = (await store.timeline(queued.id))?.map(({ event, node, detail }) => [event, node, detail]);
  assert.deepEqual(events, [
    ['queued', undefined, undefined],
    ['sending', 'node', undefined],
    ['note', 'node', 'off it goes'],
  ]);
});

test('a decision that the life of the push does not allow is refused, in words, and changes nothing', async () => {
  const { store } = await withSamples();
  const notification = await enqueueOne(store, sampleRequest());
  const bad: readonly (readonly [PushChange, ...PushChange[]])[] = [
    [{ event: 'completed' }],
    [{ event: 'sending' }, { event: 'completed' }],
  ];
  for (const [index, decision] of bad.entries()) {
    await assert.rejects(
      store.claimDue(claim, () => decision),
      (error) => {
        assert.ok(error instanceof StoreError);
        const state = index === 0 ? 'queued' : 'sending';
        assert.deepEqual(
          [error.code, error.message],
          ['BAD_DECISION', `a ${state} notification cannot become completed`],
        );
        return true;
      },
    );
    assert.deepEqual(await store.push(notification.id), notification);
    assert.equal((await store.timeline(notification.id))?.length, 1);
  }
});

test('the oldest of all purposes and carriers come first, up to the limit; a filter leaves the others', async () => {
  const { store, clock } = await withSamples();
  const start = clock.now();
  const at = (ms: number) => ({ notBefore: start + ms });
  const third = await enqueueOne(store, sampleRequest(at(3)));
  const first = await enqueueOne(store, samplePushMessage({ ...at(1), carrier: 'smpp' }));
  const second = await enqueueOne(store, sampleRequest({ ...at(2), carrier: 'smpp' }));
  const later = await enqueueOne(store, samplePushMessage(at(100)));
  clock.advance(10);
  const keep = () => [{ event: 'note' }] as const;
  assert.equal(await store.nextDueAt(), start + 1);
  assert.equal(await store.nextDueAt({ purpose: 'notification' }), start + 2);
  assert.equal(await store.nextDueAt({ carrier: null }), start + 3);
  assert.equal(await store.nextDueAt({ carrier: null, purpose: 'message' }), start + 100);
  assert.equal(await store.nextDueAt({ carrier: 'other' }), undefined);
  const two = await store.claimDue({ ...claim, limit: 2 }, keep);
  assert.deepEqual(
    pushesOf(two).map(({ id }) => id),
    [first.id, second.id],
  );
  const unplaced = await store.claimDue({ ...claim, carrier: null }, toSending);
  assert.deepEqual(
    pushesOf(unplaced).map(({ id }) => id),
    [third.id],
  );
  assert.deepEqual(await store.claimDue(claim, keep), [], 'all that is due is leased');
  assert.deepEqual(await store.push(later.id), later);
});

test('a push to addresses is claimed without a device', async () => {
  const { store } = await withSamples();
  await enqueueOne(store, samplePushMessage({ addresses: ['sms:+1'] }));
  const [claimed] = await store.claimDue(claim, (_, device) => {
    assert.equal(device, undefined);
    return [{ event: 'sending' }];
  });
  assert.ok(claimed !== undefined);
  assert.equal('device' in claimed, false);
});
