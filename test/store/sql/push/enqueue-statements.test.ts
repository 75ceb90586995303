// What is known of a device before it is given a Session-ID: the one that was given last, and those in use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejectsWith, sampleDevice, sampleRequest } from '../../../../src/testing/index.ts';
import { changeOne, enqueueOne } from '../../../../src/testing/store/store-contract-base.ts';
import { lastOf, sessionIds, setLast, withSamples } from './session-ids.ts';

const { id } = sampleDevice();

test('Session-IDs count up, are kept on the device, and go on where the last one was, whatever became of it', async () => {
  const { store, database } = await withSamples();
  assert.deepEqual(await sessionIds(store, 2), [1, 2]);
  assert.deepEqual(lastOf(database), { id, last_session_id: 2 });
  const last = await enqueueOne(store, sampleRequest());
  await changeOne(store, last.id, { event: 'cancelled' });
  assert.deepEqual(await sessionIds(store, 1), [4]);
  assert.deepEqual(lastOf(database), { id, last_session_id: 4 });
});

test('a Session-ID that is in use is passed over, in one call and in several', async () => {
  const { store, database } = await withSamples();
  assert.deepEqual(await sessionIds(store, 5), [1, 2, 3, 4, 5]);
  const third = await store.pushOfSession(id, 3);
  await changeOne(store, third?.id ?? '', { event: 'cancelled' });
  setLast(database, 0);
  assert.deepEqual(await sessionIds(store, 2), [3, 6]);
  setLast(database, 2);
  const both = await store.enqueue([sampleRequest(), sampleRequest()]);
  assert.deepEqual(
    both.map((taken) => taken.outcome === 'queued' && taken.push.sessionId),
    [7, 8],
  );
});

test('after the largest one comes 1, or the next that is not in use', async () => {
  const { store, database } = await withSamples();
  assert.deepEqual(await sessionIds(store, 1), [1]);
  setLast(database, 65_534);
  assert.deepEqual(await sessionIds(store, 3), [65_535, 2, 3]);
});

test('another device has Session-IDs of its own', async () => {
  const { store, database } = await withSamples();
  await store.createDevice(sampleDevice({ id: 'IMEI:1', firstSessionId: 2 }));
  await sessionIds(store, 3);
  assert.equal((await enqueueOne(store, sampleRequest({ deviceId: 'IMEI:1' }))).sessionId, 2);
  setLast(database, 0);
  assert.deepEqual(await sessionIds(store, 1), [4]);
});

test('a Session-ID for a message is given once, and only for a device that there is', async () => {
  const { store } = await withSamples();
  const first = await store.allocateMessageSessionId(id);
  assert.ok(first >= 1 && first <= 65_535);
  assert.equal(await store.allocateMessageSessionId(id), (first % 65_535) + 1);
  await rejectsWith('UNKNOWN_DEVICE', store.allocateMessageSessionId('IMEI:none'));
});
