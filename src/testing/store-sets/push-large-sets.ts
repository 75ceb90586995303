// Store contract: calls about nothing, and about more than any engine takes parameters of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushEvent } from '../../store/index.ts';
import { pushKinds } from '../store/push-kinds.ts';
import { addSamples, toSending, type WithStore } from '../store/store-contract-base.ts';
import { sampleDevice } from '../store/store-samples.ts';

const many = 5000;

export function largeSetContract(withStore: WithStore): void {
  test('calls about nothing write nothing and give nothing', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const heard: PushEvent[] = [];
      store.onEvent((event) => heard.push(event));
      assert.deepEqual(await store.enqueue([]), []);
      assert.deepEqual(await store.enqueueEach([]), []);
      assert.deepEqual(await store.change([]), []);
      assert.deepEqual(await store.devices([]), []);
      assert.deepEqual(await store.unplaced(9), []);
      await store.place([]);
      assert.deepEqual(await store.offerDefaultNonces([], { count: 1, windowMs: 1 }, 'n'), []);
      const claim = { limit: 9, leaseMs: 1, node: 'n' };
      assert.deepEqual(await store.claimDue(claim, toSending), []);
      assert.deepEqual(await store.claimDueResults(claim), []);
      assert.equal(await store.releaseClaims('n', []), 0);
      assert.deepEqual(await store.removeOver({ pushes: 1, jobs: 1, events: 1 }, 9), {
        pushes: 0,
        jobs: 0,
        events: 0,
      });
      assert.deepEqual(heard, []);
    }));

  for (const { purpose, request, course } of pushKinds) {
    test(`${purpose}: ${many} at once: taken in, claimed, changed, removed`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const devices = Array.from({ length: 50 }, (_, index) => `IMEI:${index}`);
        for (const id of devices) await store.createDevice(sampleDevice({ id }));
        let last = 0;
        let heard = 0;
        store.onEvent(({ sequence }) => {
          assert.ok(sequence > last);
          last = sequence;
          heard += 1;
        });
        const requests = Array.from({ length: many }, (_, index) =>
          request({ deviceId: devices[index % devices.length] ?? '' }),
        );
        const taken = await store.enqueueEach(requests);
        const ids = taken.map((each) => (each.outcome === 'queued' ? each.push.id : ''));
        assert.equal(new Set(ids).size, many);
        const claimed = await store.claimDue({ limit: many, leaseMs: 60_000, node: 'n' }, toSending);
        assert.deepEqual(
          claimed.map(({ push }) => push.id),
          ids,
        );
        const sent = await store.change(
          claimed.map(({ push, device }) => ({
            id: push.id,
            as: push,
            change: {
              event: 'accepted',
              binding: 'sms',
              lease: push.lease,
              reference: push.id,
              address: device?.addresses[0] ?? '',
            },
          })),
        );
        assert.ok(sent.every((outcome) => outcome?.verdict === 'changed'));
        assert.equal((await store.awaitedReports(many)).length, many);
        const end = course.at(-1) ?? 'failed';
        const ends = await store.change(
          ids.flatMap((id) => [
            ...(end === 'completed' ? [{ id, change: { event: 'answered' } } as const] : []),
            { id, change: { event: end } },
          ]),
        );
        assert.ok(ends.every((outcome) => outcome?.verdict === 'changed'));
        assert.equal(heard, many * 3 + ends.length);
        assert.equal((await store.devices(devices)).length, devices.length);
        clock.advance(1);
        assert.equal((await store.removeOver({ pushes: clock.now() }, many)).pushes, many);
        assert.deepEqual(await store.listPushes({ limit: 9 }), { items: [] });
      }));
  }
}
