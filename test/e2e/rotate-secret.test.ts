// POST /v1/devices/{id}/rotate-secret, from REST to the tree of a whole device and back: both ends hold the new secret
// afterwards, notifications of every format wake under it at once, and it is shown once and nowhere else.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { notificationFormats } from '../../src/codec/notification/index.ts';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../src/device/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';
import { eventually } from '../../src/testing/index.ts';

const serverId = 'com.example.dm';
const deviceId = 'IMEI:990000270000019';
const path = `/v1/devices/${encodeURIComponent(deviceId)}`;
const oldSecrets = { client: 'aV7-kQ2_mT9wRx4LpB6sZe', server: 'tG5_hN8-cY3vJu1KfD0qWb' };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface World {
  call(method: string, path: string, body?: object): Promise<Answer>;
  readonly device: Device;
  readonly events: DeviceEvent[];
  /** All that was logged at both ends and answered, but for the answers to `rotate-secret`. */
  said(): string;
  secretOf(side: 'client' | 'server'): string | undefined;
  reaches(id: unknown, state: string): Promise<void>;
}

async function withWorld(format: string, run: (world: World) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-rotate-'));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true })];
  const lines: string[] = [];
  const log = (fields: object, message: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const logger = { debug: log, info: log, warn: log, error: log };
  try {
    const listen = { host: '127.0.0.1', port: 0 };
    const server = await startServer({
      data: folder,
      dm: listen,
      api: { ...listen, tokens: [] },
      policy: { answerTimeoutMs: 60_000 },
      logger,
    });
    closers.push(() => server.stop());
    const storage = memoryState();
    const client = { scheme: 'md5', name: 'd', secret: oldSecrets.client } as const;
    const own = { scheme: 'md5', secret: oldSecrets.server } as const;
    const account = { serverId, address: server.dmUrl, client, server: own };
    await provisionDevice(storage, { deviceId, man: 'Example', mod: 'E1', accounts: [account] });
    const events: DeviceEvent[] = [];
    const device = new Device({ storage, logger, onEvent: (event) => events.push(event) });
    await device.start();
    closers.push(() => device.stop());
    const handler = device.receive;
    const listener = new WapListener({ port: 0, address: '127.0.0.1', handler, onDrop: device.dropped });
    device.addReceiver(listener);
    const port = await listener.start();
    const call = async (method: string, url: string, body?: object): Promise<Answer> => {
      const response = await fetch(`${server.apiUrl}${url}`, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      if (!url.endsWith('rotate-secret')) lines.push(text);
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: JSON.parse(text) as Readonly<Record<string, unknown>>,
      };
    };
    await call('POST', '/v1/accounts', { serverId, url: server.dmUrl });
    const created = await call('POST', '/v1/devices', {
      id: deviceId,
      serverId,
      addresses: [`wap:127.0.0.1:${port}`],
      format,
      clientCredentials: client,
      serverCredentials: own,
    });
    assert.equal(created.status, 201, created.text);
    await run({
      call,
      device,
      events,
      said: () => lines.join('\n'),
      secretOf: (side) => {
        const level = side === 'server' ? 'SRVCRED' : 'CLCRED';
        return device.accounts[0]?.credentials.find((each) => each.level === level)?.secret;
      },
      reaches: async (id, state) => {
        const url = `/v1/notifications/${String(id)}`;
        await eventually(
          async () => (await call('GET', url)).body.state === state,
          `${url} ${state}`,
          400_000,
        );
      },
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

describe('rotate-secret', { concurrency: false, timeout: 240_000 }, () => {
  for (const format of notificationFormats) {
    it(`${format}: one operation replaces SRVCRED, another CLCRED, and the next push wakes under the new secret`, () =>
      withWorld(format, async ({ call, events, reaches, said, secretOf }) => {
        const fresh: string[] = [];
        for (const which of ['server', 'client'] as const) {
          const value = which === 'server' ? undefined : { which };
          const begun = await call('POST', `${path}/rotate-secret`, value);
          assert.equal(begun.status, 202, begun.text);
          assert.equal(begun.headers.get('cache-control'), 'no-store');
          const { secret, notification, state, warnings, ...rest } = begun.body;
          assert.deepEqual(Object.keys(rest).sort(), ['requestedAt', 'which']);
          assert.deepEqual([rest.which, state], [which, 'pending']);
          assert.match(String(secret), /^[A-Za-z0-9_-]{22}$/);
          assert.match(String(warnings), /plain HTTP/);
          fresh.push(String(secret));
          await reaches(notification, 'completed');
          assert.equal(secretOf(which), secret);
          const { body } = await call('GET', path);
          const shown = body.secretRotations as readonly Readonly<Record<string, unknown>>[];
          const one = shown.find((rotation) => rotation.which === which);
          assert.equal(one?.state, 'completed');
          assert.ok(one.sentAt !== undefined && one.endedAt !== undefined);
        }
        events.length = 0;
        const { body } = await call('POST', '/v1/notifications', { device: deviceId });
        await reaches(body.id, 'completed');
        assert.equal((await call('GET', `/v1/notifications/${String(body.id)}`)).body.sends, 1);
        assert.ok(events.every(({ event }) => event !== 'ignored'));
        await call('GET', '/v1/devices');
        await call('GET', `/v1/notifications/${String(body.id)}/timeline`);
        for (const secret of [...fresh, oldSecrets.server, oldSecrets.client]) {
          assert.ok(!said().includes(secret), 'no log and no answer has a secret');
        }
      }));
  }

  it('a device that does not exist, one under way, and what is weak: 404, 409, 400, without the secret', () =>
    withWorld('dm1.2', async ({ call, device }) => {
      await device.stop();
      const rotate = (value?: object) => call('POST', `${path}/rotate-secret`, value);
      assert.equal((await call('POST', '/v1/devices/nobody/rotate-secret', {})).status, 404);
      const weak = await rotate({ secret: 'correct horse' });
      assert.deepEqual([weak.status, weak.body.path], [400, 'secret']);
      assert.doesNotMatch(weak.text, /horse/);
      const given = 'kL9-vQ2_xT7mRf4WnB8sZe';
      const begun = await rotate({ secret: given, wake: false });
      assert.equal(begun.status, 202);
      assert.doesNotMatch(begun.text, new RegExp(given));
      const again = await rotate({});
      assert.deepEqual([again.status, again.body.code], [409, 'ROTATION_UNDER_WAY']);
      assert.match(String(again.body.detail), /set serverCredentials to what the device holds/);
      assert.doesNotMatch((await call('GET', path)).text, new RegExp(given));
      const set = await call('PATCH', path, { serverCredentials: { secret: given } });
      const [rotation] = set.body.secretRotations as readonly Readonly<Record<string, unknown>>[];
      assert.deepEqual(
        [rotation?.state, rotation?.reason],
        ['failed', 'the credentials were set by request'],
      );
      assert.equal((await rotate({ wake: false })).status, 202);
    }));
});
