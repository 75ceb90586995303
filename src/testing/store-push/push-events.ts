// Store contract: the feed of events: one sequence over all kinds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventKind, PushEvent, Store } from '../../store/index.ts';
import { allPushKinds, pushKinds } from '../store/push-kinds.ts';
import {
  addMessage,
  addSamples,
  changeOne,
  claimOne,
  enqueueOne,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice, samplePushMessage } from '../store/store-samples.ts';

export function eventContract(withStore: WithStore): void {
  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: listeners hear each event after it is written, in order, until they leave`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const heard: PushEvent[] = [];
        const leave = store.onEvent((event) => heard.push(event));
        const push = await enqueueOne(store, request());
        assert.equal(heard.length, 1, 'heard before the caller is answered');
        const { lease } = await claimOne(store);
        await changeOne(store, push.id, { event: 'queued', lease: lease - 1 });
        await changeOne(store, push.id, { event: 'accepted', lease, binding: 'sms', reference: 'r' });
        await changeOne(store, push.id, { event: 'sending', lease: lease - 1 });
        leave();
        await changeOne(store, push.id, { event: 'delivered' });
        assert.deepEqual(heard, (await store.timeline(push.id))?.slice(0, 3));
        const sessionId = push.purpose === 'notification' ? push.sessionId : undefined;
        assert.deepEqual(
          heard.map(({ event, kind, pushId, deviceId, sessionId }) => [
            event,
            kind,
            pushId,
            deviceId,
            sessionId,
          ]),
          ['queued', 'sending', 'accepted'].map((event) => [
            event,
            purpose,
            push.id,
            sampleDevice().id,
            sessionId,
          ]),
        );
      }));

    test(`${purpose}: a listener that throws harms neither the writer nor the other listeners`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const warned = new Promise<Error>((resolve) => {
          process.once('warning', resolve);
        });
        let heard = 0;
        store.onEvent(() => {
          throw new Error('a listener broke');
        });
        store.onEvent(() => {
          heard += 1;
        });
        await enqueueOne(store, request());
        assert.equal(heard, 1);
        assert.equal((await warned).message, 'a listener broke');
      }));

    test(`${purpose}: the feed can be read on from any event`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        await changeOne(store, id, { event: 'note' });
        await changeOne(store, id, { event: 'cancelled' });
        const all = await store.eventsAfter(0, 10);
        assert.deepEqual(
          all.map((event) => event.event),
          ['queued', 'note', 'cancelled'],
        );
        assert.deepEqual(await store.timeline(id), all);
        for (const kinds of [undefined, [purpose]]) {
          assert.deepEqual(await store.eventsAfter(all[0]?.sequence ?? 0, 1, kinds), all.slice(1, 2));
          assert.deepEqual(await store.eventsAfter(all[2]?.sequence ?? 0, 10, kinds), []);
        }
      }));
  }

  test('an event is told with the push after it, the state before it, and why; only there is the reason kept', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const heard: string[] = [];
      store.onEvent(({ event }, { push, before, moved, cause }) =>
        heard.push([event, before ?? '-', push.state, moved ? 'moved' : 'stayed', cause ?? ''].join(' ')),
      );
      const { id } = await addMessage(store);
      await changeOne(store, id, { event: 'note', cause: 'WHY' });
      await changeOne(store, id, { event: 'failed', cause: 'TIMEOUT' });
      // What a carrier says of what is over is a fact, and moves nothing.
      await changeOne(store, id, { event: 'delivered' });
      assert.deepEqual(heard, [
        'queued - queued moved ',
        'note queued queued stayed WHY',
        'failed queued failed moved TIMEOUT',
        'delivered failed failed stayed ',
      ]);
      assert.ok(!JSON.stringify(await store.timeline(id)).includes('TIMEOUT'));
    }));

  test('one call that replaces a message tells of the old one and of the new one, in order', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { id } = await addMessage(store);
      const heard: PushEvent[] = [];
      store.onEvent((event) => heard.push(event));
      const next = await enqueueOne(store, samplePushMessage({ replaces: { id, required: true } }));
      assert.deepEqual(heard, [
        ...((await store.timeline(id)) ?? []).slice(1),
        ...((await store.timeline(next.id)) ?? []),
      ]);
      assert.deepEqual(
        heard.map(({ event }) => event),
        ['cancelled', 'queued'],
      );
      assert.ok((heard[0]?.sequence ?? 0) < (heard[1]?.sequence ?? 0));
    }));

  test('one feed tells of all kinds in one order; it can be read of some kinds alone', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const heard: PushEvent[] = [];
      store.onEvent((event) => heard.push(event));
      const told = await turns(store);
      assert.deepEqual(
        heard.map(({ kind, event }) => [kind, event]),
        told,
      );
      const sequences = heard.map(({ sequence }) => sequence);
      assert.deepEqual(
        sequences,
        [...new Set(sequences)].sort((a, b) => a - b),
      );
      assert.deepEqual(await store.eventsAfter(0, 99), heard);
      const of = (...kinds: EventKind[]) => heard.filter(({ kind }) => kinds.includes(kind));
      for (const kinds of [
        ['notification'],
        ['message'],
        ['relayed'],
        ['message', 'relayed'],
        ['relayed', 'notification'],
        ['notification', 'message', 'relayed'],
      ] as const) {
        const events = of(...kinds);
        assert.deepEqual(await store.eventsAfter(0, 99, kinds), events);
        assert.deepEqual(await store.eventsAfter(0, 2, kinds), events.slice(0, 2));
        const from = events[1]?.sequence ?? 0;
        assert.deepEqual(await store.eventsAfter(from, 99, kinds), events.slice(2));
      }
      const third = heard[2]?.sequence ?? 0;
      assert.deepEqual(await store.eventsAfter(third, 4), heard.slice(3, 7));
      assert.deepEqual(await store.eventsAfter(third - 1, 1), heard.slice(2, 3));
    }));

  /** One push of each purpose, changed in turns; gives kind and event of each change. */
  async function turns(store: Store): Promise<[EventKind, string][]> {
    const told: [EventKind, string][] = [];
    const ids: [EventKind, string][] = [];
    for (const { purpose, request } of allPushKinds) {
      ids.push([purpose, (await enqueueOne(store, request())).id]);
      told.push([purpose, 'queued']);
    }
    for (const event of ['sending', 'accepted', 'note'] as const) {
      for (const [kind, id] of ids) {
        await changeOne(store, id, { event });
        told.push([kind, event]);
      }
    }
    const changes = ids.map(([, id]) => ({ id, change: { event: 'failed' } as const })).reverse();
    await store.change(changes);
    for (const [kind] of ids.toReversed()) told.push([kind, 'failed']);
    return told;
  }
}
