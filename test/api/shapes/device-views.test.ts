// Devices as the API shows them: every field, and no secret, key or nonce of any side.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DeviceShape, MessageKeysShape } from '../../../src/api/shapes/device-shapes.ts';
import { deviceView, rotationView, writtenDeviceView } from '../../../src/api/shapes/device-views.ts';
import { deviceFamilyWarnings } from '../../../src/server/warning/family-warnings.ts';
import { secretWarnings } from '../../../src/server/warning/secret-warnings.ts';
import type { DeviceRecord, StoredRotation } from '../../../src/store/index.ts';

const secret = (name: string): string => `${name}-4f9KmT27vQxLw8pZ`;
const nonce = new TextEncoder().encode(secret('nonce'));

const bare: DeviceRecord = {
  id: 'IMEI:1',
  serverId: 'com.example.dm',
  addresses: ['wap:127.0.0.1', 'sms:+491701234567'],
  format: 'dm1.2',
  serverCredentials: { scheme: 'md5', name: 'com.example.dm', secret: secret('server') },
  resynchronisations: { inWindow: 1, windowStartedAt: 5, offered: 2, completed: 3 },
  reported: {},
  createdAt: Date.UTC(2026, 0, 1),
  updatedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
};
const shownBare = {
  id: 'IMEI:1',
  serverId: 'com.example.dm',
  addresses: ['wap:127.0.0.1', 'sms:+491701234567'],
  format: 'dm1.2',
  serverCredentials: { scheme: 'md5', name: 'com.example.dm', nonceKnown: false },
  notificationSecretSet: false,
  labels: {},
  suspended: false,
  resynchronisations: { inWindow: 1, offered: 2, completed: 3 },
  reported: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T03:04:05.006Z',
};
const rotation: StoredRotation = {
  id: 'r-1',
  state: 'pending',
  secret: secret('next'),
  uri: './DMAcc/x/AppAuth/y/AAuthSecret',
  tries: 2,
  requestedAt: Date.UTC(2026, 0, 1, 1),
};
const shownRotation = { which: 'server', state: 'pending', requestedAt: '2026-01-01T01:00:00.000Z' };
const full: DeviceRecord = {
  ...bare,
  serverCredentials: { ...bare.serverCredentials, nonce },
  clientCredentials: { scheme: 'hmac', name: 'Bruce2', secret: secret('client'), nonce },
  clientSchemes: ['hmac', 'md5'],
  serverSchemes: ['md5'],
  tlsCertificate: { sha256: 'ab'.repeat(32) },
  notificationSecret: secret('notice'),
  digestIdentifier: 'other',
  messageKeys: {
    hmacSecret: secret('hmac'),
    encryption: { transport: 'aes-wrap', key: secret('encryption'), keyName: 'device-1' },
    wrapping: { key: secret('wrapping'), keyName: 'device-2' },
  },
  family: 'generic',
  labels: { region: 'north' },
  suspendedAt: Date.UTC(2026, 0, 2),
  revision: 3,
  rotations: { server: rotation },
  reported: { './DevInfo/Man': 'Acme' },
  lastSessionAt: Date.UTC(2026, 0, 2),
};
const shownFull = {
  ...shownBare,
  serverCredentials: { scheme: 'md5', name: 'com.example.dm', nonceKnown: true },
  clientCredentials: { scheme: 'hmac', name: 'Bruce2', nonceKnown: true },
  clientSchemes: ['hmac', 'md5'],
  serverSchemes: ['md5'],
  tlsCertificate: { sha256: 'ab'.repeat(32) },
  notificationSecretSet: true,
  digestIdentifier: 'other',
  messageKeys: {
    hmacSecretSet: true,
    encryption: { transport: 'aes-wrap', keyName: 'device-1' },
    wrapping: { keyName: 'device-2' },
  },
  family: 'generic',
  labels: { region: 'north' },
  suspended: true,
  suspendedAt: '2026-01-02T00:00:00.000Z',
  secretRotations: [shownRotation],
  reported: { './DevInfo/Man': 'Acme' },
  lastSessionAt: '2026-01-02T00:00:00.000Z',
};

describe('a device', () => {
  it('can be shown, whatever it has', () => {
    const records: readonly Partial<DeviceRecord>[] = [
      {},
      full,
      { messageKeys: {} },
      { messageKeys: { encryption: { transport: 'rsa-oaep', publicKey: 'PEM' } } },
      { messageKeys: { wrapping: { key: secret('wrapping') } } },
      { rotations: {} },
      { rotations: { client: { ...rotation, sentAt: 1, endedAt: 2 } } },
    ];
    for (const record of records) assert.doesNotThrow(() => deviceView({ ...bare, ...record }));
  });

  it('with what it has to have: no other field', () => {
    assert.deepEqual(deviceView(bare), shownBare);
  });

  it('with all that it may have: each published field', () => {
    const shown = deviceView(full);
    assert.deepEqual(shown, shownFull);
    const published = Object.keys(DeviceShape.properties).filter((name) => name !== 'warnings');
    assert.deepEqual(Object.keys(shown).sort(), published.sort());
  });

  it('never shows a secret, a key or a nonce, in any spelling', () => {
    const text = JSON.stringify([deviceView(full), writtenDeviceView(full)]);
    for (const hidden of [
      ...['server', 'client', 'notice', 'hmac', 'encryption', 'wrapping', 'next'].map(secret),
      secret('nonce'),
      Buffer.from(nonce).toString('base64'),
      Buffer.from(nonce).toString('hex'),
      [...nonce].join(','),
    ]) {
      assert.ok(!text.includes(hidden), hidden);
    }
  });

  it('is a copy: what a reader does to it is done to no record', () => {
    const shown = deviceView(full);
    shown.addresses.push('sms:+1');
    shown.reported['./DevInfo/Man'] = 'other';
    assert.deepEqual(deviceView(full), shownFull);
  });
});

describe('keys of messages', () => {
  const keys = (messageKeys: DeviceRecord['messageKeys']) => {
    const { messageKeys: shown, ...rest } = deviceView({ ...bare, ...(messageKeys && { messageKeys }) });
    assert.deepEqual(rest, shownBare);
    return shown;
  };

  it('say which there are', () => {
    assert.equal(keys(undefined), undefined);
    assert.deepEqual(keys({}), { hmacSecretSet: false });
    assert.deepEqual(keys({ hmacSecret: secret('hmac') }), { hmacSecretSet: true });
    assert.deepEqual(keys({ encryption: { transport: 'rsa-oaep', publicKey: 'PEM' } }), {
      hmacSecretSet: false,
      encryption: { transport: 'rsa-oaep' },
    });
    assert.deepEqual(keys({ wrapping: { key: secret('wrapping') } }), { hmacSecretSet: false, wrapping: {} });
    const all = Object.keys(keys(full.messageKeys) ?? {}).sort();
    assert.deepEqual(all, Object.keys(MessageKeysShape.properties).sort());
  });
});

describe('the replacement of a secret', () => {
  it('is shown without the secret, the place on the device and its sessions', () => {
    assert.deepEqual(rotationView('server', rotation), shownRotation);
    assert.deepEqual(
      rotationView('client', {
        ...rotation,
        state: 'failed',
        reason: 'status 405',
        sentAt: Date.UTC(2026, 0, 1, 2),
        endedAt: Date.UTC(2026, 0, 1, 3),
      }),
      {
        which: 'client',
        state: 'failed',
        reason: 'status 405',
        requestedAt: '2026-01-01T01:00:00.000Z',
        sentAt: '2026-01-01T02:00:00.000Z',
        endedAt: '2026-01-01T03:00:00.000Z',
      },
    );
  });

  it('of both sides: that of the server first; of none: an empty list', () => {
    const shown = (rotations: DeviceRecord['rotations']) =>
      deviceView({ ...bare, ...(rotations && { rotations }) }).secretRotations;
    const client = { ...shownRotation, which: 'client' };
    assert.deepEqual(shown({ client: rotation, server: rotation }), [shownRotation, client]);
    assert.deepEqual(shown({ client: rotation }), [client]);
    assert.deepEqual(shown({}), []);
    assert.equal(shown(undefined), undefined);
  });
});

describe('the answer to what wrote a device', () => {
  it('is the device alone where there is nothing to say', () => {
    assert.deepEqual(writtenDeviceView(bare), shownBare);
  });

  it('says which secrets are weak, and then what its family cannot take', () => {
    const serverCredentials = { ...bare.serverCredentials, secret: 'abc', nonce: new Uint8Array(300) };
    const weak: DeviceRecord = { ...bare, serverCredentials, family: 'samsung', format: 'dm1.3' };
    const [secrets, family] = [secretWarnings(weak), deviceFamilyWarnings(weak)];
    assert.match(secrets[0] ?? '', /^serverCredentials\.secret is weak/);
    assert.notEqual(family.length, 0);
    assert.deepEqual(writtenDeviceView(weak), { ...deviceView(weak), warnings: [...secrets, ...family] });
  });
});
