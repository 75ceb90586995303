import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { decodeRecords } from '../../../src/codec/wtls/index.ts';
import { PushError } from '../../../src/core/index.ts';
import type { WapsNotice } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { UdpSocket } from '../wap/udp-socket.ts';
import { Device, never, pushOf, Relay, secret, senderWith } from './ends.ts';

const push = pushOf(Uint8Array.of(1, 2, 3));

/** What an error says to the engine. */
function errorIs(code: string, retryable: boolean, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PushError, String(error));
    assert.deepEqual([error.code, error.retryable], [code, retryable]);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /kQ3vN8xT/);
    return true;
  };
}

test('profile 4: a device that does not answer is asked four times, and the push fails for now', async () => {
  const clock = new ManualClock();
  const peer = await UdpSocket.open();
  const sender = senderWith({ clock });
  const to = { host: '127.0.0.1', port: peer.port };
  const sending = assert.rejects(
    sender.send(push, to, never),
    errorIs('TIMEOUT', true, /^127\.0\.0\.1:\d+: does not answer/),
  );
  for (const wait of [2000, 4000, 8000, 16_000]) {
    assert.equal((await peer.next()).octets.length, 8);
    clock.advance(wait);
  }
  await sending;
  await sender.close();
  await peer.close();
});

test('profile 1: a device with another secret, or another identity, gets nothing', async () => {
  for (const [other, code, message] of [
    [{ identity: 'dev1', secret: 'Tz6_dPq9WfXe-1RjVn5MhU' }, 'WTLS_SECRET', /proved another secret/],
    [{ identity: 'dev2', secret: secret.secret }, 'WTLS_IDENTITY', /no identity that is configured/],
  ] as const) {
    const device = await new Device({ secrets: [other] }).start();
    const sender = senderWith();
    const to = { host: '127.0.0.1', port: device.port };
    await assert.rejects(sender.send(push, to, never), errorIs(code, true, message));
    await device.until(() => device.listener.counters().failed === 1);
    assert.equal(device.listener.counters().accepted, 0);
    await sender.close();
    await device.listener.close();
  }
});

test('a device for which no secret is given is not contacted', async () => {
  const asked: unknown[] = [];
  const sender = senderWith({
    secrets: (to, { id }) => {
      asked.push([to, id]);
      return [];
    },
  });
  const to = { host: '127.0.0.1' };
  await assert.rejects(sender.send(push, to, never), errorIs('NO_SECRET', false, /^127\.0\.0\.1: no secret/));
  assert.deepEqual(asked, [[to, 'p']]);
  await sender.close();
});

test('a secret that is too short is refused, without showing it', async () => {
  const sender = senderWith({ secrets: () => [{ identity: 'dev1', secret: 'hunter2' }] });
  await assert.rejects(sender.send(push, { host: '127.0.0.1' }, never), {
    name: 'ValueError',
    message: 'secrets[0].secret: has 7 octets, at least 16 are needed',
  });
  await sender.close();
});

test('a callback for secrets that fails fails the push', async () => {
  const sender = senderWith({ secrets: () => Promise.reject(new Error('store is down')) });
  await assert.rejects(sender.send(push, { host: '127.0.0.1' }, never), /store is down/);
  await sender.close();
});

test('aborted before, during the look-up, during the handshake: nothing is pushed', async () => {
  const device = await new Device().start();
  const relay = await Relay.open(device.port);
  const to = { host: '127.0.0.1', port: relay.port };
  const before = senderWith();
  await assert.rejects(before.send(push, to, AbortSignal.abort()), errorIs('ABORTED', true, /aborted/));
  const lookup = new AbortController();
  const looking = senderWith({
    resolve: () => {
      lookup.abort();
      return new Promise(() => undefined);
    },
  });
  await assert.rejects(
    looking.send(push, { ...to, host: 'name.example' }, lookup.signal),
    errorIs('ABORTED', true, /aborted/),
  );
  assert.equal(relay.seen.length, 0);
  const handshake = new AbortController();
  const during = senderWith();
  relay.fate = (datagram, _way, index) => {
    if (index === 2) handshake.abort();
    return [datagram];
  };
  await assert.rejects(during.send(push, to, handshake.signal), errorIs('ABORTED', true, /aborted/));
  // The device, which has the server's proof by then, is told.
  await device.until(() => device.notices.some(({ what }) => what === 'closed'));
  assert.equal(device.listener.counters().accepted, 0);
  for (const sender of [before, looking, during]) await sender.close();
  await device.listener.close();
  await relay.close();
});

test('of two pushes that wait for a handshake one is aborted, and the other still goes', async () => {
  const device = await new Device().start();
  const relay = await Relay.open(device.port);
  const to = { host: '127.0.0.1', port: relay.port };
  const sender = senderWith();
  const abort = new AbortController();
  relay.fate = (datagram, _way, index) => {
    if (index === 1) abort.abort();
    return [datagram];
  };
  const results = await Promise.allSettled([
    sender.send(push, to, abort.signal),
    sender.send(pushOf(Uint8Array.of(9)), to, never),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  );
  assert.deepEqual((await device.next()).body, Uint8Array.of(9));
  await sender.close();
  await device.listener.close();
  await relay.close();
});

test('profile 10: beyond maxHandshakes pushes fail for now', async () => {
  const clock = new ManualClock();
  const peers = [await UdpSocket.open(), await UdpSocket.open()] as const;
  const sender = senderWith({ clock, maxHandshakes: 1 });
  const abort = new AbortController();
  const first = sender.send(push, { host: '127.0.0.1', port: peers[0].port }, abort.signal);
  await peers[0].next();
  await assert.rejects(
    sender.send(push, { host: '127.0.0.1', port: peers[1].port }, never),
    errorIs('BUSY', true, /too many handshakes/),
  );
  abort.abort();
  await assert.rejects(first, PushError);
  await sender.close();
  for (const peer of peers) await peer.close();
});

test('close waits for pushes in flight, and later ones are refused', async () => {
  const device = await new Device().start();
  const relay = await Relay.open(device.port);
  const sender = senderWith();
  const to = { host: '127.0.0.1', port: relay.port };
  const sending = sender.send(push, to, never);
  const closing = sender.close();
  assert.deepEqual(await sending, { outcome: 'sent' });
  await closing;
  await device.next();
  await assert.rejects(sender.send(push, to, never), errorIs('CLOSED', true, /closed/));
  await sender.close();
  await device.listener.close();
  await relay.close();
});

test('places that datagrams cannot go to, names that are none', async () => {
  const sender = senderWith();
  await assert.rejects(
    sender.send(push, { host: '255.255.255.255', port: 2949 }, never),
    errorIs('EACCES', false, /^255\.255\.255\.255:2949: .*\(EACCES\)$/),
  );
  await assert.rejects(sender.send(push, { host: '', port: 1 }, never), { code: 'MISSING' });
  await assert.rejects(sender.send(push, { host: '127.0.0.1', port: 0 }, never), { code: 'OUT_OF_RANGE' });
  await sender.close();
  const lost = senderWith({
    resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
  });
  await assert.rejects(
    lost.send(push, { host: 'name.example' }, never),
    errorIs('HOST_NOT_FOUND', true, /^name\.example: .*\(ENOTFOUND\)$/),
  );
  await lost.close();
});

test('a local port is kept to; one that is in use fails the push for now, and the next one tries again', async () => {
  const taken = await UdpSocket.open('0.0.0.0');
  const device = await new Device().start();
  const sender = senderWith({ localPort: taken.port });
  const to = { host: '127.0.0.1', port: device.port };
  await assert.rejects(sender.send(push, to, never), errorIs('EADDRINUSE', true, /local port is in use/));
  const { port } = taken;
  await taken.close();
  await sender.send(push, to, never);
  assert.equal((await device.next()).from, `127.0.0.1:${port}`);
  await sender.close();
  await device.listener.close();
});

test('settings that cannot be used are refused when the sender is made', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  for (const options of [
    { maxDatagram: 63 },
    { maxDatagram: 65_508 },
    { localPort: 65_536 },
    { sessionMs: 0 },
    { maxSessions: 0 },
    { maxHandshakes: 0.5 },
    { keyRefresh: 5 },
    { tries: 0 },
    { retransmitMs: -1 },
    { rsaKey: publicKey },
    { headers: [{ name: 'X-Foo', value: 'a\0b' }] },
  ]) {
    assert.throws(() => senderWith(options), { name: 'ValueError' }, JSON.stringify(Object.keys(options)));
  }
});

test('WSP headers of the options go with every push; Package #0 has its budget', async () => {
  const device = await new Device().start();
  const headers = [{ name: 'Content-Length', value: 3 }];
  const sender = senderWith({ headers });
  const to = { host: '127.0.0.1', port: device.port };
  await sender.send(pushOf(Uint8Array.of(1), 'dm1.3'), to, never);
  await device.next();
  await sender.close();
  const long = senderWith({ headers: [{ name: 'X-Foo', value: 'x'.repeat(60) }] });
  await assert.rejects(long.send(pushOf(Uint8Array.of(1), 'dm1.3'), to, never), { code: 'TOO_LONG' });
  await long.send(pushOf(Uint8Array.of(1), 'dm+xml'), to, never);
  await device.next();
  await long.close();
  await device.listener.close();
});

test('any datagrams to the sender, in and out of a session, are of no use to who sends them', async () => {
  const device = await new Device().start();
  const relay = await Relay.open(device.port);
  const notices: WapsNotice[] = [];
  const sender = senderWith({
    onNotice: (notice) => {
      notices.push(notice);
      throw new Error('in the log');
    },
  });
  const to = { host: '127.0.0.1', port: relay.port };
  relay.fate = (datagram, way) =>
    way === 'to-sender' ? [Uint8Array.of(1, 2, 3), datagram, Uint8Array.of(0xe4, 0, 9, 0, 1, 7)] : [datagram];
  await sender.send(push, to, never);
  await device.next();
  // The handshake, the push, and warnings about what does not open.
  assert.deepEqual(
    relay.seen.slice(0, 6).map(({ datagram }) => decodeRecords(datagram).length),
    [1, 1, 3, 2, 1, 1],
  );
  assert.ok(notices.some(({ what }) => what === 'dropped'));
  await sender.close();
  await device.listener.close();
  await relay.close();
});
