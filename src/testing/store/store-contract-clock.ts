// Store contract: what waits, waits for as long as it was to, also when the wall clock is set; dates stay dates.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../store/index.ts';
import type { ManualClock } from '../time/manual-clock.ts';
import {
  addMessage,
  addQueued,
  addSamples,
  changeOne,
  claimOne,
  enqueueOne,
  offerOne,
  toSending,
  type WithStore,
} from './store-contract-base.ts';
import { sampleJob, samplePushMark, sampleRequest } from './store-samples.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

interface Case {
  /** Brings the store into a state in which something waits for ten minutes; gives when that is due. */
  readonly wait: (store: Store, clock: ManualClock) => Promise<() => Promise<number | undefined>>;
}

const waits: Readonly<Record<string, Case>> = {
  'the lease of a claim': {
    wait: async (store) => {
      await addQueued(store);
      await claimOne(store, 10 * minuteMs);
      return () => store.nextDueAt();
    },
  },
  'a pause before the next attempt': {
    wait: async (store, clock) => {
      await addQueued(store);
      const { id, lease } = await claimOne(store);
      await changeOne(store, id, { event: 'queued', lease, dueAt: clock.now() + 10 * minuteMs });
      return () => store.nextDueAt();
    },
  },
  'the wait for an answer': {
    wait: async (store, clock) => {
      await addQueued(store);
      const { id, lease } = await claimOne(store);
      await changeOne(store, id, { event: 'sent', lease, dueAt: clock.now() + 10 * minuteMs });
      return () => store.nextDueAt();
    },
  },
  'a session under way': {
    wait: async (store, clock) => {
      await addQueued(store);
      const { id, lease } = await claimOne(store);
      await changeOne(store, id, { event: 'sent', lease, dueAt: clock.now() + hourMs });
      await changeOne(store, id, { event: 'answered', dueAt: clock.now() + 10 * minuteMs });
      return () => store.nextDueAt();
    },
  },
  'the lease of a push message': {
    wait: async (store) => {
      await addSamples(store);
      await addMessage(store);
      await claimOne(store, 10 * minuteMs);
      return () => store.nextDueAt();
    },
  },
  'a pause of a push message': {
    wait: async (store, clock) => {
      await addSamples(store);
      await addMessage(store);
      const { id, lease } = await claimOne(store);
      await changeOne(store, id, { event: 'queued', lease, dueAt: clock.now() + 10 * minuteMs });
      return () => store.nextDueAt();
    },
  },
  'the life of a push message that waits for its carrier': {
    wait: async (store, clock) => {
      await addSamples(store);
      const expiresAt = clock.now() + 10 * minuteMs;
      await addMessage(store, { expiresAt, endCounted: true });
      const { id, lease } = await claimOne(store);
      await changeOne(store, id, { event: 'accepted', lease, dueAt: expiresAt });
      return () => store.nextDueAt();
    },
  },
  'a result that was not taken': {
    wait: async (store, clock) => {
      await addSamples(store);
      const { id } = await addMessage(store, { initiator: samplePushMark() });
      await changeOne(store, id, { event: 'failed' });
      await changeOne(store, id, { event: 'note', resultDueAt: clock.now() + 10 * minuteMs });
      return () => store.nextResultDueAt();
    },
  },
  'a result that is being told': {
    wait: async (store) => {
      await addSamples(store);
      const { id } = await addMessage(store, { initiator: samplePushMark() });
      await changeOne(store, id, { event: 'failed' });
      await store.claimDueResults({ limit: 1, leaseMs: 10 * minuteMs, node: 'node-1' });
      return () => store.nextResultDueAt();
    },
  },
  'the timeout of a job': {
    wait: async (store, clock) => {
      await addSamples(store);
      await store.createJob(sampleJob({ expiresAt: clock.now() + 10 * minuteMs, endCounted: true }));
      return () => store.nextJobExpiry();
    },
  },
};

export function clockContract(withStore: WithStore): void {
  for (const [what, { wait }] of Object.entries(waits)) {
    for (const [how, byMs] of [
      ['back an hour', -hourMs],
      ['forward an hour', hourMs],
    ] as const) {
      test(`clock ${how}: ${what} is as long as before`, () =>
        withStore(async ({ store, clock }) => {
          const dueAt = await wait(store, clock);
          clock.advance(4 * minuteMs);
          clock.jump(byMs);
          assert.equal((await dueAt()) ?? Number.NaN, clock.now() + 6 * minuteMs);
          clock.advance(minuteMs);
          assert.equal(await dueAt(), clock.now() + 5 * minuteMs, 'moved once');
          clock.jump(-byMs);
          assert.equal(await dueAt(), clock.now() + 5 * minuteMs, 'and back again');
        }));
    }
  }

  test('clock set: dates that somebody named stay, of notifications, push messages and jobs', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const [notBefore, expiresAt] = [clock.now() + 2 * hourMs, clock.now() + 5 * hourMs];
      const notification = await enqueueOne(store, sampleRequest({ notBefore, expiresAt }));
      const message = await addMessage(store, { notBefore, expiresAt });
      const { job } = await store.createJob(sampleJob({ expiresAt }));
      for (const byMs of [-hourMs, 2 * hourMs, -hourMs]) {
        clock.jump(byMs);
        const now = await store.push(notification.id);
        assert.deepEqual([now?.dueAt, now?.expiresAt], [notBefore, expiresAt]);
        const later = await store.push(message.id);
        assert.deepEqual([later?.dueAt, later?.expiresAt], [notBefore, expiresAt]);
        assert.equal((await store.job(job.id))?.expiresAt, expiresAt);
      }
    }));

  test('clock set: a wait never ends behind a date that ends it, and what waits for its end goes on to do so', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const expiresAt = clock.now() + hourMs;
      const notification = await enqueueOne(store, sampleRequest({ expiresAt }));
      const { id, lease } = await claimOne(store);
      assert.equal(id, notification.id);
      await changeOne(store, id, { event: 'sent', lease, dueAt: clock.now() + 50 * minuteMs });
      clock.jump(30 * minuteMs);
      assert.equal(await store.nextDueAt(), expiresAt);
      clock.jump(-10 * minuteMs);
      assert.equal(await store.nextDueAt(), expiresAt);
    }));

  test('clock back: what is due at once stays so, and new work is due at once', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      clock.jump(-hourMs);
      assert.ok(((await store.nextDueAt()) ?? Number.NaN) <= clock.now());
      assert.equal((await claimOne(store)).id, id);
      await enqueueOne(store, sampleRequest());
      assert.equal((await store.nextDueAt()) ?? Number.NaN, clock.now());
    }));

  test('clock forward: no claimer gets what another one holds', () =>
    withStore(async ({ store, clock }) => {
      await addQueued(store);
      await claimOne(store, 10 * minuteMs);
      clock.jump(24 * hourMs);
      const claim = { limit: 9, leaseMs: minuteMs, node: 'node-2' };
      assert.deepEqual(await store.claimDue(claim, toSending), []);
      clock.advance(10 * minuteMs);
      assert.equal((await store.claimDue(claim, toSending)).length, 1);
    }));

  test('clock set: whoever waits for what is due is told, once, and not of time that passes', () =>
    withStore(async ({ store, clock }) => {
      await addQueued(store);
      let told = 0;
      const leave = store.onClockMoved(() => {
        told += 1;
      });
      clock.advance(24 * hourMs);
      await store.nextDueAt();
      assert.equal(told, 0);
      clock.jump(-hourMs);
      await Promise.all([store.nextDueAt(), store.nextResultDueAt(), store.nextJobExpiry()]);
      await store.nextDueAt();
      assert.equal(told, 1);
      leave();
      clock.jump(hourMs);
      await store.nextDueAt();
      assert.equal(told, 1);
    }));

  test('clock set: a write that is refused takes the move of the waits with it, and the next one brings it', () =>
    withStore(async ({ store, clock }) => {
      await addQueued(store);
      await claimOne(store, 10 * minuteMs);
      clock.jump(-hourMs);
      await assert.rejects(store.enqueue([sampleRequest({ deviceId: 'IMEI:0' })]));
      const results = await Promise.allSettled([
        store.enqueue([sampleRequest({ deviceId: 'IMEI:0' })]),
        store.createAccount({ serverId: 'com.example.other', url: 'https://dm.example.com/dm' }),
        store.createAccount({ serverId: 'com.example.third', url: 'https://dm.example.com/dm' }),
      ]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['rejected', 'fulfilled', 'fulfilled'],
      );
      assert.equal(await store.nextDueAt(), clock.now() + 10 * minuteMs);
    }));

  test('clock back: a device that was offered the default nonce is not kept waiting beyond its window', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const limit = { count: 1, windowMs: hourMs };
      const offer = async (): Promise<string> => {
        const notification = await enqueueOne(store, sampleRequest());
        const { id, lease } = await claimOne(store);
        assert.equal(id, notification.id);
        const offered = await offerOne(store, { id, lease }, limit, 'node-1');
        await changeOne(store, id, { event: 'cancelled' });
        return offered;
      };
      assert.equal(await offer(), 'offered');
      clock.jump(-10 * hourMs);
      assert.equal(await offer(), 'limited');
      clock.advance(hourMs + 1);
      assert.equal(await offer(), 'offered');
    }));
}
