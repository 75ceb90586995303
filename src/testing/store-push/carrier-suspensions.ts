// Store contract: carriers that are suspended, and pushes that end while they wait for one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushKinds } from '../store/push-kinds.ts';
import {
  addSamples,
  changeOne,
  enqueueOne,
  pushesOf,
  toSending,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleRequest } from '../store/store-samples.ts';

const claim = { limit: 9, leaseMs: 1000, node: 'n' } as const;

export function suspensionContract(withStore: WithStore): void {
  test('suspensions: since when the first says, a later reason takes the place of the one before', () =>
    withStore(async ({ store, clock }) => {
      assert.deepEqual(await store.suspendedCarriers(), []);
      const since = clock.now();
      const first = await store.suspendCarrier({ carrier: 'sms:b', reason: 'contract', actor: 'ann/desk' });
      const kept = { carrier: 'sms:b', since, reason: 'contract', actor: 'ann/desk' };
      assert.deepEqual(first, kept);
      clock.advance(10);
      assert.deepEqual(await store.suspendCarrier({ carrier: 'sms:b' }), kept);
      assert.deepEqual(
        await store.suspendCarrier({ carrier: 'sms:b', reason: 'contract', actor: 'bob/x' }),
        kept,
      );
      const other = await store.suspendCarrier({ carrier: 'sms:b', reason: 'outage', actor: 'bob/x' });
      assert.deepEqual(other, { carrier: 'sms:b', since, reason: 'outage', actor: 'bob/x' });
      assert.deepEqual(await store.suspendCarrier({ carrier: 'sms:a' }), {
        carrier: 'sms:a',
        since: clock.now(),
      });
      const names = (await store.suspendedCarriers()).map(({ carrier }) => carrier);
      assert.deepEqual(names, ['sms:a', 'sms:b']);
      assert.deepEqual(await store.resumeCarrier('sms:b'), other);
      assert.equal(await store.resumeCarrier('sms:b'), undefined);
      assert.equal(await store.resumeCarrier('never'), undefined);
      assert.deepEqual(await store.suspendedCarriers(), [{ carrier: 'sms:a', since: clock.now() }]);
    }));

  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: what waits for a carrier and whose time is over is found, and claimed by itself`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const end = clock.now() + 100;
        const add = (carrier: string, expiresAt: number) =>
          enqueueOne(store, { ...request({ expiresAt }), carrier });
        const long = await add('a', end + 9000);
        const short = await add('a', end);
        await add('b', end);
        const overdue = (limit = 9) => store.overdue({ carrier: 'a', attempts: 3, limit });
        assert.deepEqual(await overdue(), []);
        clock.advance(100);
        assert.deepEqual(await overdue(), [{ id: short.id, purpose }]);
        const another = await add('a', end + 1);
        clock.advance(1);
        assert.equal((await overdue(1)).length, 1);
        assert.deepEqual(new Set((await overdue()).map(({ id }) => id)), new Set([short.id, another.id]));
        const chosen = { ...claim, carrier: 'a', purpose };
        const none = { ...chosen, ids: ['nothing'] };
        assert.deepEqual(await store.claimDue(none, toSending), []);
        const elsewhere = { ...chosen, carrier: 'b', ids: [short.id] };
        assert.deepEqual(await store.claimDue(elsewhere, toSending), [], 'it waits for another');
        const ids = [short.id, another.id, 'nothing'];
        const ended = await store.claimDue({ ...chosen, ids }, () => [{ event: 'expired' }]);
        assert.deepEqual(
          new Set(pushesOf(ended).map(({ id, state }) => `${id} ${state}`)),
          new Set([`${short.id} expired`, `${another.id} expired`]),
        );
        assert.deepEqual(await overdue(), []);
        const waiting = await store.push(long.id);
        assert.deepEqual([waiting?.state, waiting?.lease], ['queued', 0], 'nobody has claimed it');
      }));
  }

  test('notification: one that went out as often as it may is found when its answer is due', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const expiresAt = clock.now() + 10_000;
      const { id } = await enqueueOne(store, { ...sampleRequest({ expiresAt }), carrier: 'a' });
      const overdue = (attempts: number) => store.overdue({ carrier: 'a', attempts, limit: 9 });
      await store.claimDue(claim, toSending);
      clock.advance(1000);
      assert.deepEqual(await overdue(0), [], 'its attempt is under way');
      await changeOne(store, id, { event: 'sent', dueAt: clock.now() + 50 });
      assert.deepEqual(await overdue(1), [], 'its answer may come');
      clock.advance(50);
      assert.deepEqual(await overdue(2), [], 'it would go out again');
      assert.deepEqual(await overdue(1), [{ id, purpose: 'notification' }]);
    }));
}
