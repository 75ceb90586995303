// What new pushes leave in the small tables, row for row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  sampleAccount,
  sampleDevice,
  samplePushMark,
  samplePushMessage,
  sampleRequest,
} from '../../../../src/testing/index.ts';
import { enqueueOne } from '../../../../src/testing/store/store-contract-base.ts';
import { rowsOf } from '../in-memory.ts';
import { lastOf, withSamples } from './session-ids.ts';

const { serverId } = sampleAccount;
const { id: deviceId } = sampleDevice();

test('a notification holds its Session-ID and its key, and the device its last Session-ID', async () => {
  const { store, database } = await withSamples();
  const first = await enqueueOne(store, sampleRequest());
  const idempotency = { key: 'k', fingerprint: 'f' };
  const second = await enqueueOne(store, sampleRequest({ idempotency }));
  assert.deepEqual(rowsOf(database, 'select * from push_sessions order by session_id'), [
    { device_id: deviceId, session_id: 1, push_id: first.id },
    { device_id: deviceId, session_id: 2, push_id: second.id },
  ]);
  assert.deepEqual(rowsOf(database, 'select * from push_keys'), [
    { server_id: serverId, scope: 'notification', key: 'k', push_id: second.id, fingerprint: 'f' },
  ]);
  assert.deepEqual(lastOf(database), { id: deviceId, last_session_id: 2 });
});

test('a message holds its key and its push-id; it has no Session-ID', async () => {
  const { store, database } = await withSamples();
  const initiator = samplePushMark();
  const idempotency = { key: 'k', fingerprint: 'f' };
  const message = await enqueueOne(store, samplePushMessage({ idempotency }));
  const relayed = await enqueueOne(store, samplePushMessage({ initiator }));
  assert.deepEqual(rowsOf(database, 'select * from push_sessions'), []);
  assert.deepEqual(rowsOf(database, 'select * from push_keys'), [
    { server_id: serverId, scope: 'message', key: 'k', push_id: message.id, fingerprint: 'f' },
  ]);
  assert.deepEqual(rowsOf(database, 'select * from initiator_pushes'), [
    {
      initiator: 'partner',
      initiator_push_id: '1@partner',
      recipient: initiator.recipient,
      id: relayed.id,
    },
  ]);
  assert.deepEqual(lastOf(database), { id: deviceId, last_session_id: 0 });
});
