// Store contract: what is over does not stay for ever: pushes with all that is theirs, jobs, and events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushState, RetentionLimits, Store } from '../../store/index.ts';
import { allPushKinds, pushKinds } from '../store/push-kinds.ts';
import {
  addMessage,
  addSamples,
  changeMessage,
  changeOne,
  enqueueOne,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice, sampleJob, samplePushMark, sampleRequest } from '../store/store-samples.ts';

const nothing = { pushes: 0, jobs: 0, events: 0 };

/** Leads a push through these states; what came of it is told where somebody asked. */
async function end(store: Store, id: string, ...way: readonly PushState[]): Promise<void> {
  for (const event of way) await changeOne(store, id, { event });
  const push = await store.push(id);
  if (push === undefined || push.purpose === 'notification' || push.resultDueAt === undefined) return;
  await changeOne(store, id, { event: 'result-told', resultDueAt: null, resultOf: push.state });
}

/** Removes until nothing is left, and gives what went. */
async function removeAll(store: Store, limits: RetentionLimits) {
  const first = await store.removeOver(limits, 100);
  assert.deepEqual(await store.removeOver(limits, 100), nothing, 'once');
  return first;
}

export function retentionContract(withStore: WithStore): void {
  for (const { purpose, request, ways } of allPushKinds) {
    test(`${purpose}: what was over before its time goes with its timeline and its key; the rest stays`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const mark = { idempotency: { key: 'k', fingerprint: 'f' } };
        const old = await enqueueOne(store, request(mark));
        const atIt = await enqueueOne(store, request());
        const open = await enqueueOne(store, request());
        clock.advance(100);
        await end(store, old.id, 'cancelled');
        clock.advance(100);
        const limit = clock.now();
        await end(store, atIt.id, 'cancelled');
        const kept = [await store.push(open.id), await store.push(atIt.id)];
        clock.advance(100_000);
        const ownBefore = await store.eventsAfter(0, 99);
        assert.deepEqual(await removeAll(store, {}), nothing, 'what is left out stays');
        assert.deepEqual(await removeAll(store, { pushes: old.createdAt + 100 }), nothing, 'not before');
        assert.deepEqual(await removeAll(store, { pushes: limit }), { ...nothing, pushes: 1 });
        assert.equal(await store.push(old.id), undefined);
        assert.equal(await store.timeline(old.id), undefined);
        assert.deepEqual((await store.listPushes({ limit: 9 })).items, kept);
        const others = ownBefore.filter(({ pushId }) => pushId !== old.id);
        assert.deepEqual(await store.eventsAfter(0, 99), others);
        assert.equal(await changeNothing(store, old.id), undefined);
        const { id } = await enqueueOne(store, request({ idempotency: { key: 'k', fingerprint: 'other' } }));
        assert.notEqual(id, old.id);
        const again = request({ idempotency: { key: 'k', fingerprint: 'f' } });
        await rejectsWith('IDEMPOTENCY_CONFLICT', store.enqueue([again]));
      }));

    test(`${purpose}: what is open stays, however old it is; in every state in which it is over it goes`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const over: string[] = [];
        const open: string[] = [];
        for (const [index, way] of ways.entries()) {
          const deviceId = `IMEI:${index}`;
          await store.createDevice(sampleDevice({ id: deviceId }));
          const { id } = await enqueueOne(store, request({ deviceId }));
          await end(store, id, ...way);
          ((await store.push(id))?.endedAt === undefined ? open : over).push(id);
        }
        clock.advance(100_000);
        assert.deepEqual(await removeAll(store, { pushes: clock.now() }), {
          ...nothing,
          pushes: over.length,
        });
        for (const id of over) assert.equal(await store.push(id), undefined);
        for (const id of open) assert.ok((await store.timeline(id))?.length);
        const { items } = await store.listPushes({ limit: 99 });
        assert.deepEqual(items.map(({ id }) => id).reverse(), open);
      }));
  }

  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: events go by age where their push is over; the push stays, and its timeline is empty`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const over = await enqueueOne(store, request());
        const open = await enqueueOne(store, request());
        await changeOne(store, over.id, { event: 'note', detail: 'early' });
        clock.advance(100);
        await changeOne(store, over.id, { event: 'cancelled' });
        const ended = await store.push(over.id);
        const before = await store.timeline(over.id);
        clock.advance(100_000);
        assert.deepEqual(await removeAll(store, { events: over.createdAt }), nothing);
        assert.deepEqual(await removeAll(store, { events: over.createdAt + 100 }), { ...nothing, events: 2 });
        assert.deepEqual(await store.timeline(over.id), before?.slice(2));
        assert.deepEqual(await removeAll(store, { events: clock.now() }), { ...nothing, events: 1 });
        assert.deepEqual(await store.timeline(over.id), [], 'it is there, and nothing is known of it');
        assert.deepEqual(await store.push(over.id), ended);
        assert.equal((await store.timeline(open.id))?.length, 1);
        assert.deepEqual(await store.eventsAfter(0, 9), await store.timeline(open.id));
        assert.deepEqual(await removeAll(store, { pushes: clock.now() }), { ...nothing, pushes: 1 });
        assert.equal(await store.timeline(over.id), undefined);
      }));
  }

  test('a push whose result is still to be told stays; then it goes, and its push-id may be used again', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const initiator = samplePushMark();
      const { id } = await addMessage(store, { initiator });
      const { push } = await changeMessage(store, id, { event: 'failed' });
      const untold = { event: 'note', resultDueAt: clock.now() + 10, resultOf: 'failed' } as const;
      await changeMessage(store, id, untold);
      clock.advance(100_000);
      const limits = { pushes: clock.now() };
      assert.deepEqual(await removeAll(store, limits), nothing);
      await store.claimDueResults({ limit: 1, leaseMs: 1000, node: 'n' });
      assert.deepEqual(await removeAll(store, limits), nothing, 'while it is told');
      await changeMessage(store, id, { event: 'result-told', resultDueAt: null, resultOf: push.state });
      assert.deepEqual(await removeAll(store, limits), { ...nothing, pushes: 1 });
      assert.deepEqual(await store.pushesOfInitiator(initiator.initiator, initiator.pushId), []);
      const again = await addMessage(store, { initiator });
      const found = await store.pushesOfInitiator(initiator.initiator, initiator.pushId);
      assert.deepEqual(found, [again]);
    }));

  test('jobs that were over before their time go, with their commands and keys; the rest stays', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const idempotency = { key: 'k', fingerprint: 'f' };
      const old = await store.createJob(sampleJob({ idempotency, wake: sampleRequest() }));
      const atIt = await store.createJob(sampleJob());
      const open = await store.createJob(sampleJob({ wake: sampleRequest() }));
      await store.cancelJob(old.job.id, 'by request');
      clock.advance(100);
      const limit = clock.now();
      await store.cancelJob(atIt.job.id, 'by request');
      const kept = [await store.job(open.job.id), await store.job(atIt.job.id)];
      clock.advance(100_000);
      assert.deepEqual(await removeAll(store, { jobs: limit - 100 }), nothing);
      assert.deepEqual(await removeAll(store, { jobs: limit }), { ...nothing, jobs: 1 });
      assert.equal(await store.job(old.job.id), undefined);
      assert.deepEqual([await store.job(open.job.id), await store.job(atIt.job.id)], kept);
      assert.equal((await store.listJobs({ limit: 9 })).items.length, 2);
      const pushId = old.notification?.id ?? '';
      assert.equal(await store.jobOfPush(pushId), undefined);
      assert.equal((await store.push(pushId))?.state, 'cancelled', 'its push has an age of its own');
      const other = { key: 'k', fingerprint: 'other' };
      assert.equal((await store.createJob(sampleJob({ idempotency: other }))).created, true);
      assert.deepEqual(await removeAll(store, { pushes: clock.now() }), { ...nothing, pushes: 1 });
    }));

  test('a job stays when its push goes', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { job, notification } = await store.createJob(sampleJob({ wake: sampleRequest() }));
      await changeOne(store, notification?.id ?? '', { event: 'failed' });
      clock.advance(100_000);
      const limits = { pushes: clock.now(), jobs: clock.now(), events: clock.now() };
      assert.equal((await store.removeOver(limits, 9)).pushes, 1);
      assert.equal((await store.job(job.id))?.state, 'pending');
      assert.equal((await store.cancelJob(job.id, 'by request'))?.verdict, 'cancelled');
    }));

  test('steps: no more than the limit of each kind goes at once, the oldest first', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const ids: string[] = [];
      for (const { request } of [...pushKinds, ...pushKinds, ...pushKinds]) {
        ids.push((await enqueueOne(store, request())).id);
        await store.createJob(sampleJob());
      }
      const jobs = (await store.listJobs({ limit: 9 })).items.map(({ id }) => id);
      const order = [3, 0, 5, 1, 4, 2];
      for (const index of order) {
        clock.advance(10);
        await changeOne(store, ids[index] ?? '', { event: 'failed' });
        await store.cancelJob(jobs[index] ?? '', 'by request');
      }
      clock.advance(10);
      const limits = { pushes: clock.now(), jobs: clock.now() };
      for (const [step, gone] of [4, 4].entries()) {
        const went = Math.min(gone, order.length - step * 4);
        assert.deepEqual(await store.removeOver(limits, 4), { pushes: went, jobs: went, events: 0 });
        const rest = order.slice((step + 1) * 4);
        const { items } = await store.listPushes({ limit: 9 });
        assert.deepEqual(items.map(({ id }) => id).sort(), rest.map((index) => ids[index]).sort());
        const left = (await store.listJobs({ limit: 9 })).items.map(({ id }) => id);
        assert.deepEqual(left.sort(), rest.map((index) => jobs[index]).sort());
      }
      assert.deepEqual(await store.removeOver(limits, 4), nothing);
    }));

  test('steps: of events too, the oldest first', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      for (const { request } of pushKinds) {
        const { id } = await enqueueOne(store, request());
        await changeOne(store, id, { event: 'note' });
        await changeOne(store, id, { event: 'failed' });
      }
      const all = await store.eventsAfter(0, 9);
      clock.advance(10);
      for (const [step, went] of [4, 2, 0].entries()) {
        assert.deepEqual(await store.removeOver({ events: clock.now() }, 4), { ...nothing, events: went });
        assert.deepEqual(await store.eventsAfter(0, 9), all.slice((step + 1) * 4));
      }
    }));
}

async function changeNothing(store: Store, id: string) {
  const [outcome] = await store.change([{ id, change: { event: 'note' } }]);
  return outcome;
}
