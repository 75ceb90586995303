// Store contract: labels of devices, and devices that are suspended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFilter } from '../../filter/index.ts';
import {
  addSamples,
  enqueueOne,
  pushesOf,
  rejectsWith,
  toSending,
  type WithStore,
} from './store-contract-base.ts';
import { sampleAccount, sampleDevice, sampleJob, samplePushMessage, sampleRequest } from './store-samples.ts';

export function labelContract(withStore: WithStore): void {
  test('labels come back with their device, are set, changed and removed', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      const labels = { region: 'north', 'site.name': 'a "b" \u{1F600}', empty: '' };
      const { id, ...created } = await store.createDevice(sampleDevice({ labels }));
      assert.deepEqual(created.labels, labels);
      assert.deepEqual((await store.device(id))?.labels, labels);
      assert.deepEqual((await store.devices([id]))[0]?.labels, labels);
      assert.deepEqual((await store.listDevices({ limit: 1 })).items[0]?.labels, labels);
      const changed = await store.updateDevice(id, { labels: { region: 'south', empty: null, new: '1' } });
      assert.deepEqual(changed?.labels, { region: 'south', 'site.name': labels['site.name'], new: '1' });
      assert.deepEqual(await store.device(id), changed);
      assert.deepEqual((await store.updateDevice(id, { family: 'samsung' }))?.labels, changed?.labels);
      assert.equal((await store.updateDevice(id, { labels: null }))?.labels, undefined);
      assert.equal((await store.device(id))?.labels, undefined);
    }));

  test('labels of one device are none of another, and go with it', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1', labels: { region: 'north' } }));
      assert.equal((await store.device(sampleDevice().id))?.labels, undefined);
      assert.equal(await store.deleteDevice('IMEI:1'), true);
      assert.equal((await store.createDevice(sampleDevice({ id: 'IMEI:1' }))).labels, undefined);
      assert.equal((await store.device('IMEI:1'))?.labels, undefined);
    }));

  test('devices are listed and counted by a filter, a page at a time, and by account', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      await store.createAccount({ ...sampleAccount, serverId: 'other' });
      for (const [index, region] of ['north', 'south', 'north', 'north'].entries()) {
        const serverId = index === 3 ? 'other' : sampleAccount.serverId;
        await store.createDevice(sampleDevice({ id: `IMEI:${index}`, serverId, labels: { region } }));
        clock.advance(1000);
      }
      const filter = parseFilter('labels.region = "north"');
      const idsOf = (devices: readonly { readonly id: string }[]) => devices.map(({ id }) => id);
      const first = await store.listDevices({ limit: 2, filter });
      assert.deepEqual(idsOf(first.items), ['IMEI:0', 'IMEI:2']);
      assert.deepEqual(first.items[0], await store.device('IMEI:0'));
      assert.ok(first.next);
      const second = await store.listDevices({ limit: 2, filter, after: first.next });
      assert.deepEqual([idsOf(second.items), second.next], [['IMEI:3'], undefined]);
      assert.deepEqual(await store.listDeviceIds({ limit: 2, filter }), {
        items: idsOf(first.items),
        next: first.next,
      });
      assert.equal(await store.countDevices({ filter }), 3);
      assert.equal(await store.countDevices({ filter, serverId: 'other' }), 1);
      assert.equal(await store.countDevices({}), 5);
      assert.equal(await store.countDevices({ filter: parseFilter('createdAt within 3s') }), 3);
    }));

  test('a device is suspended and resumed; suspended again, it is since the first time', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id } = sampleDevice();
      const since = clock.now();
      assert.equal((await store.updateDevice(id, { suspended: true }))?.suspendedAt, since);
      clock.advance(5);
      assert.equal((await store.updateDevice(id, { suspended: true }))?.suspendedAt, since);
      assert.equal((await store.device(id))?.suspendedAt, since);
      assert.equal((await store.updateDevice(id, { suspended: false }))?.suspendedAt, undefined);
      await store.createDevice(sampleDevice({ id: 'IMEI:1', suspended: true }));
      assert.equal((await store.device('IMEI:1'))?.suspendedAt, clock.now());
    }));

  test('nothing is taken in for a suspended device, but what was taken in before is told again', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { id } = sampleDevice();
      const asked = sampleRequest({ idempotency: { key: 'k', fingerprint: 'f' } });
      const before = await enqueueOne(store, asked);
      await store.updateDevice(id, { suspended: true });
      await rejectsWith('SUSPENDED', store.enqueue([sampleRequest()]));
      await rejectsWith('SUSPENDED', store.enqueue([samplePushMessage()]));
      await rejectsWith('SUSPENDED', store.createJob(sampleJob({ wake: sampleRequest() })));
      const [again, refused] = await store.enqueueEach([asked, sampleRequest()]);
      assert.equal(again?.outcome === 'repeated' && again.push.id, before.id);
      assert.equal(refused?.outcome === 'refused' && refused.error.code, 'SUSPENDED');
      // It does its jobs when it comes by itself.
      assert.equal((await store.createJob(sampleJob())).created, true);
      // Addresses are nobody's.
      assert.ok(await enqueueOne(store, samplePushMessage({ addresses: ['sms:+49170'] })));
      await store.updateDevice(id, { suspended: false });
      assert.ok(await enqueueOne(store, sampleRequest()));
    }));

  test('a claim says that the device is suspended', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id } = sampleDevice();
      const push = await enqueueOne(store, sampleRequest());
      await store.updateDevice(id, { suspended: true });
      const seen: (number | undefined)[] = [];
      const claim = { limit: 9, leaseMs: 1000, node: 'n' };
      const claimed = await store.claimDue(claim, (_, device) => {
        seen.push(device?.suspendedAt);
        return toSending();
      });
      assert.deepEqual(
        pushesOf(claimed).map((each) => each.id),
        [push.id],
      );
      assert.ok(seen.every((at) => at === clock.now()) && seen.length > 0);
      assert.equal(claimed[0]?.device?.suspendedAt, clock.now());
    }));
}
