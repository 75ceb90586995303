// Store contract: pushes as work, whatever they are for: claims, leases, and what is due when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../store/index.ts';
import { allPushKinds, pushKinds } from '../store/push-kinds.ts';
import {
  addSamples,
  changeOne,
  claimOne,
  enqueueOne,
  pushesOf,
  rejectsWith,
  toSending,
  type WithStore,
} from '../store/store-contract-base.ts';

const claimAll = (store: Store, node = 'n') =>
  store.claimDue({ limit: 9, leaseMs: 1000, node }, toSending).then(pushesOf);

const claimNothing = (store: Store, node: string) =>
  store.claimDue({ limit: 9, leaseMs: 1000, node }, () => assert.fail('nothing is due'));

export function queueContract(withStore: WithStore): void {
  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: a claim hides it from others until the lease ends, and leaves what is sent alone`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const queued = await enqueueOne(store, request());
        clock.advance(5);
        const claimed = await claimOne(store, 1000);
        const held = {
          ...queued,
          state: 'sending',
          attempts: 1,
          lease: 1,
          version: 1,
          claimedBy: 'node-1',
          dueAt: clock.now() + 1000,
          updatedAt: clock.now(),
        };
        assert.deepEqual(claimed, held);
        assert.deepEqual(await store.push(queued.id), held);
        assert.deepEqual(await claimNothing(store, 'node-2'), []);
        clock.advance(999);
        assert.deepEqual(await claimNothing(store, 'node-2'), []);
        clock.advance(1);
        assert.deepEqual(await claimOne(store, 1000, 'node-2'), {
          ...held,
          attempts: 2,
          lease: 2,
          version: 2,
          claimedBy: 'node-2',
          dueAt: clock.now() + 1000,
          updatedAt: clock.now(),
        });
      }));

    test(`${purpose}: a node that starts again gets back at once what it was sending, and nothing else`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const ids: string[] = [];
        for (const node of ['a', 'a', 'b']) {
          ids.push((await enqueueOne(store, request())).id);
          await claimOne(store, 60_000, node);
        }
        const [lost = '', taken = '', other = ''] = ids;
        const dueAt = clock.now() + 90_000;
        await changeOne(store, taken, { event: 'accepted', dueAt });
        assert.equal(await store.releaseClaims('a'), 1);
        assert.equal(await store.releaseClaims('c'), 0);
        assert.equal(await store.nextDueAt(), clock.now());
        const again = await store.claimDue({ limit: 9, leaseMs: 60_000, node: 'a' }, (due) => {
          assert.equal(due.claimedBy, 'a');
          return [{ event: 'sending' }];
        });
        assert.deepEqual(
          pushesOf(again).map(({ id, lease, attempts }) => [id, lease, attempts]),
          [[lost, 2, 2]],
        );
        assert.equal((await store.push(taken))?.dueAt, dueAt);
        assert.equal((await store.push(other))?.dueAt, clock.now() + 60_000);
        assert.deepEqual(await claimNothing(store, 'a'), []);
      }));

    test(`${purpose}: several claimers at once never get the same one`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        await store.enqueue(Array.from({ length: 50 }, () => request()));
        const claims = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            store.claimDue({ limit: 8, leaseMs: 1000, node: `node-${index}` }, toSending),
          ),
        );
        const ids = claims.flat().map(({ push }) => push.id);
        assert.equal(ids.length, 50);
        assert.equal(new Set(ids).size, 50);
        for (const claim of claims) assert.ok(claim.length <= 8);
      }));

    test(`${purpose}: work comes when it is due, the longest due first`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        assert.equal(await store.nextDueAt(), undefined);
        const start = clock.now();
        const late = await enqueueOne(store, request({ notBefore: start + 200 }));
        const early = await enqueueOne(store, request({ notBefore: start + 100 }));
        assert.equal(await store.nextDueAt(), start + 100);
        assert.deepEqual(await claimNothing(store, 'n'), []);
        clock.advance(300);
        assert.equal(await store.nextDueAt(), start + 100, 'the past counts');
        assert.deepEqual(
          (await claimAll(store)).map(({ id }) => id),
          [early.id, late.id],
        );
      }));

    test(`${purpose}: the decision is written with the claim; what it ends is not due any more`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const queued = await enqueueOne(store, request());
        const [claimed] = await store.claimDue({ limit: 9, leaseMs: 1000, node: 'n' }, (due) => {
          assert.deepEqual(due, queued);
          return [{ event: 'expired', detail: 'too late' }];
        });
        assert.deepEqual(
          [claimed?.push.state, claimed?.push.reason, claimed?.push.dueAt],
          ['expired', 'too late', undefined],
        );
        assert.equal(await store.nextDueAt(), undefined);
        const timeline = await store.timeline(queued.id);
        assert.deepEqual(
          timeline?.map(({ event, node, detail }) => [event, node, detail]),
          [
            ['queued', undefined, undefined],
            ['expired', 'n', 'too late'],
          ],
        );
      }));

    test(`${purpose}: a decision that fails or is not allowed leaves everything as it was`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const queued = await enqueueOne(store, request());
        const claim = { limit: 1, leaseMs: 1, node: 'n' };
        for (const event of ['completed', 'unreported', 'queued'] as const) {
          await rejectsWith(
            'BAD_DECISION',
            store.claimDue(claim, () => [{ event }]),
          );
        }
        const broken = store.claimDue(claim, () => {
          throw new Error('decide broke');
        });
        await assert.rejects(broken, /decide broke/);
        assert.deepEqual(await store.push(queued.id), queued);
        assert.equal((await store.timeline(queued.id))?.length, 1);
      }));
  }

  test('one queue: of all purposes, the longest due comes first, and a claim takes no more than its limit', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const start = clock.now();
      const kinds = [...allPushKinds, ...allPushKinds.toReversed()];
      const taken = await store.enqueue(
        kinds.map(({ request }, index) => request({ notBefore: start + 600 - index * 100 })),
      );
      const ids = taken.map((each) => (each.outcome === 'queued' ? each.push.id : '')).reverse();
      assert.equal(await store.nextDueAt(), start + 100);
      clock.advance(600);
      const claims: string[][] = [];
      for (const limit of [1, 2, 9]) {
        const claim = { limit, leaseMs: 60_000, node: 'a' };
        const claimed = await store.claimDue(claim, toSending);
        claims.push(claimed.map(({ push }) => push.id));
      }
      assert.deepEqual(claims, [ids.slice(0, 1), ids.slice(1, 3), ids.slice(3)]);
      assert.equal(await store.releaseClaims('a'), 6, 'a node gets back those of all purposes');
    }));
}
