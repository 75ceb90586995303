// 1,000 connections from 64 addresses against each listener over TCP, in each phase in which one can leave its work
// undone; 50 honest pushes have to get through meanwhile, each within its own retries.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';

import {
  createHttpPushSender,
  type HttpListenerTls,
  HttpPushListener,
} from '../../../src/push/http/index.ts';
import { contentTypes, type Push, type PushReceiver } from '../../../src/push/index.ts';
import { createObexSender, ObexListener } from '../../../src/push/obex/index.ts';
import { createPapSender, PapEndpoint, PapListener } from '../../../src/push/pap/index.ts';
import { createSipSender, SipListener } from '../../../src/push/sip/index.ts';
import { deviceTls, serverTls } from '../http/device.ts';
import { MemoryHost } from '../pap/memory-host.ts';
import { allServed, startFlood, thousandConnections } from './flood.ts';

const honest = 50;
const never = new AbortController().signal;
const push: Push = { id: 'p', contentType: contentTypes['dm1.3'], body: new Uint8Array(60) };

/** What is sent at once, and what trickles after it. */
type Phase = readonly [name: string, first: string, trickle: string];

const head = 'POST /wappush HTTP/1.1\r\nHost: d\r\n';
const httpPhases: readonly Phase[] = [
  ['silent', '', ''],
  ['half a header, the rest octet by octet', head, 'X-A: b\r\n'],
  ['half a body, the rest octet by octet', `${head}Content-Length: 200000\r\n\r\nabc`, 'x'],
];

/** The first octets of a TLS ClientHello that announces more. */
const clientHello = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';

async function floodedHttp(t: TestContext, [, first, trickle]: Phase, tls?: HttpListenerTls): Promise<void> {
  let taken = 0;
  const listener = new HttpPushListener({
    port: 0,
    address: '127.0.0.1',
    tls,
    handler: () => {
      taken += 1;
    },
  });
  const port = await listener.start();
  t.after(() => listener.close());
  const end = await startFlood(t, thousandConnections(port, first, trickle));
  const uri = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  const made = await allServed(honest, async () => {
    // Each comes with a connection of its own.
    const sender = createHttpPushSender({ tls: serverTls, responseMs: 10_000 });
    try {
      await sender.send(push, { uri }, never);
    } finally {
      await sender.close();
    }
  });
  const { opened } = await end();
  t.diagnostic(`${made} tries for ${honest} pushes, ${opened} hostile connections`);
  assert.ok(opened >= 1000);
  assert.ok(taken >= honest);
  assertSums(listener);
}

function assertSums(listener: PushReceiver): void {
  const { received, accepted, dropped } = listener.counters();
  const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  assert.equal(received, accepted + drops);
}

describe('1,000 connections from 64 addresses', () => {
  for (const phase of httpPhases) {
    test(`HTTP push listener, ${phase[0]}: honest pushes are served`, (t) => floodedHttp(t, phase));
  }
  for (const phase of [
    ['silent before the handshake', '', ''],
    ['half a ClientHello, the rest octet by octet', clientHello, 'x'],
  ] as const) {
    test(`HTTPS push listener, ${phase[0]}: honest pushes are served`, (t) =>
      floodedHttp(t, phase, deviceTls));
  }

  for (const [name, first, trickle] of [
    ['silent', '', ''],
    ['half a CONNECT', '\x80\x00\x0c\x10', '\x00'],
    ['CONNECT, and then half a PUT', '\x80\x00\x07\x10\x00\x20\x00\x02\x10\x00', '\x00'],
  ] as const) {
    test(`OBEX listener, ${name}: honest pushes are served`, async (t) => {
      const listener = new ObexListener({ port: 0, address: '127.0.0.1', handler: () => {} });
      const port = await listener.start();
      t.after(() => listener.close());
      const end = await startFlood(t, thousandConnections(port, first, trickle));
      const sender = createObexSender({ responseMs: 10_000 });
      t.after(() => sender.close());
      const made = await allServed(honest, () => sender.send(push, { host: '127.0.0.1', port }, never));
      const { opened } = await end();
      t.diagnostic(`${made} tries for ${honest} pushes, ${opened} hostile connections`);
      assert.ok(opened >= 1000);
      assertSums(listener);
    });
  }

  for (const [name, first, trickle] of [
    ['silent', '', ''],
    ['half a header', 'POST /pap HTTP/1.1\r\nHost: d\r\n', 'X-A: b\r\n'],
    ['half a body', 'POST /pap HTTP/1.1\r\nHost: d\r\nContent-Length: 9000\r\n\r\n', 'x'],
  ] as const) {
    test(`PAP port, ${name}: honest initiators are served`, async (t) => {
      const credentials = { username: 'partner', password: 'a password of the partner' };
      const endpoint = new PapEndpoint({
        host: new MemoryHost(),
        initiators: [{ name: 'partner', credentials }],
      });
      const route = { maxBody: endpoint.maxBody, handle: endpoint.handle.bind(endpoint) };
      const listener = new PapListener({ port: 0, address: '127.0.0.1', routes: { '/pap': route } });
      const port = await listener.start();
      t.after(() => listener.close());
      const end = await startFlood(t, thousandConnections(port, first, trickle));
      const made = await allServed(honest, async () => {
        const gateway = { name: 'gw', url: `http://127.0.0.1:${port}/pap`, credentials, responseMs: 10_000 };
        const sender = createPapSender({ gateways: [gateway] });
        try {
          const address = 'WAPPUSH=+491701234567/TYPE=PLMN@gw';
          await sender.send(push, { address, gateway: 'gw' }, never);
        } finally {
          await sender.close();
        }
      });
      const { opened } = await end();
      t.diagnostic(`${made} tries for ${honest} pushes, ${opened} hostile connections`);
      assert.ok(opened >= 1000);
    });
  }

  const half = 'MESSAGE sip:dev@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\n';
  for (const [name, first, trickle] of [
    ['silent', '', ''],
    ['half a header', half, 'X: b\r\n'],
    ['half a body', `${half}Content-Length: 60000\r\n\r\n`, 'x'],
    ['keep-alives alone', '\r\n\r\n', '\r\n\r\n'],
  ] as const) {
    test(`SIP listener over TCP, ${name}: honest pushes are served`, async (t) => {
      const listener = new SipListener({ port: 0, address: '127.0.0.1', handler: () => {} });
      const port = await listener.start();
      t.after(() => listener.close());
      const end = await startFlood(t, thousandConnections(port, first, trickle));
      const made = await allServed(honest, async () => {
        const sender = createSipSender({
          from: 'sip:dms@example.com',
          outboundProxy: `sip:127.0.0.1:${port};transport=tcp`,
          timers: { t1Ms: 30 },
        });
        try {
          await sender.send(push, { uri: 'sip:dev@example.com' }, never);
        } finally {
          await sender.close();
        }
      });
      const { opened } = await end();
      t.diagnostic(`${made} tries for ${honest} pushes, ${opened} hostile connections`);
      assert.ok(opened >= 1000);
      assertSums(listener);
    });
  }

  test('a source that holds its share displaces itself alone: 1,000 connections of one address', async (t) => {
    const listener = new ObexListener({ port: 0, address: '127.0.0.1', handler: () => {} });
    const port = await listener.start();
    t.after(() => listener.close());
    const end = await startFlood(t, { ...thousandConnections(port), sources: 1 });
    const sender = createObexSender({ responseMs: 10_000 });
    t.after(() => sender.close());
    assert.equal(
      await allServed(honest, () => sender.send(push, { host: '127.0.0.1', port }, never)),
      honest,
    );
    await end();
  });
});
