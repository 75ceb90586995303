// Store contract: SessionIDs of notifications and of sessionless messages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushState } from '../../store/index.ts';
import {
  addSamples,
  asNotification,
  changeOne,
  enqueueOne,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice, samplePushMessage, sampleRequest } from '../store/store-samples.ts';

/** States in which a session may still bring the Session-ID back. */
const open: readonly (readonly PushState[])[] = [
  ['sending'],
  ['sending', 'sent'],
  ['sending', 'accepted'],
  ['sending', 'delivered'],
  ['sending', 'answered'],
];

/** Every way in which a notification is over. */
const ends: readonly (readonly PushState[])[] = [
  ['cancelled'],
  ['failed'],
  ['expired'],
  ['sending', 'answered', 'completed'],
];

export function sessionIdContract(withStore: WithStore): void {
  test('ruling 11: open notifications of a device have different Session-IDs, also when they come at once', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1', firstSessionId: 1 }));
      const requests = Array.from({ length: 200 }, (_, index) =>
        sampleRequest(index % 2 === 0 ? {} : { deviceId: 'IMEI:1' }),
      );
      const taken = await Promise.all([
        ...requests.slice(0, 100).map((request) => store.enqueue([request])),
        store.enqueue(requests.slice(100)),
      ]);
      const all = taken.flat().map((each) => {
        assert.equal(each.outcome, 'queued');
        return each.push;
      });
      for (const deviceId of [sampleDevice().id, 'IMEI:1']) {
        const ids = all.filter((each) => each.deviceId === deviceId).map((each) => each.sessionId);
        assert.equal(new Set(ids).size, 100);
      }
      assert.equal(new Set(all.map((each) => each.id)).size, 200);
    }));

  test('ruling 11: a Session-ID comes back only after all others, round 65535, and never 0', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1', firstSessionId: 65534 }));
      const ids: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        const { id, sessionId } = await enqueueOne(store, sampleRequest({ deviceId: 'IMEI:1' }));
        await changeOne(store, id, { event: 'cancelled' });
        ids.push(sessionId);
      }
      assert.deepEqual(ids, [65534, 65535, 1, 2]);
    }));

  test('ruling 11: an id that an open notification holds is passed over; when all are held, that is an error', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const request = sampleRequest({ fields: {} });
      const taken = await Promise.all(
        Array.from({ length: 257 }, () => store.enqueue(Array.from({ length: 255 }, () => request))),
      );
      const all = taken.flat().map((each) => {
        assert.equal(each.outcome, 'queued');
        return each.push;
      });
      assert.equal(new Set(all.map(({ sessionId }) => sessionId)).size, 65535);
      await rejectsWith('SESSION_IDS_EXHAUSTED', store.enqueue([request]));
      await enqueueOne(store, samplePushMessage());
      let [latest] = all;
      for (const [index, way] of open.entries()) {
        for (const event of way) await changeOne(store, all[index]?.id ?? '', { event });
        await rejectsWith('SESSION_IDS_EXHAUSTED', store.enqueue([request]));
      }
      for (const [index, way] of ends.entries()) {
        const over = all[4321 * (index + 1)];
        assert.ok(over);
        for (const event of way) await changeOne(store, over.id, { event });
        await rejectsWith('SESSION_IDS_EXHAUSTED', store.enqueue([request, request]));
        const next = await enqueueOne(store, request);
        assert.equal(next.sessionId, over.sessionId, way.join());
        assert.equal((await store.pushOfSession(next.deviceId, next.sessionId))?.id, next.id, 'the open one');
        assert.equal(asNotification(await store.push(over.id)).sessionId, over.sessionId, 'it keeps its own');
        await rejectsWith('SESSION_IDS_EXHAUSTED', store.enqueue([request]));
        latest = next;
      }
      assert.ok(latest);
      await changeOne(store, latest.id, { event: 'cancelled' });
      const found = await store.pushOfSession(latest.deviceId, latest.sessionId);
      assert.equal(found?.id, latest.id, 'the latest that is over');
    }));

  test('a device without a first Session-ID gets one of its own choice of the store', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { firstSessionId: _, ...device } = sampleDevice({ id: 'IMEI:1' });
      await store.createDevice(device);
      const { sessionId } = await enqueueOne(store, sampleRequest({ deviceId: 'IMEI:1' }));
      assert.ok(sessionId >= 1 && sessionId <= 65535);
    }));

  test('SessionIDs of sessionless messages: of each device, one after the other, from 65535 on to 1', () =>
    withStore(async ({ store }) => {
      await rejectsWith('UNKNOWN_DEVICE', store.allocateMessageSessionId(sampleDevice().id));
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      const ids = await Promise.all(
        Array.from({ length: 65536 }, () => store.allocateMessageSessionId(sampleDevice().id)),
      );
      assert.equal(new Set(ids).size, 65535);
      assert.ok(ids.every((id) => id >= 1 && id <= 65535));
      assert.ok(ids.slice(1).every((id, index) => id === ((ids[index] ?? 0) % 65535) + 1));
      const other = await store.allocateMessageSessionId('IMEI:1');
      assert.equal(await store.allocateMessageSessionId('IMEI:1'), (other % 65535) + 1);
    }));
}
