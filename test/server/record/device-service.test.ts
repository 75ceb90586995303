// Devices as callers change them: each field by itself, null for what is optional, credentials as a whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { DeviceService } from '../../../src/server/index.ts';
import { withEngine } from '../engine-bench.ts';

const whole = {
  id: 'IMEI:1',
  serverId: 'com.example.dm',
  addresses: ['wap:127.0.0.1:2948'],
  format: 'dm1.3-2010',
  serverCredentials: { secret: 's', nonceBase64: 'AAAAAA==' },
  clientCredentials: { scheme: 'hmac', name: 'c', secret: 'c', nonceBase64: '' },
  clientSchemes: ['hmac'],
  serverSchemes: ['md5', 'hmac'],
  tlsCertificate: { sha256: 'ab'.repeat(32) },
  notificationSecret: 'n\nn',
  digestIdentifier: 'x',
  messageKeys: { hmacSecret: 'AB'.repeat(16) },
  family: 'samsung',
  firstSessionId: 7,
};

test('all that a device is made of is kept as it was given', () =>
  withEngine({}, async ({ store, bindings, pushes }) => {
    const devices = new DeviceService(store, bindings);
    const device = await devices.create(whole);
    const { resynchronisations: _, reported: __, createdAt: ___, updatedAt: ____, ...kept } = device;
    const { firstSessionId, ...rest } = whole;
    assert.deepEqual(kept, {
      ...rest,
      serverCredentials: {
        scheme: 'md5',
        name: 'com.example.dm',
        secret: 's',
        nonce: new Uint8Array([0, 0, 0, 0]),
      },
      clientCredentials: { scheme: 'hmac', name: 'c', secret: 'c', nonce: new Uint8Array(0) },
      messageKeys: { hmacSecret: 'ab'.repeat(16) },
    });
    const { push } = await pushes.createNotification({ device: 'IMEI:1' });
    assert.equal(push.sessionId, firstSessionId);
  }));

test('a change is of the fields that it names, and null takes away what is optional', () =>
  withEngine({}, async ({ store, bindings }) => {
    const devices = new DeviceService(store, bindings);
    let before = await devices.create(whole);
    for (const [change, field, wanted] of [
      [{ format: 'dm1.3' }, 'format', 'dm1.3'],
      [{ addresses: ['sms:+491701234567'] }, 'addresses', ['sms:+491701234567']],
      [{ family: null }, 'family', undefined],
      [{ family: 'aosp' }, 'family', 'aosp'],
      [{ notificationSecret: 'm' }, 'notificationSecret', 'm'],
      [{ notificationSecret: null }, 'notificationSecret', undefined],
      [{ digestIdentifier: 'y' }, 'digestIdentifier', 'y'],
      [{ digestIdentifier: null }, 'digestIdentifier', undefined],
      [{ messageKeys: { hmacSecret: 'cd'.repeat(16) } }, 'messageKeys', { hmacSecret: 'cd'.repeat(16) }],
      [{ messageKeys: null }, 'messageKeys', undefined],
      [{ clientSchemes: null }, 'clientSchemes', undefined],
      [{ serverSchemes: ['md5'] }, 'serverSchemes', ['md5']],
      [
        { clientCredentials: { secret: 'd' } },
        'clientCredentials',
        { scheme: 'md5', name: 'c', secret: 'd' },
      ],
      [{ clientCredentials: null }, 'clientCredentials', undefined],
    ] as const) {
      const after = await devices.update('IMEI:1', change);
      assert.ok(after);
      assert.deepEqual(after[field], wanted, JSON.stringify(change));
      const { [field]: _, updatedAt: __, revision = 0, ...others } = before;
      const { [field]: ___, updatedAt: ____, revision: next, ...same } = after;
      assert.deepEqual(same, others, `nothing but ${field}`);
      assert.equal(next, revision + 1);
      before = after;
    }
    // Nothing else can identify it any more.
    await assert.rejects(
      devices.update('IMEI:1', { tlsCertificate: null }),
      (error) => error instanceof ValueError && error.path === 'clientCredentials',
    );
  }));

test('a device is changed to nothing that it could not be created with', () =>
  withEngine({}, async ({ store, bindings }) => {
    const devices = new DeviceService(store, bindings);
    const before = await devices.create(whole);
    for (const [change, code, path] of [
      [{ format: 'dm1.1' }, 'OUT_OF_RANGE', 'format'],
      [{ format: null }, 'OUT_OF_RANGE', 'format'],
      [{ addresses: [] }, 'OUT_OF_RANGE', 'addresses'],
      [{ addresses: ['wap:a', 'wap:b\n'] }, 'BAD_FORMAT', 'addresses[1]'],
      [{ serverCredentials: null }, 'WRONG_TYPE', 'serverCredentials'],
      [{ serverCredentials: {} }, 'MISSING', 'serverCredentials.secret'],
      [{ digestIdentifier: 'a\nb' }, 'BAD_FORMAT', 'digestIdentifier'],
      [{ notificationSecret: '' }, 'OUT_OF_RANGE', 'notificationSecret'],
      [{ id: 'IMEI:2' }, 'UNKNOWN_FIELD', 'id'],
      [{ firstSessionId: 8 }, 'UNKNOWN_FIELD', 'firstSessionId'],
    ] as const) {
      await assert.rejects(devices.update('IMEI:1', change), (error) => {
        assert.ok(error instanceof ValueError, String(error));
        assert.deepEqual([error.code, error.path], [code, path]);
        return true;
      });
    }
    assert.deepEqual(await devices.get('IMEI:1'), before);
  }));
