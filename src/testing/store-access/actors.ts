// The part of the store contract about who caused an event, and whose it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMessage,
  addSamples,
  changeOne,
  enqueueOne,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleAccount, sampleDevice, sampleRequest } from '../store/store-samples.ts';

export function actorContract(withStore: WithStore): void {
  test('actors: who asked for a push, or for its end, stands on the timeline and in the feed', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const told: unknown[] = [];
      store.onEvent(({ event, actor, serverId }) => void told.push([event, actor, serverId]));
      const { serverId } = sampleAccount;
      const [one, plain] = [
        await enqueueOne(store, sampleRequest({ actor: 'alice/console' })),
        await enqueueOne(store, sampleRequest()),
      ];
      const message = await addMessage(store, { actor: 'bob/ci' });
      await changeOne(store, one.id, { event: 'cancelled', detail: 'no more', actor: 'carol/phone' });
      await changeOne(store, plain.id, { event: 'note', detail: 'nobody asked' });
      const expected = [
        ['queued', 'alice/console', serverId],
        ['queued', undefined, serverId],
        ['queued', 'bob/ci', message.serverId],
        ['cancelled', 'carol/phone', serverId],
        ['note', undefined, serverId],
      ];
      assert.deepEqual(told, expected);
      const feed = await store.eventsAfter(0, 9);
      assert.deepEqual(
        feed.map((event) => [event.event, event.actor, event.serverId]),
        expected,
      );
      assert.deepEqual(
        (await store.timeline(one.id))?.map(({ actor }) => actor),
        ['alice/console', 'carol/phone'],
      );
    }));

  test('actors: who asks for a job asks for its notification, and who ends it ends that', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id: deviceId } = sampleDevice();
      const { job, notification } = await store.createJob({
        deviceId,
        commands: [{ command: 'get', uri: './DevInfo' }],
        onFailure: 'stop',
        expiresAt: clock.now() + 1000,
        wake: sampleRequest({ actor: 'alice/console' }),
      });
      await store.cancelJob(job.id, 'no more', 'bob/ci');
      const timeline = await store.timeline(notification?.id ?? '');
      assert.deepEqual(
        timeline?.map(({ event, actor }) => [event, actor]),
        [
          ['queued', 'alice/console'],
          ['cancelled', 'bob/ci'],
        ],
      );
    }));
}
