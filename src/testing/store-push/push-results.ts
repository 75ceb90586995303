// Store contract: results of pushes that their initiators asked for.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { MessagePush, PushState, Store } from '../../store/index.ts';
import {
  addMessage,
  addSamples,
  asMessage,
  changeMessage,
  type WithStore,
} from '../store/store-contract-base.ts';
import { samplePushMark } from '../store/store-samples.ts';

/** Queues a message whose result is asked for, and takes it through these states. */
async function ended(store: Store, ...events: PushState[]): Promise<MessagePush> {
  const { id } = await addMessage(store, {
    addresses: ['sms:+491701234567'],
    initiator: samplePushMark({ pushId: randomUUID() }),
  });
  let last: MessagePush | undefined;
  for (const event of events) ({ push: last } = await changeMessage(store, id, { event }));
  assert.ok(last);
  return last;
}

const claim = (store: Store, node = 'node-1', limit = 9) =>
  store.claimDueResults({ limit, leaseMs: 1000, node });

export function resultContract(withStore: WithStore): void {
  test('result: due when the message is over, and only where it was asked for', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { notifyTo: _, ...quiet } = samplePushMark({ initiator: 'quiet' });
      for (const initiator of [quiet, undefined]) {
        const { id } = await addMessage(store, initiator === undefined ? {} : { initiator });
        await changeMessage(store, id, { event: 'failed' });
        assert.equal(asMessage(await store.push(id)).resultDueAt, undefined);
      }
      const open = await ended(store, 'sending', 'accepted');
      assert.equal(open.resultDueAt, undefined);
      assert.equal(await store.nextResultDueAt(), undefined);
      assert.deepEqual(await claim(store), []);
      clock.advance(5);
      const over = (await changeMessage(store, open.id, { event: 'delivered' })).push;
      assert.equal(over.resultDueAt, clock.now());
      assert.equal(await store.nextResultDueAt(), clock.now());
      assert.deepEqual(
        (await claim(store)).map(({ id, state }) => [id, state]),
        [[open.id, 'delivered']],
      );
    }));

  test('result: every end of a message is told, a cancellation too', () =>
    withStore(async ({ store }) => {
      for (const event of ['delivered', 'failed', 'expired', 'cancelled'] as const) await ended(store, event);
      await ended(store, 'sending', 'sent');
      await ended(store, 'sending', 'accepted', 'unreported');
      assert.deepEqual((await claim(store)).map(({ state }) => state).sort(), [
        'cancelled',
        'delivered',
        'expired',
        'failed',
        'sent',
        'unreported',
      ]);
    }));

  test('result: a claim hides it until its lease ends, and does not touch the message', () =>
    withStore(async ({ store, clock }) => {
      const before = await ended(store, 'failed');
      const [claimed] = await claim(store);
      const leased = { ...before, version: before.version + 1, resultDueAt: clock.now() + 1000 };
      assert.deepEqual(claimed, leased);
      assert.deepEqual(await store.push(before.id), claimed);
      assert.deepEqual(await claim(store, 'node-2'), []);
      assert.equal(await store.nextResultDueAt(), clock.now() + 1000);
      assert.equal((await store.timeline(before.id))?.length, 2);
      clock.advance(1000);
      assert.equal((await claim(store, 'node-2')).length, 1);
    }));

  test('results: several callers at once never get the same one, the longest due come first', () =>
    withStore(async ({ store, clock }) => {
      const ids: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        ids.push((await ended(store, 'failed')).id);
        clock.advance(1);
      }
      const claims = await Promise.all([1, 2, 3].map((n) => claim(store, `node-${n}`, 4)));
      assert.deepEqual(
        claims.flat().map(({ id }) => id),
        ids,
      );
    }));

  test('result: once told or given up it is not due again, and the timeline says so', () =>
    withStore(async ({ store, clock }) => {
      for (const event of ['result-told', 'result-lost'] as const) {
        const { id, state } = await ended(store, 'failed');
        await claim(store);
        const change = { event, resultDueAt: null, resultOf: state, detail: 'undeliverable' } as const;
        const { verdict, push } = await changeMessage(store, id, change);
        assert.equal(verdict, 'kept');
        assert.equal(push.state, 'failed');
        assert.equal(push.resultDueAt, undefined);
        assert.equal(push.reason, undefined, 'why it failed is not what was told');
        assert.equal((await store.timeline(id))?.at(-1)?.event, event);
      }
      clock.advance(100_000);
      assert.equal(await store.nextResultDueAt(), undefined);
      assert.deepEqual(await claim(store), []);
    }));

  test('result: what was not taken is due again at its moment, and the failures are counted', () =>
    withStore(async ({ store, clock }) => {
      const { id, state } = await ended(store, 'failed');
      for (const failures of [1, 2]) {
        assert.equal((await claim(store)).length, 1);
        const resultDueAt = clock.now() + 5000;
        const { push } = await changeMessage(store, id, { event: 'note', resultDueAt, resultOf: state });
        assert.deepEqual([push.resultFailures, push.resultDueAt], [failures, resultDueAt]);
        clock.advance(4999);
        assert.deepEqual(await claim(store), []);
        clock.advance(1);
      }
      assert.equal((await claim(store)).length, 1);
    }));

  test('result: a report that comes after all is told too', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await ended(store, 'sending', 'accepted', 'unreported');
      await claim(store);
      await changeMessage(store, id, { event: 'note', resultDueAt: clock.now() + 9, resultOf: 'unreported' });
      await changeMessage(store, id, { event: 'result-told', resultDueAt: null, resultOf: 'unreported' });
      clock.advance(50);
      const { push } = await changeMessage(store, id, { event: 'delivered' });
      assert.deepEqual([push.resultDueAt, push.resultFailures], [clock.now(), 0]);
      assert.equal((await claim(store)).length, 1);
    }));

  test('result: a report that comes while the earlier state is told stays due, whatever came of telling', () =>
    withStore(async ({ store, clock }) => {
      for (const resultDueAt of [null, clock.now() + 60_000]) {
        const { id } = await ended(store, 'sending', 'accepted', 'unreported');
        const [claimed] = await claim(store);
        assert.equal(claimed?.state, 'unreported');
        await changeMessage(store, id, { event: 'delivered' });
        const told = { event: 'result-told', resultDueAt, resultOf: claimed.state } as const;
        const { verdict, push } = await changeMessage(store, id, told);
        assert.equal(verdict, 'kept');
        assert.deepEqual([push.resultDueAt, push.resultFailures], [clock.now(), 0]);
        const [again] = await claim(store);
        assert.deepEqual([again?.id, again?.state], [id, 'delivered']);
        await changeMessage(store, id, { event: 'result-told', resultDueAt: null, resultOf: 'delivered' });
      }
      assert.equal(await store.nextResultDueAt(), undefined);
    }));

  test('results: a node that starts again has at once those that it was telling, and no others', () =>
    withStore(async ({ store, clock }) => {
      const mine = await ended(store, 'failed');
      await claim(store, 'a');
      const other = await ended(store, 'failed');
      await claim(store, 'b');
      const waiting = await ended(store, 'failed');
      await claim(store, 'a');
      await changeMessage(store, waiting.id, { event: 'note', resultDueAt: clock.now() + 700 });
      // A remark of somebody else does not make the store forget who tells the result.
      await changeMessage(store, mine.id, { event: 'note', detail: 'seen' });
      assert.equal(await store.releaseClaims('a'), 0, 'results are not counted');
      assert.deepEqual(
        (await claim(store, 'a')).map(({ id }) => id),
        [mine.id],
      );
      assert.equal(asMessage(await store.push(waiting.id)).resultDueAt, clock.now() + 700);
      assert.equal(asMessage(await store.push(other.id)).resultDueAt, clock.now() + 1000);
    }));
}
