// Routes of devices above services that the test speaks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceView, rotationView } from '../../../src/api/shapes/device-views.ts';
import type { DeviceRecord, StoredRotation } from '../../../src/store/index.ts';
import { byAnonymous, withRoutes } from './route-bench.ts';

const device: DeviceRecord = {
  id: 'IMEI:1',
  serverId: 'com.example.dm',
  addresses: ['wap:127.0.0.1'],
  format: 'dm1.2',
  serverCredentials: { scheme: 'md5', name: 'com.example.dm', secret: '4f9KmT27vQxLw8pZ' },
  resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
  reported: {},
  createdAt: Date.UTC(2026, 0, 1),
  updatedAt: Date.UTC(2026, 0, 1),
};
const shown = JSON.parse(JSON.stringify(deviceView(device)));
const path = '/v1/devices/IMEI%3A1';
const missing = {
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  code: 'NOT_FOUND',
  detail: 'there is no device other',
};

test('a device is created and told with its place, and its secret with nothing', () =>
  withRoutes({ devices: { create: () => device }, rotations: {} }, async ({ ask, asked }) => {
    const { status, headers, body } = await ask('POST', '/v1/devices', { id: 'x' });
    assert.deepEqual([status, headers.location, body], [201, path, shown]);
    assert.doesNotMatch(JSON.stringify(body), /4f9Km/);
    assert.deepEqual(asked, [['devices.create', { id: 'x' }, byAnonymous]]);
  }));

test('devices are listed a page at a time, all or those of an account', () =>
  withRoutes(
    { devices: { list: () => ({ items: [device], next: 'c' }) }, rotations: {} },
    async ({ ask, asked }) => {
      assert.deepEqual((await ask('GET', '/v1/devices')).body, { items: [shown], next: 'c' });
      await ask('GET', '/v1/devices?serverId=com.example.dm&limit=2&after=b');
      assert.deepEqual(asked, [
        ['devices.list', { limit: 100 }],
        ['devices.list', { limit: 2, after: 'b', serverId: 'com.example.dm' }],
      ]);
      for (const [query, code, field] of [
        ['account=x', 'UNKNOWN_FIELD', 'account'],
        ['limit=0', 'OUT_OF_RANGE', 'limit'],
        ['limit=many', 'WRONG_TYPE', 'limit'],
      ]) {
        const { status, body } = await ask('GET', `/v1/devices?${query}`);
        assert.deepEqual([status, body.code, body.path], [400, code, field]);
      }
      assert.equal(asked.length, 2);
    },
  ));

test('a device is read, changed and removed; another one is not there', () => {
  const found = (id: never) => (id === device.id ? device : undefined);
  const remove = (id: never) => id === device.id;
  return withRoutes(
    { devices: { get: found, update: found, remove }, rotations: { begin: () => undefined } },
    async ({ ask, asked }) => {
      assert.deepEqual((await ask('GET', path)).body, shown);
      assert.deepEqual((await ask('PATCH', path, { family: 'generic' })).body, shown);
      const removed = await ask('DELETE', path);
      assert.deepEqual([removed.status, removed.body], [204, undefined]);
      assert.deepEqual(asked, [
        ['devices.get', 'IMEI:1'],
        ['devices.get', 'IMEI:1'],
        ['devices.update', 'IMEI:1', { family: 'generic' }, undefined],
        ['devices.get', 'IMEI:1'],
        ['devices.remove', 'IMEI:1', undefined],
      ]);
      for (const [method, url, body] of [
        ['GET', '/v1/devices/other'],
        ['PATCH', '/v1/devices/other', {}],
        ['DELETE', '/v1/devices/other'],
        ['POST', '/v1/devices/other/rotate-secret', {}],
      ] as const) {
        const answer = await ask(method, url, body);
        assert.deepEqual([answer.status, answer.body], [404, missing], method);
      }
    },
  );
});

test('a new secret is shown once, where it is ours to show, and kept by nobody on the way', async () => {
  const rotation: StoredRotation = {
    id: 'r-1',
    state: 'pending',
    secret: 'never-shown-from-here',
    uri: './A',
    tries: 0,
    requestedAt: Date.UTC(2026, 0, 1),
  };
  const view = JSON.parse(JSON.stringify(rotationView('server', rotation)));
  for (const more of [
    {},
    { secret: 'made-for-you', notification: { id: 'n-1' }, warnings: ['it is long'] },
  ]) {
    const begin = () => ({ which: 'server', rotation, warnings: [], ...more });
    const get = () => device;
    await withRoutes({ devices: { get }, rotations: { begin } }, async ({ ask, asked }) => {
      const { status, headers, body } = await ask('POST', `${path}/rotate-secret`, { which: 'server' });
      assert.deepEqual([status, headers['cache-control']], [202, 'no-store']);
      const wanted = 'secret' in more ? { ...more, notification: 'n-1' } : {};
      assert.deepEqual(body, { ...view, ...wanted });
      assert.doesNotMatch(JSON.stringify(body), /never-shown/);
      assert.deepEqual(asked, [
        ['devices.get', 'IMEI:1'],
        ['rotations.begin', 'IMEI:1', { which: 'server' }, { expected: undefined, by: byAnonymous }],
      ]);
    });
  }
});
