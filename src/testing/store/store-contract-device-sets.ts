// Store contract: devices taken in, replaced and removed in sets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportedDevice, ImportedOutcome, RemovedOutcome } from '../../store/index.ts';
import { versionOf } from '../../store/index.ts';
import { addSamples, enqueueOne, rejectsWith, type WithStore } from './store-contract-base.ts';
import { sampleAccount, sampleDevice, sampleJob, samplePushMessage, sampleRequest } from './store-samples.ts';

const wordsOf = (outcomes: readonly (ImportedOutcome | RemovedOutcome)[]) =>
  outcomes.map((each) => (each.outcome === 'refused' ? each.error.code : each.outcome));
const input = (id: string, changes: Parameters<typeof sampleDevice>[0] = {}): ImportedDevice => ({
  input: sampleDevice({ id, ...changes }),
});

export function deviceSetContract(withStore: WithStore): void {
  test('a set of new devices comes back as single ones do; the same set again changes nothing', () =>
    withStore(async ({ store, clock }) => {
      await store.createAccount(sampleAccount);
      const { clientCredentials: _, ...bare } = sampleDevice();
      const certified = { ...bare, id: 'IMEI:3', tlsCertificate: { sha256: 'a'.repeat(64) } };
      const labels = { region: 'north', 'a.b': '"' };
      const set = [
        input('IMEI:1', { labels, clientSchemes: ['md5', 'hmac'], notificationSecret: 'n' }),
        input('IMEI:2', { suspended: true, family: 'samsung', format: 'dm1.3' }),
        { input: certified },
      ];
      assert.deepEqual(wordsOf(await store.importDevices(set)), ['created', 'created', 'created']);
      const first = (await store.listDevices({ limit: 9 })).items;
      assert.deepEqual(first[0]?.labels, labels);
      assert.equal(first[1]?.suspendedAt, clock.now());
      for (const [index, device] of first.entries()) {
        await store.deleteDevice(device.id);
        const each = set[index];
        assert.ok(each && 'input' in each);
        assert.deepEqual(device, await store.createDevice(each.input));
      }
      clock.advance(9);
      assert.deepEqual(wordsOf(await store.importDevices(set)), ['unchanged', 'unchanged', 'unchanged']);
      assert.deepEqual((await store.listDevices({ limit: 9 })).items, first);
    }));

  test('each device of a set stands for itself', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const set = [
        input(sampleDevice().id, { notificationSecret: 'another' }),
        input('IMEI:1', { serverId: 'nobody' }),
        { id: 'IMEI:9', patch: { family: 'samsung' } },
        input('IMEI:2'),
      ];
      const words = ['ALREADY_EXISTS', 'UNKNOWN_ACCOUNT', 'UNKNOWN_DEVICE', 'created'];
      assert.deepEqual(wordsOf(await store.importDevices(set, { dryRun: true })), words);
      assert.equal(await store.device('IMEI:2'), undefined);
      assert.deepEqual(wordsOf(await store.importDevices(set)), words);
      assert.equal((await store.device(sampleDevice().id))?.notificationSecret, undefined);
      assert.equal(await store.device('IMEI:1'), undefined);
      assert.ok(await store.device('IMEI:2'));
      assert.deepEqual(await store.importDevices([]), []);
    }));

  test('devices of a set are changed as single ones are, and only where something changes', () =>
    withStore(async ({ store, clock }) => {
      await store.createAccount(sampleAccount);
      await store.importDevices(
        ['IMEI:1', 'IMEI:2', 'IMEI:3'].map((id) => input(id, { labels: { a: '1' } })),
      );
      const before = (await store.listDevices({ limit: 9 })).items;
      clock.advance(5);
      const set: readonly ImportedDevice[] = [
        { id: 'IMEI:1', patch: { labels: { b: '2' }, addresses: ['sms:+49170'], suspended: true } },
        { id: 'IMEI:2', patch: { labels: { a: '1' } } },
        { id: 'IMEI:3', patch: { labels: null, family: 'samsung' } },
      ];
      assert.deepEqual(wordsOf(await store.importDevices(set, { dryRun: true })), [
        'changed',
        'unchanged',
        'changed',
      ]);
      assert.deepEqual((await store.listDevices({ limit: 9 })).items, before);
      assert.deepEqual(wordsOf(await store.importDevices(set)), ['changed', 'unchanged', 'changed']);
      const changed = { updatedAt: clock.now(), revision: 1 };
      const [first, second, { labels: _, ...third } = {}] = before;
      assert.deepEqual((await store.listDevices({ limit: 9 })).items, [
        {
          ...first,
          labels: { a: '1', b: '2' },
          addresses: ['sms:+49170'],
          suspendedAt: clock.now(),
          ...changed,
        },
        second,
        { ...third, family: 'samsung', ...changed },
      ]);
      assert.deepEqual(wordsOf(await store.importDevices(set)), ['unchanged', 'unchanged', 'unchanged']);
    }));

  test('a new device that is there with a nonce of a session is the same all the same', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      const credentials = { scheme: 'md5', name: 'x', secret: 'y' } as const;
      const set = [input('IMEI:1', { serverCredentials: credentials, clientCredentials: credentials })];
      await store.importDevices(set);
      const nonce = new Uint8Array([1, 2]);
      await store.recordSession({ deviceId: 'IMEI:1', serverNonce: nonce, changes: [] });
      assert.deepEqual(wordsOf(await store.importDevices(set)), ['unchanged']);
      assert.deepEqual((await store.device('IMEI:1'))?.serverCredentials.nonce, nonce);
    }));

  test('a device is put: made, or replaced in all that its owner sets', () =>
    withStore(async ({ store, clock }) => {
      await store.createAccount(sampleAccount);
      const first = sampleDevice({ labels: { a: '1', b: '2' }, family: 'samsung', notificationSecret: 'n' });
      const made = await store.putDevice(first);
      assert.equal(made.created, true);
      assert.deepEqual(made.device, await store.device(first.id));
      await store.updateDevice(first.id, { suspended: true });
      const nonce = new Uint8Array([7]);
      await store.recordSession({ deviceId: first.id, serverNonce: nonce, changes: [] });
      clock.advance(3);
      const { nonce: _, ...credentials } = first.serverCredentials;
      const next = sampleDevice({
        serverCredentials: credentials,
        labels: { b: '3' },
        addresses: ['sms:+1'],
      });
      const { device, created } = await store.putDevice(next);
      assert.equal(created, false);
      assert.deepEqual(device, await store.device(first.id));
      assert.deepEqual([device.labels, device.addresses, device.family], [{ b: '3' }, ['sms:+1'], undefined]);
      assert.equal(device.notificationSecret, undefined);
      assert.deepEqual(device.serverCredentials, { ...credentials, nonce });
      assert.ok(device.suspendedAt !== undefined);
      assert.equal(device.createdAt, made.device.createdAt);
      await rejectsWith('OTHER_ACCOUNT', store.putDevice({ ...next, serverId: 'other' }));
      await rejectsWith('UNKNOWN_ACCOUNT', store.putDevice({ ...next, id: 'IMEI:7', serverId: 'other' }));
      await rejectsWith('VERSION_MISMATCH', store.putDevice(next, []));
      await rejectsWith('VERSION_MISMATCH', store.putDevice({ ...next, id: 'IMEI:8' }, [versionOf(device)]));
      assert.equal((await store.putDevice({ ...next, id: 'IMEI:8' }, [])).created, true);
    }));

  test('of a set, those go that nothing holds', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      const ids = ['IMEI:1', 'IMEI:2', 'IMEI:3', 'IMEI:4'];
      await store.importDevices(ids.map((id) => input(id, { labels: { a: '1' } })));
      const asked = { deviceId: 'IMEI:1' };
      await enqueueOne(store, sampleRequest(asked));
      await enqueueOne(store, samplePushMessage({ deviceId: 'IMEI:2' }));
      await store.createJob(sampleJob({ deviceId: 'IMEI:3' }));
      const wanted = [...ids, 'IMEI:4', 'IMEI:0'];
      const words = ['IN_USE', 'IN_USE', 'IN_USE', 'removed', 'UNKNOWN_DEVICE', 'UNKNOWN_DEVICE'];
      assert.deepEqual(wordsOf(await store.deleteDevices(wanted, { dryRun: true })), words);
      assert.ok(await store.device('IMEI:4'));
      assert.deepEqual(wordsOf(await store.deleteDevices(wanted)), words);
      assert.deepEqual(
        (await store.listDevices({ limit: 9 })).items.map(({ id }) => id),
        ['IMEI:1', 'IMEI:2', 'IMEI:3'],
      );
      assert.deepEqual(await store.deleteDevices([]), []);
    }));

  test('a thousand devices are one set', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      const ids = Array.from({ length: 1000 }, (_, index) => `IMEI:${1000 + index}`);
      const set = ids.map((id, index) => input(id, { labels: { n: String(index % 7), id } }));
      assert.ok((await store.importDevices(set)).every(({ outcome }) => outcome === 'created'));
      const listed = (await store.listDevices({ limit: 1000 })).items;
      assert.deepEqual(
        listed.map((device) => device.labels?.id),
        ids,
      );
      const removed = await store.deleteDevices(ids);
      assert.ok(removed.every(({ outcome }) => outcome === 'removed'));
      assert.deepEqual((await store.listDevices({ limit: 1 })).items, []);
    }));
}
