// Store contract: what two may change at the same time, and accounts that go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { versionOf } from '../../store/index.ts';
import { addSamples, rejectsWith, type WithStore } from './store-contract-base.ts';
import { sampleAccount, sampleDevice } from './store-samples.ts';

export function versionContract(withStore: WithStore): void {
  test('of two changes of the version that both have read, one is made', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const device = await store.device(sampleDevice().id);
      assert.ok(device);
      const read = [versionOf(device)];
      const tries = await Promise.allSettled(
        ['samsung', 'generic'].map((family) => store.updateDevice(device.id, { family }, read)),
      );
      assert.deepEqual(tries.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      await rejectsWith('VERSION_MISMATCH', store.updateDevice(device.id, { family: null }, read));
      await rejectsWith('VERSION_MISMATCH', store.deleteDevice(device.id, read));
      await rejectsWith('VERSION_MISMATCH', store.putDevice(sampleDevice(), read));
      const now = await store.device(device.id);
      assert.equal(now?.revision, 1);
      assert.ok(await store.updateDevice(device.id, { family: null }, [...read, versionOf(now)]));
      assert.equal(await store.updateDevice('IMEI:0', {}, read), undefined);
      assert.equal(await store.deleteDevice('IMEI:0', read), false);
    }));

  test('a device that was removed and made again is another version', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const first = await store.device(sampleDevice().id);
      assert.ok(first);
      assert.equal(await store.deleteDevice(first.id, [versionOf(first)]), true);
      clock.advance(1);
      await store.createDevice(sampleDevice());
      await rejectsWith('VERSION_MISMATCH', store.updateDevice(first.id, {}, [versionOf(first)]));
    }));

  test('a session is no change of the owner', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const before = await store.device(sampleDevice().id);
      assert.ok(before);
      clock.advance(1);
      await store.recordSession({ deviceId: before.id, reported: { './DevInfo/Man': 'a' }, changes: [] });
      const after = await store.device(before.id);
      assert.deepEqual(after?.reported, { './DevInfo/Man': 'a' });
      assert.ok(await store.updateDevice(before.id, {}, [versionOf(before)]));
    }));

  test('an account is changed and removed at the version that was read', () =>
    withStore(async ({ store }) => {
      const { serverId } = sampleAccount;
      const read = [versionOf(await store.createAccount(sampleAccount))];
      const changed = await store.updateAccount(serverId, { name: 'x' }, read);
      assert.equal(changed?.revision, 1);
      await rejectsWith('VERSION_MISMATCH', store.updateAccount(serverId, { name: 'y' }, read));
      await rejectsWith('VERSION_MISMATCH', store.deleteAccount(serverId, read));
      assert.equal((await store.account(serverId))?.name, 'x');
      assert.equal(await store.deleteAccount(serverId, [versionOf(changed)]), true);
      assert.equal(await store.account(serverId), undefined);
      assert.equal(await store.deleteAccount(serverId), false);
    }));

  test('an account stays while it has devices', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await rejectsWith('IN_USE', store.deleteAccount(sampleAccount.serverId));
      await store.deleteDevice(sampleDevice().id);
      assert.equal(await store.deleteAccount(sampleAccount.serverId), true);
      await rejectsWith('UNKNOWN_ACCOUNT', store.createDevice(sampleDevice()));
    }));
}
