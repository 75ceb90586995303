// Store contract: lists of pushes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageRequest, PushFilter, Store } from '../../store/index.ts';
import { allPushKinds } from '../store/push-kinds.ts';
import { addSamples, changeOne, enqueueOne, type WithStore } from '../store/store-contract-base.ts';
import { sampleDevice, samplePushMessage } from '../store/store-samples.ts';

const deviceId = sampleDevice().id;

const listed = async (store: Store, query: PageRequest & PushFilter): Promise<string[]> =>
  (await store.listPushes(query)).items.map(({ id }) => id);

export function listContract(withStore: WithStore): void {
  for (const { purpose, request } of allPushKinds) {
    test(`${purpose}: a list shows the newest first, in pages, and can be narrowed`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
        const { id: one } = await enqueueOne(store, request());
        const { id: two } = await enqueueOne(store, request({ deviceId: 'IMEI:1' }));
        const { id: three } = await enqueueOne(store, request());
        await changeOne(store, one, { event: 'cancelled' });
        for (const filter of [{}, { purposes: [purpose] }] as const) {
          const list = (query: PageRequest & PushFilter) => listed(store, { ...filter, ...query });
          assert.deepEqual(await list({ limit: 10 }), [three, two, one]);
          assert.deepEqual(await list({ limit: 10, deviceId: 'IMEI:1' }), [two]);
          assert.deepEqual(await list({ limit: 10, deviceId }), [three, one]);
          assert.deepEqual(await list({ limit: 10, state: 'queued' }), [three, two]);
          assert.deepEqual(await list({ limit: 10, state: 'cancelled' }), [one]);
          assert.deepEqual(await list({ limit: 10, state: 'cancelled', deviceId }), [one]);
          assert.deepEqual(await list({ limit: 10, state: 'cancelled', deviceId: 'IMEI:1' }), []);
          const page = await store.listPushes({ ...filter, limit: 2 });
          assert.equal(page.next, two);
          assert.deepEqual(await store.listPushes({ ...filter, limit: 2, after: two }), {
            items: [await store.push(one)],
          });
        }
      }));
  }

  test('a list can be of several states, and of what was created between two moments', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const ids: string[] = [];
      const moments: number[] = [];
      for (const { request } of [...allPushKinds, ...allPushKinds]) {
        clock.advance(1000);
        moments.push(clock.now());
        ids.push((await enqueueOne(store, request())).id);
      }
      const newest = [...ids].reverse();
      const [first = '', second = ''] = ids;
      await changeOne(store, first, { event: 'cancelled' });
      const [, , third = 0, , fifth = 0] = moments;
      for (const filter of [{}, { purposes: ['notification', 'message', 'relayed'] }] as const) {
        const list = (query: PushFilter) => listed(store, { limit: 99, ...filter, ...query });
        assert.deepEqual(await list({ states: ['queued', 'cancelled'] }), newest);
        assert.deepEqual(await list({ states: ['cancelled', 'failed', 'cancelled'] }), [first]);
        assert.deepEqual(await list({ states: ['failed', 'expired'] }), []);
        assert.deepEqual(await list({ states: [] }), []);
        assert.deepEqual(await list({ createdFrom: third }), newest.slice(0, 4));
        assert.deepEqual(await list({ createdBefore: third }), [second, first]);
        assert.deepEqual(await list({ createdFrom: third, createdBefore: fifth }), newest.slice(2, 4));
        assert.deepEqual(await list({ createdBefore: third, states: ['queued'] }), [second]);
        assert.deepEqual(await list({ createdBefore: third, states: ['queued', 'cancelled'], deviceId }), [
          second,
          first,
        ]);
        assert.deepEqual(await list({ createdFrom: fifth + 10_000 }), []);
        assert.deepEqual(await list({ createdFrom: -5, createdBefore: 2 ** 60 }), newest);
        const page = await store.listPushes({ ...filter, limit: 2, createdFrom: third });
        assert.deepEqual(
          await listed(store, { ...filter, limit: 9, createdFrom: third, after: page.next ?? '' }),
          newest.slice(2, 4),
        );
      }
    }));

  test('pushes are counted by purpose and state, no further than is asked for', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      assert.deepEqual(await store.countPushes(10), []);
      for (const { request } of [...allPushKinds, ...allPushKinds, ...allPushKinds]) {
        await enqueueOne(store, request());
      }
      const { items } = await store.listPushes({ limit: 9, purposes: ['message'] });
      await changeOne(store, items[0]?.id ?? '', { event: 'cancelled' });
      const queued = (purpose: string, count: number, more: boolean) => ({
        purpose,
        state: 'queued',
        count,
        more,
      });
      const cancelled = { purpose: 'message', state: 'cancelled', count: 1, more: false };
      assert.deepEqual(await store.countPushes(3), [
        queued('notification', 3, false),
        queued('message', 2, false),
        cancelled,
        queued('relayed', 3, false),
      ]);
      assert.deepEqual(await store.countPushes(2), [
        queued('notification', 2, true),
        queued('message', 2, false),
        cancelled,
        queued('relayed', 2, true),
      ]);
    }));

  test('a list shows pushes of the purposes that are asked for, or of all; to addresses too', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const kinds = [...allPushKinds, ...allPushKinds];
      const taken = await store.enqueue(kinds.map(({ request }) => request()));
      const ids = taken.map((each) => (each.outcome === 'queued' ? each.push.id : ''));
      const [notification = '', message = '', relayed = '', notice = '', octets = '', forwarded = ''] = ids;
      const { id: elsewhere } = await enqueueOne(store, samplePushMessage({ addresses: ['sms:1'] }));
      for (const id of [notification, octets]) await changeOne(store, id, { event: 'cancelled' });
      const list = (filter: PushFilter) => listed(store, { limit: 9, ...filter });
      assert.deepEqual(await list({}), [elsewhere, ...ids.toReversed()]);
      assert.deepEqual(await list({ purposes: [] }), []);
      assert.deepEqual(await list({ purposes: ['notification'] }), [notice, notification]);
      assert.deepEqual(await list({ purposes: ['relayed'] }), [forwarded, relayed]);
      const messages = ['message', 'relayed'] as const;
      assert.deepEqual(await list({ purposes: messages }), [elsewhere, forwarded, octets, relayed, message]);
      assert.deepEqual(await list({ purposes: messages, deviceId }), [forwarded, octets, relayed, message]);
      assert.deepEqual(await list({ purposes: messages, state: 'cancelled' }), [octets]);
      assert.deepEqual(await list({ state: 'cancelled' }), [octets, notification]);
      assert.deepEqual(await list({ purposes: ['message', 'notification'], state: 'queued', deviceId }), [
        notice,
        message,
      ]);
      assert.deepEqual(await list({ purposes: ['relayed'], state: 'cancelled' }), []);
      const page = await store.listPushes({ limit: 2, purposes: messages, deviceId });
      assert.deepEqual([page.items.map(({ id }) => id), page.next], [[forwarded, octets], octets]);
      assert.deepEqual(await listed(store, { limit: 2, purposes: messages, deviceId, after: octets }), [
        relayed,
        message,
      ]);
    }));
}
