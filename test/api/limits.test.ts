// What strangers may leave unfinished at the API: connections, headers, bodies; and that an honest client is served.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { ValueError } from '../../src/core/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { type ApiBench, withApi } from './api-bench.ts';
import { rawRequest } from './raw-request.ts';

const token = 'a-token-of-operators';
const authorization = `Authorization: Bearer ${token}`;

async function withPort(
  options: Parameters<typeof withApi>[1],
  run: (port: number, bench: ApiBench) => Promise<void>,
): Promise<void> {
  await withApi(async (bench) => {
    await bench.app.listen({ host: '127.0.0.1', port: 0 });
    await run((bench.app.server.address() as AddressInfo).port, bench);
  }, options);
}

const honest = async (port: number): Promise<number> =>
  (
    await rawRequest(
      port,
      [
        `GET /v1/devices HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        authorization,
        'Connection: close',
        '',
        '',
      ].join('\r\n'),
    )
  ).status;

/** Connections that say `text` and then nothing. */
async function idle(port: number, count: number, text = ''): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.resume();
      if (text !== '') socket.write(text);
      return socket;
    }),
  );
}

for (const [what, text] of [
  ['silent', ''],
  ['half a header', 'GET /v1/devices HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  ['half a body', `POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{`],
] as const) {
  test(`flood: 1,000 connections with ${what}, and each of 50 honest clients is served at once`, () =>
    withPort({ tokens: [token] }, async (port) => {
      const flood = await idle(port, 1000, text);
      try {
        for (let client = 0; client < 50; client += 1) assert.equal(await honest(port), 200);
        // Bounded: of one source no more than its share is open.
        await eventually(
          () => flood.filter((socket) => socket.readyState === 'open').length <= 250,
          'the bound',
        );
        assert.equal(await honest(port), 200);
      } finally {
        for (const socket of flood) socket.destroy();
      }
    }));
}

test('flood: a connection that has proved itself does not give way', () =>
  withPort({ tokens: [token], limits: { connections: 20, connectionsPerSource: 20 } }, async (port) => {
    const agent = connect(port, '127.0.0.1');
    await once(agent, 'connect');
    const ask = async (): Promise<string> => {
      agent.write(`GET /v1/accounts HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${authorization}\r\n\r\n`);
      const [chunk] = (await once(agent, 'data')) as [Buffer];
      return chunk.toString('latin1');
    };
    assert.match(await ask(), /^HTTP\/1\.1 200/);
    const flood = await idle(port, 200);
    assert.match(await ask(), /^HTTP\/1\.1 200/);
    agent.destroy();
    for (const socket of flood) socket.destroy();
  }));

test('flood: while proved connections hold every place a new one is refused, and gets in when one ends', () =>
  withPort({ tokens: [token], limits: { connections: 3, connectionsPerSource: 3 } }, async (port) => {
    const streams = await Promise.all(
      [1, 2, 3].map(async () => {
        const socket = connect(port, '127.0.0.1');
        socket.write(`GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${authorization}\r\n\r\n`);
        await once(socket, 'data');
        return socket;
      }),
    );
    assert.equal(await honest(port).catch(() => 0), 0);
    streams[0]?.destroy();
    await eventually(async () => (await honest(port).catch(() => 0)) === 200, 'a place');
    for (const socket of streams) socket.destroy();
  }));

test('slow: what does not come within its time is closed: nothing, half a header, half a body', () =>
  withPort(
    { limits: { headerTimeoutMs: 300, requestTimeoutMs: 300, idleTimeoutMs: 60_000 } },
    async (port) => {
      const [silent] = await idle(port, 1);
      const [header] = await idle(port, 1, 'GET / HTTP/1.1\r\nHost: ');
      const [body] = await idle(
        port,
        1,
        `POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
      );
      for (const socket of [silent, header, body]) {
        assert.ok(socket !== undefined);
        socket.resume();
        if (!socket.closed) await once(socket, 'close');
      }
      assert.equal(await honest(port), 200);
    },
  ));

test('slow: a connection that only drips is closed all the same', () =>
  withPort({ limits: { headerTimeoutMs: 300, requestTimeoutMs: 300 } }, async (port) => {
    const [socket] = await idle(port, 1, 'GET / HTTP/1.1\r\n');
    assert.ok(socket !== undefined);
    socket.resume();
    const drip = setInterval(() => socket.write('X: y\r\n'), 50);
    await once(socket, 'close');
    clearInterval(drip);
  }));

test('large: a header, a target and a body beyond the bounds are refused, not held', () =>
  withPort({}, async (port) => {
    const own = `Host: 127.0.0.1:${port}`;
    const ask = (text: string) => rawRequest(port, text);
    const header = await ask(`GET /v1/devices HTTP/1.1\r\n${own}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    assert.equal(header.status, 431);
    const target = await ask(`GET /v1/devices/${'x'.repeat(20_000)} HTTP/1.1\r\n${own}\r\n\r\n`);
    assert.equal(target.status, 431);
    const long = await ask(
      `GET /v1/devices/${'x'.repeat(2000)} HTTP/1.1\r\n${own}\r\nConnection: close\r\n\r\n`,
    );
    assert.ok(long.status === 404 || long.status === 414 || long.status === 400, long.head);
    const lines = [`POST /v1/accounts HTTP/1.1`, own, 'Content-Type: application/json', 'Connection: close'];
    const said = await ask(`${[...lines, 'Content-Length: 99999999'].join('\r\n')}\r\n\r\n`);
    assert.equal(said.status, 413);
    const chunk = `${(70_000).toString(16)}\r\n${' '.repeat(70_000)}\r\n0\r\n\r\n`;
    const chunked = await ask(`${[...lines, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n${chunk}`);
    assert.equal(chunked.status, 413);
  }));

test('limits that are none are refused with their name', () =>
  withApi(async () => undefined).then(async () => {
    for (const [name, value] of [
      ['connections', 0],
      ['connectionsPerSource', Number.NaN],
      ['headerTimeoutMs', -1],
      ['requestTimeoutMs', 0.5],
      ['idleTimeoutMs', Number.POSITIVE_INFINITY],
    ] as const) {
      await assert.rejects(
        withApi(async () => undefined, { limits: { [name]: value } }),
        (error) => error instanceof ValueError && error.path === `limits.${name}`,
      );
    }
  }));

test('a second request on a connection before the first is answered ends it', () =>
  withPort({ tokens: [token] }, async (port) => {
    const one = `GET /livez HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    const socket = connect(port, '127.0.0.1', () => socket.write(one.repeat(1000)));
    let seen = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
    });
    await once(socket, 'close');
    assert.ok(seen.split('HTTP/1.1 ').length - 1 <= 1, seen.slice(0, 200));
    assert.equal(await honest(port), 200);
  }));
