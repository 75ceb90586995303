// Who a peer is to the listener: whoever connects, or whom a proxy names; and how many connections one may have.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { type DmEndpoint, startDmListener } from '../../../src/server/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { post } from '../dm-http.ts';
import { withServer } from '../server-bench.ts';

test('the peer is who connects, or whom a proxy names that is trusted; a proxy that is not names nobody', async () => {
  const peers: string[] = [];
  const endpoint = {
    maxBody: 100,
    deviceOf: () => undefined,
    handle: async ({ peer }: { readonly peer: string }) => {
      peers.push(peer);
      return { status: 204, headers: {}, body: new Uint8Array(0) };
    },
  } as unknown as DmEndpoint;
  for (const [options, peer] of [
    [{}, '127.0.0.1'],
    [{ trustProxy: false }, '127.0.0.1'],
    [{ trustProxy: '192.0.2.0/24' }, '127.0.0.1'],
    [{ trustProxy: '127.0.0.0/8' }, '198.51.100.2'],
    [{ trustProxy: true }, '203.0.113.1'],
  ] as const) {
    const listener = await startDmListener(endpoint, { port: 0, host: '127.0.0.1', ...options });
    try {
      const headers = { 'x-forwarded-for': '203.0.113.1, 198.51.100.2' };
      const body = new Uint8Array(0);
      assert.equal((await post({ port: listener.port, from: '127.0.0.1', body, headers })).status, 204);
      assert.equal(peers.pop(), peer);
    } finally {
      await listener.close();
    }
  }
});

test('a source has 512 connections where nothing else is said; behind a proxy that is trusted, one may have all', () =>
  withServer({}, async ({ server }) => {
    for (const [options, most] of [
      [{}, 512],
      [{ trustProxy: false }, 512],
      [{ trustProxy: true }, 515],
    ] as const) {
      const listener = await startDmListener(server.endpoint, { port: 0, host: '127.0.0.1', ...options });
      const sockets: Socket[] = [];
      try {
        for (let each = 0; each < 515; each += 1) {
          const socket = connect(listener.port, '127.0.0.1').on('error', () => undefined);
          await once(socket, 'connect');
          sockets.push(socket.resume());
        }
        // Another source is served, so all of these were taken in before, and what had to give way was told to.
        const other = connect({ port: listener.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
        other.write('GET /dm HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
        await once(other.resume(), 'close');
        const open = () => sockets.filter(({ closed }) => !closed).length;
        await eventually(() => open() === most, `${most} of them stay`);
      } finally {
        for (const socket of sockets) socket.destroy();
        await listener.close();
      }
    }
  }));
