// A server without credentials: believed only where the account says so, and TLS certifies both ends.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  Device,
  type DmTlsOptions,
  memoryState,
  type PushOutcome,
  provisionDevice,
} from '../../src/device/index.ts';
import { trustsTransport } from '../../src/device/session/session-plan.ts';
import { Server, startDmListener } from '../../src/server/index.ts';
import type { DeviceInput, JobRecord } from '../../src/store/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { FakeBinding, sampleDevice, sampleJob } from '../../src/testing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-transport-trust-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const pem = (name: string): string => readFileSync(join(import.meta.dirname, 'tls', `${name}.pem`), 'utf8');
const identity = (name: string) => ({ cert: pem(name), key: pem(`${name}.key`) });
const sha256 = new X509Certificate(pem('device')).fingerprint256.replaceAll(':', '').toLowerCase();
const certified: DmTlsOptions = { ca: pem('ca'), ...identity('device') };
const deviceId = sampleDevice().id;
let files = 0;

interface Scene {
  readonly scheme?: 'http' | 'https';
  readonly trustTransport?: boolean;
  readonly tls?: DmTlsOptions;
  /** Whether the listener demands certificates. Default true. */
  readonly demanded?: boolean;
  /** Whether the server knows CLCRED. Default false. */
  readonly clientKnown?: boolean;
}

/** One session of the device's own, with a job that waits for it. */
async function played(
  scene: Scene,
): Promise<{ readonly outcome: PushOutcome; readonly job: JobRecord | undefined }> {
  const { scheme = 'https', trustTransport = true, tls = certified, demanded = true } = scene;
  files += 1;
  const store = await openSqliteStore({ file: join(folder, `${files}.db`), groupCommitMs: 0 });
  const server = new Server({ store, bindings: { wap: new FakeBinding('wap') }, node: 'test' });
  const listener = await startDmListener(server.endpoint, {
    port: 0,
    host: '127.0.0.1',
    ...(scheme === 'https' && { tls: { ...identity('server'), ...(demanded && { clientCa: pem('ca') }) } }),
  });
  const { clientCredentials, ...record } = sampleDevice();
  const { serverId, serverCredentials } = record;
  const address = `${scheme}://localhost:${listener.port}/dm`;
  await store.createAccount({ serverId, url: address });
  const input: DeviceInput = { ...record, tlsCertificate: { sha256 } };
  await store.createDevice(scene.clientKnown === true ? { ...input, clientCredentials } : input);
  const { job } = await store.createJob(sampleJob({ expiresAt: Number.MAX_SAFE_INTEGER }));
  const storage = memoryState();
  const { scheme: type, name, secret } = clientCredentials;
  const { secret: serverSecret } = serverCredentials;
  await provisionDevice(storage, {
    deviceId,
    man: 'Example',
    mod: 'One',
    accounts: [
      {
        serverId,
        address,
        client: { scheme: type, name, secret },
        ...(trustTransport ? { trustTransport } : { server: { scheme: 'md5', secret: serverSecret } }),
      },
    ],
  });
  const device = new Device({ storage, http: { tls } });
  await device.start();
  try {
    if (!trustTransport) await removeServerCredentials(device);
    const outcome = await device.connect(serverId);
    return { outcome, job: await store.job(job.id) };
  } finally {
    await device.stop();
    await server.stop();
    await listener.close();
    await store.close();
  }
}

/** As a server may do with its own account. */
async function removeServerCredentials(device: Device): Promise<void> {
  const entry = device.accounts[0]?.credentials.find(({ level }) => level === 'SRVCRED');
  assert.ok(entry);
  await device.tree?.run((transaction) => transaction.remove(entry.uri));
  assert.equal(device.accounts[0]?.credentials.length, 1);
}

test('both ends certified, and the account trusts the transport: the job is done without any credentials', async () => {
  const { outcome, job } = await played({});
  assert.equal(outcome.outcome, 'completed');
  assert.equal(job?.state, 'completed');
});

test('the same where the server knows CLCRED too', async () => {
  const { outcome, job } = await played({ clientKnown: true });
  assert.equal(outcome.outcome, 'completed');
  assert.equal(job?.state, 'completed');
});

const refused: readonly (readonly [name: string, scene: Scene, outcome: RegExp])[] = [
  ['the account does not trust the transport', { trustTransport: false }, /nothing vouches for the server/],
  [
    'the device has no certificate of its own',
    { tls: { ca: pem('ca') }, demanded: false },
    /nothing vouches for the server/,
  ],
  ['there is no TLS', { scheme: 'http' }, /nothing vouches for the server/],
  ['the server demands a certificate and gets none', { tls: { ca: pem('ca') } }, /./],
  [
    'the certificate of the server is not one of a trusted authority',
    { tls: { ca: pem('device'), ...identity('device') } },
    /./,
  ],
];
for (const [name, scene, reason] of refused) {
  test(`${name}: no command is carried out`, async () => {
    const { outcome, job } = await played({ clientKnown: true, ...scene });
    assert.notEqual(outcome.outcome, 'completed');
    assert.match(JSON.stringify(outcome), reason);
    assert.equal(job?.commands[0]?.answer, undefined);
  });
}

test('a device with the certificate of another one is refused by the server', async () => {
  const { outcome, job } = await played({ tls: { ca: pem('ca'), ...identity('server') } });
  assert.notEqual(outcome.outcome, 'completed');
  assert.equal(job?.commands[0]?.answer, undefined);
});

test('the transport is trusted by the account, over https, with a client that certifies both ends: all three', () => {
  const yes = { trustTransport: true };
  const http = { certifiesBothEnds: true };
  assert.equal(trustsTransport(yes, 'HTTPS://dm.example/dm', http), true);
  assert.equal(trustsTransport({}, 'https://dm.example/dm', http), false);
  assert.equal(trustsTransport(yes, 'http://dm.example/dm', http), false);
  assert.equal(trustsTransport(yes, 'https', http), false);
  assert.equal(trustsTransport(yes, 'https://dm.example/dm', {}), false);
});
