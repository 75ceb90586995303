// Store contract: what a restored copy had queued is held until it is released.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../store/index.ts';
import {
  addMessage,
  addQueued,
  addSamples,
  asMessage,
  asNotification,
  changeMessage,
  claimOne,
  enqueueOne,
  toSending,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice, sampleJob, samplePushMark, sampleRequest } from '../store/store-samples.ts';

const claimed = async (store: Store): Promise<readonly string[]> =>
  (await store.claimDue({ limit: 9, leaseMs: 1000, node: 'node-1' }, toSending)).map(({ push }) => push.id);

const heldIds = async (store: Store): Promise<readonly string[]> =>
  (await store.listPushes({ limit: 9, held: true })).items.map(({ id }) => id);

const year = 365 * 86_400_000;

export function heldContract(withStore: WithStore): void {
  test('held: nothing goes out, whatever state it was in, and released it goes on from there', () =>
    withStore(async ({ store, clock }) => {
      const sending = await addQueued(store);
      await claimOne(store);
      const queued = await enqueueOne(store, sampleRequest());
      const later = await enqueueOne(store, sampleRequest({ notBefore: clock.now() + 5000 }));
      const over = await addMessage(store);
      await changeMessage(store, over.id, { event: 'cancelled' });
      assert.deepEqual(await store.holdRestored(), { pushes: 3, jobs: 0 });
      assert.deepEqual(await store.holdRestored(), { pushes: 0, jobs: 0 });
      assert.deepEqual(await heldIds(store), [later.id, queued.id, sending.id]);
      assert.deepEqual(await store.countHeld(9), { pushes: 3, jobs: 0 });
      clock.advance(year);
      assert.equal(await store.releaseClaims('node-1'), 0);
      assert.equal(await store.nextDueAt(), undefined);
      assert.deepEqual(await claimed(store), []);
      const found = asNotification(await store.push(sending.id));
      assert.deepEqual([found.state, found.dueAt, typeof found.heldDueAt], ['sending', undefined, 'number']);
      const fresh = await enqueueOne(store, sampleRequest({ expiresAt: clock.now() + year }));
      assert.deepEqual(await claimed(store), [fresh.id]);

      assert.deepEqual(await store.releaseHeld({ ids: [queued.id] }, 9, { actor: 'alice/console' }), {
        pushes: 1,
        jobs: 0,
      });
      assert.deepEqual(await claimed(store), [queued.id]);
      const notes = (await store.timeline(queued.id))?.filter(({ event }) => event === 'note');
      assert.deepEqual(
        notes?.map(({ detail, actor }) => [detail?.split(':')[0], actor]),
        [
          ['held', undefined],
          ['released', 'alice/console'],
        ],
      );
      assert.deepEqual(await store.releaseHeld({}, 1), { pushes: 1, jobs: 0 });
      assert.deepEqual(await store.releaseHeld({}, 9), { pushes: 1, jobs: 0 });
      assert.deepEqual(await store.releaseHeld({}, 9), { pushes: 0, jobs: 0 });
      assert.deepEqual([...(await claimed(store))].sort(), [sending.id, later.id].sort());
      assert.deepEqual(await heldIds(store), []);
    }));

  test('held: it stays so whatever is told of it, until it is over', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      await claimOne(store);
      await store.holdRestored();
      const change = { event: 'answered', dueAt: clock.now() + 10 } as const;
      await store.change([{ id, change }]);
      await store.change([{ id, change: { event: 'session-failed', dueAt: clock.now() } }]);
      assert.deepEqual(await claimed(store), []);
      assert.deepEqual(await heldIds(store), [id]);
      await store.change([{ id, change: { event: 'completed' } }]);
      assert.deepEqual(await heldIds(store), []);
      assert.deepEqual(await store.countHeld(9), { pushes: 0, jobs: 0 });
      const other = await enqueueOne(store, sampleRequest());
      await store.holdRestored();
      await store.change([{ id: other.id, change: { event: 'cancelled' } }]);
      assert.deepEqual(await heldIds(store), []);
    }));

  test('held: lists and releases by device, account and purpose', () =>
    withStore(async ({ store }) => {
      const first = await addQueued(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:2' }));
      const second = await enqueueOne(store, sampleRequest({ deviceId: 'IMEI:2' }));
      const message = await addMessage(store, { deviceId: 'IMEI:2' });
      await store.holdRestored();
      const { items } = await store.listPushes({ limit: 9, held: true, deviceId: 'IMEI:2' });
      assert.deepEqual(
        items.map(({ id }) => id),
        [message.id, second.id],
      );
      assert.deepEqual(await store.heldPushes({ deviceId: 'IMEI:2', purpose: 'message' }, 9), [message.id]);
      assert.deepEqual(await store.heldPushes({ serverId: 'nobody' }, 9), []);
      assert.deepEqual((await store.listPushes({ limit: 1, held: true })).items.length, 1);
      await store.releaseHeld({ deviceId: 'IMEI:2', purpose: 'notification' }, 9);
      assert.deepEqual(await claimed(store), [second.id]);
      await store.releaseHeld({ serverId: first.serverId }, 9);
      assert.deepEqual([...(await claimed(store))].sort(), [first.id, message.id].sort());
    }));

  test('held: results are told when they are released', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { id } = await addMessage(store, {
        addresses: ['sms:+491701234567'],
        initiator: samplePushMark(),
      });
      await changeMessage(store, id, { event: 'failed' });
      assert.deepEqual(await store.holdRestored(), { pushes: 1, jobs: 0 });
      assert.equal(await store.nextResultDueAt(), undefined);
      assert.deepEqual(await heldIds(store), [id]);
      assert.equal(typeof asMessage(await store.push(id)).heldResultAt, 'number');
      await store.removeOver({ pushes: Number.MAX_SAFE_INTEGER }, 9);
      assert.ok(await store.push(id), 'it stays while its result is to be told');
      await store.releaseHeld({}, 9);
      const told = await store.claimDueResults({ limit: 9, leaseMs: 1, node: 'n' });
      assert.deepEqual(
        told.map((push) => push.id),
        [id],
      );
    }));

  test('held: no session takes commands of a job, until it is released', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { job } = await store.createJob(sampleJob());
      assert.deepEqual(await store.holdRestored(), { pushes: 0, jobs: 1 });
      assert.equal(typeof (await store.job(job.id))?.heldAt, 'number');
      assert.deepEqual(await store.heldJobs({}, 9), [job.id]);
      assert.deepEqual(await store.heldJobs({ purpose: 'notification' }, 9), []);
      const take = () => store.advanceJobs({ deviceId: sampleDevice().id, take: { holder: 'h', held: [] } });
      assert.deepEqual((await take()).taken, []);
      assert.deepEqual(await store.releaseHeld({ ids: [job.id] }, 9), { pushes: 0, jobs: 1 });
      assert.ok((await take()).taken.length > 0);
      await store.cancelJob(job.id, 'no longer needed');
      assert.deepEqual(await store.countHeld(9), { pushes: 0, jobs: 0 });
    }));

  test('held: nonces are unknown, and Session-IDs go on elsewhere', () =>
    withStore(async ({ store }) => {
      const first = await addQueued(store);
      const { id, serverCredentials, clientCredentials } = sampleDevice();
      const nonce = Uint8Array.of(1, 2);
      await store.updateDevice(id, {
        serverCredentials: { ...serverCredentials, nonce },
        ...(clientCredentials !== undefined && { clientCredentials: { ...clientCredentials, nonce } }),
      });
      await store.holdRestored();
      const device = await store.device(id);
      assert.equal(device?.serverCredentials.nonce, undefined);
      assert.equal(device?.clientCredentials?.nonce, undefined);
      assert.deepEqual(device?.serverCredentials.secret, serverCredentials.secret);
      const next = await enqueueOne(store, sampleRequest());
      assert.ok(Math.abs(next.sessionId - first.sessionId) > 1000);
    }));

  test('held: released, a notification goes on under a Session-ID that its device has not had', () =>
    withStore(async ({ store, clock }) => {
      const first = await addQueued(store);
      const second = await enqueueOne(store, sampleRequest());
      await claimOne(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:2' }));
      const other = await enqueueOne(store, sampleRequest({ deviceId: 'IMEI:2' }));
      const message = await addMessage(store);
      const { job } = await store.createJob(sampleJob({ wake: sampleRequest() }));
      const ofJob = asNotification(await store.push(job.pushId ?? ''));
      await store.holdRestored();
      const fresh = await enqueueOne(store, sampleRequest());
      assert.equal((await store.releaseHeld({}, 99)).pushes, 5);

      const now = await Promise.all(
        [first, second, ofJob].map(async ({ id }) => asNotification(await store.push(id)).sessionId),
      );
      const old = [first, second, ofJob].map(({ sessionId }) => sessionId);
      assert.deepEqual(
        now,
        [1, 2, 3].map((step) => fresh.sessionId + step),
      );
      for (const [index, sessionId] of now.entries()) {
        const id = [first, second, ofJob][index]?.id;
        assert.equal((await store.pushOfSession(first.deviceId, sessionId))?.id, id);
        assert.equal(await store.pushOfSession(first.deviceId, old[index] ?? 0), undefined);
      }
      assert.notEqual(asNotification(await store.push(other.id)).sessionId, other.sessionId);
      assert.equal((await store.jobOfPush(ofJob.id))?.id, job.id);
      const said = async (id: string) =>
        (await store.timeline(id))?.findLast(({ event }) => event === 'note')?.detail;
      assert.match(
        (await said(first.id)) ?? '',
        new RegExp(`^released: under the Session-ID ${now[0]} in place of ${first.sessionId},`),
      );
      assert.equal(await said(message.id), 'released');

      // What ends gives its Session-ID free, and nothing that is open has one of another.
      for (const id of [first.id, second.id, ofJob.id, fresh.id]) {
        await store.change([{ id, change: { event: 'cancelled' } }]);
      }
      clock.advance(1);
      assert.ok((await enqueueOne(store, sampleRequest())).sessionId > (now[2] ?? 0));
    }));

  test('held: a notification whose device has begun its session meanwhile keeps its Session-ID', () =>
    withStore(async ({ store, clock }) => {
      const before = await addQueued(store);
      const since = await enqueueOne(store, sampleRequest());
      const answer = { event: 'answered', dueAt: clock.now() + 10_000 } as const;
      await claimed(store);
      await store.change([{ id: before.id, change: { event: 'sent', dueAt: clock.now() + 10_000 } }]);
      await store.change([{ id: before.id, change: answer }]);
      await store.holdRestored();
      await store.change([{ id: since.id, change: answer }]);
      await store.releaseHeld({}, 9);
      assert.equal(asNotification(await store.push(since.id)).sessionId, since.sessionId);
      const renewed = asNotification(await store.push(before.id));
      assert.notEqual(renewed.sessionId, before.sessionId);
      await store.holdRestored();
      await store.releaseHeld({}, 9, { attempts: 1 });
      assert.equal(
        asNotification(await store.push(before.id)).sessionId,
        renewed.sessionId,
        'it has gone out as often as it may',
      );
      assert.deepEqual(
        [(await store.push(before.id))?.state, (await store.push(since.id))?.state],
        ['answered', 'answered'],
      );
    }));
}
