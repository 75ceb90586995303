// What is refused of a set, in words, and that nothing of it is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../../src/core/index.ts';
import type { PushRequest } from '../../../../src/store/index.ts';
import { samplePushMark, samplePushMessage, sampleRequest } from '../../../../src/testing/index.ts';
import { rowsOf } from '../in-memory.ts';
import { withSamples } from './session-ids.ts';

const idempotency = { key: 'k', fingerprint: 'one' };
const { serverId: _, ...ofNobody } = samplePushMessage();
const { deviceId: __, ...toNobody } = samplePushMessage();
const mark = samplePushMark();

const refused: readonly (readonly [what: string, code: string, message: string, PushRequest[]])[] = [
  [
    'a key without an account',
    'BAD_REQUEST',
    'an idempotency key is one of an account: name the account',
    [{ ...ofNobody, idempotency }],
  ],
  ['a message to nobody', 'BAD_REQUEST', 'a push message is for a device or for addresses', [toNobody]],
  [
    'a message to no addresses',
    'BAD_REQUEST',
    'a push message is for a device or for addresses',
    [{ ...toNobody, addresses: [] }],
  ],
  [
    'a message to a device and to addresses',
    'BAD_REQUEST',
    'a push message is for a device or for addresses',
    [{ ...samplePushMessage(), addresses: ['sms:+1'] }],
  ],
  ['no such device', 'UNKNOWN_DEVICE', 'there is no device IMEI:0', [sampleRequest({ deviceId: 'IMEI:0' })]],
  [
    'no such device for a message',
    'UNKNOWN_DEVICE',
    'there is no device IMEI:0',
    [samplePushMessage({ deviceId: 'IMEI:0' })],
  ],
  [
    'a replacement of nothing',
    'UNKNOWN_MESSAGE',
    'there is no push message x',
    [samplePushMessage({ replaces: { id: 'x', required: false } })],
  ],
  [
    'a key for two requests',
    'IDEMPOTENCY_CONFLICT',
    'the idempotency key k was used for another request',
    [
      samplePushMessage({ idempotency }),
      samplePushMessage({ idempotency: { key: 'k', fingerprint: 'two' } }),
    ],
  ],
  [
    'a recipient twice',
    'ALREADY_EXISTS',
    `the push 1@partner of partner names ${mark.recipient} twice`,
    [samplePushMessage({ initiator: mark }), samplePushMessage({ initiator: mark })],
  ],
];

for (const [what, code, message, requests] of refused) {
  test(`${what} is refused, says why, and takes what came with it along`, async () => {
    const { store, database } = await withSamples();
    await assert.rejects(store.enqueue([sampleRequest(), ...requests]), (error) => {
      assert.ok(error instanceof StoreError);
      assert.deepEqual([error.code, error.message], [code, message]);
      return true;
    });
    for (const table of ['pushes', 'events', 'push_sessions', 'push_keys', 'initiator_pushes']) {
      assert.deepEqual(rowsOf(database, `select * from ${table}`), [], table);
    }
    const [taken] = await store.enqueue([sampleRequest()]);
    assert.ok(taken?.outcome === 'queued');
    assert.equal(taken.push.sessionId, 1, 'no Session-ID was spent');
  });
}

test('a message of no account is taken in without a key', async () => {
  const { store } = await withSamples();
  const [taken] = await store.enqueue([ofNobody]);
  assert.ok(taken?.outcome === 'queued');
  assert.equal('serverId' in taken.push, false);
  assert.deepEqual(await store.push(taken.push.id), taken.push);
});
