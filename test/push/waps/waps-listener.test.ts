import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type WtlsEvent, WtlsServerEndpoint } from '../../../src/codec/wtls/index.ts';
import { ConfigError, hexToBytes, systemClock, utf8ToBytes } from '../../../src/core/index.ts';
import { nodeWtlsCrypto, type WapsListenerOptions } from '../../../src/push/waps/index.ts';
import vectors from '../../vectors/wsp-push.json' with { type: 'json' };
import { UdpSocket } from '../wap/udp-socket.ts';
import { Device, never, pushOf, Relay, secret, senderWith } from './ends.ts';

/** A server of ours that sends any application data, over a socket of its own. */
class Server {
  readonly #socket: UdpSocket;
  readonly #endpoint: WtlsServerEndpoint;
  readonly #peer: string;
  readonly #secrets = [{ identity: utf8ToBytes('dev1'), secret: utf8ToBytes(String(secret.secret)) }];
  readonly events: WtlsEvent[] = [];

  private constructor(socket: UdpSocket, port: number) {
    this.#socket = socket;
    this.#peer = `127.0.0.1:${port}`;
    this.#endpoint = new WtlsServerEndpoint({
      crypto: nodeWtlsCrypto,
      clock: systemClock({ unref: true }),
      transmit: (_peer, datagram) => void socket.send(datagram, port),
      onEvent: (_peer, event) => this.events.push(event),
      maxHandshakes: 1,
      maxSessions: 1,
      sessionMs: 60_000,
    });
  }

  /** A server with a session with the device on `port`. */
  static async connect(port: number): Promise<Server> {
    const server = new Server(await UdpSocket.open(), port);
    server.#endpoint.connect(server.#peer, server.#secrets);
    while (server.#endpoint.counts.sessions === 0) {
      const { octets } = await server.#socket.next();
      server.#endpoint.receive(server.#peer, octets);
    }
    return server;
  }

  async send(data: Uint8Array): Promise<void> {
    const datagram = this.#endpoint.protect(this.#peer, this.#secrets, data);
    if (datagram === undefined) throw new Error('no session');
    await this.#socket.send(datagram, Number(this.#peer.split(':')[1]));
  }

  close(): Promise<void> {
    return this.#socket.close();
  }
}

test('PB-C-003 DM-NOTI §7.1.1: every vector inside a session: ours arrive, others are counted', async () => {
  const device = await new Device().start();
  const server = await Server.connect(device.port);
  const wanted: Record<string, number> = {};
  const ours: (string | undefined)[] = [];
  for (const { hex, rejected, contentType } of vectors.pushes) {
    await server.send(hexToBytes(hex));
    if (rejected === null) ours.push(contentType.mime);
    else wanted[rejected] = (wanted[rejected] ?? 0) + 1;
  }
  for (const { hex } of vectors.malformed) {
    await server.send(hexToBytes(hex));
    wanted.malformed = (wanted.malformed ?? 0) + 1;
  }
  const total = vectors.pushes.length + vectors.malformed.length;
  await device.until(() => device.listener.counters().received === total);
  const { dropped, accepted, received } = device.listener.counters();
  assert.deepEqual(Object.fromEntries(Object.entries(dropped).filter(([, count]) => count > 0)), wanted);
  assert.deepEqual([accepted, received], [ours.length, total]);
  for (const mime of ours) assert.equal((await device.next()).contentType.mime, mime);
  assert.ok(
    device.drops.every(({ binding, from, detail }) => binding === 'waps' && from !== '' && detail !== ''),
  );
  await server.close();
  await device.listener.close();
});

test('PB-C-003: a push that is not protected is dropped on the secure port, as is everything else, without an answer', async () => {
  const device = await new Device().start();
  const peer = await UdpSocket.open();
  const datagrams = [...vectors.pushes, ...vectors.malformed].map(({ hex }) => hexToBytes(hex));
  for (const datagram of datagrams) await peer.send(datagram, device.port);
  await device.until(() => device.drops.length >= datagrams.length);
  assert.equal(device.listener.counters().accepted, 0);
  // An answer would have arrived before this.
  const witness = await UdpSocket.open();
  await witness.send(hexToBytes('77'), peer.port);
  assert.deepEqual((await peer.next()).octets, hexToBytes('77'));
  await witness.close();
  await peer.close();
  await device.listener.close();
});

test('profile 3: a push that the network repeats is handed on once', async () => {
  const device = await new Device().start();
  const relay = await Relay.open(device.port);
  const sender = senderWith();
  relay.fate = (datagram) => [datagram, datagram, datagram];
  const to = { host: '127.0.0.1', port: relay.port };
  await sender.send(pushOf(Uint8Array.of(1)), to, never);
  await sender.send(pushOf(Uint8Array.of(2)), to, never);
  assert.deepEqual((await device.next()).body, Uint8Array.of(1));
  assert.deepEqual((await device.next()).body, Uint8Array.of(2));
  await device.until(() => device.drops.filter(({ reason }) => reason === 'replay').length >= 4);
  assert.equal(device.listener.counters().accepted, 2);
  await sender.close();
  await device.listener.close();
  await relay.close();
});

test('without a secret the listener is off', () => {
  assert.throws(
    () => new Device({ secrets: [] }),
    (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /off: it needs a secret/);
      return true;
    },
  );
});

test('secrets by address: a server for which there is none gets no answer; one that cannot be used is reported', async () => {
  let given: readonly (typeof secret)[] = [];
  const asked: string[] = [];
  const device = await new Device({
    secrets: (address) => {
      asked.push(address);
      return given;
    },
  }).start();
  const peer = await UdpSocket.open();
  const helloRequest = hexToBytes('c3000000030000 00');
  await peer.send(helloRequest, device.port);
  await device.until(() => device.drops.length === 1);
  assert.deepEqual(
    device.drops.map(({ reason }) => reason),
    ['stranger'],
  );
  given = [{ identity: 'x', secret: 'short' }];
  await peer.send(helloRequest, device.port);
  await peer.send(hexToBytes('00'), device.port);
  await device.until(() => device.drops.length === 2);
  assert.match(String(device.errors[0]), /at least 16/);
  given = [secret];
  await peer.send(helloRequest, device.port);
  assert.equal((await peer.next()).octets[5], 1);
  assert.deepEqual(asked, ['127.0.0.1', '127.0.0.1', '127.0.0.1']);
  await peer.close();
  await device.listener.close();
});

test('a handler or a log that fails is counted and does not stop the listener', async () => {
  let calls = 0;
  let third: () => void = () => undefined;
  const thirdCall = new Promise<void>((resolve) => {
    third = resolve;
  });
  const device = await new Device({
    handler: (): Promise<void> | void => {
      calls += 1;
      if (calls === 1) throw new Error('at once');
      if (calls === 2) return Promise.reject(new Error('later'));
      third();
    },
    onDrop: () => {
      throw new Error('in the log');
    },
    onNotice: () => {
      throw new Error('in the other log');
    },
  }).start();
  const server = await Server.connect(device.port);
  const good = hexToBytes('010603c4af87 aabb');
  await server.send(good);
  await server.send(hexToBytes('00'));
  await server.send(good);
  await server.send(good);
  await thirdCall;
  assert.equal(device.listener.counters().handlerErrors, 2);
  assert.deepEqual(
    device.errors.map((error) => (error instanceof Error ? error.message : '')),
    ['in the other log', 'at once', 'in the log', 'later'],
  );
  await server.close();
  await device.listener.close();
});

test('bounded: beyond maxPending unfinished handlers, pushes are dropped as busy', async () => {
  const waiting: (() => void)[] = [];
  const device = await new Device({
    maxPending: 2,
    handler: () => new Promise<void>((resolve) => waiting.push(resolve)),
  }).start();
  const server = await Server.connect(device.port);
  for (let i = 0; i < 3; i += 1) await server.send(hexToBytes('010603c4af87 aabb'));
  await device.until(() => device.drops.length === 1);
  assert.equal(waiting.length, 2);
  assert.equal(device.listener.counters().dropped.busy, 1);
  for (const finish of waiting) finish();
  await server.close();
  await device.listener.close();
});

test('a port in use, a wrong port, a wrong address: ConfigErrors that say what to do', async () => {
  const first = await new Device().start();
  const cases: readonly (readonly [Partial<WapsListenerOptions>, RegExp])[] = [
    [
      { port: first.port },
      new RegExp(`UDP port ${first.port} on 127\\.0\\.0\\.1 is in use: stop the program`),
    ],
    [{ port: Number.NaN }, /^port: UDP port NaN/],
    [{ port: 65536 }, /^port: UDP port 65536 is not between 0 and 65535/],
    [{ address: '192.0.2.77' }, /192\.0\.2\.77 is not an address of this machine/],
    [{ address: 'localhost' }, /"localhost" is not an IP address/],
  ];
  for (const [options, message] of cases) {
    await assert.rejects(
      async () => new Device(options).start(),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, message);
        return true;
      },
    );
  }
  await assert.rejects(first.listener.start(), ConfigError);
  await first.listener.close();
  const again = await new Device({ port: first.port }).start();
  assert.equal(again.port, first.port);
  await again.listener.close();
  await again.listener.close();
  await new Device().listener.close();
});
