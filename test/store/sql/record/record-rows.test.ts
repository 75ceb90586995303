// Rows of devices and accounts as records: each field comes back, and what there is not is not there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAccount, sampleDevice } from '../../../../src/testing/index.ts';
import { memoryStore } from '../in-memory.ts';

const none = { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 };

test('a device comes back field for field, nonces of any octets among them', async () => {
  const { store, clock } = memoryStore();
  await store.createAccount(sampleAccount);
  const { firstSessionId: _, ...device } = sampleDevice({
    notificationSecret: 'n',
    digestIdentifier: 'IMEI',
    family: 'samsung',
  });
  const created = await store.createDevice(sampleDevice(device));
  assert.deepEqual(created, await store.device(device.id));
  const { resynchronisations, reported, ...rest } = created;
  assert.deepEqual(rest, { ...device, createdAt: clock.now(), updatedAt: clock.now() });
  assert.deepEqual([resynchronisations, reported], [none, {}]);
});

test('a device without nonces and options has none', async () => {
  const { store, clock } = memoryStore();
  await store.createAccount(sampleAccount);
  const plain = { scheme: 'basic', name: 'a', secret: 'b' } as const;
  const { firstSessionId: _, ...device } = sampleDevice({
    serverCredentials: plain,
    clientCredentials: plain,
  });
  const { resynchronisations: __, reported: ___, ...rest } = await store.createDevice(sampleDevice(device));
  assert.deepEqual(rest, { ...device, createdAt: clock.now(), updatedAt: clock.now() });
});
