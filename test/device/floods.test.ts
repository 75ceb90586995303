// Floods of what looks like a server's: forged and captured messages and notifications from 64 addresses, at a whole device
// over real UDP. Each costs what a check costs; nothing is kept, stored or begun, and honest servers are served.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { encodeNotification } from '../../src/codec/notification/index.ts';
import { utf8ToBytes } from '../../src/core/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { SharedKey, signMessage } from '../../src/security/index.ts';
import { sessionless } from '../security/message-keys.ts';
import { defaultNonce, secret } from './fixtures.ts';
import { add, startWorld, until, type World } from './several-servers.ts';
import { datagramOf, flood, strangers, type UdpPeer } from './udp-peers.ts';

const names = ['org.a', 'org.b'];

async function besieged(t: TestContext): Promise<World & { readonly peers: readonly UdpPeer[] }> {
  const world = await startWorld(t, names);
  const peers = await strangers(64);
  t.after(() => Promise.all(peers.map((peer) => peer.close())));
  return { ...world, peers };
}

/** A server's message and notification get through, and the session that follows. */
async function served(world: World, number: number): Promise<void> {
  const [, b] = world.servers;
  assert.ok(b !== undefined);
  await world.message(b, number, [add('1', `./Honest${number}`)]);
  await until(() => world.device.tree?.node(`./Honest${number}`)?.value === 'x');
  const ends = b.ends.length;
  await world.notify(b, number);
  await until(() => b.ends.length === ends + 1);
  await until(() => world.device.counters.completed === number);
}

test('a flood of messages that a stranger signed keeps no honest message or notification out', async (t) => {
  const world = await besieged(t);
  const saves = world.saves();
  const forged = Array.from({ length: 64 }, (_, index) => {
    const message = { ...sessionless([], { from: 'org.b' }), commands: [add('1', `./Forged${index}`)] };
    return datagramOf(
      contentTypes['dm+wbxml'],
      signMessage(message, new SharedKey(utf8ToBytes('of a stranger, 16'))),
    );
  });
  for (let number = 1; number <= 3; number += 1) {
    await flood(world.peers, world.at, 500, (index) => forged[index % forged.length] ?? Uint8Array.of());
    if (number === 1) assert.equal(world.saves(), saves);
    await served(world, number);
  }
  await until(() => world.device.counters.ignored['message-wrong-signature'] === 1500);
  assert.equal(world.device.counters.processed, 3);
});

test('a flood of captured messages and notifications is refused, and stores nothing', async (t) => {
  const world = await besieged(t);
  const [a] = world.servers;
  assert.ok(a !== undefined);
  const message = world.messageDatagram(a, 7, [add('1', './Once')]);
  await world.peer.send(world.at.port, message);
  await until(() => world.device.tree?.node('./Once')?.value === 'x');
  const body = encodeNotification(
    { format: 'dm1.2', serverId: 'org.a', sessionId: 9, uiMode: 'background' },
    { secret, nonce: defaultNonce },
  );
  const notification = datagramOf(contentTypes['dm1.2'], body);
  // Under the default nonce: such a one never gets old by a fresh nonce.
  a.resynchronising.add(9);
  await world.peer.send(world.at.port, notification);
  await until(() => a.ends.length === 1);
  await until(() => world.device.counters.completed === 1);
  const saves = world.saves();
  await flood(world.peers, world.at, 2000, (index) => (index % 2 === 0 ? message : notification));
  await until(() => world.device.counters.ignored.replay === 1000);
  await until(() => world.device.counters.ignored['message-replay'] === 1000);
  assert.equal(world.saves(), saves);
  assert.equal(world.device.counters.sessions, 1);
  assert.equal(world.device.counters.resynchronised, 1);
});

test('a flood of dm1.2 notifications under wrong nonces and secrets begins no resynchronisation', async (t) => {
  const world = await besieged(t);
  const saves = world.saves();
  const forged = Array.from({ length: 128 }, (_, index) => {
    const [key, nonce] =
      index % 2 === 0 ? [secret, utf8ToBytes(`nonce ${index}`)] : ['of a stranger', defaultNonce];
    const body = encodeNotification(
      { format: 'dm1.2', serverId: 'org.b', sessionId: index + 1, uiMode: 'user-interaction' },
      { secret: key, nonce },
    );
    return datagramOf(contentTypes['dm1.2'], body);
  });
  await flood(world.peers, world.at, 3000, (index) => forged[index % forged.length] ?? Uint8Array.of());
  assert.equal(world.device.counters.ignored['bad-digest'], 3000);
  assert.equal(world.device.counters.sessions, 0);
  assert.equal(world.device.counters.resynchronised, 0);
  assert.equal(world.saves(), saves);
  assert.deepEqual(world.user.shown, []);
  await served(world, 1);
});

test('a push that is none, at the size that a carrier takes: the device goes on', async (t) => {
  const world = await besieged(t);
  const large = new Uint8Array(60_000).fill(0x41);
  const kinds = ['dm1.2', 'dm1.3', 'dm+wbxml', 'connectivity+wbxml'] as const;
  await flood(world.peers, world.at, 400, (index) =>
    datagramOf(contentTypes[kinds[index % kinds.length] ?? 'dm1.2'], large),
  );
  await served(world, 1);
  assert.equal(world.device.pending, 0);
});
