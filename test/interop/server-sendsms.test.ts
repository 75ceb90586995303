// The whole server and whole devices, with Kannel's bearerbox and smsbox between them and our simulated centre behind those: Package #0 of
// each format, a bootstrap with SEC and MAC, and a signed message of five short messages, by a road of the kind `kannel`.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RunningServer, startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';
import { bootstrapByPolicy, Device, memoryState, provisionDevice } from '../../src/device/index.ts';
import { SmsReceiver } from '../../src/push/sms/index.ts';
import { imsiOctets } from '../../src/security/index.ts';
import { eventually, SmscSimulator } from '../../src/testing/index.ts';
import { freePort } from './child-process.ts';
import { SendsmsKannel, sendsmsAccount } from './kannel-sendsms.ts';

const serverId = 'com.example.dm';
const nonceBase64 = 'bm9uY2U=';
const imsi = '262011234567890';
const client = { scheme: 'md5', name: 'd', secret: 'client secret', nonceBase64 } as const;
const own = { scheme: 'md5', secret: 'server secret', nonceBase64 } as const;
const long = 40_000;
const folder = mkdtempSync(join(tmpdir(), 'reveille-server-sendsms-'));
const smsc = new SmscSimulator();
let smscPort: number;
let kannel: SendsmsKannel;
let server: RunningServer;
let count = 0;

before(async () => {
  smscPort = await smsc.start();
  kannel = await SendsmsKannel.start({ kind: 'smpp', port: smscPort, systemId: 'kannel' });
  const listen = { host: '127.0.0.1', port: 0 };
  const gw = { kind: 'kannel', url: kannel.url, ...sendsmsAccount } as const;
  server = await startServer({
    data: folder,
    dm: listen,
    api: { ...listen, tokens: [] },
    bindings: {
      sms: {
        roads: { gw },
        routes: [{ prefix: '+44', roads: ['gw'] }],
        listen: { address: '127.0.0.1', port: await freePort() },
      },
    },
    logger: silentLogger,
  });
  await server.server.accounts.create({ serverId, url: server.dmUrl });
});
after(async () => {
  await server?.stop();
  await kannel?.stop();
  await smsc.close();
  rmSync(folder, { recursive: true });
});

/** A device behind the centre, known to the server. */
async function withDevice(
  format: 'dm1.2' | 'dm1.3-2010' | 'dm1.3',
  run: (device: Device, id: string) => Promise<void>,
  accounts = true,
): Promise<void> {
  count += 1;
  const id = `IMEI:${count}`;
  const number = `+4477009001${count}`;
  const storage = memoryState();
  const account = { serverId, address: server.dmUrl, client, server: own };
  await provisionDevice(storage, { deviceId: id, man: 'E', mod: 'E1', accounts: accounts ? [account] : [] });
  const bootstrap = bootstrapByPolicy({ allow: ['NETWPIN'], network: imsiOctets(imsi) });
  const device = new Device({ storage, bootstrap });
  await device.start();
  const handset = new SmsReceiver({
    smsc: { host: '127.0.0.1', port: smscPort, systemId: 'handset' },
    number,
    // The centre has its answer when the push has come; the session is another matter.
    handler: (push) => void device.receive(push),
    onDrop: device.dropped,
  });
  await handset.start();
  device.addReceiver(handset);
  const addresses = [`sms:${number}`];
  const credentials = { clientCredentials: client, serverCredentials: own };
  await server.server.devices.create({ id, serverId, addresses, format, ...credentials });
  try {
    await run(device, id);
  } finally {
    await device.stop();
  }
}

async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.apiUrl}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { ...((await response.json()) as object), httpStatus: response.status };
}

/** Waits until the timeline of a push has that event; gives its reference. */
async function reaches(path: string, event: string): Promise<string> {
  const events = async () => {
    const { items } = await call('GET', `${path}/timeline`);
    return items as readonly { readonly event: string; readonly reference?: string }[];
  };
  await eventually(
    async () => (await events()).some((one) => one.event === event),
    `${event} of ${path}`,
    long,
  );
  return (await events()).find((one) => one.reference !== undefined)?.reference ?? '';
}

for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const) {
  test(`Package #0 of ${format} wakes its device, and its report comes`, () =>
    withDevice(format, async (_, id) => {
      const created = await call('POST', '/v1/notifications', { device: id, uiMode: 'background' });
      assert.equal(created.httpStatus, 202, JSON.stringify(created));
      const path = `/v1/notifications/${String(created.id)}`;
      await reaches(path, 'completed');
      assert.match(await reaches(path, 'delivered'), /^gw\/gw:[0-9a-f]{32}$/);
    }));
}

test('a bootstrap with SEC and MAC gives a device its account', () =>
  withDevice(
    'dm1.3',
    async (device, id) => {
      const bootstrap = { profile: 'cp', sec: 'NETWPIN', imsi };
      const created = await call('POST', '/v1/messages', { device: id, bootstrap });
      assert.equal(created.httpStatus, 202, JSON.stringify(created));
      await eventually(() => device.accounts.length === 1, 'the account', long);
      await reaches(`/v1/messages/${String(created.id)}`, 'delivered');
    },
    false,
  ));

test('a signed message of five short messages changes the tree, and is delivered when each of them is', () =>
  withDevice('dm1.3', async (device, id) => {
    const note = 'hello';
    const job = [{ command: 'add', uri: './Vendor/Note', data: note }];
    const created = await call('POST', '/v1/messages', { device: id, job });
    assert.equal(created.httpStatus, 202, JSON.stringify(created));
    await eventually(() => device.tree?.node('./Vendor/Note')?.value === note, 'the note', long);
    const reference = await reaches(`/v1/messages/${String(created.id)}`, 'delivered');
    assert.equal(reference.split(' ').length, 5, reference);
  }));
