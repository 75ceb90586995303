// Whole DM messages through the whole server: from its queue, over each binding, to a device that verifies and processes
// them. What a binding cannot carry ends as failed, with size and limit, and the device never sees it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startReceiver } from '../../src/cli/bindings/receivers.ts';
import type { ServeSections } from '../../src/cli/bindings/serve-shapes.ts';
import { type DemoCarriers, startCarriers } from '../../src/cli/demo/carriers.ts';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../src/device/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { SharedKey } from '../../src/security/index.ts';
import { composeMessage } from '../../src/sessionless/index.ts';
import type { PushEvent } from '../../src/store/index.ts';
import { eventually } from '../../src/testing/index.ts';

const serverId = 'com.example.dm';
const deviceId = 'IMEI:990000880000025';
const secret = 'shared-secret-16b';

/** A signed message of at least 12 KB that renames the account `uri` of the device. */
function largeMessage(uri: string, name: string): Uint8Array {
  const replace = (data: string) => ({
    name: 'Replace' as const,
    cmdId: '',
    noResp: false,
    items: [{ target: { uri: `${uri}/Name` }, meta: { format: 'chr' as const }, data }],
  });
  const filler = Array.from({ length: 24 }, (_, index) => replace(`${index} `.padEnd(512, '.')));
  const { octets: body } = composeMessage(
    { serverId, deviceId, sessionId: 'A1', commands: [...filler, replace(name)] },
    { key: new SharedKey(new TextEncoder().encode(secret)) },
  );
  assert.ok(body.length >= 12_288, String(body.length));
  return body;
}

/** As configured for a network that carries datagrams of that size. */
const wide = ({ waps, ...sections }: ServeSections): ServeSections => ({
  ...sections,
  wap: { maxDatagram: 20_000 },
  ...(waps === undefined ? {} : { waps: { ...waps, maxDatagram: 20_000 } }),
  http: { messages: 'any' },
});

const routes = {
  wap: ['sent', wide],
  waps: ['sent', wide],
  sms: ['delivered', wide],
  sip: ['delivered', wide],
  http: ['delivered', wide],
  obex: ['delivered', wide],
  pap: ['accepted', wide],
} as const;

const limits: Readonly<Record<string, (sections: ServeSections) => ServeSections>> = {
  wap: (sections) => sections,
  waps: (sections) => sections,
  sms: (sections) => ({ ...sections, sms: { ...(sections.sms ?? { smscs: [] }), maxSegments: 3 } }),
  sip: (sections) => ({
    ...sections,
    sip: {
      from: 'sip:dms@example.com',
      ...sections.sip,
      outboundProxy: (sections.sip?.outboundProxy ?? '').replace('=tcp', '=udp'),
    },
  }),
  http: (sections) => ({ ...sections, http: { messages: 'any', maxPayload: 4096 } }),
  obex: (sections) => ({ ...sections, obex: { ...sections.obex, maxPayload: 4096 } }),
};

describe('DM messages through the whole server', { concurrency: false, timeout: 240_000 }, () => {
  let carriers: DemoCarriers;
  before(async () => {
    carriers = await startCarriers();
  });
  after(() => carriers.close());

  interface Outcome {
    readonly timeline: readonly PushEvent[];
    readonly seen: readonly DeviceEvent[];
    readonly accountName: string | undefined;
    readonly octets: number;
  }

  /** Pushes one message over the route named, until `last` is on its timeline and `done` holds for what the device saw. */
  async function pushOver(
    name: string,
    change: (sections: ServeSections) => ServeSections,
    last: string,
    done: (seen: readonly DeviceEvent[]) => boolean,
  ): Promise<Outcome> {
    const route = carriers.routes.find(({ binding }) => binding === name);
    assert.ok(route !== undefined);
    const folder = mkdtempSync(join(tmpdir(), 'reveille-messages-'));
    const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true })];
    try {
      const listen = { host: '127.0.0.1', port: 0 };
      const running = await startServer({
        data: folder,
        dm: listen,
        api: { ...listen, tokens: [] },
        bindings: change(carriers.sections),
        logger: silentLogger,
      });
      closers.push(() => running.stop());
      const storage = memoryState();
      const client = { scheme: 'md5', name: 'd', secret: 'client secret' } as const;
      const server = { scheme: 'md5', secret } as const;
      const account = { serverId, name: 'before', address: running.dmUrl, client, server };
      await provisionDevice(storage, { deviceId, man: 'Example', mod: 'E1', accounts: [account] });
      const seen: DeviceEvent[] = [];
      const device = new Device({ storage, onEvent: (event) => seen.push(event) });
      await device.start();
      closers.push(() => device.stop());
      const { receiver, at } = await startReceiver(route.listen, device, {
        ...route.listener,
        http: { messages: 'any' },
      });
      device.addReceiver(receiver);
      await route.ready();
      const { server: reveille } = running;
      await reveille.accounts.create({ serverId, url: running.dmUrl });
      await reveille.devices.create({
        id: deviceId,
        serverId,
        addresses: [route.address(at)],
        format: 'dm1.3',
        clientCredentials: { ...client, nonceBase64: 'bm9uY2U=' },
        serverCredentials: { ...server, nonceBase64: 'bm9uY2U=' },
      });
      const accountOf = () => device.accounts.find((each) => each.serverId === serverId);
      const body = largeMessage(accountOf()?.uri ?? '', `renamed over ${name}`);
      const [queued] = await reveille.pushes.enqueueMessages([
        {
          purpose: 'message',
          deviceId,
          serverId,
          contentType: contentTypes['dm+wbxml'],
          body,
          summary: {},
          expiresAt: Date.now() + 600_000,
        },
      ]);
      assert.ok(queued?.outcome === 'queued', JSON.stringify(queued));
      const { id } = queued.push;
      const timelineOf = async () => (await reveille.pushes.timeline(id)) ?? [];
      await eventually(
        async () => (await timelineOf()).some(({ event }) => event === last) && done(seen),
        `${last} over ${name}`,
        40_000,
      );
      return { timeline: await timelineOf(), seen, accountName: accountOf()?.name, octets: body.length };
    } finally {
      for (const close of closers.reverse()) await close();
    }
  }

  for (const [name, [state, sections]] of Object.entries(routes)) {
    it(`PB-S-001 PB-C-001: ${name}: a signed message of 12 KB is ${state}, and processed`, async () => {
      const processed = (seen: readonly DeviceEvent[]): boolean =>
        seen.some(({ event }) => event === 'message-processed');
      const { timeline, seen, accountName, octets } = await pushOver(name, sections, state, processed);
      assert.equal(timeline.at(-1)?.state, state);
      const received = seen.filter((event) => event.event === 'notification-received');
      assert.deepEqual(
        received.map((event) => ('octets' in event ? event.octets : 0)),
        [octets],
      );
      assert.equal(accountName, `renamed over ${name}`);
    });
  }

  for (const [name, change] of Object.entries(limits)) {
    it(`PB-S-001: ${name}: a message that it cannot carry fails with size and limit, and is not sent`, async () => {
      const { timeline, seen } = await pushOver(name, change, 'failed', () => true);
      const events = timeline.map(({ event }) => event);
      assert.ok(!events.some((event) => ['sent', 'accepted', 'delivered'].includes(event)), events.join());
      assert.match(timeline.map(({ detail = '' }) => detail).join('\n'), /\b1[2-9][0-9]{3} octets.*\d+/);
      assert.deepEqual(seen, []);
    });
  }
});
