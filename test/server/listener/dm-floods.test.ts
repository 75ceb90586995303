// Connections that say nothing, or say it slowly, beside devices that want something, over real sockets.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { startDmListener } from '../../../src/server/index.ts';
import { BodyIntake, BodyRefusal } from '../../../src/server/listener/body-intake.ts';
import { eventually } from '../../../src/testing/index.ts';
import { httpCarrier, listening, post } from '../dm-http.ts';
import { ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const kibibyte = 1024;

/** A connection from an address of one's choice; what it gets is not read, and its errors are its own affair. */
function silent(port: number, from: string, said = ''): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    socket.on('error', () => undefined);
    socket.once('connect', () => {
      if (said !== '') socket.write(said);
      resolve(socket);
    });
  });
}

/** A request whose body is `octets` long and never whole. */
const begun = (octets: number, declared = 1_000_000): string =>
  `POST /dm HTTP/1.1\r\nhost: x\r\ncontent-type: application/vnd.syncml.dm+xml\r\ncontent-length: ${declared}\r\n\r\n` +
  'x'.repeat(octets);

async function completes(
  { device }: ServerBench,
  port: number,
  from: string,
  sessionId: number,
): Promise<void> {
  const honest = new ScriptedDevice(device.state, httpCarrier(port, from));
  assert.deepEqual((await honest.run({ sessionId, trigger: 'client' })).end, { outcome: 'completed' });
}

test('connections that say nothing displace each other: devices get in while 600 of 30 sources stay', () =>
  withServer({}, (bench) =>
    listening(
      bench,
      async ({ port }) => {
        const sockets: Socket[] = [];
        for (let each = 0; each < 600; each += 1)
          sockets.push(await silent(port, `127.0.5.${(each % 30) + 1}`));
        for (let round = 1; round <= 10; round += 1) await completes(bench, port, '127.0.0.1', round);
        await eventually(() => sockets.filter(({ destroyed }) => destroyed).length >= 400);
        for (const socket of sockets) socket.destroy();
      },
      { connections: { total: 200, perSource: 50 } },
    ),
  ));

test('a source has no more than its share of connections, and displaces its own', () =>
  withServer({}, (bench) =>
    listening(
      bench,
      async ({ port }) => {
        const other = await silent(port, '127.0.5.2');
        const sockets: Socket[] = [];
        for (let each = 0; each < 30; each += 1) sockets.push(await silent(port, '127.0.5.1'));
        await eventually(() => sockets.filter(({ destroyed }) => destroyed).length === 20);
        assert.equal(other.destroyed, false);
        await completes(bench, port, '127.0.0.1', 1);
        for (const socket of [other, ...sockets]) socket.destroy();
      },
      { connections: { total: 1000, perSource: 10 } },
    ),
  ));

test('a connection that was answered may be kept, and gives way like a new one', () =>
  withServer({}, (bench) =>
    listening(
      bench,
      async ({ port }) => {
        const request =
          'POST /dm HTTP/1.1\r\nhost: x\r\ncontent-type: application/vnd.syncml.dm+xml\r\ncontent-length: 2\r\n\r\nhi';
        const kept = await silent(port, '127.0.5.1', request);
        await new Promise((resolve) => kept.once('data', resolve));
        const sockets: Socket[] = [];
        for (let each = 0; each < 3; each += 1) sockets.push(await silent(port, '127.0.5.1'));
        await eventually(() => kept.destroyed);
        for (const socket of sockets) socket.destroy();
      },
      { connections: { total: 1000, perSource: 3 } },
    ),
  ));

test('a connection without a request ends by itself', () =>
  withServer({}, (bench) =>
    listening(
      bench,
      async ({ port }) => {
        const [nothing, started] = [
          await silent(port, '127.0.5.1'),
          await silent(port, '127.0.5.1', begun(10)),
        ];
        await eventually(() => nothing.destroyed && started.destroyed, 'both are closed', 15_000);
      },
      { requestTimeoutMs: 500, idleMs: 700 },
    ),
  ));

test('bodies that never end displace each other: devices are served while 60 of 20 sources hold theirs back', () =>
  withServer({}, (bench) =>
    listening(
      bench,
      async ({ port }) => {
        const sockets: Socket[] = [];
        for (let each = 0; each < 60; each += 1) {
          sockets.push(await silent(port, `127.0.5.${(each % 20) + 1}`, begun(100 * kibibyte)));
        }
        for (let round = 1; round <= 10; round += 1) await completes(bench, port, '127.0.0.1', round);
        await eventually(() => sockets.some(({ destroyed }) => destroyed));
        for (const socket of sockets) socket.destroy();
      },
      { bodies: { strangers: { total: 1024 * kibibyte, perHolder: 256 * kibibyte } } },
    ),
  ));

test('a body that is too long is refused before it is read, with a length and without one', () =>
  withServer({ server: { endpoint: { maxBody: 1000 } } }, (bench) =>
    listening(bench, async ({ port }) => {
      const headers = { 'content-type': 'application/vnd.syncml.dm+xml' };
      for (const more of [{ 'content-length': '5000' }, { 'transfer-encoding': 'chunked' }] as const) {
        const answer = await post({
          port,
          from: '127.0.5.1',
          body: Buffer.alloc(5000),
          headers: { ...headers, ...more } as Readonly<Record<string, string>>,
        });
        assert.equal(answer.status, 413);
        assert.equal(answer.body.toString(), 'at most 1000 octets\n');
      }
    }),
  ));

test('a body is counted by what is set aside for it, and given back when it is released', async () => {
  const bounds = { total: 10_000, perHolder: 10_000 };
  const intake = new BodyIntake(20_000, { strangers: bounds, sessions: bounds });
  const parts = (count: number) => Readable.from(Array.from({ length: count }, () => Buffer.alloc(1)));
  const first = await intake.read(parts(3), undefined, { source: 'a' });
  assert.equal(first.body.length, 3);
  const second = await intake.read(parts(4097), undefined, { source: 'b' }).catch((error: unknown) => error);
  assert.ok(second instanceof BodyRefusal, 'it would be 8192 octets beside 4096');
  assert.equal(second.statusCode, 503);
  first.release();
  assert.equal((await intake.read(parts(4097), undefined, { source: 'b' })).body.length, 4097);
  assert.equal(
    (await intake.read(parts(10), undefined, { device: 'c' })).body.length,
    10,
    'sessions have their own',
  );
});

test('a bound of the listener that is none is refused by name', () =>
  withServer({}, async ({ server }) => {
    for (const [options, name] of [
      [{ connections: { total: Number.NaN } }, 'connections.total'],
      [{ connections: { perSource: 1.5 } }, 'connections.perSource'],
      [{ bodies: { strangers: { total: 0, perHolder: 1 } } }, 'bodies.strangers.total'],
      [{ bodies: { sessions: { total: 1, perHolder: -1 } } }, 'bodies.sessions.perHolder'],
    ] as const) {
      await assert.rejects(
        startDmListener(server.endpoint, { port: 0, host: '127.0.0.1', ...options }),
        (error) => error instanceof ValueError && error.path === name,
      );
    }
  }));
