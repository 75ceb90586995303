// Floods of strangers against each listener of a device and against the PAP ports, with honest peers meanwhile: idle and
// half-finished connections, a trickle that never ends, datagrams that begin something. Defaults only.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytesToHex, systemClock } from '../../src/core/index.ts';
import { createHttpPushSender } from '../../src/push/http/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createObexSender } from '../../src/push/obex/index.ts';
import { createPapSender, PapEndpoint, PapListener } from '../../src/push/pap/index.ts';
import { createWapSender, WapListener } from '../../src/push/wap/index.ts';
import { never, pushOf, startDevice as startHttp } from '../push/http/device.ts';
import { startDevice as startObex } from '../push/obex/device.ts';
import { MemoryHost } from '../push/pap/memory-host.ts';
import { Bench, device as sipDevice } from '../push/sip/support.ts';
import { senderWith, Device as WapsDevice } from '../push/waps/ends.ts';
import { allServed, type Flood, startFlood } from './flood.ts';

const base = { sources: 64, rate: 200, seconds: 90 } as const;

/** Connections that do nothing, that stop within what they began, and that go on without end. */
const connectionFloods: readonly {
  readonly how: string;
  readonly first?: string;
  readonly trickle?: boolean;
}[] = [{ how: 'silent' }, { how: 'half a request' }, { how: 'a trickle', trickle: true }];

async function connections(
  t: Parameters<typeof startFlood>[0],
  port: number,
  how: (typeof connectionFloods)[number],
  begun: string,
): Promise<void> {
  const first = how.how === 'silent' ? undefined : Buffer.from(begun).toString('hex');
  const flood: Flood = {
    ...base,
    kind: 'connections',
    port,
    connections: 1000,
    ...(first !== undefined && { first }),
    ...(how.trickle === true && { trickle: true }),
  };
  await startFlood(t, flood);
}

for (const how of connectionFloods) {
  describe(`1,000 connections, ${how.how}`, () => {
    test('OTA-HTTP: every honest push is delivered', async (t) => {
      const { port, to, pushes } = await startHttp(t);
      await connections(t, port, how, 'POST /wappush HTTP/1.1\r\nHost: a\r\nX-Long: ');
      const sender = createHttpPushSender();
      t.after(() => sender.close());
      await allServed(t, async () => void (await sender.send(pushOf(40), to, never)));
      assert.ok(pushes.length >= 50);
    });

    test('OBEX: every honest push is delivered', async (t) => {
      const { to, pushes } = await startObex(t);
      // CONNECT, of which the last octets do not come.
      await connections(t, to.port ?? 0, how, '\x80\x00\x1a\x10\x00');
      const sender = createObexSender();
      t.after(() => sender.close());
      await allServed(t, async () => void (await sender.send(pushOf(40), to, never)));
      assert.ok(pushes.length >= 50);
    });

    test('SIP over TCP: every honest push is delivered', async (t) => {
      const bench = new Bench();
      t.after(() => bench.close());
      const clock = systemClock({ unref: true });
      const { port, pushes } = await bench.listener({ clock });
      await connections(t, port, how, 'MESSAGE sip:dev1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127');
      await allServed(t, async () => {
        const sender = bench.sender(port, { clock }, 'tcp');
        try {
          await sender.send(pushOf(40), { uri: sipDevice }, never);
        } finally {
          await sender.close();
        }
      });
      assert.ok(pushes.length >= 50);
    });

    test('PAP: every honest push is accepted', async (t) => {
      const host = new MemoryHost();
      const endpoint = new PapEndpoint({
        host,
        initiators: [
          { name: 'local', credentials: { username: 'local', password: 'local password' }, notifyTo: [] },
        ],
      });
      const listener = new PapListener({
        port: 0,
        address: '127.0.0.1',
        routes: { '/pap': { maxBody: 65_536, handle: (request) => endpoint.handle(request) } },
      });
      const port = await listener.start();
      t.after(() => listener.close());
      await connections(t, port, how, 'POST /pap HTTP/1.1\r\nHost: a\r\nX-Long: ');
      const sender = createPapSender({
        gateways: [
          {
            name: 'ppg.example',
            url: `http://127.0.0.1:${port}/pap`,
            credentials: { username: 'local', password: 'local password' },
          },
        ],
      });
      t.after(() => sender.close());
      await allServed(t, async (peer, attempt) => {
        const push = { ...pushOf(40), id: `${peer}-${attempt}` };
        await sender.send(
          push,
          { address: `WAPPUSH=+49170123456${peer}/TYPE=PLMN@ppg.example`, gateway: 'ppg.example' },
          never,
        );
      });
      assert.ok(host.submissions.length >= 50);
    });
  });
}

describe('200 datagrams a second from 64 addresses', () => {
  test('WAP push: every honest push arrives', async (t) => {
    const arrived = new Set<string>();
    const listener = new WapListener({
      port: 0,
      address: '127.0.0.1',
      handler: (push) => void arrived.add(bytesToHex(push.body)),
    });
    const port = await listener.start();
    t.after(() => listener.close());
    await startFlood(t, {
      ...base,
      kind: 'datagrams',
      port,
      datagrams: ['0106', '010603c4af87', 'ff'.repeat(600)],
    });
    const sender = createWapSender();
    t.after(() => sender.close());
    await allServed(t, async (peer) => {
      const push = pushOf(40);
      const body = push.body.with(0, peer);
      await sender.send({ ...push, body }, { host: '127.0.0.1', port }, never);
      await until(() => arrived.has(bytesToHex(body)));
    });
  });

  test('secure WAP push: every honest push arrives over a handshake of its own', async (t) => {
    const arrived = new Set<string>();
    const device = new WapsDevice({ handler: (push) => void arrived.add(bytesToHex(push.body)) });
    await device.start();
    t.after(() => device.listener.close());
    // HelloRequests with and without their length, and the beginning of one: each whole one begins a handshake.
    await startFlood(t, {
      ...base,
      kind: 'datagrams',
      port: device.port,
      datagrams: ['c300000003000000', '430000000000', 'c3000000'],
    });
    await allServed(
      t,
      async (peer) => {
        const sender = senderWith();
        try {
          const push = pushOf(40, contentTypes['dm+wbxml']);
          const body = push.body.with(0, peer);
          await sender.send({ ...push, body }, { host: '127.0.0.1', port: device.port }, never);
          await until(() => arrived.has(bytesToHex(body)));
        } finally {
          await sender.close();
        }
      },
      { tries: 3 },
    );
  });

  test('SIP over UDP: every honest push is delivered', async (t) => {
    const bench = new Bench();
    t.after(() => bench.close());
    const clock = systemClock({ unref: true });
    const { port, pushes } = await bench.listener({ clock });
    const request = (branch: string) =>
      `OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK${branch};rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: ${branch}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
    const datagrams = Array.from({ length: 997 }, (_, index) =>
      Buffer.from(request(`f${index}`)).toString('hex'),
    );
    await startFlood(t, { ...base, kind: 'datagrams', port, datagrams });
    await allServed(t, async () => {
      const sender = bench.sender(port, { clock });
      try {
        await sender.send(pushOf(40), { uri: sipDevice }, never);
      } finally {
        await sender.close();
      }
    });
    assert.ok(pushes.length >= 50);
  });
});

/** Waits until something holds. @throws after three seconds, as a peer's own time would end */
async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited >= 3000) throw new Error('nothing arrived');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
