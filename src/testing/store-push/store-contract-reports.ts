// Store contract: references of carriers, and what their reports change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addQueued, addSamples, changeOne, claimOne, type WithStore } from '../store/store-contract-base.ts';
import { sampleRequest } from '../store/store-samples.ts';

const accepted = { event: 'accepted', binding: 'sms' } as const;

export function reportContract(withStore: WithStore): void {
  test('references of accepted pushes are found until their carrier has reported', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      assert.deepEqual(await store.awaitedReports(10), []);
      const { lease } = await claimOne(store);
      await changeOne(store, id, { ...accepted, reference: 'sim:1', lease });
      assert.deepEqual(await store.awaitedReports(10), [
        { notificationId: id, binding: 'sms', reference: 'sim:1' },
      ]);
      await changeOne(store, id, { event: 'delivered', lease });
      assert.deepEqual(await store.awaitedReports(10), []);
    }));

  test('every push of a notification keeps its reference, and notifications come in pages', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const ids: string[] = [];
      for (const reference of ['sim:1', 'sim:2', 'sim:3']) {
        ids.push((await store.enqueue(sampleRequest())).notification.id);
        const { id, lease } = await claimOne(store);
        await changeOne(store, id, { ...accepted, reference, lease, dueAt: clock.now() + 100_000 });
      }
      const again = { ...accepted, reference: 'sim:4', lease: -1 };
      assert.equal((await changeOne(store, ids[0] ?? '', again)).verdict, 'kept');
      const first = await store.awaitedReports(2);
      assert.deepEqual(
        first.map(({ reference }) => reference),
        ['sim:1', 'sim:4', 'sim:2'],
      );
      const second = await store.awaitedReports(2, first.at(-1)?.notificationId);
      assert.deepEqual(second, [{ notificationId: ids[2], binding: 'sms', reference: 'sim:3' }]);
      assert.deepEqual(await store.awaitedReports(2, ids[2]), []);
    }));

  test('with each reference stands the address that the push went to, where the timeline has it', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      const { lease } = await claimOne(store);
      const address = 'sms:+491701111111';
      const dueAt = clock.now() + 100_000;
      await changeOne(store, id, { ...accepted, address, reference: 'sim:1', lease, dueAt });
      await changeOne(store, id, { ...accepted, reference: 'sim:1', lease: -1 });
      const known = { notificationId: id, binding: 'sms', reference: 'sim:1' };
      assert.deepEqual(await store.awaitedReports(9), [{ ...known, address }, known]);
    }));

  test('a push without a reference takes no place of a page: an empty page is the last one', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      for (const reference of [undefined, 'sim:1']) {
        await store.enqueue(sampleRequest());
        const { id, lease } = await claimOne(store);
        const receipt = { ...accepted, lease, dueAt: clock.now() + 100_000 };
        await changeOne(store, id, { ...receipt, ...(reference !== undefined && { reference }) });
      }
      const page = await store.awaitedReports(1);
      assert.deepEqual(
        page.map(({ reference }) => reference),
        ['sim:1'],
      );
      assert.deepEqual(await store.awaitedReports(1, page[0]?.notificationId), []);
    }));

  test('a remark of an older claim does not change when the engine looks again', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      const { lease } = await claimOne(store);
      const dueAt = clock.now() + 100_000;
      await changeOne(store, id, { ...accepted, reference: 'sim:1', lease, dueAt });
      const remark = { event: 'attempt-failed', detail: 'EXPIRED' } as const;
      await changeOne(store, id, { ...remark, lease: lease - 1, dueAt: clock.now() + 5 });
      assert.equal((await store.notification(id))?.dueAt, dueAt);
      await changeOne(store, id, { ...remark, lease, dueAt: clock.now() + 7 });
      const after = await store.notification(id);
      assert.equal(after?.dueAt, clock.now() + 7);
      assert.equal(after?.state, 'accepted');
      assert.equal(after?.reason, 'EXPIRED');
    }));
}
