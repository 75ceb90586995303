// Store contract: accounts and devices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushKinds } from './push-kinds.ts';
import {
  addMessage,
  addSamples,
  changeOne,
  enqueueOne,
  rejectsWith,
  type WithStore,
} from './store-contract-base.ts';
import { sampleAccount, sampleDevice } from './store-samples.ts';

export function accountAndDeviceContract(withStore: WithStore): void {
  test('an account comes back as it was created', () =>
    withStore(async ({ store, clock }) => {
      const created = await store.createAccount(sampleAccount);
      assert.deepEqual(created, { ...sampleAccount, createdAt: clock.now(), updatedAt: clock.now() });
      assert.deepEqual(await store.account(sampleAccount.serverId), created);
      assert.equal(await store.account('nobody'), undefined);
    }));

  test('an account is changed where the patch says so; its signing key comes and goes', () =>
    withStore(async ({ store, clock }) => {
      const messageSigning = { algorithm: 'ecdsa-sha256', privateKey: 'PEM', keyName: 'k1' } as const;
      const { name: _, ...nameless } = sampleAccount;
      const { createdAt } = await store.createAccount({ ...nameless, messageSigning });
      clock.advance(5);
      const renamed = await store.updateAccount(sampleAccount.serverId, { name: 'New', url: 'http://new/' });
      const times = { createdAt, updatedAt: clock.now() };
      const { serverId } = sampleAccount;
      const first = { serverId, url: 'http://new/', name: 'New', messageSigning, revision: 1, ...times };
      assert.deepEqual(renamed, first);
      assert.deepEqual(await store.account(serverId), renamed);
      const removed = await store.updateAccount(serverId, { name: null, messageSigning: null });
      assert.deepEqual(removed, { serverId, url: 'http://new/', revision: 2, ...times });
      const other = { algorithm: 'rsa-sha256', privateKey: 'PEM 2' } as const;
      await store.updateAccount(serverId, { messageSigning: other });
      assert.deepEqual((await store.listAccounts({ limit: 1 })).items[0]?.messageSigning, other);
      assert.equal(await store.updateAccount('nobody', { name: 'x' }), undefined);
    }));

  test('a ServerID is taken once', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      await rejectsWith(
        'ALREADY_EXISTS',
        store.createAccount({ serverId: sampleAccount.serverId, url: 'x' }),
      );
      assert.equal((await store.account(sampleAccount.serverId))?.url, sampleAccount.url);
    }));

  test('lists come a page at a time, in order, and end', () =>
    withStore(async ({ store }) => {
      for (const serverId of ['c', 'a', 'b']) await store.createAccount({ serverId, url: 'http://x/' });
      const first = await store.listAccounts({ limit: 2 });
      assert.deepEqual(
        first.items.map((account) => account.serverId),
        ['a', 'b'],
      );
      assert.ok(first.next);
      const second = await store.listAccounts({ limit: 2, after: first.next });
      assert.deepEqual(
        second.items.map((account) => account.serverId),
        ['c'],
      );
      assert.equal(second.next, undefined);
      assert.deepEqual(await store.listAccounts({ limit: 2, after: 'c' }), { items: [] });
    }));

  test('a device comes back as it was created, nonces octet for octet', () =>
    withStore(async ({ store, clock }) => {
      await store.createAccount(sampleAccount);
      const { firstSessionId: _, ...input } = sampleDevice({
        addresses: ['wap:[::1]:2948', 'sms:+491701234567'],
        notificationSecret: 'notice',
        digestIdentifier: 'other',
      });
      const created = await store.createDevice({ ...input, firstSessionId: 7 });
      const expected = {
        ...input,
        resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
        reported: {},
        createdAt: clock.now(),
        updatedAt: clock.now(),
      };
      assert.deepEqual(created, expected);
      assert.deepEqual(await store.device(input.id), expected);
      assert.deepEqual(await store.devices([input.id, 'IMEI:0']), [expected]);
      assert.equal(await store.device('IMEI:0'), undefined);
    }));

  test('schemes and a certificate come back, and a device with one needs no credentials of its own', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      const { clientCredentials, ...input } = sampleDevice();
      const tlsCertificate = { sha256: 'ab'.repeat(32) };
      await store.createDevice({ ...input, serverSchemes: ['md5', 'hmac'], tlsCertificate });
      const device = await store.device(input.id);
      assert.equal(device?.clientCredentials, undefined);
      assert.deepEqual(device?.serverSchemes, ['md5', 'hmac']);
      assert.deepEqual(device?.tlsCertificate, tlsCertificate);
      const patch = {
        clientCredentials,
        clientSchemes: ['md5'],
        serverSchemes: null,
        tlsCertificate: null,
      } as const;
      await store.updateDevice(input.id, patch);
      const changed = await store.device(input.id);
      assert.deepEqual(changed?.clientCredentials, clientCredentials);
      assert.deepEqual(changed?.clientSchemes, ['md5']);
      assert.equal(changed?.serverSchemes, undefined);
      assert.equal(changed?.tlsCertificate, undefined);
      await store.updateDevice(input.id, { clientCredentials: null, clientSchemes: null });
      assert.equal((await store.device(input.id))?.clientCredentials, undefined);
    }));

  test('keys of sessionless messages come back, change and go', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      const { id } = sampleDevice();
      const wrap = { transport: 'aes-wrap', key: '00'.repeat(16), keyName: 'k' } as const;
      const messageKeys = { hmacSecret: 'ab'.repeat(16), encryption: wrap };
      await store.createDevice(sampleDevice({ messageKeys }));
      await store.updateDevice(id, { addresses: ['sms:1'] });
      assert.deepEqual((await store.device(id))?.messageKeys, messageKeys);
      const oaep = { encryption: { transport: 'rsa-oaep', publicKey: 'PEM' } } as const;
      await store.updateDevice(id, { messageKeys: oaep });
      assert.deepEqual((await store.device(id))?.messageKeys, oaep);
      await store.updateDevice(id, { messageKeys: null });
      assert.equal((await store.device(id))?.messageKeys, undefined);
    }));

  test('the family of a device comes back, changes and goes', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      const { id } = sampleDevice();
      assert.equal((await store.createDevice(sampleDevice({ family: 'aosp' }))).family, 'aosp');
      await store.updateDevice(id, { addresses: ['sms:1'] });
      assert.equal((await store.device(id))?.family, 'aosp');
      await store.updateDevice(id, { family: 'of a later release' });
      assert.equal((await store.listDevices({ limit: 1 })).items[0]?.family, 'of a later release');
      assert.equal((await store.updateDevice(id, { family: null }))?.family, undefined);
      assert.equal('family' in ((await store.device(id)) ?? {}), false);
    }));

  test('an unknown nonce stays unknown, which is not the empty one', () =>
    withStore(async ({ store }) => {
      await store.createAccount(sampleAccount);
      await store.createDevice(
        sampleDevice({
          serverCredentials: { scheme: 'md5', name: 's', secret: 'x' },
          clientCredentials: { scheme: 'basic', name: 'c', secret: 'y', nonce: new Uint8Array(0) },
        }),
      );
      const device = await store.device(sampleDevice().id);
      assert.equal(device?.serverCredentials.nonce, undefined);
      assert.deepEqual(device?.clientCredentials?.nonce, new Uint8Array(0));
    }));

  test('a DevId is taken once, and its account must exist', () =>
    withStore(async ({ store }) => {
      await rejectsWith('UNKNOWN_ACCOUNT', store.createDevice(sampleDevice()));
      await addSamples(store);
      await rejectsWith('ALREADY_EXISTS', store.createDevice(sampleDevice()));
    }));

  test('devices are listed by account', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createAccount({ serverId: 'other', url: 'http://x/' });
      await store.createDevice(sampleDevice({ id: 'IMEI:1', serverId: 'other' }));
      const page = await store.listDevices({ limit: 10, serverId: 'other' });
      assert.deepEqual(
        page.items.map((device) => device.id),
        ['IMEI:1'],
      );
      assert.equal((await store.listDevices({ limit: 10 })).items.length, 2);
    }));

  test('a patch changes what it names and nothing else', () =>
    withStore(async ({ store, clock }) => {
      await store.createAccount(sampleAccount);
      const before = await store.createDevice(sampleDevice({ notificationSecret: 'notice' }));
      clock.advance(5);
      const after = await store.updateDevice(before.id, {
        addresses: ['sms:+49170'],
        digestIdentifier: 'id',
      });
      const expected = {
        ...before,
        addresses: ['sms:+49170'],
        digestIdentifier: 'id',
        updatedAt: clock.now(),
        revision: 1,
      };
      assert.deepEqual(after, expected);
      assert.deepEqual(await store.device(before.id), expected);
      const { notificationSecret: _, digestIdentifier: __, ...kept } = expected;
      const without = { ...kept, revision: 2 };
      await store.updateDevice(before.id, { notificationSecret: null, digestIdentifier: null });
      assert.deepEqual(await store.device(before.id), without);
      assert.equal(await store.updateDevice('IMEI:0', {}), undefined);
    }));

  for (const { purpose, request, course } of pushKinds) {
    test(`${purpose}: a device with an open one stays; without, it goes, and its history with it`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const stranger = await addMessage(store, { addresses: ['sms:+491701234567'] });
        const asked = request({ idempotency: { key: 'k', fingerprint: 'f' } });
        const { id, deviceId = '' } = await enqueueOne(store, asked);
        for (const event of ['sending', ...course] as const) {
          await rejectsWith('IN_USE', store.deleteDevice(deviceId));
          assert.equal((await changeOne(store, id, { event })).verdict, 'changed');
        }
        assert.equal(await store.deleteDevice(deviceId), true);
        assert.equal(await store.device(deviceId), undefined);
        assert.equal(await store.push(id), undefined);
        assert.equal(await store.timeline(id), undefined);
        assert.deepEqual((await store.listPushes({ limit: 9 })).items, [stranger]);
        assert.deepEqual(await store.eventsAfter(0, 99), await store.timeline(stranger.id));
        assert.equal(await store.deleteDevice(deviceId), false);
        await rejectsWith('UNKNOWN_DEVICE', store.enqueue([request()]));
        await store.createDevice(sampleDevice());
        const again = await enqueueOne(store, request({ idempotency: { key: 'k', fingerprint: 'other' } }));
        assert.notEqual(again.id, id, 'its keys went too');
      }));
  }

  test('a closed store refuses', () =>
    withStore(async ({ store }) => {
      await store.close();
      await rejectsWith('CLOSED', store.account('x'));
      await rejectsWith('CLOSED', store.createAccount(sampleAccount));
    }));
}
