import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesToHex, ConfigError, concatBytes, hexToBytes, ValueError } from '../../../src/core/index.ts';
import { contentTypes, type DroppedPush, type ReceivedPush } from '../../../src/push/index.ts';
import { createWapSender, WapListener, type WapListenerOptions } from '../../../src/push/wap/index.ts';
import vectors from '../../vectors/wsp-push.json' with { type: 'json' };
import { hasIpv6, UdpSocket } from './udp-socket.ts';

/** A listener on a free port whose pushes can be waited for. */
class Device {
  readonly drops: DroppedPush[] = [];
  readonly errors: unknown[] = [];
  readonly listener: WapListener;
  readonly #pushes: ReceivedPush[] = [];
  #wake: (() => void) | undefined;
  port = 0;

  constructor(options: Partial<WapListenerOptions> = {}) {
    this.listener = new WapListener({
      port: 0,
      handler: (push) => {
        this.#pushes.push(push);
        this.#wake?.();
      },
      onDrop: (drop) => this.drops.push(drop),
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  async start(): Promise<this> {
    this.port = await this.listener.start();
    return this;
  }

  async next(): Promise<ReceivedPush> {
    for (;;) {
      const first = this.#pushes.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const good = hexToBytes('010603c4af87 aabb');
const never = new AbortController().signal;

const rules: Readonly<Record<keyof typeof contentTypes, string>> = {
  'dm1.2': 'DM-NOTI-1.2 §7.1.1',
  'dm1.3-2010': 'N10-C-004 DM-NOTI-1.3-2010 §7.1',
  'dm1.3': 'N13-C-020 DM-NOTI-1.3 §7.1',
  'dm+wbxml': 'PB-C-002 DM-PUSH §5.1.3',
  'dm+xml': 'PB-C-002 DM-PUSH §5.1.3',
  'connectivity+xml': 'OMA ProvBoot',
  'connectivity+wbxml': 'OMA ProvBoot',
};
for (const [type, rule] of Object.entries(rules) as [keyof typeof contentTypes, string][]) {
  test(`${rule}: ${type} is routed to the DM client`, async () => {
    const device = await new Device().start();
    const sender = createWapSender();
    const body = hexToBytes('00112233');
    const contentType = contentTypes[type];
    await sender.send({ id: 'p', contentType, body }, { host: '127.0.0.1', port: device.port }, never);
    const push = await device.next();
    assert.equal(push.binding, 'wap');
    assert.match(push.from, /^127\.0\.0\.1:\d+$/);
    assert.equal(push.contentType.code, contentType.code);
    assert.deepEqual(push.body, body);
    const { received, accepted } = device.listener.counters();
    assert.deepEqual([received, accepted], [1, 1]);
    await sender.close();
    await device.listener.close();
  });
}

test('DM-NOTI §7.1.1: every vector over a socket: ours arrive, others are counted, and nothing is answered', async () => {
  const device = await new Device().start();
  const peer = await UdpSocket.open();
  const wanted: Record<string, number> = {
    malformed: 0,
    'pdu-type': 0,
    'application-id': 0,
    'content-type': 0,
    busy: 0,
  };
  const ours: (string | undefined)[] = [];
  for (const { hex, rejected, contentType } of vectors.pushes) {
    await peer.send(hexToBytes(hex), device.port);
    if (rejected === null) ours.push(contentType.mime);
    else wanted[rejected] = (wanted[rejected] ?? 0) + 1;
  }
  for (const { hex } of vectors.malformed) {
    await peer.send(hexToBytes(hex), device.port);
    wanted.malformed = (wanted.malformed ?? 0) + 1;
  }
  await peer.send(concatBytes(good, hexToBytes('ee')), device.port);
  const arrived: (string | undefined)[] = [];
  for (let push = await device.next(); bytesToHex(push.body) !== 'aabbee'; push = await device.next()) {
    arrived.push(push.contentType.mime);
  }
  assert.deepEqual(arrived, ours);
  const counters = device.listener.counters();
  assert.deepEqual(counters.dropped, wanted);
  assert.equal(counters.received, vectors.pushes.length + vectors.malformed.length + 1);
  assert.equal(counters.accepted, ours.length + 1);
  assert.equal(device.drops.length, counters.received - counters.accepted);
  assert.ok(
    device.drops.every(({ binding, from, detail }) => binding === 'wap' && from !== '' && detail !== ''),
  );
  // An answer would have arrived before this.
  const witness = await UdpSocket.open();
  await witness.send(hexToBytes('77'), peer.port);
  assert.equal(bytesToHex((await peer.next()).octets), '77');
  await witness.close();
  await peer.close();
  await device.listener.close();
});

test('a drop says where from, why, and how large', async () => {
  const device = await new Device().start();
  const peer = await UdpSocket.open();
  await peer.send(hexToBytes('010603c4af82'), device.port);
  await peer.send(hexToBytes('0106ff'), device.port);
  await peer.send(good, device.port);
  await device.next();
  assert.deepEqual(device.drops, [
    {
      binding: 'wap',
      from: `127.0.0.1:${peer.port}`,
      reason: 'application-id',
      detail: 'application id 2 (wml.ua), not syncml.dm',
      octets: 6,
    },
    {
      binding: 'wap',
      from: `127.0.0.1:${peer.port}`,
      reason: 'malformed',
      detail: 'headersLength: needs 1 octets, 0 left (byte 3; WSP §8.2.4.1)',
      octets: 3,
    },
  ]);
  await peer.close();
  await device.listener.close();
});

test('parameters of the content type arrive with the push', async () => {
  const device = await new Device().start();
  const peer = await UdpSocket.open();
  await peer.send(hexToBytes('01060c 09c29181923041314200 af87 00'), device.port);
  const push = await device.next();
  assert.deepEqual(push.parameters, { SEC: 'USERPIN', MAC: '0A1B' });
  assert.deepEqual(push.contentType, { mime: 'application/vnd.syncml.dm+wbxml', code: 0x42 });
  await peer.close();
  await device.listener.close();
});

test('any datagram: dropped or handed on, and the listener lives', async () => {
  const device = await new Device().start();
  const peer = await UdpSocket.open();
  let sent = 0;
  const headers = fc.oneof(
    fc.constant([0xc4, 0xaf, 0x87]),
    fc.array(fc.nat(255), { minLength: 1, maxLength: 20 }),
  );
  const datagram = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    headers.map((octets) => Uint8Array.of(1, 6, octets.length, ...octets, 0)),
  );
  await fc.assert(
    fc.asyncProperty(datagram, async (octets) => {
      await peer.send(octets, device.port);
      await peer.send(good, device.port);
      sent += 2;
      for (let push = await device.next(); push.body.length !== 2; push = await device.next());
    }),
  );
  const { received, accepted, dropped, handlerErrors } = device.listener.counters();
  const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  assert.equal(received, accepted + total);
  assert.ok(received <= sent && handlerErrors === 0);
  await peer.close();
  await device.listener.close();
});

test('a handler or a log that fails is counted and does not stop the listener', async () => {
  let calls = 0;
  let third: () => void = () => {};
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
  }).start();
  const peer = await UdpSocket.open();
  await peer.send(good, device.port);
  await peer.send(hexToBytes('00'), device.port);
  await peer.send(good, device.port);
  await peer.send(good, device.port);
  await thirdCall;
  assert.equal(device.listener.counters().handlerErrors, 2);
  assert.deepEqual(
    device.errors.map((error) => (error instanceof Error ? error.message : '')),
    ['at once', 'in the log', 'later'],
  );
  await peer.close();
  await device.listener.close();
});

test('bounded: beyond maxPending unfinished handlers, pushes are dropped as busy', async () => {
  const waiting: (() => void)[] = [];
  let dropped: () => void = () => {};
  const third = new Promise<void>((resolve) => {
    dropped = resolve;
  });
  const device = await new Device({
    maxPending: 2,
    handler: () => new Promise<void>((resolve) => waiting.push(resolve)),
    onDrop: () => dropped(),
  }).start();
  const peer = await UdpSocket.open();
  for (let i = 0; i < 3; i += 1) await peer.send(good, device.port);
  await third;
  assert.equal(waiting.length, 2);
  assert.equal(device.listener.counters().dropped.busy, 1);
  for (const finish of waiting) finish();
  await peer.close();
  await device.listener.close();
});

test('by default both versions of IP', { skip: hasIpv6 ? false : 'this machine has no ::1' }, async () => {
  const device = await new Device().start();
  const sender = createWapSender();
  const push = { id: 'p', contentType: contentTypes['dm1.3'], body: Uint8Array.of(1) };
  await sender.send(push, { host: '::1', port: device.port }, never);
  assert.match((await device.next()).from, /^\[::1\]:\d+$/);
  await sender.send(push, { host: '127.0.0.1', port: device.port }, never);
  assert.match((await device.next()).from, /^127\.0\.0\.1:\d+$/);
  await sender.close();
  await device.listener.close();
});

test('a port in use, a wrong port, a wrong address: ConfigErrors that say what to do', async () => {
  const first = await new Device({ address: '127.0.0.1' }).start();
  const cases: readonly (readonly [Partial<WapListenerOptions>, RegExp])[] = [
    [{ port: first.port }, new RegExp(`UDP port ${first.port} is in use: .*choose another port`)],
    [
      { port: first.port, address: '127.0.0.1' },
      new RegExp(`UDP port ${first.port} on 127\\.0\\.0\\.1 is in use: stop the program`),
    ],
    [{ port: 65536 }, /^port: UDP port 65536 is not between 0 and 65535/],
    [{ port: Number.NaN }, /^port: UDP port NaN/],
    [{ port: 29.5 }, /^port: UDP port 29\.5/],
    [{ address: '192.0.2.77' }, /192\.0\.2\.77 is not an address of this machine/],
    [{ address: 'localhost' }, /^address: "localhost" is not an IP address/],
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
  const again = await new Device({ address: '127.0.0.1', port: first.port }).start();
  assert.equal(again.port, first.port);
  await again.listener.close();
  await again.listener.close();
  await new Device().listener.close();
});

test('bounds that are none are refused when the listener is made: a NaN would be no bound', () => {
  for (const maxPending of [Number.NaN, -1, 0, 0.5, Number.POSITIVE_INFINITY]) {
    assert.throws(
      () => new WapListener({ handler: () => {}, maxPending }),
      (error) => error instanceof ValueError && error.path === 'maxPending',
    );
  }
});
