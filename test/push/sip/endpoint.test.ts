import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeSipMessage, headerValue, sipLimits } from '../../../src/codec/sip/index.ts';
import { SipEndpoint } from '../../../src/push/sip/endpoint.ts';
import { sipTimers } from '../../../src/push/sip/index.ts';
import type { EndpointEvents } from '../../../src/push/sip/server-side.ts';
import { messageHeaders, requestOf } from '../../codec/sip/support.ts';
import { RawUdp } from './raw-client.ts';
import { type Bench, withBench } from './support.ts';

/** An end point on loopback, and a peer. */
async function endpointOf(bench: Bench, events: Partial<EndpointEvents>) {
  const { clock } = bench;
  const settings = {
    clock,
    timers: sipTimers,
    limits: sipLimits,
    connectMs: 1000,
    idleMs: 1000,
    messageMs: 1000,
    inboundIdleMs: 1000,
    inbound: { maxConnections: 4 },
    maxServerTransactions: 8,
    tls: {},
    resolve: () => Promise.reject(new Error('no names here')),
  };
  const nothing = (): void => {};
  const endpoint = new SipEndpoint(settings, {
    request: nothing,
    dropped: nothing,
    error: nothing,
    ...events,
  });
  bench.later(() => endpoint.close());
  await endpoint.listen({ port: 0, address: '127.0.0.1', udp: true, tcp: false });
  const peer = await RawUdp.open();
  bench.later(() => peer.close());
  return { endpoint, peer, port: endpoint.ports.udp ?? 0 };
}

function octets(branch: string): Uint8Array {
  const [, ...others] = messageHeaders();
  const via = { name: 'Via', value: `SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK${branch};rport` };
  return encodeSipMessage(requestOf({ headers: [via, ...others] }));
}

test(
  'answers are remembered within bounds, a quarter for each source: beyond them the oldest is forgotten, and all are answered',
  withBench(async (bench) => {
    const dropped: string[] = [];
    let taken = 0;
    const { peer, port } = await endpointOf(bench, {
      request: ({ respond }) => {
        taken += 1;
        respond(200);
      },
      dropped: (reason) => void dropped.push(reason),
    });
    for (const branch of ['1', '2', '3']) assert.equal((await peer.ask(octets(branch), port)).status, 200);
    assert.equal((await peer.ask(octets('3'), port)).status, 200);
    assert.deepEqual([taken, dropped], [3, ['retransmission']]);
    assert.equal((await peer.ask(octets('1'), port)).status, 200);
    assert.equal(taken, 4);
    bench.clock.advance(32_000);
    assert.equal((await peer.ask(octets('3'), port)).status, 200);
    assert.equal(taken, 5);
  }),
);

test(
  'a fault of ours is answered 500 and reported; the same request is not tried again',
  withBench(async (bench) => {
    const errors: unknown[] = [];
    let calls = 0;
    const { peer, port } = await endpointOf(bench, {
      request: () => {
        calls += 1;
        throw new Error('a fault');
      },
      error: (error) => void errors.push(error),
    });
    for (let count = 0; count < 2; count += 1) assert.equal((await peer.ask(octets('1'), port)).status, 500);
    assert.equal(calls, 1);
    assert.equal(errors.length, 1);
  }),
);

test(
  'a provisional answer is repeated until the final one is there; a second final one is not sent',
  withBench(async (bench) => {
    let finish: () => void = () => {};
    const { peer, port } = await endpointOf(bench, {
      request: ({ respond }) => {
        respond(100);
        finish = () => {
          respond(404);
          respond(200);
        };
      },
    });
    for (let count = 0; count < 2; count += 1) {
      const provisional = await peer.ask(octets('1'), port);
      assert.equal(provisional.status, 100);
      assert.equal(headerValue(provisional, 'To'), '<sip:dev1@example.com>');
    }
    finish();
    assert.equal((await peer.next()).status, 404);
    assert.equal((await peer.ask(octets('1'), port)).status, 404);
  }),
);

test(
  'a request after close fails; a function as request is given the way; a request that cannot be written is an error',
  withBench(async (bench) => {
    const { endpoint, peer } = await endpointOf(bench, {});
    const hop = { host: '127.0.0.1', port: peer.port, protocol: 'UDP' } as const;
    const { signal } = new AbortController();
    const parts = { method: 'OPTIONS', requestUri: 'sip:a@b', headers: [], body: new Uint8Array() };
    await assert.rejects(endpoint.request({ ...parts, method: 'A B' }, hop, signal), { code: 'BAD_FORMAT' });
    const asking = endpoint.request(
      ({ local }) => ({ ...parts, requestUri: `sip:a@${local.address}` }),
      hop,
      signal,
    );
    assert.match(Buffer.from(await peer.nextOctets()).toString(), /^OPTIONS sip:a@127\.0\.0\.1 SIP\/2\.0/);
    await endpoint.close();
    assert.equal((await asking).kind, 'failed');
    assert.equal((await endpoint.request(parts, hop, signal)).kind, 'failed');
    assert.equal(bench.clock.nextTimerAt(), undefined);
  }),
);
