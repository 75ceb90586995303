// Store contract: the feed of events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NotificationEvent } from '../../store/index.ts';
import { addQueued, addSamples, changeOne, claimOne, type WithStore } from '../store/store-contract-base.ts';
import { sampleRequest } from '../store/store-samples.ts';

export function eventContract(withStore: WithStore): void {
  test('listeners hear each event after it is written, in order, until they leave', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const heard: NotificationEvent[] = [];
      const leave = store.onEvent((event) => heard.push(event));
      const { notification } = await store.enqueue(sampleRequest());
      assert.equal(heard.length, 1, 'heard before the caller is answered');
      const { lease } = await claimOne(store);
      await changeOne(store, notification.id, { event: 'sent', lease });
      await changeOne(store, notification.id, { event: 'queued' });
      leave();
      await changeOne(store, notification.id, { event: 'cancelled' });
      assert.deepEqual(heard, (await store.timeline(notification.id))?.slice(0, 3));
      assert.deepEqual(
        heard.map(({ event, sessionId, deviceId }) => ({ event, sessionId, deviceId })),
        ['queued', 'sending', 'sent'].map((event) => ({
          event,
          sessionId: notification.sessionId,
          deviceId: notification.deviceId,
        })),
      );
    }));

  test('a listener that throws harms neither the writer nor the other listeners', () =>
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
      await store.enqueue(sampleRequest());
      assert.equal(heard, 1);
      assert.equal((await warned).message, 'a listener broke');
    }));

  test('the feed can be read on from any event', () =>
    withStore(async ({ store }) => {
      const { id } = await addQueued(store);
      await changeOne(store, id, { event: 'note' });
      await changeOne(store, id, { event: 'cancelled' });
      const all = await store.eventsAfter(0, 10);
      assert.deepEqual(
        all.map((event) => event.event),
        ['queued', 'note', 'cancelled'],
      );
      assert.deepEqual(await store.eventsAfter(all[0]?.sequence ?? 0, 1), all.slice(1, 2));
      assert.deepEqual(await store.eventsAfter(all[2]?.sequence ?? 0, 10), []);
    }));
}
