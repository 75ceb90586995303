import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ValueError } from '../../src/core/index.ts';
import { InboundConnections, listenTcp } from '../../src/push/index.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';

interface Bench {
  readonly clock: ManualClock;
  readonly connections: InboundConnections;
  readonly accepted: Socket[];
  readonly ended: string[];
  /** Opens a connection from an address of the loopback; resolves once the server has it. */
  open(source?: string): Promise<Socket>;
}

async function bench(
  t: TestContext,
  maxConnections: number,
  maxConnectionsPerSource: number,
): Promise<Bench> {
  const clock = new ManualClock();
  const accepted: Socket[] = [];
  const ended: string[] = [];
  const connections = new InboundConnections({
    maxConnections,
    maxConnectionsPerSource,
    firstMs: 1000,
    clock,
    onEnded: (reason, detail) => ended.push(`${reason}: ${detail}`),
  });
  const server = createServer((socket) => {
    socket.resume();
    accepted.push(socket);
  });
  connections.watch(server, false);
  const port = await listenTcp(server, 0, '127.0.0.1');
  t.after(() => {
    connections.destroy();
    server.close();
  });
  return {
    clock,
    connections,
    accepted,
    ended,
    async open(source = '127.0.0.1') {
      const before = accepted.length;
      const socket = connect({ port, host: '127.0.0.1', localAddress: source });
      socket.on('error', () => {});
      socket.resume();
      await once(socket, 'connect');
      await eventually(() => accepted.length > before);
      return socket;
    },
  };
}

function isOpen(socket: Socket): boolean {
  return !socket.destroyed && !socket.readableEnded;
}

test('the oldest without a valid request gives way, of its own source where that has its share', async (t) => {
  const { open, ended } = await bench(t, 4, 2);
  const honest = await open('127.0.0.9');
  const [first, second, third] = [await open('127.0.0.8'), await open('127.0.0.8'), await open('127.0.0.8')];
  await eventually(() => !isOpen(first));
  assert.ok(isOpen(honest) && isOpen(second) && isOpen(third));
  await open('127.0.0.7');
  await open('127.0.0.6');
  await eventually(() => !isOpen(honest));
  assert.deepEqual(ended, Array(2).fill('busy: gave way to a newer connection'));
});

test('a valid request keeps a place before all that have none', async (t) => {
  const { open, connections, accepted, ended } = await bench(t, 2, 2);
  const first = await open();
  connections.served(accepted[0] as Socket, false);
  const second = await open();
  const third = await open();
  await eventually(() => !isOpen(second));
  assert.ok(isOpen(first) && isOpen(third));
  assert.equal(ended.length, 1);
});

test('what anybody can ask keeps half of the places at most: the one idle longest gives way again', async (t) => {
  const { open, connections, accepted } = await bench(t, 4, 4);
  const served: Socket[] = [];
  for (let index = 0; index < 4; index += 1) {
    served.push(await open('127.0.0.8'));
    connections.served(accepted[index] as Socket, false);
  }
  // The first two are as if they had just come; the honest one among them is the newest.
  const honest = await open();
  await eventually(() => !isOpen(served[0] as Socket));
  await open('127.0.0.7');
  await eventually(() => !isOpen(served[1] as Socket));
  assert.ok(isOpen(honest) && isOpen(served[2] as Socket) && isOpen(served[3] as Socket));
});

test('where all that is left was proved or is served, the one idle longest of the latter goes', async (t) => {
  const { open, connections, accepted } = await bench(t, 2, 2);
  const proved = await open();
  connections.served(accepted[0] as Socket, true);
  const served = await open();
  connections.served(accepted[1] as Socket, false);
  const late = await open();
  await eventually(() => !isOpen(served));
  assert.ok(isOpen(proved) && isOpen(late));
});

test('who proved a secret gives way to nobody; where all did, a new one is refused', async (t) => {
  const { open, connections, accepted, ended } = await bench(t, 2, 2);
  const proved = [await open(), await open()];
  for (const socket of accepted) connections.served(socket, true);
  const late = await open();
  await eventually(() => !isOpen(late));
  assert.ok(proved.every(isOpen));
  assert.deepEqual(ended, ['busy: 2 connections are in use']);
});

test('a connection has a time in all for its first valid request, whatever trickles in', async (t) => {
  const { open, connections, accepted, clock, ended } = await bench(t, 4, 4);
  const [silent, trickling, served] = [await open(), await open(), await open()];
  connections.served(accepted[2] as Socket, false);
  for (let octet = 0; octet < 9; octet += 1) {
    trickling.write('x');
    await eventually(() => accepted[1]?.bytesRead === octet + 1);
    // Answers that were no success do not extend it.
    connections.wait(accepted[1] as Socket, 1000);
    clock.advance(100);
  }
  trickling.write('x');
  await eventually(() => accepted[1]?.bytesRead === 10);
  assert.ok(isOpen(silent) && isOpen(trickling));
  clock.advance(100);
  await eventually(() => !isOpen(silent) && !isOpen(trickling));
  assert.ok(isOpen(served));
  // What never said anything ends without a word.
  assert.equal(ended.length, 1);
  assert.match(ended[0] ?? '', /^timeout: no whole request within/);
});

test('the listener’s own time counts against nobody', async (t) => {
  const { open, connections, accepted, clock } = await bench(t, 4, 4);
  const client = await open();
  clock.advance(900);
  connections.stopWaiting(accepted[0] as Socket);
  clock.advance(5000);
  connections.wait(accepted[0] as Socket, 1000);
  clock.advance(99);
  assert.ok(isOpen(client));
  clock.advance(1);
  await eventually(() => !isOpen(client));
});

test('bounds that are none are refused', () => {
  const rest = { firstMs: 1, clock: new ManualClock(), onEnded: () => {} };
  for (const wrong of [Number.NaN, 0, -1, 1.5]) {
    for (const name of ['maxConnections', 'maxConnectionsPerSource', 'firstMs']) {
      assert.throws(
        () => new InboundConnections({ ...rest, [name]: wrong }),
        (error) => error instanceof ValueError && error.path === name,
      );
    }
  }
});
