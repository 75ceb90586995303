// The device and the project's own server, over real UDP and HTTP, from the store to the tree.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { defaultNonce } from '../../src/codec/notification/index.ts';
import type { MessageForm } from '../../src/codec/syncml/index.ts';
import { bytesToBase64, bytesToHex } from '../../src/core/index.ts';
import { sessionEntry } from '../../src/device/account/account.ts';
import { Device, memoryState, type ProvisioningInput, provisionDevice } from '../../src/device/index.ts';
import { createWapSender, WapListener } from '../../src/push/wap/index.ts';
import type { AuthScheme } from '../../src/security/index.ts';
import { forHostAddresses, Server, startDmListener } from '../../src/server/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';
import { pushOf, secret, serverId, storedNonce } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-with-server-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const deviceId = 'IMEI:493005100592800';
const wrongNonce = new TextEncoder().encode('out of step');
let files = 0;

interface World {
  readonly server: Server;
  readonly device: Device;
  readonly clock: ManualClock;
  state(id: string): Promise<string | undefined>;
  /** The device as it was provisioned at first, on the same port: what it learnt since is gone. */
  reset(): Promise<Device>;
}

async function world(
  format: 'dm1.2' | 'dm1.3-2010' | 'dm1.3',
  scheme: AuthScheme,
  deviceNonce: Uint8Array,
  run: (world: World) => Promise<void>,
  { form = 'wbxml', serverNonce = storedNonce }: { form?: MessageForm; serverNonce?: Uint8Array | null } = {},
): Promise<void> {
  const clock = new ManualClock();
  files += 1;
  const store = await openSqliteStore({ file: join(folder, `${files}.db`), clock, groupCommitMs: 0 });
  const wap = createWapSender();
  const server = new Server({ store, bindings: { wap: forHostAddresses(wap) }, clock, node: 'test' });
  const listener = await startDmListener(server.endpoint, { port: 0, host: '127.0.0.1' });
  const storage = memoryState();
  const nonce = bytesToBase64(deviceNonce);
  const provisioning: ProvisioningInput = {
    deviceId,
    man: 'Example',
    mod: 'One',
    accounts: [
      {
        serverId,
        address: listener.url,
        client: { scheme, name: 'Bruce2', secret: 'OhBehave', nonceBase64: nonce },
        server: { scheme, secret, nonceBase64: nonce },
      },
    ],
  };
  await provisionDevice(storage, provisioning);
  let port = 0;
  const begin = async (): Promise<Device> => {
    const begun = new Device({ storage, clock, form });
    await begun.start();
    const handler = begun.receive;
    const listening = new WapListener({ port, address: '127.0.0.1', handler, onDrop: begun.dropped });
    begun.addReceiver(listening);
    port = await listening.start();
    return begun;
  };
  let device = await begin();
  const atServer = serverNonce === null ? {} : { nonce: serverNonce };
  await store.createAccount({ serverId, url: listener.url });
  await store.createDevice({
    id: deviceId,
    serverId,
    addresses: [`wap:127.0.0.1:${port}`],
    format,
    serverCredentials: { scheme, name: serverId, secret, ...atServer },
    clientCredentials: { scheme, name: 'Bruce2', secret: 'OhBehave', ...atServer },
  });
  await server.start();
  try {
    await run({
      server,
      device,
      clock,
      state: async (id) => (await store.push(id))?.state,
      reset: async () => {
        await device.stop();
        await provisionDevice(storage, provisioning, { replace: true });
        device = await begin();
        return device;
      },
    });
    const record = await store.device(deviceId);
    const [account] = device.accounts;
    assert.ok(record !== undefined && account !== undefined);
    // Basic credentials bring no nonce: what the server did not know it still does not know.
    if (serverNonce === null && record.serverCredentials.nonce === undefined) {
      assert.deepEqual([scheme, format], ['basic', 'dm1.3']);
      return;
    }
    const held = bytesToHex(sessionEntry(account, 'SRVCRED')?.data ?? new Uint8Array());
    assert.equal(held, bytesToHex(record.serverCredentials.nonce ?? new Uint8Array()));
  } finally {
    await device.stop();
    await server.stop();
    await listener.close();
    await wap.close();
    await store.close();
  }
}

for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const) {
  for (const scheme of ['basic', 'md5', 'hmac'] as const) {
    test(`N12-C-001 N10-C-001 N13-C-001: woken by the server, ${format}, ${scheme}`, () =>
      world(format, scheme, storedNonce, async ({ server, device, state }) => {
        for (let round = 1; round <= 2; round += 1) {
          const { push: notification } = await server.pushes.createNotification({ device: deviceId });
          await eventually(async () => (await state(notification.id)) === 'completed');
          await eventually(() => Promise.resolve(device.counters.completed === round));
        }
        assert.equal(device.counters.resynchronised, 0);
      }));
  }
}

for (const format of ['dm1.2', 'dm1.3-2010'] as const) {
  for (const scheme of ['basic', 'md5', 'hmac'] as const) {
    test(`N12-C-003 N10-C-003 §5.1: out of step with the server, ${format}, ${scheme}`, () =>
      world(format, scheme, wrongNonce, async ({ server, device, clock, state }) => {
        const { push: notification } = await server.pushes.createNotification({ device: deviceId });
        await eventually(() => Promise.resolve(device.counters.ignored['bad-digest'] === 1));
        await eventually(async () => (await state(notification.id)) === 'sent');
        clock.advance(600_000);
        await eventually(async () => (await state(notification.id)) === 'completed');
        await eventually(() => Promise.resolve(device.counters.completed === 1));
        assert.equal(device.counters.resynchronised, 1);
        const again = await server.pushes.createNotification({ device: deviceId });
        await eventually(async () => (await state(again.push.id)) === 'completed');
        await eventually(() => Promise.resolve(device.counters.completed === 2));
        assert.equal(device.counters.resynchronised, 1);
      }));
  }
}

// The clock stands still in what follows: whatever is completed needed no timeout.
for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const) {
  for (const scheme of ['basic', 'md5', 'hmac'] as const) {
    for (const form of ['xml', 'wbxml'] as const) {
      for (const serverNonce of [storedNonce, null]) {
        const known = serverNonce === null ? 'no nonce' : 'a nonce';
        test(`ruling 15: both ends complete at once: ${format}, ${scheme}, ${form}, the server knows ${known}`, () =>
          world(
            format,
            scheme,
            storedNonce,
            async ({ server, device, state }) => {
              for (let round = 1; round <= 2; round += 1) {
                const { push: notification } = await server.pushes.createNotification({ device: deviceId });
                await eventually(async () => (await state(notification.id)) === 'completed');
                await eventually(() => Promise.resolve(device.counters.completed === round));
                assert.equal(device.counters.failed, 0);
              }
            },
            { form, serverNonce },
          ));
      }
    }
  }
}

for (const scheme of ['md5', 'hmac'] as const) {
  test(`ruling 15: dm1.3, ${scheme}: a device reset to its first nonces is in step again after one wake`, () =>
    world('dm1.3', scheme, storedNonce, async ({ server, device, state, reset }) => {
      const wake = async (): Promise<void> => {
        const { push: notification } = await server.pushes.createNotification({ device: deviceId });
        await eventually(async () => (await state(notification.id)) === 'completed');
      };
      await wake();
      await eventually(() => Promise.resolve(device.counters.completed === 1));
      const fresh = await reset();
      for (let round = 1; round <= 2; round += 1) {
        await wake();
        await eventually(() => Promise.resolve(fresh.counters.completed === round));
        assert.equal(fresh.counters.failed, 0);
      }
    }));
}

test('spec-notes ruling 12: a push under the default nonce that the server did not offer does no harm', () =>
  world('dm1.2', 'md5', storedNonce, async ({ server, device, state }) => {
    await device.handlePush(
      pushOf({ format: 'dm1.2', serverId, sessionId: 0x77, uiMode: 'background' }, defaultNonce),
    );
    assert.equal(device.counters.completed, 1);
    const { push: notification } = await server.pushes.createNotification({ device: deviceId });
    await eventually(async () => (await state(notification.id)) === 'completed');
    assert.equal(device.counters.ignored['bad-digest'], 0);
  }));
