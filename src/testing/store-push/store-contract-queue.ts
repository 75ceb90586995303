// Store contract: enqueue, Session-IDs, idempotency, claims and leases.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addQueued,
  addSamples,
  changeOne,
  claimOne,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice, sampleRequest } from '../store/store-samples.ts';

export function queueContract(withStore: WithStore): void {
  test('an accepted notification is queued, due at once, and on the timeline', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { notification, created } = await store.enqueue(sampleRequest());
      assert.equal(created, true);
      const { id, ...rest } = notification;
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.deepEqual(rest, {
        deviceId: sampleDevice().id,
        serverId: sampleDevice().serverId,
        sessionId: 1,
        format: 'dm1.2',
        message: { uiMode: 'background', initiator: 'server' },
        state: 'queued',
        attempts: 0,
        sends: 0,
        failures: 0,
        defaultNonce: 'none',
        refusedAddresses: [],
        resynchronise: false,
        lease: 0,
        dueAt: clock.now(),
        expiresAt: sampleRequest().expiresAt,
        createdAt: clock.now(),
        updatedAt: clock.now(),
      });
      assert.deepEqual(await store.notification(id), notification);
      const timeline = await store.timeline(id);
      assert.deepEqual(
        timeline?.map(({ event, state, at }) => ({ event, state, at })),
        [{ event: 'queued', state: 'queued', at: clock.now() }],
      );
      assert.equal(await store.notification('nothing'), undefined);
      assert.equal(await store.timeline('nothing'), undefined);
    }));

  test('ruling 11: live notifications of a device have different Session-IDs, also when they come at once', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1', firstSessionId: 1 }));
      const requests = Array.from({ length: 200 }, (_, index) =>
        store.enqueue(sampleRequest(index % 2 === 0 ? {} : { deviceId: 'IMEI:1' })),
      );
      const all = (await Promise.all(requests)).map((enqueued) => enqueued.notification);
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
        const { notification } = await store.enqueue(sampleRequest({ deviceId: 'IMEI:1' }));
        await changeOne(store, notification.id, { event: 'cancelled' });
        ids.push(notification.sessionId);
      }
      assert.deepEqual(ids, [65534, 65535, 1, 2]);
    }));

  test('ruling 11: an id that a live notification holds is passed over; when all are held, that is an error', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const all = await Promise.all(
        Array.from({ length: 65535 }, () => store.enqueue(sampleRequest({ message: {} }))),
      );
      assert.equal(new Set(all.map((enqueued) => enqueued.notification.sessionId)).size, 65535);
      await rejectsWith('SESSION_IDS_EXHAUSTED', store.enqueue(sampleRequest()));
      const over = all[4321]?.notification;
      assert.ok(over);
      await changeOne(store, over.id, { event: 'cancelled' });
      assert.equal((await store.enqueue(sampleRequest())).notification.sessionId, over.sessionId);
    }));

  test('a device without a first Session-ID gets one of its own choice of the store', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { firstSessionId: _, ...device } = sampleDevice({ id: 'IMEI:1' });
      await store.createDevice(device);
      const { notification } = await store.enqueue(sampleRequest({ deviceId: 'IMEI:1' }));
      assert.ok(notification.sessionId >= 1 && notification.sessionId <= 65535);
    }));

  test('the same idempotency key gives the same notification, and another request under it is refused', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const request = sampleRequest({ idempotency: { key: 'k', fingerprint: 'f' } });
      const [first, second] = await Promise.all([store.enqueue(request), store.enqueue(request)]);
      assert.equal(first.created, true);
      assert.equal(second.created, false);
      assert.deepEqual(second.notification, first.notification);
      assert.equal(first.notification.idempotencyKey, 'k');
      await changeOne(store, first.notification.id, { event: 'cancelled' });
      const third = await store.enqueue(request);
      assert.equal(third.notification.id, first.notification.id);
      assert.equal(third.notification.state, 'cancelled');
      await rejectsWith(
        'IDEMPOTENCY_CONFLICT',
        store.enqueue(sampleRequest({ idempotency: { key: 'k', fingerprint: 'g' } })),
      );
      assert.equal((await store.listNotifications({ limit: 10 })).items.length, 1);
    }));

  test('a claim hides its work from others until the lease ends, and leaves the Session-ID alone', () =>
    withStore(async ({ store, clock }) => {
      const queued = await addQueued(store);
      const claimed = await claimOne(store, 1000);
      assert.equal(claimed.id, queued.id);
      assert.equal(claimed.state, 'sending');
      assert.equal(claimed.attempts, 1);
      assert.equal(claimed.lease, 1);
      assert.equal(claimed.dueAt, clock.now() + 1000);
      const nothing = () => store.claimDue({ limit: 9, leaseMs: 1000, node: 'node-2' }, () => assert.fail());
      assert.deepEqual(await nothing(), []);
      clock.advance(999);
      assert.deepEqual(await nothing(), []);
      clock.advance(1);
      const again = await claimOne(store, 1000);
      assert.equal(again.id, queued.id);
      assert.equal(again.sessionId, queued.sessionId);
      assert.equal(again.lease, 2);
    }));

  test('a node that starts again gets back at once what it held, and nothing of others', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (const node of ['a', 'b']) {
        await store.enqueue(sampleRequest());
        await store.claimDue({ limit: 1, leaseMs: 60_000, node }, () => ({ event: 'sending' }));
      }
      assert.equal(await store.releaseClaims('a'), 1);
      const again = await store.claimDue({ limit: 9, leaseMs: 60_000, node: 'a' }, (due) => {
        assert.equal(due.claimedBy, 'a');
        return { event: 'sending' };
      });
      assert.deepEqual(
        again.map((each) => each.sessionId),
        [1],
      );
    }));

  test('several claimers at once never get the same work', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await Promise.all(Array.from({ length: 50 }, () => store.enqueue(sampleRequest())));
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          store.claimDue({ limit: 8, leaseMs: 1000, node: `node-${index}` }, () => ({ event: 'sending' })),
        ),
      );
      const ids = claims.flat().map((claimed) => claimed.id);
      assert.equal(ids.length, 50);
      assert.equal(new Set(ids).size, 50);
      for (const claim of claims) assert.ok(claim.length <= 8);
    }));

  test('work comes when it is due, the longest due first', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      assert.equal(await store.nextDueAt(), undefined);
      const start = clock.now();
      const late = await store.enqueue(sampleRequest({ notBefore: start + 200 }));
      const early = await store.enqueue(sampleRequest({ notBefore: start + 100 }));
      assert.equal(await store.nextDueAt(), start + 100);
      assert.deepEqual(await store.claimDue({ limit: 9, leaseMs: 1, node: 'n' }, () => assert.fail()), []);
      clock.advance(300);
      const claimed = await store.claimDue({ limit: 9, leaseMs: 1000, node: 'n' }, () => ({
        event: 'sending',
      }));
      assert.deepEqual(
        claimed.map((each) => each.id),
        [early.notification.id, late.notification.id],
      );
    }));

  test('the decision is written with the claim: what it ends is not due any more', () =>
    withStore(async ({ store }) => {
      const queued = await addQueued(store);
      const [claimed] = await store.claimDue({ limit: 9, leaseMs: 1000, node: 'n' }, (due) => {
        assert.deepEqual(due, queued);
        return { event: 'expired', detail: 'too late' };
      });
      assert.equal(claimed?.state, 'expired');
      assert.equal(claimed?.reason, 'too late');
      assert.equal(claimed?.dueAt, undefined);
      assert.equal(await store.nextDueAt(), undefined);
      const timeline = await store.timeline(queued.id);
      assert.deepEqual(
        timeline?.map(({ event, node }) => ({ event, node })),
        [
          { event: 'queued', node: undefined },
          { event: 'expired', node: 'n' },
        ],
      );
    }));

  test('a decision that fails or is not allowed leaves everything as it was', () =>
    withStore(async ({ store }) => {
      const queued = await addQueued(store);
      await rejectsWith(
        'BAD_DECISION',
        store.claimDue({ limit: 1, leaseMs: 1, node: 'n' }, () => ({ event: 'completed' })),
      );
      await assert.rejects(
        store.claimDue({ limit: 1, leaseMs: 1, node: 'n' }, () => {
          throw new Error('decide broke');
        }),
        /decide broke/,
      );
      assert.deepEqual(await store.notification(queued.id), queued);
      assert.equal((await store.timeline(queued.id))?.length, 1);
    }));

  test('a list shows the newest first, and can be narrowed', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      const ids: string[] = [];
      for (const deviceId of [sampleDevice().id, 'IMEI:1', sampleDevice().id]) {
        ids.push((await store.enqueue(sampleRequest({ deviceId }))).notification.id);
      }
      await changeOne(store, ids[0] ?? '', { event: 'cancelled' });
      const listed = async (query: Parameters<typeof store.listNotifications>[0]) =>
        (await store.listNotifications(query)).items.map((each) => each.id);
      assert.deepEqual(await listed({ limit: 10 }), [ids[2], ids[1], ids[0]]);
      assert.deepEqual(await listed({ limit: 10, deviceId: 'IMEI:1' }), [ids[1]]);
      assert.deepEqual(await listed({ limit: 10, state: 'cancelled' }), [ids[0]]);
      const page = await store.listNotifications({ limit: 2 });
      assert.equal(page.next, ids[1]);
      assert.deepEqual(await listed({ limit: 2, after: page.next ?? '' }), [ids[0]]);
    }));
}
