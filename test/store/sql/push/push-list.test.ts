// Lists of pushes page by page, by every filter that there is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushFilter, PushRecord, Store } from '../../../../src/store/index.ts';
import {
  sampleDevice,
  samplePushMark,
  samplePushMessage,
  sampleRequest,
} from '../../../../src/testing/index.ts';
import { changeOne, enqueueOne } from '../../../../src/testing/store/store-contract-base.ts';
import { withSamples } from './session-ids.ts';

/** All of a list, page by page. */
async function pagesOf(store: Store, filter: PushFilter, limit: number): Promise<readonly PushRecord[]> {
  const found: PushRecord[] = [];
  let after: string | undefined;
  for (let page = 0; page < 20; page += 1) {
    const { items, next } = await store.listPushes({
      limit,
      ...filter,
      ...(after !== undefined && { after }),
    });
    found.push(...items);
    if (next === undefined) return found;
    assert.equal(items.length, limit);
    after = next;
  }
  assert.fail('the list does not end');
}

test('every filter gives what it says, newest first, on pages of any size', async () => {
  const { store } = await withSamples();
  await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
  const all: PushRecord[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (const request of [
      sampleRequest(),
      sampleRequest({ deviceId: 'IMEI:1' }),
      samplePushMessage(),
      samplePushMessage({ initiator: samplePushMark({ pushId: `${round}` }) }),
    ]) {
      let push: PushRecord = await enqueueOne(store, request);
      if (round === 1) push = (await changeOne(store, push.id, { event: 'cancelled' })).push;
      all.unshift(push);
    }
  }
  const purposes = ['notification', 'relayed'] as const;
  const deviceId = 'IMEI:1';
  const filters: readonly PushFilter[] = [
    {},
    { deviceId },
    { state: 'queued' },
    { state: 'cancelled' },
    { purposes },
    { purposes: ['message'] },
    { purposes: ['message', 'message'] },
    { purposes: [] },
    { deviceId, state: 'queued' },
    { deviceId, purposes },
    { deviceId: sampleDevice().id, purposes, state: 'queued' },
    { purposes, state: 'cancelled' },
  ];
  for (const filter of filters) {
    const expected = all.filter(
      (push) =>
        (filter.deviceId === undefined || push.deviceId === filter.deviceId) &&
        (filter.state === undefined || push.state === filter.state) &&
        (filter.purposes === undefined || filter.purposes.includes(push.purpose)),
    );
    for (const limit of [1, 2, 12]) {
      assert.deepEqual(await pagesOf(store, filter, limit), expected, JSON.stringify({ filter, limit }));
    }
  }
});
