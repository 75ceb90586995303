// From a queued notification to signed octets: reference digests, secrets, nonces, the fields that the server sets.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  decodeNotification,
  moIndexRegistry,
  type Notification,
  verifyNotification,
} from '../../../src/codec/notification/index.ts';
import { bytesToHex, sha256, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { completeFields, composePush, defaultRequestedMo, usesNonce } from '../../../src/server/index.ts';
import type { DeviceRecord, NotificationPush } from '../../../src/store/index.ts';

const now = Date.UTC(2026, 0, 1, 12);

const device: DeviceRecord = {
  id: 'IMEI:493005100592800',
  serverId: 'com.mgmtsrv.manage',
  addresses: ['wap:127.0.0.1'],
  format: 'dm1.2',
  serverCredentials: {
    scheme: 'md5',
    name: 'com.mgmtsrv.manage',
    secret: 'srvpwd',
    nonce: utf8ToBytes('Nonce'),
  },
  clientCredentials: { scheme: 'md5', name: 'Bruce2', secret: 'OhBehave' },
  resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
  reported: {},
  createdAt: now,
  updatedAt: now,
};

const notification: NotificationPush = {
  purpose: 'notification',
  id: 'n',
  deviceId: device.id,
  serverId: device.serverId,
  sessionId: 0x1234,
  format: 'dm1.2',
  fields: { uiMode: 'background', initiator: 'user' },
  state: 'sending',
  attempts: 1,
  sends: 0,
  failures: 0,
  refusedAddresses: [],
  defaultNonce: 'none',
  resynchronise: false,
  version: 0,
  lease: 1,
  dueAt: now,
  expiresAt: now + 1,
  createdAt: now,
  updatedAt: now,
};

const trigger = '02d0000000123412636f6d2e6d676d747372762e6d616e616765';

function messageOf(body: Uint8Array): Notification {
  return decodeNotification(body).message;
}

test('a notification of each format without fields is complete by what the server sets, and can be signed', () => {
  const identity = { serverId: device.serverId, sessionId: 0x1234 };
  const usual = { ...identity, uiMode: 'not-specified', initiator: 'server' } as const;
  const late = { ...usual, transport: 'not-specified' } as const;
  const wholes = {
    'dm1.2': { ...usual, format: 'dm1.2' },
    'dm1.3-2010': {
      ...late,
      format: 'dm1.3-2010',
      authType: 'not-specified',
      sendDevDetail: false,
      timeoutDays: 0,
    },
    // TIMESTAMP is in whole seconds (DM-NOTI-1.3 §6.4.9).
    'dm1.3': { ...late, format: 'dm1.3', timeoutMinutes: 0, timestamp: now / 1000, requestedMo: [1] },
  } as const;
  assert.equal(defaultRequestedMo(), 1);
  for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const) {
    const complete = () => completeFields(format, {}, identity, now + 999);
    assert.doesNotThrow(complete);
    assert.deepEqual(complete(), wholes[format]);
    const compose = () => composePush({ ...notification, format, fields: {} }, device, 'stored', now + 999);
    assert.doesNotThrow(compose);
    const { body, ...rest } = compose() ?? assert.fail('no push');
    assert.deepEqual(rest, { id: 'n', contentType: contentTypes[format] });
    assert.ok(body instanceof Uint8Array);
    assert.deepEqual(messageOf(body), wholes[format]);
  }
});

test('N12-S-002 N12-S-003 DM-NOTI-1.2 §6.2.2: the reference digest, stored nonce and default nonce', () => {
  const stored = composePush(notification, device, 'stored', now);
  assert.equal(bytesToHex(stored.body), `10369e83e3fc7103a4a21acce6e242ae${trigger}`);
  assert.deepEqual(stored.contentType, { mime: 'application/vnd.syncml.notification', code: 0x44 });
  assert.equal(stored.id, 'n');
  const again = composePush(notification, device, 'default', now);
  assert.equal(bytesToHex(again.body), `e37fdc0f8e9070fc31b0967910b921af${trigger}`);
});

test('ruling 1: another identifier for the digest leaves the message alone', () => {
  const { body } = composePush(notification, { ...device, digestIdentifier: 'other' }, 'stored', now);
  assert.equal(bytesToHex(body.subarray(16)), trigger);
  const decoded = decodeNotification(body);
  assert.equal(verifyNotification(decoded, { secret: 'srvpwd', nonce: utf8ToBytes('Nonce') }), null);
  const key = { secret: 'srvpwd', nonce: utf8ToBytes('Nonce'), identifier: 'other' };
  assert.equal(verifyNotification(decoded, key), 'given');
});

test('ruling 1: for a family that takes AAuthName in the digest it is that, unless the record names another', () => {
  const serverCredentials = { ...device.serverCredentials, name: 'auth name' };
  const samsung = { ...device, serverCredentials, family: 'samsung' };
  const { body } = composePush(notification, samsung, 'stored', now);
  assert.equal(bytesToHex(body.subarray(16)), trigger);
  const half = (...parts: (string | Uint8Array)[]): Buffer => {
    const hash = createHash('md5');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const left = half('auth name:srvpwd').toString('base64');
  const right = half(body.subarray(16)).toString('base64');
  assert.equal(bytesToHex(body.subarray(0, 16)), half(`${left}:Nonce:${right}`).toString('hex'));
  const named = composePush(notification, { ...samsung, digestIdentifier: 'other' }, 'stored', now);
  const plain = composePush(notification, { ...device, digestIdentifier: 'other' }, 'stored', now);
  assert.deepEqual(named.body, plain.body);
  const generic = composePush(
    notification,
    { ...device, serverCredentials, family: 'generic' },
    'stored',
    now,
  );
  assert.equal(bytesToHex(generic.body), `10369e83e3fc7103a4a21acce6e242ae${trigger}`);
});

test('N10-S-002 N10-S-003: the 2010 form is version 12 and signed like the 2007 form', () => {
  const fields = { sendDevDetail: true, timeoutDays: 3, reason: 'update' };
  const push = composePush({ ...notification, format: 'dm1.3-2010', fields }, device, 'stored', now);
  assert.deepEqual(push.contentType, { mime: 'application/vnd.syncml.dm.notification', code: 0x44 });
  const decoded = decodeNotification(push.body);
  assert.equal(verifyNotification(decoded, { secret: 'srvpwd', nonce: utf8ToBytes('Nonce') }), 'given');
  assert.deepEqual(decoded.message, {
    format: 'dm1.3-2010',
    serverId: device.serverId,
    sessionId: 0x1234,
    uiMode: 'not-specified',
    initiator: 'server',
    transport: 'not-specified',
    authType: 'not-specified',
    ...fields,
  });
});

test('N13-S-002 N13-S-011 DM-NOTI-1.3 §6.6: secret of NOTICRED, else of SRVCRED; the time stamp is the time of sending', () => {
  const queued: NotificationPush = { ...notification, format: 'dm1.3', fields: {} };
  for (const secret of ['notice', 'srvpwd']) {
    const keyed = secret === 'notice' ? { ...device, notificationSecret: secret } : device;
    const { body, contentType } = composePush(queued, keyed, 'stored', now);
    assert.equal(contentType.code, 0x58);
    const signed = body.subarray(0, -32);
    // §6.6 written out here once more, so that not only our own verifier is asked.
    const expected = sha256(
      utf8ToBytes(`${secret}:`),
      signed.subarray(0, 12),
      utf8ToBytes(':'),
      signed.subarray(12),
    );
    assert.deepEqual(body.subarray(-32), expected);
    const message = messageOf(body);
    assert.equal(message.format, 'dm1.3');
    assert.equal('timestamp' in message && message.timestamp, now / 1000);
    const later = messageOf(composePush(queued, keyed, 'stored', now + 5000).body);
    assert.equal('timestamp' in later && later.timestamp, now / 1000 + 5);
  }
});

test('DM-NOTI-1.2 §6.2.2: a secret of NOTICRED signs no MD5 form, whose secret is that of SRVCRED', () => {
  const keyed = { ...device, notificationSecret: 'notice' };
  for (const format of ['dm1.2', 'dm1.3-2010'] as const) {
    const plain = composePush({ ...notification, format, fields: {} }, device, 'stored', now);
    assert.deepEqual(composePush({ ...notification, format, fields: {} }, keyed, 'stored', now), plain);
  }
});

test('DM-NOTI-1.3 §6.6: the digest of dm1.3 takes no nonce, those of the others do', () => {
  for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const) {
    const queued: NotificationPush = { ...notification, format, fields: {} };
    const [stored, other] = (['stored', 'default'] as const).map((nonce) =>
      bytesToHex(composePush(queued, device, nonce, now).body),
    );
    assert.equal(stored !== other, format !== 'dm1.3');
    assert.equal(usesNonce(format), format !== 'dm1.3');
  }
});

test('without a nonce of the device, what is signed as stored is signed under the default one', () => {
  const { nonce: _, ...serverCredentials } = device.serverCredentials;
  const bare = composePush(notification, { ...device, serverCredentials }, 'stored', now);
  assert.deepEqual(bare.body, composePush(notification, device, 'default', now).body);
});

test('N13-S-008 DM-NOTI-1.3 §6.5.4: Requested-MO is always there, DevInfo when nothing is wanted', () => {
  const identity = { serverId: 'a', sessionId: 1 };
  const asked = completeFields('dm1.3', { requestedMo: [2, 5], timestamp: 7 }, identity, now);
  assert.deepEqual('requestedMo' in asked && asked.requestedMo, [2, 5]);
  assert.equal('timestamp' in asked && asked.timestamp, 7);
  const silent = completeFields('dm1.3', {}, identity, now);
  assert.deepEqual('requestedMo' in silent && silent.requestedMo, [1]);
  const other = completeFields('dm1.3', {}, identity, now, 0x8001);
  assert.deepEqual('requestedMo' in other && other.requestedMo, [0x8001]);
});

test('DM-NOTI-1.3 §6.5.4: a push that wants nothing asks for DevInfo by the index that it has in the table in use', () => {
  assert.equal(defaultRequestedMo(moIndexRegistry({ DevInfo: 0x8002 })), 0x8002);
  assert.equal(defaultRequestedMo(moIndexRegistry({ DevInfo: null })), 1);
  const queued: NotificationPush = { ...notification, format: 'dm1.3', fields: {} };
  const asked = (requestedMo?: number) => {
    const message = messageOf(composePush(queued, device, 'stored', now, requestedMo).body);
    return 'requestedMo' in message && message.requestedMo;
  };
  assert.deepEqual([asked(), asked(0x8002)], [[1], [0x8002]]);
});

test('fields of another format and unknown ones are refused with their path', () => {
  const identity = { serverId: 'a', sessionId: 1 };
  for (const [format, fields, path] of [
    ['dm1.2', { timeoutMinutes: 1 }, 'timeoutMinutes'],
    ['dm1.3', { colour: 1 }, 'colour'],
    ['dm1.3', { requestedMo: [1, 2, 3, 4, 5, 6, 7] }, ''],
  ] as const) {
    assert.throws(
      () => completeFields(format, fields, identity, now),
      (error) => error instanceof ValueError && (path === '' || error.path === path),
    );
  }
});
