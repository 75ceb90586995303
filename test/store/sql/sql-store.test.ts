// What the store does around its programs: what it need not read again, and what is no call to the database at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDevice, sampleRequest } from '../../../src/testing/index.ts';
import { changeOne, enqueueOne, toSending } from '../../../src/testing/store/store-contract-base.ts';
import { withSamples } from './push/session-ids.ts';

const { id } = sampleDevice();

test('since a claim, a device that was changed is given as it is now, one that is gone without a record, others not at all', async () => {
  const { store } = await withSamples();
  for (const other of ['IMEI:1', 'IMEI:2']) await store.createDevice(sampleDevice({ id: other }));
  for (const deviceId of [id, 'IMEI:1', 'IMEI:2']) await enqueueOne(store, sampleRequest({ deviceId }));
  const claimed = await store.claimDue({ limit: 9, leaseMs: 1000, node: 'n' }, toSending);
  const read = claimed.map(({ device, readAt }) => ({ id: device?.id ?? '', readAt }));
  assert.deepEqual(await store.devicesSince(read), []);
  await store.updateDevice(id, { family: 'other' });
  for (const { push } of claimed) {
    if (push.deviceId === 'IMEI:2') await changeOne(store, push.id, { event: 'cancelled' });
  }
  await store.deleteDevice('IMEI:2');
  assert.deepEqual(await store.devicesSince(read), [
    { id, device: await store.device(id) },
    { id: 'IMEI:2' },
  ]);
  assert.equal((await store.device(id))?.family, 'other');
});

test('nothing is asked about nothing', async () => {
  const { store, log } = await withSamples();
  log.length = 0;
  await store.place([]);
  assert.deepEqual(await store.change([]), []);
  assert.deepEqual(await store.createJobs([]), []);
  assert.deepEqual(await store.devicesSince([]), []);
  assert.deepEqual(log, []);
});
