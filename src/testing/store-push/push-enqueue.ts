// Store contract: pushes taken in, whatever they are for: what is stored, all or nothing, idempotency keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allPushKinds, pushKinds } from '../store/push-kinds.ts';
import {
  addSamples,
  changeOne,
  enqueueOne,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleAccount, sampleDevice, samplePushMessage, sampleRequest } from '../store/store-samples.ts';

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function enqueueContract(withStore: WithStore): void {
  for (const { purpose, request } of allPushKinds) {
    test(`${purpose}: queued, due at once, on its timeline, and back as it was asked for`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const asked = request();
        const push = await enqueueOne(store, asked);
        const { id, ...rest } = push;
        assert.match(id, version7);
        assert.deepEqual(rest, {
          ...asked,
          state: 'queued',
          attempts: 0,
          sends: 0,
          failures: 0,
          refusedAddresses: [],
          lease: 0,
          version: 0,
          dueAt: clock.now(),
          createdAt: clock.now(),
          updatedAt: clock.now(),
          ...(asked.purpose === 'notification'
            ? { serverId: sampleDevice().serverId, sessionId: 1, defaultNonce: 'none', resynchronise: false }
            : { octets: asked.body.length, resultFailures: 0 }),
        });
        assert.deepEqual(await store.push(id), push);
        const [queued, ...more] = (await store.timeline(id)) ?? [];
        assert.deepEqual(queued, {
          sequence: queued?.sequence,
          kind: purpose,
          ...(push.serverId !== undefined && { serverId: push.serverId }),
          pushId: id,
          deviceId: sampleDevice().id,
          ...(push.serverId !== undefined && { serverId: push.serverId }),
          ...(purpose === 'notification' && { sessionId: 1 }),
          at: clock.now(),
          event: 'queued',
          state: 'queued',
        });
        assert.deepEqual(more, []);
        assert.equal(await store.push('nothing'), undefined);
        assert.equal(await store.timeline('nothing'), undefined);
      }));
  }

  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: not due before its moment`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const notBefore = clock.now() + 500;
        const push = await enqueueOne(store, request({ notBefore }));
        assert.equal(push.dueAt, notBefore);
        assert.deepEqual(await store.push(push.id), push);
      }));

    test(`${purpose}: all of one call are taken, or none, and nobody hears of those that were not`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        let heard = 0;
        store.onEvent(() => {
          heard += 1;
        });
        const nowhere = request({ deviceId: 'IMEI:0' });
        await rejectsWith('UNKNOWN_DEVICE', store.enqueue([sampleRequest(), samplePushMessage(), nowhere]));
        assert.deepEqual(await store.listPushes({ limit: 9 }), { items: [] });
        assert.deepEqual(await store.eventsAfter(0, 9), []);
        assert.equal(heard, 0);
        assert.deepEqual(await store.enqueue([]), []);
        const taken = await store.enqueue([request(), request(), request()]);
        const ids = taken.map((each) => (each.outcome === 'queued' ? each.push.id : ''));
        assert.deepEqual(ids, ids.toSorted(), 'in order of creation');
        assert.equal(new Set(ids).size, 3);
        assert.equal(heard, 3);
        const { items } = await store.listPushes({ limit: 9 });
        assert.deepEqual(items.map(({ id }) => id).reverse(), ids);
      }));

    test(`${purpose}: the same idempotency key gives the same one, another request under it is refused`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const mark = { idempotency: { key: 'k', fingerprint: 'f' } };
        const [[first], [second, again]] = await Promise.all([
          store.enqueue([request(mark)]),
          store.enqueue([request(mark), request(mark)]),
        ]);
        assert.equal(first?.outcome, 'queued');
        assert.equal(first.push.idempotencyKey, 'k');
        assert.deepEqual(second, { outcome: 'repeated', push: first.push });
        assert.deepEqual(again, second);
        await changeOne(store, first.push.id, { event: 'cancelled' });
        const [third] = await store.enqueue([request(mark)]);
        assert.equal(third?.outcome, 'repeated');
        assert.equal(third.push.id, first.push.id);
        assert.equal(third.push.state, 'cancelled');
        const other = { idempotency: { key: 'k', fingerprint: 'g' } };
        await rejectsWith('IDEMPOTENCY_CONFLICT', store.enqueue([request(other)]));
        assert.equal((await store.listPushes({ limit: 10 })).items.length, 1);
      }));
  }

  test('idempotency keys are those of an account', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const serverId = 'com.example.other';
      await store.createAccount({ ...sampleAccount, serverId });
      await store.createDevice(sampleDevice({ id: 'IMEI:1', serverId }));
      const mark = { idempotency: { key: 'k', fingerprint: 'f' } };
      const other = { idempotency: { key: 'k', fingerprint: 'g' } };
      const pushes = [
        await enqueueOne(store, sampleRequest(mark)),
        await enqueueOne(store, sampleRequest({ ...other, deviceId: 'IMEI:1' })),
        await enqueueOne(store, samplePushMessage(mark)),
        await enqueueOne(store, samplePushMessage({ ...other, serverId })),
      ];
      assert.equal(new Set(pushes.map(({ id }) => id)).size, 4);
      const { serverId: _, ...ownerless } = samplePushMessage(other);
      await rejectsWith('BAD_REQUEST', store.enqueue([ownerless]));
    }));

  test('an idempotency key may name a notification and a message at once, and is the key of both', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const both = (fingerprint: string) =>
        pushKinds.map(({ request }) => request({ idempotency: { key: 'k', fingerprint } }));
      const first = await store.enqueue(both('f'));
      assert.deepEqual(
        first.map(({ outcome }) => outcome),
        ['queued', 'queued'],
      );
      const again = await store.enqueue(both('f'));
      assert.deepEqual(
        again,
        first.map((each) => ({ ...each, outcome: 'repeated' })),
      );
      for (const request of both('g')) await rejectsWith('IDEMPOTENCY_CONFLICT', store.enqueue([request]));
    }));
}
