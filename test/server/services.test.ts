// Accounts, devices and notifications as callers give them: what is wrong is named, with its path.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64ToBytes, ValueError } from '../../src/core/index.ts';
import { AccountService, DeviceService } from '../../src/server/index.ts';
import { rejectsWith, sampleDevice } from '../../src/testing/index.ts';
import { withEngine } from './engine-bench.ts';

const deviceJson = {
  id: 'IMEI:1',
  serverId: 'com.example.dm',
  addresses: ['wap:127.0.0.1:2948'],
  serverCredentials: { secret: 's' },
  clientCredentials: { name: 'c', secret: 'c' },
};

async function refuses(code: string, path: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof ValueError, String(error));
    assert.deepEqual([error.code, error.path], [code, path]);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
}

test('a device needs little: the rest has defaults', () =>
  withEngine({}, async ({ store, bindings }) => {
    const devices = new DeviceService(store, bindings);
    const device = await devices.create(deviceJson);
    assert.equal(device.format, 'dm1.2');
    assert.deepEqual(device.serverCredentials, { scheme: 'md5', name: 'com.example.dm', secret: 's' });
    const changed = await devices.update('IMEI:1', {
      serverCredentials: { secret: 't', scheme: 'hmac', nonceBase64: 'AAAAAA==' },
      digestIdentifier: 'x',
    });
    assert.deepEqual(changed?.serverCredentials, {
      scheme: 'hmac',
      name: 'com.example.dm',
      secret: 't',
      nonce: base64ToBytes('AAAAAA=='),
    });
    assert.equal((await devices.update('IMEI:1', { digestIdentifier: null }))?.digestIdentifier, undefined);
    assert.equal(await devices.update('IMEI:0', {}), undefined);
    assert.equal(await devices.remove('IMEI:1'), true);
  }));

test('schemes and certificates are checked against the credentials', () =>
  withEngine({}, async ({ store, bindings }) => {
    const devices = new DeviceService(store, bindings);
    const create = (changes: Record<string, unknown>) => devices.create({ ...deviceJson, ...changes });
    const update = (changes: unknown) => devices.update('IMEI:1', changes);
    const sha256 = 'AB:'.repeat(31).concat('CD');
    await refuses('WRONG_TYPE', 'clientSchemes', create({ clientSchemes: 'md5' }));
    await refuses('OUT_OF_RANGE', 'clientSchemes', create({ clientSchemes: [] }));
    await refuses('OUT_OF_RANGE', 'clientSchemes[1]', create({ clientSchemes: ['md5', 'none'] }));
    await refuses('OUT_OF_RANGE', 'clientSchemes', create({ clientSchemes: ['hmac'] }));
    await refuses('OUT_OF_RANGE', 'serverSchemes', create({ serverSchemes: ['basic'] }));
    await refuses('MISSING', 'clientCredentials', create({ clientCredentials: undefined }));
    await refuses('MISSING', 'tlsCertificate.sha256', create({ tlsCertificate: {} }));
    await refuses('BAD_FORMAT', 'tlsCertificate.sha256', create({ tlsCertificate: { sha256: 'abc' } }));
    const certified = { clientCredentials: undefined, tlsCertificate: { sha256 } };
    await refuses('OUT_OF_RANGE', 'clientSchemes', create({ ...certified, clientSchemes: ['md5'] }));
    const device = await create({ ...certified, serverSchemes: ['hmac', 'md5'] });
    assert.equal(device.clientCredentials, undefined);
    assert.deepEqual(device.tlsCertificate, { sha256: `${'ab'.repeat(31)}cd` });
    assert.deepEqual(device.serverSchemes, ['md5', 'hmac']);
    await refuses('MISSING', 'clientCredentials', update({ tlsCertificate: null }));
    await refuses(
      'OUT_OF_RANGE',
      'serverSchemes',
      update({ serverCredentials: { scheme: 'basic', secret: 's' } }),
    );
    await refuses('MISSING', 'clientCredentials.name', update({ clientCredentials: { secret: 'c' } }));
    const back = await update({
      clientCredentials: { name: 'c', secret: 'c' },
      clientSchemes: ['md5'],
      serverSchemes: null,
      tlsCertificate: null,
    });
    assert.deepEqual(back?.clientSchemes, ['md5']);
    assert.equal(back?.serverSchemes, undefined);
    assert.equal(back?.tlsCertificate, undefined);
    await refuses('MISSING', 'clientCredentials', update({ clientCredentials: null }));
  }));

test('what is wrong with a device is named', () =>
  withEngine({}, async ({ store, bindings }) => {
    const devices = new DeviceService(store, bindings);
    const create = (changes: Record<string, unknown>) => devices.create({ ...deviceJson, ...changes });
    await refuses('WRONG_TYPE', '', devices.create('IMEI:1'));
    await refuses('MISSING', 'id', create({ id: undefined }));
    await refuses('OUT_OF_RANGE', 'id', create({ id: '' }));
    await refuses('TOO_LONG', 'id', create({ id: 'x'.repeat(256) }));
    await refuses('UNKNOWN_FIELD', 'colour', create({ colour: 'red' }));
    await refuses('MISSING', 'addresses', create({ addresses: undefined }));
    await refuses('OUT_OF_RANGE', 'addresses', create({ addresses: [] }));
    await refuses('WRONG_TYPE', 'addresses', create({ addresses: 'wap:x' }));
    await refuses('BAD_FORMAT', 'addresses[1]', create({ addresses: ['wap:x', 'tel:1'] }));
    await refuses('OUT_OF_RANGE', 'addresses[0]', create({ addresses: ['wap:x:70000'] }));
    await refuses('OUT_OF_RANGE', 'format', create({ format: 'dm1.1' }));
    await refuses('MISSING', 'serverCredentials.secret', create({ serverCredentials: {} }));
    await refuses('MISSING', 'clientCredentials.name', create({ clientCredentials: { secret: 'c' } }));
    await refuses(
      'BAD_FORMAT',
      'clientCredentials.nonceBase64',
      create({ clientCredentials: { name: 'c', secret: 'c', nonceBase64: '!' } }),
    );
    await refuses('OUT_OF_RANGE', 'firstSessionId', create({ firstSessionId: 0 }));
    await rejectsWith('UNKNOWN_ACCOUNT', create({ serverId: 'nobody' }));
    await assert.rejects(create({ addresses: ['sip:a@b'] }), {
      code: 'CONFIG',
      message: /IMEI:1 is reached by sip:, for which no binding is configured here \(configured: wap: sms:\)/,
    });
  }));

test('what is wrong with an account is named', () =>
  withEngine({}, async ({ store }) => {
    const accounts = new AccountService(store);
    await refuses('MISSING', 'serverId', accounts.create({ url: 'http://x/' }));
    await refuses('TOO_LONG', 'serverId', accounts.create({ serverId: 'ä'.repeat(128), url: 'http://x/' }));
    await refuses('BAD_FORMAT', 'url', accounts.create({ serverId: 'a', url: 'ftp://x/' }));
    await refuses(
      'UNKNOWN_FIELD',
      'secret',
      accounts.create({ serverId: 'a', url: 'http://x/', secret: '' }),
    );
    const account = await accounts.create({ serverId: 'ä'.repeat(127), url: 'https://x/dm' });
    assert.deepEqual(await accounts.get(account.serverId), account);
  }));

test('what is wrong with a notification is named', () =>
  withEngine({}, async ({ push, pushes }) => {
    await refuses('MISSING', 'device', pushes.createNotification({}));
    await refuses('OUT_OF_RANGE', 'device', pushes.createNotification({ device: 'IMEI:0' }));
    await refuses('UNKNOWN_FIELD', 'sessionId', push({ sessionId: 1 }));
    await refuses('UNKNOWN_FIELD', 'serverId', push({ serverId: 'x' }));
    await refuses('UNKNOWN_FIELD', 'colour', push({ colour: 'red' }));
    await refuses('OUT_OF_RANGE', 'uiMode', push({ uiMode: 'loud' }));
    await refuses('BAD_FORMAT', 'notBefore', push({ notBefore: 'tomorrow' }));
    await refuses('OUT_OF_RANGE', 'expiresAt', push({ expiresAt: '2020-01-01T00:00:00Z' }));
    await refuses('WRONG_TYPE', 'resynchronise', push({ resynchronise: 'yes' }));
  }));

test('the same key with the same value, in any order of its fields, is the same notification', () =>
  withEngine({}, async ({ pushes }) => {
    const device = sampleDevice().id;
    const first = await pushes.createNotification({ device, uiMode: 'background', initiator: 'user' }, 'k');
    const second = await pushes.createNotification({ initiator: 'user', device, uiMode: 'background' }, 'k');
    assert.deepEqual([first.created, second.created], [true, false]);
    assert.equal(second.push.id, first.push.id);
    await rejectsWith('IDEMPOTENCY_CONFLICT', pushes.createNotification({ device }, 'k'));
  }));

test('an account that an earlier version took under a name that is no ServerID is there, changed and used as before', () =>
  withEngine({}, async ({ store, bindings }) => {
    const accounts = new AccountService(store);
    await refuses('BAD_FORMAT', 'serverId', accounts.create({ serverId: 'a+b', url: 'https://x/dm' }));
    // Past the check, as it was kept before there was one.
    await store.createAccount({ serverId: 'a+b', url: 'https://x/dm' });
    assert.equal((await accounts.get('a+b'))?.url, 'https://x/dm');
    assert.equal((await accounts.update('a+b', { url: 'https://y/dm' }))?.url, 'https://y/dm');
    const device = await new DeviceService(store, bindings).create({ ...deviceJson, serverId: 'a+b' });
    assert.equal(device.serverId, 'a+b');
  }));
