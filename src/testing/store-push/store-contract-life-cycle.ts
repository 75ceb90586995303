// Store contract: changes follow the life cycle, each with its event.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isLive,
  type NotificationChange,
  notificationRemarks,
  notificationStates,
} from '../../store/index.ts';
import { addQueued, addSamples, changeOne, claimOne, type WithStore } from '../store/store-contract-base.ts';
import { sampleRequest } from '../store/store-samples.ts';

/** A repeatable sequence of numbers below `bound` (Lehmer's generator), so that a failure can be run again. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 48271) % 0x7fffffff;
    return state % bound;
  };
}

const events = [...notificationStates, ...notificationRemarks];

function anyChanges(number: (bound: number) => number): NotificationChange[] {
  return Array.from({ length: number(13) }, () => ({
    event: events[number(events.length)] ?? 'note',
    ...(number(2) === 0 && { lease: number(3) }),
    ...(number(2) === 0 && { dueAt: 1 + number(10_000) }),
    ...(number(2) === 0 && { detail: `detail ${number(9)}` }),
  }));
}

export function lifeCycleContract(withStore: WithStore): void {
  test('a push passes its states, and what carriers cannot report is skipped', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      const { lease } = await claimOne(store);
      const sent = await changeOne(store, id, { event: 'sent', lease, dueAt: 5000, binding: 'wap' });
      assert.equal(sent.verdict, 'changed');
      assert.equal(sent.notification.sends, 1);
      assert.equal(sent.notification.dueAt, 5000);
      await changeOne(store, id, { event: 'answered' });
      const completed = await changeOne(store, id, { event: 'completed' });
      assert.equal(completed.notification.dueAt, undefined);
      const timeline = await store.timeline(id);
      assert.deepEqual(
        timeline?.map(({ event, attempt, binding }) => [event, attempt, binding]),
        [
          ['queued', undefined, undefined],
          ['sending', 1, undefined],
          ['sent', 1, 'wap'],
          ['answered', undefined, undefined],
          ['completed', undefined, undefined],
        ],
      );
    }));

  test('what is over stays over: a decision is refused and leaves no trace', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      await changeOne(store, id, { event: 'cancelled', detail: 'by hand' });
      const before = await store.notification(id);
      for (const event of ['queued', 'sending', 'completed', 'failed', 'expired', 'cancelled'] as const) {
        assert.equal((await changeOne(store, id, { event })).verdict, 'refused');
      }
      assert.deepEqual(await store.notification(id), before);
      assert.equal((await store.timeline(id))?.length, 2);
    }));

  test('a fact that comes late is on the timeline, and moves nothing', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      const { lease } = await claimOne(store);
      await changeOne(store, id, { event: 'answered' });
      const late = await changeOne(store, id, { event: 'sent', lease, dueAt: 1 });
      assert.equal(late.verdict, 'kept');
      assert.equal(late.notification.state, 'answered');
      assert.notEqual(late.notification.dueAt, 1);
      await changeOne(store, id, { event: 'completed' });
      assert.equal((await changeOne(store, id, { event: 'delivered', reference: 'r' })).verdict, 'kept');
      const last = (await store.timeline(id))?.at(-1);
      assert.equal(last?.event, 'delivered');
      assert.equal(last?.state, 'completed');
      assert.equal(last?.reference, 'r');
    }));

  test('a claimer that comes back after its lease cannot undo the work of the next one', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      const old = await claimOne(store, 1000);
      clock.advance(1000);
      const current = await claimOne(store, 1000);
      const late = await changeOne(store, id, { event: 'queued', lease: old.lease, dueAt: 1 });
      assert.equal(late.verdict, 'refused');
      assert.equal((await changeOne(store, id, { event: 'sent', lease: old.lease })).verdict, 'kept');
      assert.equal((await changeOne(store, id, { event: 'sent', lease: current.lease })).verdict, 'changed');
    }));

  test('attempts, sends and failures are counted', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      for (const [event, counts] of [
        ['queued', { attempts: 1, sends: 0, failures: 1 }],
        ['queued', { attempts: 2, sends: 0, failures: 2 }],
        ['accepted', { attempts: 3, sends: 1, failures: 0 }],
        ['queued', { attempts: 4, sends: 1, failures: 1 }],
      ] as const) {
        const { lease } = await claimOne(store);
        const { notification } = await changeOne(store, id, {
          event,
          lease,
          dueAt: clock.now(),
          detail: 'd',
        });
        const { attempts, sends, failures } = notification;
        assert.deepEqual({ attempts, sends, failures }, counts);
      }
    }));

  test('an address that refuses for good is remembered once, and also when the claim is an older one', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      const { lease } = await claimOne(store);
      for (const [refusedAddress, claim] of [
        ['sms:1', lease],
        ['sms:1', lease],
        ['wap:[::1]', lease - 1],
      ] as const) {
        await changeOne(store, id, { event: 'attempt-failed', lease: claim, refusedAddress });
      }
      await changeOne(store, id, { event: 'queued', lease, dueAt: clock.now() });
      assert.deepEqual((await claimOne(store)).refusedAddresses, ['sms:1', 'wap:[::1]']);
      assert.deepEqual((await store.notification(id))?.refusedAddresses, ['sms:1', 'wap:[::1]']);
    }));

  test('what came of an older claim stands on the timeline under its own attempt', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await addQueued(store);
      const older = await claimOne(store, 1000);
      clock.advance(1001);
      const { lease, attempts } = await claimOne(store);
      const sent = { event: 'sent', binding: 'wap' } as const;
      const late = await changeOne(store, id, { ...sent, lease: older.lease, attempt: older.attempts });
      assert.deepEqual([late.verdict, late.notification.state], ['kept', 'sending']);
      await changeOne(store, id, { ...sent, lease, attempt: attempts });
      const timeline = ((await store.timeline(id)) ?? []).map(({ event, attempt }) => [event, attempt]);
      assert.deepEqual(timeline, [
        ['queued', undefined],
        ['sending', 1],
        ['sending', 2],
        ['sent', 1],
        ['sent', 2],
      ]);
    }));

  test('a remark leaves the state alone and may move the date', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      const { verdict, notification } = await changeOne(store, id, { event: 'note', detail: 'x', dueAt: 77 });
      assert.equal(verdict, 'kept');
      assert.equal(notification.state, 'queued');
      assert.equal(notification.dueAt, 77);
      assert.equal(notification.reason, undefined);
    }));

  test('changes of many notifications keep their order; an unknown one gives nothing', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      const outcomes = await store.change([
        { id, change: { event: 'cancelled' } },
        { id: 'nothing', change: { event: 'cancelled' } },
        { id, change: { event: 'sending' } },
      ]);
      assert.deepEqual(
        outcomes.map((outcome) => outcome?.verdict),
        ['changed', undefined, 'refused'],
      );
    }));

  test('property: after any changes the record, its timeline and its place in the queue agree', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (let seed = 1; seed <= 60; seed += 1) {
        const { notification } = await store.enqueue(sampleRequest());
        const { id } = notification;
        const changes = anyChanges(numbers(seed));
        let written = 1;
        let over: string | undefined;
        for (const outcome of await store.change(changes.map((change) => ({ id, change })))) {
          assert.ok(outcome);
          if (outcome.verdict !== 'refused') written += 1;
          if (over !== undefined) assert.equal(outcome.notification.state, over);
          if (!isLive(outcome.notification.state)) over = outcome.notification.state;
          assert.equal(outcome.notification.sessionId, notification.sessionId);
        }
        const record = await store.notification(id);
        assert.ok(record);
        const timeline = (await store.timeline(id)) ?? [];
        assert.equal(timeline.length, written, `seed ${seed}`);
        assert.equal(timeline.at(-1)?.state, record.state);
        assert.equal(record.dueAt !== undefined, isLive(record.state));
        assert.ok(record.sends <= record.attempts);
        const found = await store.notificationOfSession(record.deviceId, record.sessionId);
        assert.equal(found?.id, id);
      }
    }));
}
