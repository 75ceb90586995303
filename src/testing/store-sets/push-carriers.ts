// Store contract: pushes wait for the carrier that their next attempt begins with, or for none yet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushEvent, Store, Waiting } from '../../store/index.ts';
import { allPushKinds, pushKinds } from '../store/push-kinds.ts';
import {
  addSamples,
  changeOne,
  enqueueOne,
  pushesOf,
  toSending,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice, sampleRequest } from '../store/store-samples.ts';

const claim = { limit: 9, leaseMs: 1000, node: 'n' } as const;

const claimedIds = async (store: Store, of: Waiting = {}): Promise<readonly string[]> =>
  pushesOf(await store.claimDue({ ...claim, ...of }, toSending)).map(({ id }) => id);

export function carrierContract(withStore: WithStore): void {
  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: a claim takes what waits for its carrier, of its purpose, the longest due first`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const start = clock.now();
        const ids: string[] = [];
        for (const [carrier, notBefore] of [
          ['a', start + 30],
          ['b', start + 20],
          ['a', start + 10],
          [undefined, start],
        ] as const) {
          const placed = carrier === undefined ? {} : { carrier };
          const push = await enqueueOne(store, { ...request({ notBefore }), ...placed });
          assert.equal(push.carrier, carrier);
          ids.push(push.id);
        }
        const [late, other, early, unplaced] = ids;
        for (const [of, dueAt] of [
          [{ carrier: 'a' }, start + 10],
          [{ carrier: 'b', purpose }, start + 20],
          [{ carrier: null }, start],
          [{ carrier: null, purpose }, start],
          [{ carrier: 'c' }, undefined],
          [{ carrier: 'a', purpose: 'relayed' }, undefined],
          [{ purpose }, start],
          [{}, start],
        ] as const) {
          assert.equal(await store.nextDueAt(of), dueAt, JSON.stringify(of));
        }
        clock.advance(50);
        assert.deepEqual(await claimedIds(store, { carrier: 'c' }), []);
        assert.deepEqual(await claimedIds(store, { carrier: 'a', purpose: 'relayed' }), []);
        assert.deepEqual(await claimedIds(store, { carrier: 'a', purpose }), [early, late]);
        assert.deepEqual(await claimedIds(store, { carrier: null }), [unplaced]);
        assert.deepEqual(await claimedIds(store, { carrier: 'b' }), [other]);
        assert.deepEqual(await claimedIds(store), []);
        clock.advance(1000);
        assert.deepEqual(new Set(await claimedIds(store)), new Set(ids), 'whatever the carrier');
      }));

    test(`${purpose}: what waits for none is found with its device, the longest due first, and placed`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const start = clock.now();
        const second = await enqueueOne(store, request({ notBefore: start + 20 }));
        const first = await enqueueOne(store, request({ notBefore: start + 10 }));
        const placed = await enqueueOne(store, { ...request(), carrier: 'a' });
        const future = await enqueueOne(store, request({ notBefore: start + 999 }));
        assert.deepEqual(await store.unplaced(9), []);
        clock.advance(30);
        const device = await store.device(sampleDevice().id);
        const [oldest, ...others] = await store.unplaced(1);
        const readAt = oldest?.readAt;
        assert.deepEqual([oldest, ...others], [{ push: first, device, readAt }]);
        assert.deepEqual(await store.unplaced(9), [
          { push: first, device, readAt },
          { push: second, device, readAt },
        ]);
        const heard: PushEvent[] = [];
        store.onEvent((event) => heard.push(event));
        await store.place([
          { id: first.id, carrier: 'b' },
          { id: placed.id, carrier: 'b' },
          { id: second.id, carrier: 'a' },
          { id: 'nothing', carrier: 'a' },
        ]);
        await store.place([]);
        assert.deepEqual(heard, []);
        const now = await store.push(first.id);
        assert.deepEqual(now, { ...first, carrier: 'b', version: now?.version });
        assert.deepEqual(await store.push(placed.id), placed, 'one that waits for a carrier goes on to');
        assert.deepEqual(await store.unplaced(9), []);
        assert.deepEqual(await claimedIds(store, { carrier: 'a' }), [placed.id, second.id]);
        assert.deepEqual(await claimedIds(store, { carrier: 'b' }), [first.id]);
        assert.equal((await store.push(future.id))?.carrier, undefined);
      }));

    test(`${purpose}: a push that waits again may wait for another carrier; a claim leaves its carrier alone`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, { ...request(), carrier: 'a' });
        const [claimed] = await store.claimDue({ ...claim, carrier: 'a' }, toSending);
        assert.equal(claimed?.push.carrier, 'a');
        const again = { event: 'queued', lease: claimed.push.lease, carrier: 'b' } as const;
        const [{ push }] = [await changeOne(store, id, { ...again, dueAt: clock.now() })];
        assert.equal(push.carrier, 'b');
        assert.deepEqual(await store.push(id), push);
        assert.deepEqual(await claimedIds(store, { carrier: 'a' }), []);
        assert.deepEqual(await claimedIds(store, { carrier: 'b' }), [id]);
        const late = await changeOne(store, id, { ...again, carrier: 'c', dueAt: clock.now() });
        assert.deepEqual([late.verdict, late.push.carrier], ['refused', 'b'], 'an older claim');
        const over = await changeOne(store, id, { event: 'failed', dueAt: 1, carrier: 'c' });
        assert.equal(over.push.carrier, 'b', 'nothing waits for a carrier any more');
        assert.deepEqual(await store.push(id), over.push);
      }));
  }

  test('a node that starts takes carriers away that it does not have, whatever waits for them', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const ids: Record<string, string[]> = { a: [], b: [], c: [] };
      for (const { request } of allPushKinds) {
        for (const carrier of ['a', 'b', 'c']) {
          ids[carrier]?.push((await enqueueOne(store, { ...request(), carrier })).id);
        }
      }
      const over = await enqueueOne(store, sampleRequest({ carrier: 'b' }));
      await changeOne(store, over.id, { event: 'cancelled' });
      assert.equal((await claimedIds(store, { carrier: 'c' })).length, 3);
      assert.equal(await store.releaseClaims('other', ['a', 'b', 'c']), 0);
      assert.deepEqual(await store.unplaced(9), []);
      assert.equal(await store.releaseClaims('n'), 3);
      assert.deepEqual(await store.unplaced(9), [], 'nobody said which carriers there are');
      assert.equal(await store.releaseClaims('n', ['a']), 3);
      const unplaced = pushesOf(await store.unplaced(9)).map(({ id }) => id);
      assert.deepEqual(new Set(unplaced), new Set([...(ids.b ?? []), ...(ids.c ?? [])]));
      assert.equal((await store.push(over.id))?.carrier, 'b');
      assert.equal(await store.nextDueAt({ carrier: 'b' }), undefined);
      assert.equal(await store.nextDueAt({ carrier: null }), clock.now());
      assert.equal(await store.releaseClaims('n', []), 3);
      assert.equal((await store.unplaced(99)).length, 9);
    }));
}
