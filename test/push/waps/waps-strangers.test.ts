// Strangers at the ports of secure push, over real sockets: floods, octets counted both ways, weak secrets.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { ConfigError, generateSecret, hexToBytes, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import {
  checkWapsOffers,
  checkWapsSecrets,
  createWapsSender,
  WapsListener,
  wapsListenerDefaults,
} from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { UdpSocket } from '../wap/udp-socket.ts';
import { Device, never, pushOf, secret, senderWith } from './ends.ts';

const helloRequest = hexToBytes('c300000003000000');
/** Octets of the headers of IPv4 and UDP. */
const headers = 28;

/** One socket of a stranger, which counts what it sends and gets. */
class Stranger {
  readonly #socket: Socket;
  sent = 0;
  came = 0;
  datagrams = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', ({ length }) => {
      this.came += length + headers;
      this.datagrams += 1;
    });
  }

  static async open(address: string): Promise<Stranger> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new Stranger(socket);
  }

  send(octets: Uint8Array, port: number): Promise<void> {
    this.sent += octets.length + headers;
    return new Promise((done, failed) => {
      this.#socket.send(octets, port, '127.0.0.1', (error) => (error === null ? done() : failed(error)));
    });
  }

  close(): Promise<void> {
    return new Promise((done) => this.#socket.close(() => done()));
  }
}

/** Addresses of loopback. */
const addresses = Array.from({ length: 64 }, (_, i) => `127.9.0.${i + 1}`);

test('profile 10: while 64 addresses flood a device with HelloRequests, each of 50 servers gets its push through', async () => {
  const device = await new Device().start();
  const strangers = await Promise.all(
    addresses.flatMap((address) => Array.from({ length: 8 }, () => Stranger.open(address))),
  );
  let flooding = true;
  let sent = 0;
  const flood = (async () => {
    for (let i = 0; flooding; i += 1) {
      await strangers[i % strangers.length]?.send(helloRequest, device.port);
      sent += 1;
      // 1000 a second and fewer: what is to be shown is that they hold places, not that they use the machine up.
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  // More strangers than the places that there once were.
  while (sent < strangers.length) await new Promise((resolve) => setTimeout(resolve, 10));
  for (let i = 0; i < 50; i += 1) {
    const sender = senderWith();
    await sender.send(pushOf(Uint8Array.of(i)), { host: '127.0.0.1', port: device.port }, never);
    assert.deepEqual((await device.next()).body, Uint8Array.of(i));
    await sender.close();
  }
  flooding = false;
  await flood;
  const { established, accepted } = device.listener.counters();
  assert.deepEqual([established, accepted], [50, 50]);
  for (const stranger of strangers) await stranger.close();
  await device.listener.close();
});

test('profile 10: octets counted both ways on the wire: a stranger gets 2.5 times what it sends at most, and nothing for nothing', async () => {
  const clock = new ManualClock();
  const device = await new Device({ clock }).start();
  const stranger = await Stranger.open('127.0.0.1');
  const witness = await UdpSocket.open();
  /** All that the device has to say is on its way before the witness is answered. */
  const settled = async (): Promise<void> => {
    await witness.send(helloRequest, device.port);
    await witness.next();
  };
  const junk = [
    '00',
    'c3',
    'c3000000030e0000',
    'e4000100200000000000000000000000000000000000000000000000000000000000000000',
    'e300010018000000000000000000000000000000000000000000000000',
    'c10001000101',
    'c2000000060305deadbeef',
  ].map((hex) => hexToBytes(hex));
  for (let round = 0; round < 6; round += 1) {
    await stranger.send(helloRequest, device.port);
    for (const octets of junk) await stranger.send(octets, device.port);
    await settled();
    assert.ok(stranger.came > 0);
    assert.ok(stranger.came <= 2.5 * stranger.sent, `${stranger.came} for ${stranger.sent}`);
    // It says nothing more by itself, however long it waits.
    const before = stranger.datagrams;
    clock.advance(5000);
    await settled();
    assert.equal(stranger.datagrams, before);
  }
  await stranger.close();
  await witness.close();
  await device.listener.close();
});

test('profile 10: a device with the longest identity that is offered at once amplifies a HelloRequest 2.5 times', async () => {
  const device = await new Device({ secrets: [{ ...secret, identity: 'x'.repeat(21) }] }).start();
  const peer = await UdpSocket.open();
  await peer.send(helloRequest, device.port);
  const { octets } = await peer.next();
  assert.equal((octets.length + headers) / (helloRequest.length + headers), 2.5);
  await peer.close();
  await device.listener.close();
});

test('profile 10: places of sources: the sockets of one address displace each other, not those of another', async () => {
  const device = await new Device({ maxHandshakes: 64, maxHandshakesPerSource: 4 }).start();
  const others = await Stranger.open('127.9.1.1');
  await others.send(helloRequest, device.port);
  const one = await Promise.all(Array.from({ length: 10 }, () => Stranger.open('127.9.1.2')));
  for (const stranger of one) await stranger.send(helloRequest, device.port);
  await device.until(() => device.listener.counters().failed === 6);
  assert.ok(
    device.notices.every(({ peer, detail }) => peer.startsWith('127.9.1.2:') && /displaced/.test(detail)),
  );
  for (const stranger of [others, ...one]) await stranger.close();
  await device.listener.close();
});

test('the bounds of a listener have defaults, and smaller ones in all bound those of a source too', async () => {
  assert.deepEqual(
    [wapsListenerDefaults.maxHandshakes, wapsListenerDefaults.maxHandshakesPerSource],
    [4096, 32],
  );
  for (const options of [{ maxHandshakes: 1 }, { maxSessions: 1 }, { sessionMs: 1000 }]) {
    await new Device(options).listener.close();
  }
  for (const name of [
    'maxHandshakes',
    'maxHandshakesPerSource',
    'maxSessions',
    'maxSessionsPerSource',
    'idleMs',
  ]) {
    for (const value of [Number.NaN, 0, -1, 1.5]) {
      assert.throws(() => new Device({ [name]: value }), { name: 'ValueError', code: 'OUT_OF_RANGE' }, name);
    }
  }
});

const weak: Readonly<Record<string, string | Uint8Array>> = {
  words: 'a secret of some length',
  'one character': 'x'.repeat(40),
  'digits in order': '0123456789012345678901234567',
  'a name and a year': 'reveille-secret-2026',
  'octets in order': Uint8Array.from({ length: 32 }, (_, i) => i),
  zeros: new Uint8Array(24),
  'too short, if random': 'kQ3vN8xT-2mZr_7',
};
for (const [name, value] of Object.entries(weak)) {
  test(`profile 1: a secret that can be guessed is refused where it is configured, with the remedy, and not shown: ${name}`, async () => {
    const given = { identity: 'dev1', secret: value };
    const says = (error: unknown): boolean => {
      assert.ok(error instanceof ValueError);
      assert.equal(error.path, 'secrets[0].secret');
      assert.match(error.message, /reveille secret|at least 16/);
      if (typeof value === 'string') assert.ok(!error.message.includes(value));
      return true;
    };
    assert.throws(() => checkWapsSecrets([given]), says);
    assert.throws(() => new WapsListener({ secrets: [given], handler: () => {} }), says);
    const sender = createWapsSender({ secrets: () => [given] });
    await assert.rejects(sender.send(pushOf(Uint8Array.of(1)), { host: '127.0.0.1', port: 9 }, never), says);
    await sender.close();
  });
}

test('profile 1: secrets as the generator makes them, and random octets, are taken', () => {
  for (let i = 0; i < 50; i += 1) {
    // The same in each run: of random ones written as text, one in some hundred looks like words.
    const octets = createHash('sha256').update(`secret ${i}`).digest().subarray(0, 16);
    const hex = Buffer.from(octets).toString('hex');
    for (const made of [generateSecret(), octets, hex, Buffer.from(octets).toString('base64')]) {
      checkWapsSecrets([{ identity: 'dev1', secret: made }]);
    }
  }
});

test('a secret that is changed in place is looked at again', () => {
  const given = { identity: 'dev1', secret: generateSecret() };
  checkWapsSecrets([given]);
  given.secret = 'password'.repeat(4);
  assert.throws(() => checkWapsSecrets([given]), ValueError);
});

test('profile 10: offers that servers do not ask for often enough are refused, with what to do', () => {
  // 28 + 37 + 16 × 24 octets and more, at 90 for each request.
  const named = Array.from({ length: 16 }, (_, i) => ({ ...secret, identity: `server-${i}.example.com` }));
  const says = {
    name: 'ValueError',
    code: 'TOO_LONG',
    message: /needs 6 HelloRequests.*give secrets by address/,
  };
  assert.throws(() => checkWapsOffers(named), says);
  assert.throws(() => new Device({ secrets: named }), says);
  checkWapsOffers(named.slice(0, 8));
  assert.throws(() => new Device({ secrets: [] }), ConfigError);
});

test('a device with several identities is reached: the server asks a second time', async () => {
  const clock = new ManualClock();
  const secrets = ['server-1.example.com', 'dev1', 'server-2.example.com'].map((identity) => ({
    identity,
    secret: identity === 'dev1' ? secret.secret : generateSecret(),
  }));
  const device = await new Device({ clock, secrets }).start();
  const sender = senderWith({ clock });
  const time = setInterval(() => clock.advance(50), 2);
  await sender.send(pushOf(Uint8Array.of(5)), { host: '127.0.0.1', port: device.port }, never);
  clearInterval(time);
  const push = await device.next();
  assert.deepEqual(push.identity, utf8ToBytes('dev1'));
  assert.ok(device.notices.some(({ what, detail }) => what === 'warning' && /waits until more/.test(detail)));
  await sender.close();
  await device.listener.close();
});

test('profile 5: a sender with a fixed local port says why a terminal that knows it may be silent; one without does not', async () => {
  const taken = await UdpSocket.open('0.0.0.0');
  const { port } = taken;
  await taken.close();
  const peer = await UdpSocket.open();
  for (const localPort of [port, 0]) {
    const clock = new ManualClock();
    const sender = senderWith({ clock, localPort });
    const sending = sender.send(pushOf(Uint8Array.of(1)), { host: '127.0.0.1', port: peer.port }, never);
    const failed = assert.rejects(sending, (error: Error) => {
      const hint = new RegExp(
        `still holds a session with local port ${port} ignores it: use another localPort`,
      );
      assert.equal(hint.test(error.message), localPort !== 0);
      assert.match(error.message, /does not answer/);
      return true;
    });
    for (const wait of [2000, 4000, 8000, 16_000]) {
      await peer.next();
      clock.advance(wait);
    }
    await failed;
    await sender.close();
  }
  await peer.close();
});
