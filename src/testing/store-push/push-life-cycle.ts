// Store contract: changes follow the life cycle of the push's purpose, each with its event.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpenPush, type PushChange, pushRemarks, pushStates } from '../../store/index.ts';
import { allPushKinds, pushKinds } from '../store/push-kinds.ts';
import {
  addSamples,
  changeOne,
  claimOne,
  enqueueOne,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice } from '../store/store-samples.ts';

/** A repeatable sequence of numbers below `bound` (Lehmer's generator), so that a failure can be run again. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 48271) % 0x7fffffff;
    return state % bound;
  };
}

const events = [...pushStates, ...pushRemarks];

function anyChanges(number: (bound: number) => number): PushChange[] {
  return Array.from({ length: number(13) }, () => ({
    event: events[number(events.length)] ?? 'note',
    ...(number(2) === 0 && { lease: number(3) }),
    ...(number(2) === 0 && { dueAt: 1 + number(10_000) }),
    ...(number(2) === 0 && { detail: `detail ${number(9)}` }),
    ...(number(2) === 0 && { reference: `reference ${number(3)}` }),
  }));
}

export function lifeCycleContract(withStore: WithStore): void {
  for (const { purpose, request, course } of pushKinds) {
    test(`${purpose}: it passes its states, and what carriers cannot report is skipped`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { lease } = await claimOne(store);
        const [first, ...rest] = course;
        const taken = await changeOne(store, id, { event: first, lease, dueAt: 5000, binding: 'wap' });
        assert.equal(taken.verdict, 'changed');
        assert.equal(taken.push.sends, 1);
        assert.equal(taken.push.dueAt, 5000);
        for (const event of rest) assert.equal((await changeOne(store, id, { event })).verdict, 'changed');
        const over = await store.push(id);
        assert.equal(over?.state, course.at(-1));
        assert.equal(over?.dueAt, undefined);
        const timeline = await store.timeline(id);
        assert.deepEqual(
          timeline?.map(({ event, state, attempt, binding }) => [event, state, attempt, binding]),
          [
            ['queued', 'queued', undefined, undefined],
            ['sending', 'sending', 1, undefined],
            [first, first, 1, 'wap'],
            ...rest.map((event) => [event, event, undefined, undefined]),
          ],
        );
      }));

    test(`${purpose}: what is over stays over: a decision is refused and leaves no trace`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        clock.advance(5);
        await changeOne(store, id, { event: 'cancelled', detail: 'by hand' });
        const before = await store.push(id);
        assert.equal(before?.endedAt, clock.now());
        assert.equal(before.reason, 'by hand');
        clock.advance(5);
        const decisions = ['queued', 'sending', 'completed', 'failed', 'expired', 'cancelled', 'unreported'];
        for (const event of pushStates.filter((state) => decisions.includes(state))) {
          const { verdict, push } = await changeOne(store, id, {
            event,
            dueAt: 1,
            detail: 'no',
            reference: 'r',
          });
          assert.equal(verdict, 'refused');
          assert.deepEqual(push, before);
        }
        assert.deepEqual(await store.push(id), before);
        assert.equal((await store.timeline(id))?.length, 2);
      }));

    test(`${purpose}: a fact that comes late is on the timeline, and moves nothing`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { lease } = await claimOne(store);
        const [held, end] = course.slice(-2);
        assert.ok(held !== undefined && end !== undefined);
        await changeOne(store, id, { event: held });
        const late = await changeOne(store, id, { event: 'sent', lease, dueAt: 1 });
        assert.equal(late.verdict, 'kept');
        assert.equal(late.push.state, held);
        assert.notEqual(late.push.dueAt, 1);
        await changeOne(store, id, { event: end });
        assert.equal((await changeOne(store, id, { event: 'delivered', reference: 'r' })).verdict, 'kept');
        const last = (await store.timeline(id))?.at(-1);
        assert.deepEqual([last?.event, last?.state, last?.reference], ['delivered', end, 'r']);
      }));

    test(`${purpose}: a remark leaves the state alone and may move the date`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { verdict, push } = await changeOne(store, id, { event: 'note', detail: 'x', dueAt: 77 });
        assert.equal(verdict, 'kept');
        assert.equal(push.state, 'queued');
        assert.equal(push.dueAt, 77);
        assert.equal(push.reason, undefined);
        assert.deepEqual(await store.push(id), push);
        const last = (await store.timeline(id))?.at(-1);
        assert.deepEqual([last?.event, last?.state, last?.detail], ['note', 'queued', 'x']);
      }));

    test(`${purpose}: changes of many keep their order; an unknown one gives nothing`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const outcomes = await store.change([
          { id, change: { event: 'cancelled', detail: 'by hand' } },
          { id: 'nothing', change: { event: 'cancelled' } },
          { id, change: { event: 'sending' } },
          { id, change: { event: 'note' } },
        ]);
        assert.deepEqual(
          outcomes.map((outcome) => outcome?.verdict),
          ['changed', undefined, 'refused', 'kept'],
        );
        assert.equal(outcomes[3]?.push.reason, 'by hand');
        assert.deepEqual(await store.push(id), outcomes[3]?.push);
        assert.equal((await store.timeline(id))?.length, 3);
        assert.deepEqual(await store.change([]), []);
      }));
  }

  for (const { purpose, request, ways } of allPushKinds) {
    test(`${purpose}: in every state, the record, the queue and the device agree on whether it is open`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        for (const way of ways) {
          const state = way.at(-1) ?? 'queued';
          const deviceId = `IMEI:${state}`;
          await store.createDevice(sampleDevice({ id: deviceId }));
          const { id } = await enqueueOne(store, request({ deviceId }));
          for (const event of way) await changeOne(store, id, { event });
          const record = await store.push(id);
          assert.equal(record?.state, state);
          const open = isOpenPush(record);
          assert.equal(record.dueAt !== undefined, open, state);
          assert.equal(record.endedAt === undefined, open, state);
          assert.equal((await store.nextDueAt()) !== undefined, open, state);
          if (open) await rejectsWith('IN_USE', store.deleteDevice(deviceId));
          else assert.equal(await store.deleteDevice(deviceId), true, state);
          if (open) await endPush(id);
        }

        async function endPush(id: string): Promise<void> {
          for (const event of ['cancelled', 'failed'] as const) await changeOne(store, id, { event });
        }
      }));

    test(`${purpose}: property: after any changes the record, its timeline and its place in the queue agree`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        for (let seed = 1; seed <= 60; seed += 1) {
          const queued = await enqueueOne(store, request());
          const { id } = queued;
          const changes = anyChanges(numbers(seed));
          let written = 1;
          let over: string | undefined;
          for (const { verdict, push } of await changeAll(id, changes)) {
            if (verdict !== 'refused') written += 1;
            if (over !== undefined && over !== 'unreported') assert.equal(push.state, over);
            if (over !== undefined) assert.ok(!isOpenPush(push));
            if (!isOpenPush(push)) over = push.state;
          }
          const record = await store.push(id);
          assert.ok(record);
          const timeline = (await store.timeline(id)) ?? [];
          assert.equal(timeline.length, written, `seed ${seed}`);
          assert.equal(timeline.at(-1)?.state, record.state);
          assert.equal(record.dueAt !== undefined, isOpenPush(record));
          assert.equal(record.endedAt === undefined, isOpenPush(record));
          assert.ok(record.sends <= record.attempts);
          if (record.purpose !== 'notification' || queued.purpose !== 'notification') continue;
          assert.equal(record.sessionId, queued.sessionId);
          assert.equal((await store.pushOfSession(record.deviceId, record.sessionId))?.id, id);
        }

        async function changeAll(id: string, changes: readonly PushChange[]) {
          const outcomes = await store.change(changes.map((change) => ({ id, change })));
          return outcomes.filter((outcome) => outcome !== undefined);
        }
      }));
  }
}
