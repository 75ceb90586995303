// Events as they are read: each as it was told, whatever its push has become since.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushEvent } from '../../../../src/store/index.ts';
import { samplePushMessage, sampleRequest } from '../../../../src/testing/index.ts';
import {
  addMessage,
  changeOne,
  claimOne,
  enqueueOne,
} from '../../../../src/testing/store/store-contract-base.ts';
import { withSamples } from './session-ids.ts';

test('timeline and feed have each event as it was told, in order, with the state of then', async () => {
  const { store, clock } = await withSamples();
  const told: PushEvent[] = [];
  store.onEvent((event) => told.push(event));
  const notification = await enqueueOne(store, sampleRequest());
  clock.advance(10);
  const message = await addMessage(store);
  await claimOne(store);
  const about = { node: 'n', binding: 'smpp', address: 'sms:+1', reference: 'sms:1', detail: 'taken' };
  await changeOne(store, notification.id, { event: 'accepted', ...about });
  clock.advance(10);
  await changeOne(store, notification.id, { event: 'cancelled', detail: 'enough' });
  const { deviceId, serverId } = notification;
  const of = { kind: 'notification', pushId: notification.id, deviceId, serverId, sessionId: 1 };
  const start = clock.now() - 20;
  const expected = [
    { ...of, sequence: 1, at: start, event: 'queued', state: 'queued' },
    { ...of, sequence: 3, at: start + 10, event: 'sending', state: 'sending', node: 'node-1', attempt: 1 },
    { ...of, sequence: 4, at: start + 10, event: 'accepted', state: 'accepted', ...about, attempt: 1 },
    { ...of, sequence: 5, at: start + 20, event: 'cancelled', state: 'cancelled', detail: 'enough' },
  ];
  assert.deepEqual(await store.timeline(notification.id), expected);
  assert.deepEqual(await store.eventsAfter(0, 99), told);
  assert.deepEqual(
    told.filter(({ pushId }) => pushId === notification.id),
    expected,
  );
  assert.deepEqual(await store.eventsAfter(3, 1), [expected[2]]);
  assert.deepEqual(await store.eventsAfter(0, 99, ['message']), await store.timeline(message.id));
  assert.deepEqual(await store.eventsAfter(1, 2, ['notification']), expected.slice(1, 3));
  assert.deepEqual(await store.eventsAfter(0, 99, []), []);
  assert.equal(await store.timeline('no push'), undefined);
});

test('awaited reports come page by page in the order of the ids, of each purpose, and end', async () => {
  const { store } = await withSamples();
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    const { id } =
      n % 2 === 0 ? await enqueueOne(store, sampleRequest()) : await enqueueOne(store, samplePushMessage());
    ids.push(id);
    await claimOne(store);
    // Of the third nobody can report.
    const named = n === 2 ? {} : { reference: `sms:${n}` };
    const address = n === 3 ? {} : { address: `sms:+${n}` };
    await changeOne(store, id, { event: 'accepted', binding: 'smpp', ...named, ...address });
  }
  const awaited = [0, 1, 3, 4].map((n) => ({
    pushId: ids[n],
    binding: 'smpp',
    reference: `sms:${n}`,
    ...(n !== 3 && { address: `sms:+${n}` }),
  }));
  assert.deepEqual(await store.awaitedReports(9), awaited);
  assert.deepEqual(await store.awaitedReports(3), awaited.slice(0, 3));
  assert.deepEqual(await store.awaitedReports(1, ids[0]), awaited.slice(1, 2));
  assert.deepEqual(await store.awaitedReports(9, ids[1]), awaited.slice(2));
  assert.deepEqual(await store.awaitedReports(9, ids[4]), []);
  await changeOne(store, ids[4] ?? '', { event: 'delivered' });
  assert.deepEqual(await store.awaitedReports(9, ids[3]), []);
});
