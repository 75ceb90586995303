// Strangers that leave undone what each listener over TCP begins, beyond the head of a request: TLS handshakes, bodies, OBEX
// packets, keep-alives; from 64 addresses and from one. Honest pushes meanwhile, each with a connection of its own.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createHttpPushSender } from '../../src/push/http/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createObexSender } from '../../src/push/obex/index.ts';
import { createPapSender, PapEndpoint, PapListener } from '../../src/push/pap/index.ts';
import { createSipSender, SipListener } from '../../src/push/sip/index.ts';
import { deviceTls, never, pushOf, serverTls, startDevice as startHttp } from '../push/http/device.ts';
import { startDevice as startObex } from '../push/obex/device.ts';
import { MemoryHost } from '../push/pap/memory-host.ts';
import { allServed, type Flood, honestPeers, startFlood } from './flood.ts';

/** 1,000 connections from 64 addresses that begin with `first` and go on octet by octet. */
const flood = (port: number, first: string): Flood => ({
  kind: 'connections',
  port,
  connections: 1000,
  sources: 64,
  rate: 200,
  seconds: 90,
  first: Buffer.from(first, 'latin1').toString('hex'),
  trickle: true,
});

const push = pushOf(40, contentTypes['dm1.3']);

async function httpPushes(t: TestContext, uri: string): Promise<void> {
  await allServed(t, async () => {
    const sender = createHttpPushSender({ tls: serverTls });
    try {
      await sender.send(push, { uri }, never);
    } finally {
      await sender.close();
    }
  });
}

describe('1,000 connections from 64 addresses, undone', () => {
  test('OTA-HTTP, in a body: every honest push is delivered', async (t) => {
    const { port, to, pushes } = await startHttp(t);
    await startFlood(t, flood(port, 'POST /wappush HTTP/1.1\r\nHost: d\r\nContent-Length: 99999\r\n\r\n'));
    await httpPushes(t, to.uri);
    assert.ok(pushes.length >= honestPeers);
  });

  for (const [what, first] of [
    ['before its handshake', ''],
    ['in a ClientHello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ] as const) {
    test(`OTA-HTTP over TLS, ${what}: every honest push is delivered`, async (t) => {
      const { port, to, pushes } = await startHttp(t, { tls: deviceTls });
      await startFlood(t, { ...flood(port, first), ...(first === '' && { trickle: false }) } as Flood);
      await httpPushes(t, to.uri);
      assert.ok(pushes.length >= honestPeers);
    });
  }

  test('OBEX, in a PUT after a CONNECT as it should be: every honest push is delivered', async (t) => {
    const { to, pushes } = await startObex(t);
    await startFlood(t, flood(to.port, '\x80\x00\x07\x10\x00\x20\x00\x02\x10\x00'));
    const sender = createObexSender();
    t.after(() => sender.close());
    await allServed(t, async () => void (await sender.send(push, to, never)));
    assert.ok(pushes.length >= honestPeers);
  });

  test('a PAP port, in a body: every honest initiator is served', async (t) => {
    const host = new MemoryHost();
    const credentials = { username: 'partner', password: 'a password of the partner' };
    const endpoint = new PapEndpoint({ host, initiators: [{ name: 'partner', credentials }] });
    const route = { maxBody: endpoint.maxBody, handle: endpoint.handle.bind(endpoint) };
    const listener = new PapListener({ port: 0, address: '127.0.0.1', routes: { '/pap': route } });
    const port = await listener.start();
    t.after(() => listener.close());
    await startFlood(t, flood(port, 'POST /pap HTTP/1.1\r\nHost: d\r\nContent-Length: 9000\r\n\r\n'));
    await allServed(t, async () => {
      const gateway = { name: 'gw', url: `http://127.0.0.1:${port}/pap`, credentials };
      const sender = createPapSender({ gateways: [gateway] });
      try {
        await sender.send(push, { address: 'WAPPUSH=+491701234567/TYPE=PLMN@gw', gateway: 'gw' }, never);
      } finally {
        await sender.close();
      }
    });
    assert.ok(host.submissions.length >= honestPeers);
  });

  for (const [what, first] of [
    ['in a body', 'MESSAGE sip:d@127.0.0.1 SIP/2.0\r\nContent-Length: 60000\r\n\r\n'],
    ['after a keep-alive', '\r\n\r\n'],
  ] as const) {
    test(`SIP over TCP, ${what}: every honest push is delivered`, async (t) => {
      let taken = 0;
      const handler = (): void => {
        taken += 1;
      };
      const listener = new SipListener({ port: 0, address: '127.0.0.1', handler });
      const port = await listener.start();
      t.after(() => listener.close());
      await startFlood(t, flood(port, first));
      await allServed(t, async () => {
        const outboundProxy = `sip:127.0.0.1:${port};transport=tcp`;
        const sender = createSipSender({ from: 'sip:dms@example.com', outboundProxy });
        try {
          await sender.send(push, { uri: 'sip:dev@example.com' }, never);
        } finally {
          await sender.close();
        }
      });
      assert.ok(taken >= honestPeers);
    });
  }
});

test('1,000 connections of one address displace each other alone: honest pushes need no second try', async (t) => {
  const { to } = await startObex(t);
  await startFlood(t, { ...flood(to.port, ''), from: '127.0.0.9' });
  const sender = createObexSender();
  t.after(() => sender.close());
  await allServed(t, async () => void (await sender.send(push, to, never)), { tries: 1 });
});
