// Bootstraps of strangers on a whole device over real UDP: what the policy refuses asks nobody, questions end and hold
// nothing else, and a flood keeps no honest one out.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { encodeNotification } from '../../src/codec/notification/index.ts';
import { bytesToBase64, bytesToHex, utf8ToBytes } from '../../src/core/index.ts';
import {
  type BootstrapPolicy,
  bootstrapByPolicy,
  Device,
  type DeviceEvent,
  type DeviceOptions,
  memoryState,
  type PinQuestion,
  provisionDevice,
} from '../../src/device/index.ts';
import { contentTypes, type PushContentType } from '../../src/push/index.ts';
import { bootstrapMac, imsiOctets, SharedKey, signMessage } from '../../src/security/index.ts';
import { type BootstrapContent, composeBootstrap } from '../../src/sessionless/index.ts';
import { ManualClock } from '../../src/testing/index.ts';
import type { NewDmAccount } from '../../src/tree/index.ts';
import { sessionless } from '../security/message-keys.ts';
import { dm12, secret, sentAt, serverId, storedNonce } from './fixtures.ts';
import { deviceId, ScriptedServer } from './scripted-server.ts';
import { add, until } from './several-servers.ts';
import { datagramOf, flood, listenOnUdp, strangers, turn, UdpPeer } from './udp-peers.ts';

const network = imsiOctets('262011234567890');
const pin = '49152637';

function accountOf(name: string): NewDmAccount {
  return {
    serverId: name,
    addresses: [{ addr: 'https://dm.example.com/dm' }],
    authPreference: 'DIGEST',
    credentials: [
      { level: 'CLCRED', type: 'DIGEST', name: 'd1', secret: 'client secret', data: Uint8Array.of(1, 2, 3) },
      {
        level: 'SRVCRED',
        type: 'DIGEST',
        name,
        secret: 'server secret of 16+',
        data: Uint8Array.of(4, 5, 6),
      },
    ],
  };
}

interface Made {
  readonly type: PushContentType;
  readonly body: Uint8Array;
  readonly datagram: Uint8Array;
}

function bootstrap(name: string, content: Partial<BootstrapContent> = {}): Made {
  const made = composeBootstrap({
    profile: 'dm',
    account: accountOf(name),
    protection: { sec: 'USERPIN', pin },
    deviceId,
    ...content,
  });
  const type = { ...contentTypes[made.kind], parameters: made.parameters };
  return { type, body: made.body, datagram: datagramOf(type, made.body) };
}

/** A push with these parameters and octets. */
function pushed(
  parameters: Record<string, string>,
  body: Uint8Array,
  kind: 'dm+wbxml' | 'connectivity+wbxml' = 'dm+wbxml',
): Uint8Array {
  return datagramOf({ ...contentTypes[kind], parameters }, body);
}

interface Scene {
  readonly device: Device;
  readonly clock: ManualClock;
  readonly events: DeviceEvent[];
  readonly asked: PinQuestion[];
  readonly signals: AbortSignal[];
  /** Answers the PIN question that is shown. */
  answer(text: string | undefined): void;
  readonly at: Awaited<ReturnType<typeof listenOnUdp>>;
  readonly honest: UdpPeer;
  readonly server: ScriptedServer;
  refusals(): readonly string[];
}

async function start(
  t: TestContext,
  policy: Partial<BootstrapPolicy>,
  options: { readonly accounts?: boolean; readonly device?: Partial<DeviceOptions> } = {},
): Promise<Scene> {
  const nonce = utf8ToBytes('client nonce');
  const server = new ScriptedServer({ client: nonce, server: storedNonce });
  await server.start();
  const clock = new ManualClock(sentAt * 1000);
  const storage = memoryState();
  const account = {
    serverId,
    address: server.url,
    client: { scheme: 'md5', name: 'Bruce2', secret: 'OhBehave', nonceBase64: bytesToBase64(nonce) },
    server: { scheme: 'md5', secret, nonceBase64: bytesToBase64(storedNonce) },
  } as const;
  const accounts = options.accounts === true ? [account] : [];
  await provisionDevice(storage, { deviceId, man: 'E', mod: 'E1', accounts }, { clock });
  const asked: PinQuestion[] = [];
  const signals: AbortSignal[] = [];
  const answers: ((text: string | undefined) => void)[] = [];
  const askPin: BootstrapPolicy['askPin'] = (question, signal) => {
    asked.push(question);
    signals.push(signal);
    return new Promise((resolve) => answers.push(resolve));
  };
  const events: DeviceEvent[] = [];
  const device = new Device({
    storage,
    clock,
    bootstrap: bootstrapByPolicy({ allow: ['USERPIN'], askPin, ...policy }, clock),
    onEvent: (event) => events.push(event),
    ...options.device,
  });
  await device.start();
  const at = await listenOnUdp(device);
  const honest = await UdpPeer.open('127.0.0.2');
  t.after(async () => {
    await device.stop();
    await honest.close();
    await server.close();
  });
  return {
    ...{ device, clock, events, asked, signals, at, honest, server },
    answer: (text) => answers.at(-1)?.(text),
    refusals: () =>
      events.flatMap((event) =>
        event.event === 'ignored' && event.reason === 'bootstrap-refused' ? [event.detail] : [],
      ),
  };
}

async function strangersFor(t: TestContext, count: number): Promise<readonly UdpPeer[]> {
  const peers = await strangers(count);
  t.after(() => Promise.all(peers.map((peer) => peer.close())));
  return peers;
}

const made = bootstrap('org.new');
const mac = made.type.parameters?.MAC ?? '';
const withPin = (body: Uint8Array): string => bootstrapMac(body, { sec: 'USERPIN', pin });
const text = (value: string): Uint8Array => utf8ToBytes(value);

for (const [why, datagram, refusal] of [
  [
    'a protection that is not allowed',
    bootstrap('org.new', { protection: { sec: 'NETWPIN', network } }).datagram,
    /NETWPIN is not allowed/,
  ],
  ['no MAC', pushed({ SEC: 'USERPIN' }, made.body), /SEC and no MAC/],
  ['a MAC that is none', pushed({ SEC: 'USERPIN', MAC: 'no hex' }, made.body), /the MAC is wrong/],
  ['a MAC that is too short', pushed({ SEC: 'USERPIN', MAC: mac.slice(2) }, made.body), /the MAC is wrong/],
  ['octets that are no message', pushed({ SEC: 'USERPIN', MAC: mac }, text('no WBXML')), /./],
  [
    'an end that is missing',
    pushed({ SEC: 'USERPIN', MAC: mac }, made.body.subarray(0, made.body.length - 9)),
    /./,
  ],
  ['no octets at all', pushed({ SEC: 'USERPIN', MAC: mac }, new Uint8Array()), /./],
  [
    'a document without an account',
    pushed({ SEC: 'USERPIN', MAC: mac }, Uint8Array.of(3, 11, 106, 0, 5), 'connectivity+wbxml'),
    /./,
  ],
  ['another device', bootstrap('org.new', { deviceId: 'IMEI:2' }).datagram, /for another device/],
] as const) {
  test(`a stranger's bootstrap that nothing could make right asks nobody: ${why}`, async (t) => {
    const { device, asked, at, honest, refusals } = await start(t, {});
    await honest.send(at.port, datagram);
    await until(() => device.counters.ignored['bootstrap-refused'] === 1);
    assert.match(refusals()[0] ?? '', refusal);
    assert.deepEqual(asked, []);
    assert.equal(device.counters.questions.asked, 0);
  });
}

test("a stranger's bootstrap under a PIN policy that could never take it asks nobody: the device has accounts", async (t) => {
  for (const [withAccounts, name] of [
    ['refuse', 'org.new'],
    ['add', serverId],
  ] as const) {
    const scene = await start(t, { withAccounts }, { accounts: true });
    await scene.honest.send(scene.at.port, bootstrap(name).datagram);
    await until(() => scene.device.counters.ignored['bootstrap-refused'] === 1);
    assert.match(scene.refusals()[0] ?? '', /the device has accounts|there is an account of this server/);
    assert.deepEqual(scene.asked, []);
  }
});

test("a stranger's bootstrap asks nobody where a PIN needs the network's secret and the device has none, or nobody can be asked", async (t) => {
  const bare = await start(t, { allow: ['USERNETWPIN'] });
  const joined = bootstrap('org.new', { protection: { sec: 'USERNETWPIN', network, pin } });
  await bare.honest.send(bare.at.port, joined.datagram);
  await until(() => bare.refusals().length === 1);
  assert.match(bare.refusals()[0] ?? '', /no secret of the network/);
  assert.deepEqual(bare.asked, []);
  const { askPin: _, ...mute } = { allow: ['USERPIN'], askPin: undefined } as const;
  const alone = new Device({ storage: await emptyDevice(), bootstrap: bootstrapByPolicy(mute) });
  await alone.start();
  const outcome = await alone.handlePush({
    binding: 'wap',
    from: '127.0.0.1:1',
    contentType: made.type,
    parameters: made.type.parameters ?? {},
    body: made.body,
  });
  assert.ok(outcome.outcome === 'ignored' && /nobody can be asked/.test(outcome.detail));
  await alone.stop();
});

async function emptyDevice(): Promise<ReturnType<typeof memoryState>> {
  const storage = memoryState();
  await provisionDevice(storage, { deviceId, man: 'E', mod: 'E1', accounts: [] });
  return storage;
}

test("a stranger's bootstrap that is too large asks nobody, by whatever way it comes", async (t) => {
  const { device, asked } = await start(t, {});
  const body = new Uint8Array(65_537);
  for (const contentType of [
    contentTypes['dm+wbxml'],
    { mime: contentTypes['dm+wbxml'].mime, code: undefined },
  ]) {
    const outcome = await device.handlePush({
      binding: 'http',
      from: '127.0.0.1:1',
      contentType,
      parameters: { SEC: 'USERPIN', MAC: withPin(body) },
      body,
    });
    assert.ok(outcome.outcome === 'ignored' && /at most 65536 are read/.test(outcome.detail));
  }
  assert.deepEqual(asked, []);
});

test('while a PIN is asked, an authenticated message is processed and a notification leads to its session', async (t) => {
  const scene = await start(t, { withAccounts: 'add' }, { accounts: true });
  const { device, asked, at, honest, server } = scene;
  await honest.send(at.port, bootstrap('org.new').datagram);
  await until(() => asked.length === 1);
  const message = { ...sessionless([], { from: serverId }), commands: [add('1', './FromServer')] };
  const signed = signMessage(message, new SharedKey(utf8ToBytes(secret)));
  await honest.send(at.port, datagramOf(contentTypes['dm+wbxml'], signed));
  await until(() => device.tree?.node('./FromServer')?.value === 'x');
  const notification = encodeNotification(dm12, { secret, nonce: server.nonces.server });
  await honest.send(at.port, datagramOf(contentTypes['dm1.2'], notification));
  await until(() => server.ends.length === 1);
  // The bootstrap goes on as if nothing had been.
  scene.answer(pin);
  await until(() => device.counters.bootstrapped === 1);
  assert.equal(device.accounts.length, 2);
});

test('a question for a PIN ends, and the bootstrap may come again', async (t) => {
  const scene = await start(t, {}, { device: { confirmTimeoutMs: 30_000 } });
  await scene.honest.send(scene.at.port, made.datagram);
  await until(() => scene.asked.length === 1);
  scene.clock.advance(30_000);
  await until(() => scene.refusals().length === 1);
  assert.match(scene.refusals()[0] ?? '', /nobody entered a PIN in time/);
  assert.equal(scene.signals[0]?.aborted, true);
  assert.equal(scene.clock.waiting, 0);
  await scene.honest.send(scene.at.port, made.datagram);
  await until(() => scene.asked.length === 2);
  scene.answer(pin);
  await until(() => scene.device.counters.bootstrapped === 1);
});

test('nobody answers, and the user refuses: each is told as what it is', async (t) => {
  const scene = await start(t, {});
  for (const [given, refusal] of [
    [undefined, /nobody entered a PIN/],
    ['', /the user refused/],
    ['  ', /the user refused/],
  ] as const) {
    const before = scene.refusals().length;
    await scene.honest.send(scene.at.port, made.datagram);
    await until(() => scene.asked.length === before + 1);
    scene.answer(given);
    await until(() => scene.refusals().length === before + 1);
    assert.match(scene.refusals().at(-1) ?? '', refusal);
  }
});

test('one PIN question is on the screen, however many bootstraps wait for one', async (t) => {
  const scene = await start(t, {});
  const peers = await strangersFor(t, 32);
  await flood(
    peers,
    scene.at,
    64,
    (index) => bootstrap(`org.s${index}`, { protection: { sec: 'USERPIN', pin: '1' } }).datagram,
  );
  await turn();
  assert.equal(scene.asked.length, 1);
  assert.equal(scene.device.counters.questions.asked, 1);
  // A wrong PIN counts for all of them, and the device asks once more.
  scene.answer('000');
  await until(() => scene.asked.length === 2);
  assert.deepEqual(
    scene.asked.map(({ attempt, left }) => [attempt, left]),
    [
      [1, 3],
      [2, 2],
    ],
  );
});

test('a flood of unauthenticated bootstraps does not keep an honest one out: PIN', async (t) => {
  const scene = await start(t, {});
  const peers = await strangersFor(t, 64);
  // As an attacker would: right in form, each another one, PINs of his own.
  const forged = Array.from(
    { length: 128 },
    (_, index) => bootstrap(`org.s${index}`, { protection: { sec: 'USERPIN', pin: '666' } }).datagram,
  );
  const forgedOf = (index: number): Uint8Array => forged[index % forged.length] ?? Uint8Array.of();
  await flood(peers, scene.at, 300, forgedOf);
  await scene.honest.send(scene.at.port, made.datagram);
  await flood(peers, scene.at, 900, forgedOf);
  assert.equal(scene.asked.length, 1);
  // The user was told his PIN; whatever is on the screen, he types it.
  scene.answer(pin);
  await until(() => scene.device.counters.bootstrapped === 1);
  assert.deepEqual(
    scene.device.accounts.map((each) => each.serverId),
    ['org.new'],
  );
  // The others could not be taken now: nobody is asked for them.
  await until(() => scene.device.counters.ignored['bootstrap-refused'] === 1200);
  assert.equal(scene.asked.length, 1);
});

test('a flood of unauthenticated bootstraps does not keep an honest one out: NETWPIN', async (t) => {
  const scene = await start(t, { allow: ['NETWPIN'], network });
  const peers = await strangersFor(t, 64);
  const honest = bootstrap('org.new', { protection: { sec: 'NETWPIN', network } });
  await flood(peers, scene.at, 3000, (index) =>
    pushed({ SEC: 'NETWPIN', MAC: bytesToHex(utf8ToBytes(String(index).padStart(20, '0'))) }, honest.body),
  );
  // Each sender had its ten tries.
  assert.equal(scene.refusals().filter((detail) => detail === 'the MAC is wrong').length, 640);
  await scene.honest.send(scene.at.port, honest.datagram);
  await until(() => scene.device.counters.bootstrapped === 1);
});

test('a flood of bootstraps that wait for a PIN takes no place of notifications and messages, nor of the listener', async (t) => {
  const scene = await start(t, { withAccounts: 'add' }, { accounts: true });
  const { device, at, honest, server } = scene;
  const peers = await strangersFor(t, 200);
  const made = Array.from({ length: 128 }, (_, index) => bootstrap(`org.s${index}`).datagram);
  await flood(peers, at, 1000, (index) => made[index % made.length] ?? Uint8Array.of());
  const notification = encodeNotification(dm12, { secret, nonce: server.nonces.server });
  await honest.send(at.port, datagramOf(contentTypes['dm1.2'], notification));
  await until(() => server.ends.length === 1);
  const message = { ...sessionless([], { from: serverId }), commands: [add('1', './FromServer')] };
  const signed = signMessage(message, new SharedKey(utf8ToBytes(secret)));
  await honest.send(at.port, datagramOf(contentTypes['dm+wbxml'], signed));
  await until(() => device.tree?.node('./FromServer')?.value === 'x');
  assert.equal(at.listener.counters().dropped.busy, 0);
});

test('whoever makes senders up guesses at a pace, and a MAC is still checked each second', async (t) => {
  const scene = await start(t, { allow: ['NETWPIN'], network, failures: { count: 1, windowMs: 3_600_000 } });
  const push = (from: string, body: Uint8Array, guess: string) =>
    scene.device.handlePush({
      binding: 'wap',
      from,
      contentType: contentTypes['dm+wbxml'],
      parameters: { SEC: 'NETWPIN', MAC: guess },
      body,
    });
  const honest = bootstrap('org.new', { protection: { sec: 'NETWPIN', network } });
  for (let index = 0; index < 150; index += 1) await push(`10.0.0.${index}:9`, honest.body, '0'.repeat(40));
  assert.equal(scene.refusals().filter((detail) => detail === 'the MAC is wrong').length, 101);
  scene.clock.advance(1000);
  const outcome = await push('10.1.0.1:9', honest.body, honest.type.parameters?.MAC ?? '');
  assert.equal(outcome.outcome, 'bootstrapped');
});

test('copies of an honest bootstrap, and their sender who gives way, do not take it along', async (t) => {
  const scene = await start(t, {});
  const [thief] = await strangersFor(t, 1);
  assert.ok(thief !== undefined);
  await thief.send(scene.at.port, made.datagram);
  await until(() => scene.asked.length === 1);
  await scene.honest.send(scene.at.port, made.datagram);
  await flood(
    [thief],
    scene.at,
    10,
    (index) => bootstrap(`org.t${index}`, { protection: { sec: 'USERPIN', pin: '1' } }).datagram,
  );
  scene.answer(pin);
  await until(() => scene.device.counters.bootstrapped === 1);
  assert.equal(scene.asked.length, 1);
});

test('different bootstraps that hold under one PIN are none of them taken', async (t) => {
  const scene = await start(t, { withAccounts: 'add' });
  await scene.honest.send(scene.at.port, made.datagram);
  await scene.honest.send(scene.at.port, bootstrap('org.guess').datagram);
  await until(() => scene.device.counters.received === 2);
  await until(() => scene.asked.length === 1);
  await turn();
  scene.answer(pin);
  await until(() => scene.refusals().length === 2);
  assert.match(scene.refusals()[0] ?? '', /different bootstraps hold under this PIN/);
  assert.deepEqual(scene.device.accounts, []);
});

test('a bootstrap that gives way to newer ones of its sender is told so, and asks nobody any more', async (t) => {
  const scene = await start(t, {});
  for (const name of ['one', 'two', 'three'])
    await scene.honest.send(scene.at.port, bootstrap(`org.${name}`).datagram);
  await until(() => scene.refusals().length === 1);
  assert.match(scene.refusals()[0] ?? '', /gave way to a newer one/);
});

test('the screen is free again when nobody waits for a PIN any more', async (t) => {
  const scene = await start(t, {});
  await scene.honest.send(scene.at.port, made.datagram);
  await until(() => scene.asked.length === 1);
  await scene.device.stop();
  assert.equal(scene.signals[0]?.aborted, true);
  assert.equal(scene.device.counters.bootstrapped, 0);
  assert.equal(scene.clock.waiting, 0);
});
