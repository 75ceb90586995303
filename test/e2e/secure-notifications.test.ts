// Package #0 goes by non-secure connectionless push (DM-NOTI-1.2, DM-NOTI-1.3-2010 and DM-NOTI-1.3 §7.1, spec-notes ruling
// 26), so not over WTLS: the server takes the next address, the device refuses what comes all the same, and an option at
// each end says otherwise. DM messages may (DM-PUSH §5.1.2). A whole server and a whole device on real UDP.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startReceiver } from '../../src/cli/bindings/receivers.ts';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { notificationFormats } from '../../src/codec/notification/index.ts';
import { silentLogger } from '../../src/core/index.ts';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../src/device/index.ts';
import type { PushEvent } from '../../src/store/index.ts';
import { eventually } from '../../src/testing/index.ts';

const serverId = 'com.example.dm';
const deviceId = 'IMEI:990000260000011';
const wtls = { identity: 'dm', secret: randomBytes(24).toString('base64') };
const random = (): string => randomBytes(16).toString('base64url');

interface Answer {
  readonly httpStatus: number;
  readonly id?: string;
  readonly state?: string;
  readonly detail?: string;
  readonly items?: readonly PushEvent[];
}

interface World {
  call(method: string, path: string, body?: object): Promise<Answer>;
  readonly events: readonly DeviceEvent[];
  readonly device: Device;
  /** Waits until the thing at the path is in a state. */
  reaches(path: string, state: string): Promise<void>;
}

/** Runs a server and a device that listens on both ports; `routes` are the schemes of its addresses, in order. */
async function withWorld(
  routes: readonly ('wap' | 'waps')[],
  allowed: { readonly server?: true; readonly device?: true },
  run: (world: World) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-waps-'));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true })];
  try {
    const listen = { host: '127.0.0.1', port: 0 };
    const server = await startServer({
      data: folder,
      dm: listen,
      api: { ...listen, tokens: [] },
      bindings: { waps: { secrets: [wtls], notifications: allowed.server === true } },
      policy: { answerTimeoutMs: 60_000 },
      logger: silentLogger,
    });
    closers.push(() => server.stop());
    const [clientSecret, serverSecret] = [random(), random()];
    const storage = memoryState();
    await provisionDevice(storage, {
      deviceId,
      man: 'Example',
      mod: 'E1',
      accounts: [
        {
          serverId,
          address: server.dmUrl,
          client: { scheme: 'md5', name: 'd', secret: clientSecret },
          server: { scheme: 'md5', secret: serverSecret },
        },
      ],
    });
    const events: DeviceEvent[] = [];
    const device = new Device({
      storage,
      onEvent: (event) => events.push(event),
      ...(allowed.device === true && { secureNotifications: true }),
    });
    await device.start();
    closers.push(() => device.stop());
    const at: Record<string, string> = {};
    for (const scheme of ['wap', 'waps'] as const) {
      const started = await startReceiver(`${scheme}:127.0.0.1:0`, device, { waps: { secrets: [wtls] } });
      device.addReceiver(started.receiver);
      at[scheme] = started.at;
    }
    const call = async (method: string, path: string, body?: object): Promise<Answer> => {
      const response = await fetch(`${server.apiUrl}${path}`, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { ...((await response.json()) as object), httpStatus: response.status };
    };
    await call('POST', '/v1/accounts', { serverId, url: server.dmUrl });
    const created = await call('POST', '/v1/devices', {
      id: deviceId,
      serverId,
      addresses: routes.map((scheme) => at[scheme]),
      clientCredentials: { name: 'd', secret: clientSecret },
      serverCredentials: { secret: serverSecret },
    });
    assert.equal(created.httpStatus, 201);
    const reaches = async (path: string, state: string): Promise<void> => {
      await eventually(async () => (await call('GET', path)).state === state, `${path} ${state}`, 400_000);
    };
    await run({ call, events, device, reaches });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

const names = (events: readonly DeviceEvent[]): string[] =>
  events.map((event) => (event.event === 'ignored' ? `ignored ${event.reason}` : event.event));

describe('notifications and secure WAP push', { concurrency: false, timeout: 240_000 }, () => {
  for (const format of notificationFormats) {
    it(`${format}: the server passes a waps: address over with the reason, and wakes the device by the next one`, () =>
      withWorld(['waps', 'wap'], {}, async ({ call, events, reaches }) => {
        const { id, httpStatus } = await call('POST', '/v1/notifications', { device: deviceId, format });
        assert.equal(httpStatus, 202);
        await reaches(`/v1/notifications/${id}`, 'completed');
        const { items = [] } = await call('GET', `/v1/notifications/${id}/timeline`);
        const refused = items.find(({ event }) => event === 'attempt-failed');
        assert.match(refused?.address ?? '', /^waps:/);
        assert.match(refused?.detail ?? '', /non-secure connectionless push .*§7\.1/);
        assert.match(items.find(({ event }) => event === 'sent')?.address ?? '', /^wap:/);
        assert.ok(
          events.every((event) => event.event !== 'notification-received' || event.binding === 'wap'),
        );
      }));
  }

  it('a device that is reached by waps: alone is refused a notification when that is asked for, not a DM message', () =>
    withWorld(['waps'], {}, async ({ call, device, events }) => {
      const refused = await call('POST', '/v1/notifications', { device: deviceId });
      assert.equal(refused.httpStatus, 422);
      assert.match(
        refused.detail ?? '',
        /IMEI:990000260000011 .*non-secure connectionless push.*"notifications": true/,
      );
      const job = [{ command: 'add', uri: './Vendor/Note', data: 'by WTLS' }];
      const refusedJob = await call('POST', '/v1/jobs', { device: deviceId, commands: job });
      assert.equal(refusedJob.httpStatus, 422);
      const sent = await call('POST', '/v1/messages', { device: deviceId, job });
      assert.equal(sent.httpStatus, 202);
      await eventually(() => device.tree?.node('./Vendor/Note')?.value === 'by WTLS', 'the note', 400_000);
      assert.deepEqual(names(events), ['notification-received', 'message-processed']);
    }));

  it('a device refuses Package #0 that came by WTLS, whose digest holds, and says why', () =>
    withWorld(['waps'], { server: true }, async ({ call, events, device }) => {
      const { httpStatus } = await call('POST', '/v1/notifications', { device: deviceId });
      assert.equal(httpStatus, 202);
      await eventually(() => events.some((event) => event.event === 'ignored'), 'the refusal', 400_000);
      assert.deepEqual(names(events), ['notification-received', 'ignored wrong-binding']);
      const [, refusal] = events;
      assert.match(
        refusal?.event === 'ignored' ? refusal.detail : '',
        /non-secure connectionless push.*§7\.1.*WTLS/,
      );
      assert.equal(device.counters.ignored['wrong-binding'], 1);
      assert.equal(device.counters.sessions, 0);
    }));

  it('with the option at both ends it wakes the device by WTLS', () =>
    withWorld(['waps'], { server: true, device: true }, async ({ call, events, reaches }) => {
      const { id } = await call('POST', '/v1/notifications', { device: deviceId });
      await reaches(`/v1/notifications/${id}`, 'completed');
      const [received] = events;
      assert.equal(received?.event === 'notification-received' && received.binding, 'waps');
    }));
});
