// What a flood of strangers' datagrams leaves in the log of a whole device: a handful of lines, and exact counters.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../src/device/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { ManualClock } from '../../src/testing/index.ts';
import { dm12, pushOf, secret, serverId, wrongSecret } from './fixtures.ts';
import { datagramOf, flood, listenOnUdp, strangers } from './udp-peers.ts';

interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

async function startDevice(t: TestContext, count: number) {
  const storage = memoryState();
  const clock = new ManualClock(Date.now());
  await provisionDevice(storage, {
    deviceId: 'IMEI:1',
    man: 'E',
    mod: 'E1',
    accounts: [
      {
        serverId,
        address: 'http://127.0.0.1:9/dm',
        client: { scheme: 'md5', name: 'd', secret: 'OhBehave' },
        server: { scheme: 'md5', secret },
      },
    ],
  });
  const lines: Line[] = [];
  const line = (level: Line['level']) => (fields: Line['fields'], message: string) =>
    void lines.push({ level, message, fields });
  const events: DeviceEvent[] = [];
  const device = new Device({
    storage,
    clock,
    logger: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    onEvent: (event) => events.push(event),
  });
  await device.start();
  const at = await listenOnUdp(device);
  const peers = await strangers(count);
  t.after(async () => {
    await Promise.all(peers.map((peer) => peer.close()));
    await device.stop();
  });
  return { device, clock, lines, events, at, peers };
}

test('a flood of datagrams that are dropped writes one line for each reason, and then counts', async (t) => {
  const { device, clock, lines, events, at, peers } = await startDevice(t, 8);
  const elsewhere = datagramOf({ mime: 'text/plain', code: 3 }, new Uint8Array(9));
  await flood(peers, at, 3000, (index) =>
    index % 3 === 0 ? elsewhere : Uint8Array.of(1, 6, 200, index & 255),
  );
  const drops = (): readonly Line[] => lines.filter(({ message }) => message === 'push dropped');
  assert.deepEqual(
    drops().map(({ fields }) => fields.reason),
    ['content-type', 'malformed'],
  );
  clock.advance(10_000);
  assert.deepEqual(
    drops()
      .slice(2)
      .map(({ fields }) => [fields.reason, fields.count])
      .sort(),
    [
      ['content-type', 999],
      ['malformed', 1999],
    ],
  );
  assert.deepEqual(device.counters.dropped, { 'content-type': 1000, malformed: 2000 });
  // An embedder is told of each.
  assert.equal(events.filter(({ event }) => event === 'dropped').length, 3000);
  await device.stop();
  assert.equal(clock.waiting, 0);
});

test('a flood of notifications with wrong digests writes a handful of lines, changes nothing and saves nothing', async (t) => {
  const { device, clock, lines, at, peers } = await startDevice(t, 64);
  const before = JSON.stringify(device.tree?.snapshot());
  const forged = pushOf(dm12, new Uint8Array(), wrongSecret).body;
  await flood(peers, at, 5000, (index) => {
    const body = Uint8Array.from(forged);
    new DataView(body.buffer).setUint32(0, index);
    return datagramOf(contentTypes['dm1.2'], body);
  });
  assert.equal(device.counters.ignored['bad-digest'], 5000);
  assert.equal(device.counters.sessions, 0);
  assert.equal(device.pending, 0);
  assert.equal(JSON.stringify(device.tree?.snapshot()), before);
  assert.ok(lines.length <= 16, `${lines.length} lines`);
  clock.advance(10_000);
  const told = lines.filter(({ message }) => message === 'notification ignored');
  assert.equal(told.at(-1)?.fields.count, 5000 - 8);
  assert.ok(lines.length <= 18, `${lines.length} lines`);
  assert.doesNotMatch(JSON.stringify(lines), /OhBehave|srvpwd/);
  await device.stop();
});
