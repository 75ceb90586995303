// Store contract: what carriers still have to tell, and what their reports change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushChange } from '../../store/index.ts';
import { pushKinds } from '../store/push-kinds.ts';
import {
  addSamples,
  changeMessage,
  changeOne,
  claimOne,
  enqueueOne,
  type WithStore,
} from '../store/store-contract-base.ts';

const accepted = { event: 'accepted', binding: 'sms' } as const;

const awaits = (pushId: string, reference: string) => ({ pushId, binding: 'sms', reference });

export function reportContract(withStore: WithStore): void {
  for (const { purpose, request } of pushKinds) {
    const ends: readonly PushChange['event'][] =
      purpose === 'notification'
        ? ['delivered', 'answered', 'failed']
        : ['delivered', 'unreported', 'failed'];

    test(`${purpose}: references of accepted pushes are found until their carrier has reported`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        for (const end of ends) {
          const { id } = await enqueueOne(store, request());
          assert.deepEqual(await store.awaitedReports(10), []);
          const { lease } = await claimOne(store);
          const dueAt = clock.now() + 100_000;
          await changeOne(store, id, { ...accepted, reference: 'sim:1', lease, dueAt });
          assert.deepEqual(await store.awaitedReports(10), [awaits(id, 'sim:1')]);
          await changeOne(store, id, { event: end, lease });
          assert.deepEqual(await store.awaitedReports(10), [], end);
        }
      }));

    test(`${purpose}: every attempt keeps its reference, and pushes come in pages`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const ids: string[] = [];
        for (const reference of ['sim:1', 'sim:2', 'sim:3']) {
          ids.push((await enqueueOne(store, request())).id);
          const { id, lease } = await claimOne(store);
          await changeOne(store, id, { ...accepted, reference, lease, dueAt: clock.now() + 100_000 });
        }
        const [one = '', two = '', three = ''] = ids;
        const again = { ...accepted, reference: 'sim:4', lease: -1 };
        assert.equal((await changeOne(store, one, again)).verdict, 'kept');
        const first = await store.awaitedReports(2);
        assert.deepEqual(first, [awaits(one, 'sim:1'), awaits(one, 'sim:4'), awaits(two, 'sim:2')]);
        assert.deepEqual(await store.awaitedReports(1), first.slice(0, 2));
        const second = await store.awaitedReports(2, first.at(-1)?.pushId);
        assert.deepEqual(second, [awaits(three, 'sim:3')]);
        assert.deepEqual(await store.awaitedReports(2, one), [awaits(two, 'sim:2'), awaits(three, 'sim:3')]);
        assert.deepEqual(await store.awaitedReports(2, three), []);
      }));

    test(`${purpose}: with each reference stands the address that it went to, where the timeline has it`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { lease } = await claimOne(store);
        const address = 'sms:+491701111111';
        const dueAt = clock.now() + 100_000;
        await changeOne(store, id, { ...accepted, address, reference: 'sim:1', lease, dueAt });
        await changeOne(store, id, { ...accepted, reference: 'sim:1', lease: -1 });
        const known = awaits(id, 'sim:1');
        assert.deepEqual(await store.awaitedReports(9), [{ ...known, address }, known]);
      }));

    test(`${purpose}: one without a reference takes no place of a page: an empty page is the last one`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        for (const reference of [undefined, 'sim:1']) {
          await enqueueOne(store, request());
          const { id, lease } = await claimOne(store);
          const receipt = { ...accepted, lease, dueAt: clock.now() + 100_000 };
          await changeOne(store, id, { ...receipt, ...(reference !== undefined && { reference }) });
        }
        const page = await store.awaitedReports(1);
        assert.deepEqual(
          page.map(({ reference }) => reference),
          ['sim:1'],
        );
        assert.deepEqual(await store.awaitedReports(1, page[0]?.pushId), []);
      }));

    test(`${purpose}: a remark of an older claim does not change when the engine looks again`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { lease } = await claimOne(store);
        const dueAt = clock.now() + 100_000;
        await changeOne(store, id, { ...accepted, reference: 'sim:1', lease, dueAt });
        const remark = { event: 'attempt-failed', detail: 'EXPIRED' } as const;
        await changeOne(store, id, { ...remark, lease: lease - 1, dueAt: clock.now() + 5 });
        assert.equal((await store.push(id))?.dueAt, dueAt);
        await changeOne(store, id, { ...remark, lease, dueAt: clock.now() + 7 });
        const after = await store.push(id);
        assert.equal(after?.dueAt, clock.now() + 7);
        assert.equal(after?.state, 'accepted');
        assert.equal(after?.reason, 'EXPIRED');
      }));
  }

  test('references of all purposes are found together, in order of the pushes', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const ids: string[] = [];
      for (const { purpose, request } of [...pushKinds, ...pushKinds]) {
        const { id } = await enqueueOne(store, request());
        ids.push(id);
        const { lease } = await claimOne(store);
        const dueAt = clock.now() + 100_000;
        await changeOne(store, id, { ...accepted, reference: `${purpose}:${ids.length}`, lease, dueAt });
      }
      const [one = '', two = '', three = '', four = ''] = ids;
      assert.deepEqual(await store.awaitedReports(3), [
        awaits(one, 'notification:1'),
        awaits(two, 'message:2'),
        awaits(three, 'notification:3'),
      ]);
      assert.deepEqual(await store.awaitedReports(3, three), [awaits(four, 'message:4')]);
      await changeMessage(store, two, { event: 'unreported' });
      await changeOne(store, three, { event: 'delivered' });
      assert.deepEqual(await store.awaitedReports(3), [
        awaits(one, 'notification:1'),
        awaits(four, 'message:4'),
      ]);
    }));
}
