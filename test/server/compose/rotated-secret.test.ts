// While a secret is replaced (spec-notes ruling 27): which of the two signs a push, under which nonce, and which one a session
// tries first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deviceToSignFor,
  sendsForNonce,
  sessionCredentials,
} from '../../../src/server/compose/rotated-secret.ts';
import type {
  DeviceRecord,
  NotificationPush,
  RotatedSide,
  StoredRotation,
} from '../../../src/store/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';

const now = Date.UTC(2026, 0, 1);
const { firstSessionId: _, ...input } = sampleDevice();
const { serverCredentials, clientCredentials } = input;

/** A device of which that secret is being replaced. */
function replacing(side: RotatedSide, state: StoredRotation['state'], more: Partial<DeviceRecord> = {}) {
  const rotation = { id: 'r', state, secret: 'fresh', tries: 0, requestedAt: now };
  const record: DeviceRecord = {
    ...input,
    rotations: { [side]: rotation },
    resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
    reported: {},
    createdAt: now,
    updatedAt: now,
    ...more,
  };
  return record;
}

function pushed(sends: number, format: NotificationPush['format'] = 'dm1.2'): NotificationPush {
  return {
    purpose: 'notification',
    id: 'n',
    deviceId: input.id,
    serverId: input.serverId,
    sessionId: 1,
    format,
    fields: {},
    state: 'sent',
    attempts: sends,
    sends,
    failures: 0,
    refusedAddresses: [],
    defaultNonce: 'none',
    resynchronise: false,
    version: 0,
    lease: 1,
    expiresAt: now + 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** Both secrets, the one that is tried first in front. */
function tried(device: DeviceRecord, side: RotatedSide, notification?: NotificationPush) {
  const own = side === 'server' ? serverCredentials : clientCredentials;
  const { secret, otherSecret } = sessionCredentials(device, side, own, notification);
  return [secret, otherSecret];
}

const oldFirst = [serverCredentials.secret, 'fresh'];
const newFirst = ['fresh', serverCredentials.secret];

test('pushes are signed with the old secret and the new one in turn, each under the stored nonce before the default one', () => {
  const device = replacing('server', 'pending');
  const turns = [0, 1, 2, 3].map((sends) => [
    deviceToSignFor(device, sends).serverCredentials.secret,
    sendsForNonce(device, sends),
  ]);
  const old = serverCredentials.secret;
  assert.deepEqual(turns, [
    [old, 0],
    ['fresh', 0],
    [old, 1],
    ['fresh', 1],
  ]);
  for (const other of [replacing('client', 'pending'), replacing('server', 'completed')]) {
    assert.equal(deviceToSignFor(other, 1), other);
    assert.equal(sendsForNonce(other, 3), 3);
  }
});

test('a session answers the secret that signed its push; without a push, the new one once its Replace went out', () => {
  for (const [state, alone] of [
    ['pending', oldFirst],
    ['sent', newFirst],
  ] as const) {
    const device = replacing('server', state);
    assert.deepEqual(tried(device, 'server'), alone);
    assert.deepEqual(tried(device, 'server', pushed(0)), alone);
    assert.deepEqual(tried(device, 'server', pushed(1)), oldFirst);
    assert.deepEqual(tried(device, 'server', pushed(2)), newFirst);
  }
});

test('a push that a secret of NOTICRED signed says nothing of the other secret: dm1.3 alone, of a device that has one', () => {
  const device = replacing('server', 'sent', { notificationSecret: 'notice' });
  assert.deepEqual(tried(device, 'server', pushed(1, 'dm1.3')), newFirst);
  assert.deepEqual(tried(device, 'server', pushed(1, 'dm1.2')), oldFirst);
  assert.deepEqual(tried(device, 'server', pushed(1, 'dm1.3-2010')), oldFirst);
  assert.deepEqual(tried(replacing('server', 'sent'), 'server', pushed(1, 'dm1.3')), oldFirst);
});

test('of the client’s secret the old one is the likelier; a side that is not being replaced has one', () => {
  for (const state of ['pending', 'sent'] as const) {
    const device = replacing('client', state);
    assert.deepEqual(tried(device, 'client'), [clientCredentials.secret, 'fresh']);
    assert.deepEqual(tried(device, 'server', pushed(2)), [serverCredentials.secret, undefined]);
  }
  const { nonce: __, ...bare } = clientCredentials;
  assert.deepEqual(sessionCredentials(replacing('client', 'failed'), 'client', bare), {
    ...bare,
    nonce: new Uint8Array(0),
  });
});
