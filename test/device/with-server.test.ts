// The device and the project's own server, over real UDP and HTTP, from the store to the tree.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bytesToBase64, bytesToHex } from '../../src/core/index.ts';
import { sessionEntry } from '../../src/device/account.ts';
import { Device, memoryState, provisionDevice } from '../../src/device/index.ts';
import { createWapSender, WapListener } from '../../src/push/wap/index.ts';
import type { AuthScheme } from '../../src/security/index.ts';
import { forHostAddresses, Server, startDmListener } from '../../src/server/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';
import { secret, serverId, storedNonce } from './fixtures.ts';

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
}

async function world(
  format: 'dm1.2' | 'dm1.3-2010' | 'dm1.3',
  scheme: AuthScheme,
  deviceNonce: Uint8Array,
  run: (world: World) => Promise<void>,
): Promise<void> {
  const clock = new ManualClock();
  files += 1;
  const store = await openSqliteStore({ file: join(folder, `${files}.db`), clock, groupCommitMs: 0 });
  const wap = createWapSender();
  const server = new Server({ store, bindings: { wap: forHostAddresses(wap) }, clock, node: 'test' });
  const listener = await startDmListener(server.endpoint, { port: 0, host: '127.0.0.1' });
  const storage = memoryState();
  const nonce = bytesToBase64(deviceNonce);
  await provisionDevice(storage, {
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
  });
  const device = new Device({ storage, clock });
  await device.start();
  const wapListener = new WapListener({
    port: 0,
    address: '127.0.0.1',
    handler: device.receive,
    onDrop: device.dropped,
  });
  device.addReceiver(wapListener);
  const port = await wapListener.start();
  await store.createAccount({ serverId, url: listener.url });
  await store.createDevice({
    id: deviceId,
    serverId,
    addresses: [`wap:127.0.0.1:${port}`],
    format,
    serverCredentials: { scheme, name: serverId, secret, nonce: storedNonce },
    clientCredentials: { scheme, name: 'Bruce2', secret: 'OhBehave', nonce: storedNonce },
  });
  await server.start();
  try {
    await run({ server, device, clock, state: async (id) => (await store.notification(id))?.state });
    const record = await store.device(deviceId);
    const [account] = device.accounts;
    assert.ok(record !== undefined && account !== undefined);
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
          const { notification } = await server.notifications.create({ device: deviceId });
          await eventually(async () => (await state(notification.id)) === 'completed');
          assert.equal(device.counters.completed, round);
        }
        assert.equal(device.counters.resynchronised, 0);
      }));
  }
}

for (const format of ['dm1.2', 'dm1.3-2010'] as const) {
  for (const scheme of ['basic', 'md5', 'hmac'] as const) {
    test(`N12-C-003 N10-C-003 §5.1: out of step with the server, ${format}, ${scheme}`, () =>
      world(format, scheme, wrongNonce, async ({ server, device, clock, state }) => {
        const { notification } = await server.notifications.create({ device: deviceId });
        await eventually(() => Promise.resolve(device.counters.ignored['bad-digest'] === 1));
        await eventually(async () => (await state(notification.id)) === 'sent');
        clock.advance(600_000);
        await eventually(async () => (await state(notification.id)) === 'completed');
        assert.equal(device.counters.resynchronised, 1);
        const again = await server.notifications.create({ device: deviceId });
        await eventually(async () => (await state(again.notification.id)) === 'completed');
        assert.equal(device.counters.resynchronised, 1);
      }));
  }
}
