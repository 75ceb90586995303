// Work goes on in a database of version 7 as if nothing had been: what was taken stays taken, what waits is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejectsWith, samplePushMark, samplePushMessage, sampleRequest } from '../../../src/testing/index.ts';
import { enqueueOne } from '../../../src/testing/store/store-contract-base.ts';
import { withUpgraded } from './upgraded.ts';
import { versionSeven } from './version-seven.ts';

const { names, notifications, messages, jobs } = versionSeven;
const records = [...notifications, ...messages].map(({ record }) => record);

test('version 7: keys, push-ids and Session-IDs that were taken stay taken', () =>
  withUpgraded(async (store) => {
    const bare = { deviceId: 'IMEI:1', serverId: 'com.example.other' };
    for (const [name, request] of [
      ['completed', sampleRequest()],
      ['accepted', sampleRequest({ deviceId: 'IMEI:1' })],
      ['job open', sampleRequest({ deviceId: 'IMEI:1' })],
      ['m delivered', samplePushMessage()],
      ['m accepted', samplePushMessage(bare)],
    ] as const) {
      const [id, key, fingerprint] = keyOf(name);
      const repeated = await store.enqueue([{ ...request, idempotency: { key, fingerprint } }]);
      assert.deepEqual(repeated, [{ outcome: 'repeated', push: await store.push(id) }], name);
      const other = { ...request, idempotency: { key, fingerprint: 'other' } };
      await rejectsWith('IDEMPOTENCY_CONFLICT', store.enqueue([other]));
    }
    for (const { record } of messages) {
      if (record.initiator === undefined) continue;
      const initiator = samplePushMark({ ...record.initiator, recipient: 'another' });
      const again = samplePushMessage({ addresses: ['sms:1'], initiator });
      await rejectsWith('ALREADY_EXISTS', store.enqueue([again]));
    }
    const taken = notifications
      .filter(({ record }) => record.deviceId === sampleRequest().deviceId)
      .map(({ record }) => record.sessionId);
    assert.equal((await enqueueOne(store, sampleRequest())).sessionId, Math.max(...taken) + 1);
  }));

/** Id, key and fingerprint of an example that has a key. */
function keyOf(name: string): readonly [id: string, key: string, fingerprint: string] {
  const id = name === 'job open' ? jobs.find(({ id }) => id === names[name])?.notificationId : names[name];
  const fingerprints: Readonly<Record<string, string>> = {
    completed: 'f',
    accepted: 'g',
    'm delivered': 'm',
    'm accepted': 'o',
    'job open': 'f',
  };
  const key = records.find((record) => record.id === id)?.idempotencyKey;
  assert.ok(id !== undefined && key !== undefined, name);
  return [id, key, fingerprints[name] ?? ''];
}

test('version 7: work goes on: a lost claim, a report, an answer, an end', () =>
  withUpgraded(async (store, clock) => {
    const [sending = '', mSending = ''] = [names.sending, names['m sending']];
    assert.equal(await store.releaseClaims('node-2'), 1);
    assert.equal((await store.push(sending))?.dueAt, clock.now());
    clock.advance(11 * 3_600_000);
    const claimed = await store.claimDue({ limit: 99, leaseMs: 1000, node: 'n' }, ({ state }) => [
      { event: state === 'queued' || state === 'sending' ? 'sending' : 'note' },
    ]);
    for (const id of [sending, mSending]) {
      const before = records.find((record) => record.id === id);
      const now = claimed.find(({ push }) => push.id === id)?.push;
      assert.deepEqual([now?.state, now?.lease], ['sending', (before?.lease ?? Number.NaN) + 1]);
    }
    const accepted = names['m accepted'] ?? '';
    const [told] = await store.change([
      { id: accepted, change: { event: 'delivered', reference: 'sim:13' } },
    ]);
    assert.equal(told?.verdict, 'changed');
    const { push } = told;
    assert.ok(push.purpose !== 'notification' && push.body.length === 0 && push.endedAt === clock.now());
    const late = names['m unreported'] ?? '';
    assert.equal((await store.change([{ id: late, change: { event: 'delivered' } }]))[0]?.verdict, 'changed');
    const answered = await store.push(names.answered ?? '');
    assert.ok(answered?.purpose === 'notification');
    const done = {
      deviceId: answered.deviceId,
      pushId: answered.id,
      changes: [{ event: 'completed' }],
    } as const;
    assert.equal(await store.recordSession(done), 'recorded');
    assert.equal((await store.push(answered.id))?.state, 'completed');
    const over = await store.removeOver({ pushes: clock.now() + 1, events: clock.now() + 1 }, 999);
    assert.ok(over.pushes > 5);
    assert.equal(await store.push(answered.id), undefined);
  }));
