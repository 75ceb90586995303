// Sender and listener together over loopback.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { bytesToDisplayText, bytesToHex, PushError, ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import type { WapsNotice } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { hasIpv6 } from '../wap/udp-socket.ts';
import { Device, never, pushOf, Relay, secret, senderWith } from './ends.ts';

const rules: Readonly<Record<keyof typeof contentTypes, string>> = {
  'dm1.2': 'DM-NOTI-1.2 §7.1',
  'dm1.3-2010': 'DM-NOTI-1.3-2010 §7.1',
  'dm1.3': 'DM-NOTI-1.3 §7.1',
  'dm+wbxml': 'PB-C-003 PB-S-003 DM-PUSH §5.1.2',
  'dm+xml': 'PB-C-003 PB-S-003 DM-PUSH §5.1.2',
  'connectivity+xml': 'OMA ProvBoot',
  'connectivity+wbxml': 'OMA ProvBoot',
};
for (const [type, rule] of Object.entries(rules) as [keyof typeof contentTypes, string][]) {
  test(`${rule}: ${type} by secure connectionless push reaches the DM client`, async () => {
    const device = await new Device().start();
    const sender = senderWith();
    const body = Uint8Array.of(1, 2, 3);
    const receipt = await sender.send(pushOf(body, type), { host: '127.0.0.1', port: device.port }, never);
    assert.deepEqual(receipt, { outcome: 'sent' });
    const push = await device.next();
    assert.equal(push.binding, 'waps');
    assert.match(push.from, /^127\.0\.0\.1:\d+$/);
    assert.equal(push.contentType.code, contentTypes[type].code);
    assert.deepEqual(push.body, body);
    assert.equal(bytesToDisplayText(push.identity ?? new Uint8Array(0)), 'dev1');
    const { received, accepted, established, failed } = device.listener.counters();
    assert.deepEqual([received, accepted, established, failed], [1, 1, 1, 0]);
    await sender.close();
    await device.listener.close();
  });
}

test('every payload from 0 octets to the limit arrives as it was; beyond it is refused before anything is sent', async () => {
  const device = await new Device().start();
  const sender = senderWith();
  const to = { host: '127.0.0.1', port: device.port };
  assert.equal(sender.maxPayload, 1365);
  for (let length = 0; length <= sender.maxPayload; length += length < 70 ? 1 : 37) {
    const body = new Uint8Array(length).fill(length);
    await sender.send(pushOf(body), to, never);
    assert.deepEqual((await device.next()).body, body);
  }
  const limit = new Uint8Array(sender.maxPayload).fill(0xaa);
  await sender.send(pushOf(limit), to, never);
  assert.deepEqual((await device.next()).body, limit);
  await assert.rejects(sender.send(pushOf(new Uint8Array(sender.maxPayload + 1)), to, never), {
    name: 'ValueError',
    code: 'TOO_LONG',
    message: 'body: 1366 octets, 1365 fit a protected datagram of 1400',
  });
  assert.equal(device.listener.counters().established, 1);
  await sender.close();
  await device.listener.close();
});

test('a DM message of 12 KB goes in one datagram where the network takes it', async () => {
  const device = await new Device().start();
  for (const maxDatagram of [16_384, 65_507]) {
    const sender = senderWith({ maxDatagram });
    const body = new Uint8Array(Math.min(sender.maxPayload, 65_000)).fill(0x5a);
    assert.ok(body.length > 12_288);
    await sender.send(pushOf(body), { host: '127.0.0.1', port: device.port }, never);
    assert.deepEqual((await device.next()).body, body);
    await sender.close();
  }
  await device.listener.close();
});

test('pushes at the same time share one handshake; all arrive', async () => {
  const device = await new Device().start();
  const sender = senderWith();
  const bodies = Array.from({ length: 40 }, (_, i) => Uint8Array.of(i));
  const to = { host: '127.0.0.1', port: device.port };
  await Promise.all(bodies.map((body) => sender.send(pushOf(body), to, never)));
  const arrived: number[] = [];
  while (arrived.length < bodies.length) arrived.push((await device.next()).body[0] ?? -1);
  assert.deepEqual(
    arrived.sort((a, b) => a - b),
    bodies.map(([octet]) => octet),
  );
  assert.equal(device.listener.counters().established, 1);
  await sender.close();
  await device.listener.close();
});

test('profile 4: every datagram of the handshake lost once, and the push arrives', async () => {
  for (const [lost, flow] of [
    ...[0, 1, 2, 3].map((index) => [index, 'abbreviated'] as const),
    ...[0, 1, 2, 3, 4].map((index) => [index, 'full'] as const),
  ]) {
    const clock = new ManualClock();
    const device = await new Device({ clock }).start();
    const relay = await Relay.open(device.port);
    const sender = senderWith({ clock, flow });
    relay.fate = (datagram, _way, index) => (index === lost ? [] : [datagram]);
    // Time goes on until whoever waits for it asks again.
    const time = setInterval(() => clock.advance(50), 2);
    await sender.send(pushOf(Uint8Array.of(lost)), { host: '127.0.0.1', port: relay.port }, never);
    // A push that overtook the answer to the handshake is among what comes again.
    assert.deepEqual((await device.next()).body, Uint8Array.of(lost));
    clearInterval(time);
    await sender.close();
    await device.listener.close();
    await relay.close();
  }
});

test('profile 7: a device that restarts loses one push at most: it says so, and the next push makes a new session', async () => {
  let device = await new Device().start();
  const relay = await Relay.open(device.port);
  const notices: WapsNotice[] = [];
  let closed: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const sender = senderWith({
    onNotice: (notice) => {
      notices.push(notice);
      if (notice.what === 'closed') closed();
    },
  });
  const to = { host: '127.0.0.1', port: relay.port };
  await sender.send(pushOf(Uint8Array.of(1)), to, never);
  await device.next();
  // What it says when it closes does not arrive: so it is as if it had been killed.
  relay.fate = () => [];
  await device.listener.close();
  device = await new Device().start();
  relay.devicePort = device.port;
  relay.fate = (datagram) => [datagram];
  await sender.send(pushOf(Uint8Array.of(2)), to, never);
  await lost;
  await sender.send(pushOf(Uint8Array.of(3)), to, never);
  assert.deepEqual((await device.next()).body, Uint8Array.of(3));
  assert.deepEqual(
    notices.map(({ what }) => what),
    ['established', 'closed', 'established'],
  );
  await sender.close();
  await device.listener.close();
  await relay.close();
});

test('a device that is closed tells its servers, and the next push makes a new session', async () => {
  let device = await new Device().start();
  const { port } = device;
  let closed: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const sender = senderWith({ onNotice: ({ what }) => (what === 'closed' ? closed() : undefined) });
  const to = { host: '127.0.0.1', port };
  await sender.send(pushOf(Uint8Array.of(1)), to, never);
  await device.next();
  await device.listener.close();
  await told;
  device = await new Device({ port }).start();
  await sender.send(pushOf(Uint8Array.of(2)), to, never);
  assert.deepEqual((await device.next()).body, Uint8Array.of(2));
  await sender.close();
  await device.listener.close();
});

test('a sender that is closed tells its devices', async () => {
  const device = await new Device().start();
  const sender = senderWith();
  await sender.send(pushOf(Uint8Array.of(1)), { host: '127.0.0.1', port: device.port }, never);
  await device.next();
  await sender.close();
  await device.until(() => device.notices.some(({ what }) => what === 'closed'));
  await device.listener.close();
});

test('profile 6: a session is renewed after its time', async () => {
  const clock = new ManualClock();
  const device = await new Device({ clock }).start();
  const sender = senderWith({ clock });
  const to = { host: '127.0.0.1', port: device.port };
  for (let day = 1; day <= 3; day += 1) {
    await sender.send(pushOf(Uint8Array.of(day)), to, never);
    assert.deepEqual((await device.next()).body, Uint8Array.of(day));
    assert.equal(device.listener.counters().established, day);
    clock.advance(24 * 3_600_000);
  }
  await sender.close();
  await device.listener.close();
});

test('a new secret for a device makes a new session; the old one is not used any more', async () => {
  const device = await new Device({
    secrets: [secret, { identity: 'dev1-b', secret: 'Hc8_yKs3JtBo-6EaUl2FiD' }],
  }).start();
  let current = secret;
  const sender = senderWith({ secrets: () => Promise.resolve([current]) });
  const to = { host: '127.0.0.1', port: device.port };
  await sender.send(pushOf(Uint8Array.of(1)), to, never);
  await device.next();
  current = { identity: 'dev1-b', secret: 'Hc8_yKs3JtBo-6EaUl2FiD' };
  await sender.send(pushOf(Uint8Array.of(2)), to, never);
  const push = await device.next();
  assert.equal(bytesToDisplayText(push.identity ?? new Uint8Array(0)), 'dev1-b');
  await sender.close();
  await device.listener.close();
});

test('profile 9: RSA_anon where both ends allow it', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const device = await new Device({ secrets: [], anonymous: true }).start();
  const sender = senderWith({ secrets: () => [], rsaKey: privateKey });
  await sender.send(pushOf(Uint8Array.of(1)), { host: '127.0.0.1', port: device.port }, never);
  const push = await device.next();
  assert.equal(push.identity, undefined);
  await sender.close();
  await device.listener.close();
});

test('IPv6, and a listener for both versions of IP', {
  skip: hasIpv6 ? false : 'this machine has no ::1',
}, async () => {
  const device = await new Device({ address: undefined }).start();
  const sender = senderWith();
  for (const host of ['::1', '0:0::0001', '127.0.0.1', '::ffff:127.0.0.1', 'localhost']) {
    await sender.send(pushOf(Uint8Array.of(1)), { host, port: device.port }, never);
    assert.match((await device.next()).from, /^(127\.0\.0\.1|\[::1\]):\d+$/);
  }
  // One session for each version of IP: spellings of one address share it.
  assert.equal(device.listener.counters().established, 2);
  await sender.close();
  await device.listener.close();
});

test('what the sender sends is not readable on the way', async () => {
  const device = await new Device().start();
  const relay = await Relay.open(device.port);
  const sender = senderWith();
  const body = new Uint8Array(64).fill(0x77);
  await sender.send(pushOf(body), { host: '127.0.0.1', port: relay.port }, never);
  await device.next();
  assert.equal(relay.seen.length, 5);
  for (const { datagram } of relay.seen) assert.doesNotMatch(bytesToHex(datagram), /7777/);
  await sender.close();
  await device.listener.close();
  await relay.close();
});

test('errors are of the families that bindings throw', async () => {
  const sender = senderWith();
  await assert.rejects(sender.send(pushOf(new Uint8Array(2000)), { host: 'x' }, never), ValueError);
  await sender.close();
  await assert.rejects(sender.send(pushOf(new Uint8Array(1)), { host: 'x' }, never), PushError);
});
