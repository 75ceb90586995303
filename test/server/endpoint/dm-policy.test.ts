// Whose word the DM endpoint takes: accepted schemes, and the client certificate of the device's record.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Agent, request as send } from 'undici';
import { startDmListener } from '../../../src/server/index.ts';
import type { DevicePatch } from '../../../src/store/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { type Carrier, type DeviceState, ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const deviceId = sampleDevice().id;
const certificate = 'ab'.repeat(32);
const certified: DevicePatch = { clientCredentials: null, tlsCertificate: { sha256: certificate } };

/** A device that presents a certificate, or none, and has no credentials of its own. */
function bare({ device, server }: ServerBench, carried?: string): ScriptedDevice {
  const carrier: Carrier = (request) =>
    server.endpoint.handle({ ...request, ...(carried !== undefined && { certificate: carried }) });
  return new ScriptedDevice(device.state, carrier);
}

function account({ serverId, serverUri, server }: DeviceState) {
  return { account: { serverId, serverUri, server } };
}

for (const { device, taken } of [
  { device: 'basic', taken: ['basic', 'md5', 'hmac'] },
  { device: 'md5', taken: ['md5', 'hmac'] },
  { device: 'hmac', taken: ['md5', 'hmac'] },
] as const) {
  test(`a device may prove itself by ${device} where ${taken} is taken`, () =>
    withServer({}, async ({ store, device: { state, run }, deviceLike }) => {
      assert.ok(run);
      const scheme = taken[0];
      const clientCredentials = { ...sampleDevice().clientCredentials, scheme };
      await store.updateDevice(deviceId, { clientCredentials, clientSchemes: taken });
      const { end } = await deviceLike({ client: { ...state.client, scheme: device } }).run({ sessionId: 9 });
      assert.deepEqual(end, { outcome: 'completed' });
    }));
}

for (const { device, taken } of [
  { device: 'basic', taken: ['md5'] },
  { device: 'hmac', taken: ['md5'] },
  { device: 'md5', taken: ['hmac'] },
] as const) {
  test(`a device may not prove itself by ${device} where only ${taken} is taken`, () =>
    withServer({}, async ({ store, device: { state }, deviceLike }) => {
      const [scheme] = taken;
      const clientCredentials = { ...sampleDevice().clientCredentials, scheme };
      await store.updateDevice(deviceId, { clientCredentials, clientSchemes: taken });
      const weak = deviceLike({ client: { ...state.client, scheme: device } });
      const { responses } = await weak.run({ sessionId: 9, maxChallenges: 0 });
      assert.ok(responses[0]);
      assert.match(weak.statusesOf(responses[0]), /^SyncHdr=401/);
      assert.equal((await store.device(deviceId))?.lastSessionAt, undefined);
    }));
}

for (const [serverSchemes, outcome] of [
  [['md5', 'basic'], 'completed'],
  [['md5'], 'failed'],
] as const) {
  test(`a device that wants basic of the server, which may give ${serverSchemes}: ${outcome}`, () =>
    withServer({}, async ({ store, device: { state }, deviceLike }) => {
      await store.updateDevice(deviceId, { serverSchemes });
      const asking = deviceLike({ server: { ...state.server, scheme: 'basic' } });
      const { serverId, serverUri, client, server } = asking.state;
      const { end } = await asking.run({
        sessionId: 9,
        account: { serverId, serverUri, client, server, serverSchemes: ['basic'] },
      });
      assert.equal(end?.outcome === 'completed' ? 'completed' : 'failed', outcome);
    }));
}

test('a session with the certificate of the record needs no credentials of the device', () =>
  withServer({}, async (bench) => {
    await bench.store.updateDevice(deviceId, certified);
    const device = bare(bench, certificate);
    const { end } = await device.run({ sessionId: 9, ...account(device.state) });
    assert.deepEqual(end, { outcome: 'completed' });
    assert.ok((await bench.store.device(deviceId))?.lastSessionAt);
  }));

for (const [name, carried] of [
  ['no certificate', undefined],
  ['the certificate of another device', 'cd'.repeat(32)],
] as const) {
  for (const patch of [certified, { tlsCertificate: { sha256: certificate } }]) {
    const also = patch.clientCredentials === null ? 'and no CLCRED' : 'and a CLCRED that it does not give';
    test(`a device with ${name} ${also} is refused as one that does not exist`, () =>
      withServer({}, async (bench) => {
        await bench.store.updateDevice(deviceId, patch);
        const device = bare(bench, carried);
        const { responses } = await device.run({ sessionId: 9, ...account(device.state) }, 1);
        const nobody = new ScriptedDevice({ ...device.state, deviceId: 'IMEI:0' }, (request) =>
          bench.server.endpoint.handle(request),
        );
        const stranger = await nobody.run({ sessionId: 9, ...account(device.state) }, 1);
        assert.ok(responses[0] && stranger.responses[0]);
        const statuses = device.statusesOf(responses[0]);
        assert.match(statuses, /^SyncHdr=407/);
        assert.equal(statuses, nobody.statusesOf(stranger.responses[0]));
        assert.equal((await bench.store.device(deviceId))?.lastSessionAt, undefined);
      }));
  }
}

test('a certificate is worth nothing where the record has none', () =>
  withServer({}, async (bench) => {
    const device = bare(bench, certificate);
    const { responses } = await device.run({ sessionId: 9, ...account(device.state) }, 1);
    assert.ok(responses[0]);
    assert.match(device.statusesOf(responses[0]), /^SyncHdr=407/);
  }));

test('wrong credentials are refused, certificate or not', () =>
  withServer({}, async (bench) => {
    await bench.store.updateDevice(deviceId, { tlsCertificate: { sha256: certificate } });
    const device = bare(bench, certificate);
    device.state.client = { ...device.state.client, secret: 'wrong' };
    const { responses } = await device.run({ sessionId: 9 }, 1);
    assert.ok(responses[0]);
    assert.match(device.statusesOf(responses[0]), /^SyncHdr=401/);
  }));

test('nobody goes on in a session under another certificate, even with its token', () =>
  withServer({}, async (bench) => {
    await bench.store.updateDevice(deviceId, certified);
    let count = 0;
    const device = new ScriptedDevice(bench.device.state, (request) => {
      count += 1;
      const carried = count === 1 ? certificate : 'cd'.repeat(32);
      return bench.server.endpoint.handle({ ...request, certificate: carried });
    });
    const { responses } = await device.run({ sessionId: 9, ...account(device.state) });
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 409],
    );
  }));

const pem = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', 'device', 'tls', `${name}.pem`), 'utf8');
const identity = (name: string) => ({ cert: pem(name), key: pem(`${name}.key`) });

/** Runs a session over TLS with the identity given; the HTTP status or the statuses of the first answer. */
async function overTls(
  options: { readonly client?: string; readonly demanded?: boolean; readonly authority?: string },
  expected: RegExp,
): Promise<void> {
  await withServer({}, async ({ store, server, device: { state } }) => {
    const { fingerprint256 } = new X509Certificate(pem('device'));
    const sha256 = fingerprint256.replaceAll(':', '').toLowerCase();
    await store.updateDevice(deviceId, { clientCredentials: null, tlsCertificate: { sha256 } });
    const { client, demanded = true, authority = 'ca' } = options;
    const listener = await startDmListener(server.endpoint, {
      port: 0,
      host: '127.0.0.1',
      tls: { ...identity('server'), ...(demanded && { clientCa: pem(authority) }) },
    });
    const agent = new Agent({
      connect: {
        ca: pem('ca'),
        servername: 'localhost',
        ...(client !== undefined && identity(client)),
      },
    });
    const device = new ScriptedDevice(state, async ({ url, body, contentType }) => {
      const response = await send(`https://127.0.0.1:${listener.port}/dm${new URL(url).search}`, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': contentType ?? '' },
        body,
      });
      return {
        status: response.statusCode,
        headers: { 'content-type': String(response.headers['content-type']) },
        body: new Uint8Array(await response.body.arrayBuffer()),
      };
    });
    try {
      const result = await device.run({ sessionId: 9, ...account(state) }).then(
        ({ end, responses: [first] }) =>
          end?.outcome === 'completed' ? 'completed' : first && device.statusesOf(first),
        () => 'no connection',
      );
      assert.match(String(result), expected);
    } finally {
      await agent.destroy();
      await listener.close();
    }
  });
}

test('TLS: the certificate of the device opens its session', () =>
  overTls({ client: 'device' }, /^completed$/));
test('TLS: the certificate of somebody else, of the same authority, does not', () =>
  overTls({ client: 'server' }, /^SyncHdr=407/));
test('TLS: without a certificate there is no connection', () => overTls({}, /^no connection$/));
test('TLS: nor with one of another authority', () =>
  overTls({ client: 'device', authority: 'server' }, /^no connection$/));
test('TLS: a certificate that was not asked for vouches for nobody', () =>
  overTls({ client: 'device', demanded: false }, /^SyncHdr=407/));
