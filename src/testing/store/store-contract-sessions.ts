// Store contract: nonces, the default nonce, and what sessions leave behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushRecord } from '../../store/index.ts';
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

  test('ruling 12: offers of one call are counted one after the other, each for its own device', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const known = sampleDevice();
      const { nonce: _, ...credentials } = known.serverCredentials;
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      await store.createDevice(sampleDevice({ id: 'IMEI:2', serverCredentials: credentials }));
      const pushes: PushRecord[] = [];
      for (const id of [known.id, known.id, 'IMEI:1', known.id, 'IMEI:2', 'IMEI:2', 'IMEI:2']) {
        await enqueueOne(store, sampleRequest({ deviceId: id }));
        pushes.push(await claimOne(store));
      }
      const message = await addMessage(store);
      const offers = [
        ...pushes.map(({ id, lease }) => ({ id, lease })),
        { id: 'nothing', lease: 1 },
        { id: message.id, lease: message.lease },
        { id: pushes[0]?.id ?? '', lease: 2 },
        { id: pushes[0]?.id ?? '', lease: 1 },
      ];
      const outcomes = await store.offerDefaultNonces(offers, limit, 'n');
      const first = ['offered', 'offered', 'offered', 'limited', 'offered', 'offered', 'offered'];
      assert.deepEqual(outcomes, [...first, 'stale', 'stale', 'stale', 'offered']);
      const counts: unknown[] = [];
      for (const id of [known.id, 'IMEI:1', 'IMEI:2']) {
        counts.push((await store.device(id))?.resynchronisations);
      }
      const counted = (count: number) => ({
        inWindow: count,
        windowStartedAt: count === 0 ? 0 : clock.now(),
        offered: count,
        completed: 0,
      });
      assert.deepEqual(counts, [counted(2), counted(1), counted(0)]);
      assert.deepEqual(
        (await store.eventsAfter(0, 99)).slice(-7).map(({ pushId, event, node }) => [pushId, event, node]),
        [...pushes.filter((_, index) => index !== 3), ...pushes.slice(0, 1)].map(({ id }) => [
          id,
          'resynchronising',
          'n',
        ]),
      );
      assert.equal(asNotification(await store.push(pushes[3]?.id ?? '')).defaultNonce, 'none');
    }));

  test('ruling 12: a claim may say that its push goes out under the default nonce, where none is known', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      const claimed = await store.claimDue({ limit: 1, leaseMs: 1, node: 'n' }, () => [
        { event: 'sending', defaultNonce: 'offered' },
      ]);
      assert.equal(asNotification(claimed[0]?.push).defaultNonce, 'offered');
      assert.deepEqual(await store.push(id), claimed[0]?.push);
      const update = {
        deviceId,
        pushId: id,
        usedDefaultNonce: true,
        changes: [{ event: 'answered' }],
      } as const;
      assert.equal(await store.recordSession(update), 'recorded');
      assert.equal((await store.device(deviceId))?.resynchronisations.offered, 0);
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
