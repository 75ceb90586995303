// Store contract: nonces, the default nonce, and what sessions leave behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMessage,
  addQueued,
  addSamples,
  asNotification,
  changeOne,
  claimOne,
  enqueueOne,
  offerOne,
  type WithStore,
} from './store-contract-base.ts';
import { sampleDevice, sampleRequest } from './store-samples.ts';

const limit = { count: 2, windowMs: 1000 } as const;
const deviceId = sampleDevice().id;

export function sessionContract(withStore: WithStore): void {
  test('a session leaves nonces, reports and states in one step', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      await claimOne(store);
      clock.advance(10);
      const recorded = await store.recordSession({
        deviceId,
        pushId: id,
        authenticated: true,
        clientNonce: new Uint8Array([1, 0, 2]),
        serverNonce: new Uint8Array([3]),
        reported: { './DevInfo/Man': 'Acme' },
        changes: [{ event: 'answered' }, { event: 'completed' }],
      });
      assert.equal(recorded, 'recorded');
      const device = await store.device(deviceId);
      assert.deepEqual(device?.clientCredentials?.nonce, new Uint8Array([1, 0, 2]));
      assert.deepEqual(device?.serverCredentials.nonce, new Uint8Array([3]));
      assert.equal(device?.lastSessionAt, clock.now());
      assert.deepEqual(device?.reported, { './DevInfo/Man': 'Acme' });
      assert.equal((await store.push(id))?.state, 'completed');
      await store.recordSession({ deviceId, reported: { './DevInfo/Mod': 'X' }, changes: [] });
      assert.deepEqual((await store.device(deviceId))?.reported, {
        './DevInfo/Man': 'Acme',
        './DevInfo/Mod': 'X',
      });
    }));

  test('a session under way puts off the moment at which it counts as lost', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      await claimOne(store);
      const update = { deviceId, pushId: id };
      await store.recordSession({
        ...update,
        changes: [{ event: 'answered' }],
        dueAt: clock.now() + 500,
      });
      assert.equal((await store.push(id))?.dueAt, clock.now() + 500);
      await store.recordSession({ ...update, changes: [], dueAt: clock.now() + 900 });
      assert.equal((await store.push(id))?.dueAt, clock.now() + 900);
      await store.recordSession({
        ...update,
        changes: [{ event: 'session-failed', detail: 'gone', dueAt: clock.now() }],
      });
      const lost = await store.push(id);
      assert.equal(lost?.state, 'answered');
      assert.equal(lost.reason, 'gone');
      assert.equal(lost.dueAt, clock.now());
    }));

  test('a session of a device that is gone is refused', () =>
    withStore(async ({ store }) => {
      assert.equal(await store.recordSession({ deviceId: 'IMEI:0', changes: [] }), 'refused');
    }));

  test('the notification of a session is the open one, else the latest that is over', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      assert.equal(await store.pushOfSession(deviceId, 1), undefined);
      const notification = await enqueueOne(store, sampleRequest());
      assert.equal((await store.pushOfSession(deviceId, 1))?.id, notification.id);
      await changeOne(store, notification.id, { event: 'cancelled' });
      assert.equal((await store.pushOfSession(deviceId, 1))?.id, notification.id);
      assert.equal(await store.pushOfSession('IMEI:1', 1), undefined);
    }));

  test('ruling 12: the default nonce opens a session only after an offer, and once', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      const update = {
        deviceId,
        pushId: id,
        usedDefaultNonce: true,
        clientNonce: new Uint8Array([7]),
        changes: [{ event: 'answered' }],
      } as const;
      const { lease } = await claimOne(store);
      assert.equal(await store.recordSession(update), 'refused');
      assert.equal((await store.push(id))?.state, 'sending');
      assert.notDeepEqual((await store.device(deviceId))?.clientCredentials?.nonce, new Uint8Array([7]));
      assert.equal(await offerOne(store, { id, lease }, limit), 'offered');
      assert.equal(asNotification(await store.push(id)).defaultNonce, 'offered');
      assert.equal(await store.recordSession(update), 'recorded');
      assert.equal(asNotification(await store.push(id)).defaultNonce, 'used');
      assert.equal(await store.recordSession(update), 'refused');
      assert.equal(
        await store.recordSession({
          deviceId,
          pushId: id,
          resynchronised: true,
          changes: [{ event: 'resynchronised' }],
        }),
        'recorded',
      );
      assert.deepEqual(
        (await store.timeline(id))?.map((event) => event.event),
        ['queued', 'sending', 'resynchronising', 'answered', 'resynchronised'],
      );
      const count = (await store.device(deviceId))?.resynchronisations;
      assert.equal(count?.offered, 1);
      assert.equal(count?.completed, 1);
    }));

  test('ruling 12: offers are counted and limited per device, and belong to a claim', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const offers: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const notification = await enqueueOne(store, sampleRequest());
        const { lease } = await claimOne(store);
        assert.equal(await offerOne(store, { id: notification.id, lease: lease - 1 }, limit), 'stale');
        offers.push(await offerOne(store, { id: notification.id, lease }, limit));
        if (round === 2) {
          clock.advance(limit.windowMs - 1);
          offers.push(await offerOne(store, { id: notification.id, lease }, limit));
          clock.advance(1);
          offers.push(await offerOne(store, { id: notification.id, lease }, limit));
        }
      }
      assert.deepEqual(offers, ['offered', 'offered', 'limited', 'limited', 'offered']);
      const count = (await store.device(deviceId))?.resynchronisations;
      assert.deepEqual(count, { inWindow: 1, windowStartedAt: clock.now(), offered: 3, completed: 0 });
      assert.equal(await offerOne(store, { id: 'nothing', lease: 1 }, limit), 'stale');
      const message = await addMessage(store);
      assert.equal(await offerOne(store, message, limit), 'stale');
      assert.deepEqual(await store.push(message.id), message, 'a message has no session');
    }));
}
