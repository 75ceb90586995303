import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { DmMessage, ManagementCommand } from '../../src/codec/syncml/index.ts';
import { bytesToBase64, bytesToHex, ConfigError, ValueError } from '../../src/core/index.ts';
import { sessionEntry } from '../../src/device/account/account.ts';
import {
  Device,
  type DeviceEvent,
  type DeviceOptions,
  memoryState,
  provisionDevice,
  type StateStorage,
} from '../../src/device/index.ts';
import type { AuthScheme } from '../../src/security/index.ts';
import { ManualClock } from '../../src/testing/index.ts';
import {
  defaultNonce,
  dm12,
  dm13,
  dm2010,
  examples,
  pushOf,
  secret,
  sentAt,
  serverId,
  storedNonce,
} from './fixtures.ts';
import { deviceId, ScriptedServer } from './scripted-server.ts';

const clientNonce = new TextEncoder().encode('client nonce');
const wrongNonce = new TextEncoder().encode('out of step');
const cleanUps: (() => Promise<void>)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

interface Pair {
  readonly server: ScriptedServer;
  readonly device: Device;
  readonly events: DeviceEvent[];
  readonly storage: StateStorage;
  readonly clock: ManualClock;
  readonly lines: string[];
}

interface PairOptions extends Partial<DeviceOptions> {
  readonly scheme?: AuthScheme;
  readonly deviceServerNonce?: Uint8Array;
  readonly deviceClientNonce?: Uint8Array;
}

async function pair(options: PairOptions = {}): Promise<Pair> {
  const {
    scheme = 'md5',
    deviceServerNonce = storedNonce,
    deviceClientNonce = clientNonce,
    ...deviceOptions
  } = options;
  const server = new ScriptedServer({ client: clientNonce, server: storedNonce }, scheme);
  await server.start();
  cleanUps.push(() => server.close());
  const clock = new ManualClock(sentAt * 1000);
  const storage = memoryState();
  await provisionDevice(
    storage,
    {
      deviceId,
      man: 'Example',
      mod: 'One',
      accounts: [
        {
          serverId,
          address: server.url,
          client: {
            scheme,
            name: 'Bruce2',
            secret: 'OhBehave',
            nonceBase64: bytesToBase64(deviceClientNonce),
          },
          server: { scheme, secret, nonceBase64: bytesToBase64(deviceServerNonce) },
        },
      ],
    },
    { clock },
  );
  const events: DeviceEvent[] = [];
  const lines: string[] = [];
  const line = (fields: object, message: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const device = new Device({
    storage,
    clock,
    logger: { debug: line, info: line, warn: line, error: line },
    onEvent: (event) => events.push(event),
    random: () => 0.5,
    ...deviceOptions,
  });
  await device.start();
  cleanUps.push(() => device.stop());
  return { server, device, events, storage, clock, lines };
}

function noncesOf(device: Device): { readonly client: string; readonly server: string } {
  const [account] = device.accounts;
  assert.ok(account !== undefined);
  const hex = (level: 'CLCRED' | 'SRVCRED'): string =>
    bytesToHex(sessionEntry(account, level)?.data ?? new Uint8Array());
  return { client: hex('CLCRED'), server: hex('SRVCRED') };
}

/** Both ends hold the same nonces. */
function inStep({ device, server }: Pair): void {
  const nonces = noncesOf(device);
  assert.equal(nonces.client, bytesToHex(server.nonces.client));
  assert.equal(nonces.server, bytesToHex(server.nonces.server));
}

/** Secrets must not reach the log, whatever happens. */
function nothingTold({ lines }: Pair): void {
  assert.doesNotMatch(lines.join('\n'), /OhBehave|srvpwd/);
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Moves the clock on until `done`. */
async function runClock<Result>(clock: ManualClock, done: Promise<Result>): Promise<Result> {
  let over = false;
  void done.finally(() => {
    over = true;
  });
  while (!over) {
    await settle();
    if (clock.waiting > 0) clock.advance(500);
  }
  return await done;
}

const schemes: readonly AuthScheme[] = ['basic', 'md5', 'hmac'];

for (const form of ['xml', 'wbxml'] as const) {
  for (const scheme of schemes) {
    test(`N12-C-001 N10-C-001 N13-C-001 §5: a notification leads to a session, ${form}, ${scheme}`, async () => {
      for (const message of examples) {
        const both = await pair({ form, scheme });
        const outcome = await both.device.handlePush(pushOf(message));
        assert.equal(outcome.outcome, 'completed', JSON.stringify(outcome));
        const type = `application/vnd.syncml.dm+${form}`;
        assert.equal(both.server.requests[0]?.headers['content-type']?.split(';')[0], type);
        assert.deepEqual(both.server.names(), ['Alert', 'Replace']);
        assert.deepEqual(both.server.ends, [{ outcome: 'completed' }]);
        inStep(both);
        nothingTold(both);
        assert.equal(both.device.counters.completed, 1);
        const [started, ended] = both.events.filter((event) => event.event.startsWith('session-'));
        const nonce = message.format === 'dm1.3' ? 'timestamp' : 'stored';
        assert.ok(started?.event === 'session-started' && started.nonce === nonce && started.attempt === 1);
        assert.ok(ended?.event === 'session-ended' && ended.outcome === 'completed' && !ended.resynchronised);
      }
    });
  }
}

test('N13-C-008 §6.4.8: the session has the Session-ID of the notification, upper-case hex without zeros', async () => {
  for (const [sessionId, text] of [
    [0x1234, '1234'],
    [0xaf, 'AF'],
    [1, '1'],
    [65_535, 'FFFF'],
  ] as const) {
    const { device, server } = await pair();
    assert.equal((await device.handlePush(pushOf({ ...dm13, sessionId }))).outcome, 'completed');
    assert.ok(server.messages.every((message) => message.header.sessionId === text));
    const alert = server.messages[0]?.commands[0];
    assert.ok(alert?.name === 'Alert' && alert.data === '1200');
  }
});

for (const form of ['xml', 'wbxml'] as const) {
  for (const scheme of schemes) {
    test(`N12-C-003 N10-C-003 §5.1: a device out of step recovers in one exchange, ${form}, ${scheme}`, async () => {
      for (const message of [dm12, dm2010]) {
        const both = await pair({
          form,
          scheme,
          deviceServerNonce: wrongNonce,
          deviceClientNonce: wrongNonce,
        });
        const { device, server } = both;
        const first = await device.handlePush(pushOf(message));
        assert.ok(first.outcome === 'ignored' && first.reason === 'bad-digest');
        server.resynchronising.add(message.sessionId);
        const again = await device.handlePush(pushOf(message, defaultNonce));
        assert.ok(again.outcome === 'completed' && again.nonce === 'default', JSON.stringify(again));
        assert.equal(device.counters.resynchronised, 1);
        const { client, server: fresh } = noncesOf(device);
        // Basic has no client nonce to renew; that of the server is for notifications.
        if (scheme === 'basic') server.nonces.client = wrongNonce;
        inStep(both);
        const old = [wrongNonce, storedNonce, clientNonce, defaultNonce].map(bytesToHex);
        assert.ok(!old.includes(fresh), 'the server nonce is fresh');
        assert.ok(scheme === 'basic' || !old.includes(client), 'the client nonce is fresh');
        assert.ok(server.effects.some((effect) => effect.effect === 'resynchronised'));
        const next = pushOf({ ...message, sessionId: 0x1235 }, server.nonces.server);
        const after_ = await device.handlePush(next);
        assert.ok(after_.outcome === 'completed' && after_.nonce === 'stored');
        inStep(both);
        nothingTold(both);
      }
    });
  }
}

test('§5.1: a captured notification under the default nonce cannot be used again', async () => {
  const both = await pair({ deviceServerNonce: wrongNonce });
  both.server.resynchronising.add(dm12.sessionId);
  const push = pushOf(dm12, defaultNonce);
  assert.equal((await both.device.handlePush(push)).outcome, 'completed');
  both.clock.advance(365 * 86_400_000);
  const replayed = await both.device.handlePush(push);
  assert.ok(replayed.outcome === 'ignored' && replayed.reason === 'replay');
});

test('§5.1: a resynchronisation that the server refuses leaves the nonces as they were, and the next wake works', async () => {
  for (const scheme of ['md5', 'hmac'] as const) {
    const { device, server, clock } = await pair({ scheme });
    const before = noncesOf(device).server;
    // Signed by one who knows the secret, but not on offer: the server loses the session when the new nonce arrives.
    server.interfere = (request) => (request >= 3 ? 409 : undefined);
    const failed = await runClock(clock, device.handlePush(pushOf(dm12, defaultNonce)));
    assert.equal(failed.outcome, 'failed');
    assert.ok(server.requests.length >= 3, 'the device had handed a new nonce over');
    assert.equal(noncesOf(device).server, before);
    assert.equal(bytesToHex(server.nonces.server), before);
    server.interfere = () => undefined;
    const next = await device.handlePush(pushOf({ ...dm12, sessionId: 0x1235 }));
    assert.equal(next.outcome, 'completed');
    assert.ok('nonce' in next && next.nonce === 'stored');
  }
});

test('§6.2.10, §6.4.8: the same notification twice at once leads to one session', async () => {
  for (const message of examples) {
    const { device, server } = await pair();
    const push = pushOf(message);
    const outcomes = await Promise.all([
      device.handlePush(push),
      device.handlePush(push),
      device.handlePush(push),
    ]);
    assert.deepEqual(outcomes.map((each) => each.outcome).sort(), ['completed', 'ignored', 'ignored']);
    assert.equal(device.counters.ignored.replay, 2);
    assert.equal(server.ends.length, 1);
  }
});

function leavesOf(message: DmMessage | undefined): Record<string, unknown> {
  const replaces = (message?.commands ?? []).filter((command) => command.name === 'Replace');
  const items = replaces.flatMap((command) => ('items' in command ? command.items : []));
  return Object.fromEntries(items.map((item) => [item.source?.uri, item.data]));
}

test('N13-C-013 DM-NOTI-1.3 §6.5.4: package #1 carries DevInfo and the objects that Requested-MO names', async () => {
  const { device, server, lines } = await pair();
  await device.handlePush(pushOf({ ...dm13, requestedMo: [2, 1, 2, 0x9999, 4, 0] }));
  assert.deepEqual(server.names(), ['Alert', 'Replace', 'Replace']);
  const leaves = leavesOf(server.messages[0]);
  assert.equal(leaves['./DevInfo/DevId'], deviceId);
  assert.equal(leaves['./DevInfo/Man'], 'Example');
  assert.equal(leaves['./DevDetail/FwV'], '1.0');
  assert.equal(leaves['./DevDetail/LrgObj'], 'true');
  assert.equal(server.messages[0]?.header.verProto, 'DM/1.3');
  assert.ok(lines.some((line) => line.includes('unknown index') && line.includes('39321')));
  assert.ok(lines.some((line) => line.includes('cannot be sent') && line.includes('Inbox')));
});

test('DM-NOTI-1.3 §6.5.4: of accounts only what the server may read is sent, and never a secret', async () => {
  const { device, server } = await pair();
  await device.handlePush(pushOf({ ...dm13, requestedMo: [3] }));
  const leaves = leavesOf(server.messages[0]);
  const uris = Object.keys(leaves);
  assert.ok(uris.some((uri) => uri.endsWith('/ServerID')));
  assert.ok(!uris.some((uri) => /AAuthSecret|AAuthData/.test(uri)));
});

test('DM-NOTI-1.3-2010 §6.2.11: DevDetail goes with package #1 when it is asked for', async () => {
  for (const sendDevDetail of [true, false]) {
    const { device, server } = await pair();
    await device.handlePush(pushOf({ ...dm2010, sendDevDetail }));
    assert.equal(leavesOf(server.messages[0])['./DevDetail/FwV'], sendDevDetail ? '1.0' : undefined);
  }
});

test('N13-C-011 DM-NOTI-1.3 §6.5.2: the device is told what is targeted, and may stay away until it is ready', async () => {
  const asked: unknown[] = [];
  let battery = 12;
  const { device, server } = await pair({
    mayStart(purpose) {
      asked.push(purpose);
      return battery > 50 || `battery at ${battery} %`;
    },
  });
  const push = pushOf({ ...dm13, targetedMo: [5, 0x8001] });
  const first = await device.handlePush(push);
  assert.ok(
    first.outcome === 'ignored' && first.reason === 'not-ready' && first.detail === 'battery at 12 %',
  );
  assert.deepEqual(asked, [
    { serverId, initiator: 'server', targetedMo: [{ index: 5, name: 'FUMO' }, { index: 0x8001 }] },
  ]);
  assert.equal(server.requests.length, 0);
  battery = 80;
  assert.equal((await device.handlePush(push)).outcome, 'completed', 'the same notification, sent again');
});

test('N13-C-016 N13-C-017 DM-NOTI-1.3 §6.5.6: the session runs over the preferred bearer once it is there', async () => {
  const { device, server, events } = await pair({ bearers: ['bluetooth'] });
  const done = device.handlePush(pushOf({ ...dm13, preferredBearer: ['wlan', '3gpp-lte'] }));
  await settle();
  assert.equal(server.requests.length, 0);
  assert.ok(events.some((event) => event.event === 'waiting' && event.for === 'bearer'));
  device.setAvailableBearers(['bluetooth', { name: 'wlan', localAddress: '127.0.0.4' }]);
  assert.equal((await done).outcome, 'completed');
  assert.equal(server.requests[0]?.socket.remoteAddress, '127.0.0.4');
});

test('N13-C-007: a user who says no is not asked again by the same notification', async () => {
  let questions = 0;
  const { device, server } = await pair({
    user: {
      inform: () => undefined,
      confirm() {
        questions += 1;
        return Promise.resolve(false);
      },
    },
  });
  const push = pushOf({ ...dm13, uiMode: 'user-interaction' });
  const outcome = await device.handlePush(push);
  assert.ok(outcome.outcome === 'ignored' && outcome.reason === 'declined');
  const again = await device.handlePush(push);
  assert.ok(again.outcome === 'ignored' && again.reason === 'replay');
  assert.equal(questions, 1);
  assert.equal(server.requests.length, 0);
});

test('a server that was killed and comes back is reached by the same Session-ID', async () => {
  for (const scheme of schemes) {
    const both = await pair({ scheme });
    const { device, server, clock, events } = both;
    server.interfere = (request) => (request <= 3 ? 'hang up' : undefined);
    const outcome = await runClock(clock, device.handlePush(pushOf(dm13)));
    assert.equal(outcome.outcome, 'completed', JSON.stringify(outcome));
    const ended = events.filter((event) => event.event === 'session-ended');
    assert.deepEqual(
      ended.map((event) => event.outcome),
      ['unreachable', 'completed'],
    );
    assert.ok(server.messages.every((message) => message.header.sessionId === '1234'));
    inStep(both);
  }
});

test('a server that is killed in the middle of the session: a new session with the same Session-ID', async () => {
  for (const scheme of schemes) {
    const both = await pair({ scheme });
    const { device, server, clock } = both;
    server.script = [[{ name: 'Get', cmdId: '1', items: [{ target: { uri: './DevDetail/FwV' } }] }]];
    let killed = false;
    server.interfere = (request) => {
      if (request !== 2 || killed) return undefined;
      killed = true;
      server.forgetSessions();
      return 503;
    };
    const outcome = await runClock(clock, device.handlePush(pushOf(dm12)));
    assert.equal(outcome.outcome, 'completed', JSON.stringify(outcome));
    assert.deepEqual(server.answers.at(-1)?.data, ['1.0']);
    assert.deepEqual(new Set(server.messages.map((message) => message.header.sessionId)), new Set(['1234']));
    inStep(both);
  }
});

test('an answer that is lost in the middle is asked for again, within the session', async () => {
  const both = await pair();
  const { device, server, clock } = both;
  server.script = [[{ name: 'Get', cmdId: '1', items: [{ target: { uri: './DevDetail/FwV' } }] }]];
  server.interfere = (request) => (request === 2 ? 'hang up' : undefined);
  const outcome = await runClock(clock, device.handlePush(pushOf(dm12)));
  assert.equal(outcome.outcome, 'completed');
  assert.equal(device.counters.sessions, 1);
  inStep(both);
});

test('after its sessions failed, the retry of a notification is tried again', async () => {
  const { device, server, clock } = await pair({ backOff: { attempts: 2 } });
  server.interfere = () => 'hang up';
  const push = pushOf(dm13);
  const failed = await runClock(clock, device.handlePush(push));
  assert.equal(failed.outcome, 'unreachable');
  assert.equal(device.counters.failed, 1);
  server.interfere = () => undefined;
  assert.equal((await device.handlePush(push)).outcome, 'completed');
  const replayed = await device.handlePush(push);
  assert.ok(replayed.outcome === 'ignored' && replayed.reason === 'replay');
});

test('answers that are no DM messages end the session with what is wrong', async () => {
  const cases: readonly [interference: Parameters<typeof Object>[0], pattern: RegExp][] = [
    [404, /HTTP status 404/],
    ['empty', /answered with nothing/],
    [{ type: 'text/html', body: '<p>Hello' }, /answered with text\/html/],
    [{ type: 'application/vnd.syncml.dm+xml', body: '<SyncML' }, /cannot be read/],
    [{ type: 'application/vnd.syncml.dm+wbxml', body: '\u0000' }, /cannot be read/],
  ];
  for (const [interference, pattern] of cases) {
    const { device, server } = await pair();
    server.interfere = () => interference as number;
    const outcome = await device.handlePush(pushOf(dm12));
    assert.ok(outcome.outcome === 'failed', JSON.stringify(outcome));
    assert.match(outcome.reason ?? '', pattern);
    assert.equal(server.requests.length, 1);
  }
});

test('a server that hangs is given up after the time allowed, and tried again', async () => {
  const { device, server, clock } = await pair({
    backOff: { attempts: 2 },
    http: { responseTimeoutMs: 5000 },
  });
  server.interfere = (request) => (request === 1 ? 'hang' : undefined);
  const outcome = await runClock(clock, device.handlePush(pushOf(dm13)));
  assert.equal(outcome.outcome, 'completed');
  assert.equal(device.counters.sessions, 2);
});

test('a wrong client nonce alone is mended by the challenge of package #2', async () => {
  const both = await pair({ deviceClientNonce: wrongNonce });
  assert.equal((await both.device.handlePush(pushOf(dm12))).outcome, 'completed');
  assert.notEqual(noncesOf(both.device).client, bytesToHex(wrongNonce));
  inStep(both);
});

test('a server that cannot prove who it is: no command is carried out, and nonces stay', async () => {
  for (const scheme of schemes) {
    const { device, server } = await pair({ scheme });
    server.secret = 'forged';
    server.script = [[{ name: 'Replace', cmdId: '1', items: [{ target: { uri: './DMAcc' }, data: 'x' }] }]];
    const before = noncesOf(device);
    const outcome = await device.handlePush(pushOf(dm12));
    assert.equal(outcome.outcome, 'unauthenticated');
    assert.deepEqual(noncesOf(device), before);
    assert.deepEqual(
      server.answers
        .flatMap(({ statuses }) => statuses.map((each) => each.status))
        .filter((each) => each < 300),
      [],
    );
  }
});

test('commands of the server change the tree, durably, and are answered', async () => {
  const script: ManagementCommand[] = [
    {
      name: 'Add',
      cmdId: '1',
      items: [
        { target: { uri: './Vendor' }, meta: { format: 'node' } },
        { target: { uri: './Vendor/A' }, data: '1' },
      ],
    },
    {
      name: 'Get',
      cmdId: '2',
      items: [{ target: { uri: './DevInfo/Mod' } }, { target: { uri: './Nowhere' } }],
    },
    { name: 'Replace', cmdId: '3', items: [{ target: { uri: './DevInfo/Mod' }, data: 'Two' }] },
    {
      name: 'Atomic',
      cmdId: '4',
      commands: [
        { name: 'Add', cmdId: '5', items: [{ target: { uri: './Vendor/B' }, data: '2' }] },
        { name: 'Delete', cmdId: '6', items: [{ target: { uri: './Nowhere' } }] },
      ],
    },
  ];
  for (const form of ['xml', 'wbxml'] as const) {
    const { device, server, storage, clock } = await pair({ form });
    server.script = [script];
    assert.equal((await device.handlePush(pushOf(dm12))).outcome, 'completed');
    const told = server.answers.map(({ name, statuses }) => [name, ...statuses.map((each) => each.status)]);
    assert.deepEqual(told, [
      ['Add', 200],
      ['Get', 200, 404],
      ['Replace', 425],
      ['Add', 216],
      ['Delete', 404],
      ['Atomic', 507],
    ]);
    await device.stop();
    const later = new Device({ storage, clock });
    await later.start();
    cleanUps.push(() => later.stop());
    const text = JSON.stringify(storage.load());
    assert.match(text, /"name":"Vendor"/);
    assert.doesNotMatch(text, /"name":"B"/);
  }
});

test('a session of the device itself: Alert 1201', async () => {
  const both = await pair();
  const outcome = await both.device.connect(serverId);
  assert.ok(outcome.outcome === 'completed' && outcome.nonce === 'none');
  const alert = both.server.messages[0]?.commands[0];
  assert.ok(alert?.name === 'Alert' && alert.data === '1201');
  inStep(both);
  const unknown = await both.device.connect('com.other');
  assert.ok(unknown.outcome === 'ignored' && unknown.reason === 'unknown-server');
});

test('stopping ends the session: the server is told by Alert 1223, later pushes are ignored', async () => {
  const { device, server } = await pair({
    user: {
      inform: () => undefined,
      confirm: () => Promise.resolve(true),
      interact: () => new Promise(() => undefined),
    },
  });
  const reached = Promise.withResolvers<void>();
  server.interfere = (request) => {
    if (request === 2) reached.resolve();
    return request === 2 ? 'hang' : undefined;
  };
  server.script = [[{ name: 'Get', cmdId: '1', items: [{ target: { uri: './DevDetail/FwV' } }] }]];
  const done = device.handlePush(pushOf(dm12));
  await reached.promise;
  await device.stop();
  const outcome = await done;
  assert.equal(outcome.outcome, 'aborted');
  const alerts = server.messages.at(-1)?.commands.filter((command) => command.name === 'Alert');
  assert.deepEqual(
    alerts?.map((each) => each.data),
    ['1223'],
  );
  const late = await device.handlePush(pushOf({ ...dm12, sessionId: 2 }));
  assert.ok(late.outcome === 'ignored' && late.reason === 'stopping');
  await device.stop();
});

test('a session that waits for its turn when the device stops never reaches its server', async () => {
  const { device, server } = await pair();
  const reached = Promise.withResolvers<void>();
  server.interfere = () => {
    reached.resolve();
    return 'hang';
  };
  const running = device.handlePush(pushOf(dm12));
  await reached.promise;
  server.interfere = (request) => (request === 2 ? undefined : 'hang');
  const waiting = device.handlePush(pushOf({ ...dm12, sessionId: 2 }));
  await settle();
  await device.stop();
  assert.equal((await running).outcome, 'aborted');
  assert.equal((await waiting).outcome, 'failed');
  assert.equal(device.counters.sessions, 1);
  assert.ok(server.messages.every((message) => message.header.sessionId === '1234'));
});

test('user interaction alerts reach the user, and a user who is silent is told to the server', async () => {
  const asked: string[] = [];
  const withdrawn: boolean[] = [];
  const both = await pair({
    user: {
      inform: () => undefined,
      confirm: () => assert.fail('no consent was to be asked for'),
      interact(request, signal) {
        asked.push(`${request.kind}: ${request.text}`);
        if (request.kind === 'confirm') return Promise.resolve({ response: 'accepted' });
        signal.addEventListener('abort', () => withdrawn.push(true));
        return new Promise(() => undefined);
      },
    },
  });
  const alert = (cmdId: string, data: string, options: string, text: string): ManagementCommand => ({
    name: 'Alert',
    cmdId,
    data,
    items: [{ data: options }, { data: text }],
  });
  both.server.script = [[alert('1', '1101', '', 'Update now?'), alert('2', '1102', 'MAXDT=30', 'PIN')]];
  const outcome = await runClock(both.clock, both.device.handlePush(pushOf(dm12)));
  assert.equal(outcome.outcome, 'completed');
  assert.deepEqual(asked, ['confirm: Update now?', 'text: PIN']);
  assert.deepEqual(withdrawn, [true]);
  assert.deepEqual(
    both.server.answers.flatMap(({ statuses }) => statuses.map((each) => each.status)),
    [200, 408],
  );
});

test('options that there are not are refused, absent ones may be written as undefined', async () => {
  const storage = memoryState();
  for (const options of [{ accept: 'Never' }, { form: 'json' }, { bearers: ['wifi'] }]) {
    assert.throws(() => new Device({ storage, ...(options as object) }), ValueError);
  }
  const loose = {
    storage,
    accept: undefined,
    clock: undefined,
    logger: undefined,
  } as unknown as DeviceOptions;
  const device = new Device(loose);
  await assert.rejects(device.start(), ConfigError);
  const early = await device.handlePush(pushOf(dm12));
  assert.ok(early.outcome === 'ignored' && early.reason === 'stopping');
  assert.deepEqual([device.deviceId, device.accounts, device.tree, device.pending], ['', [], undefined, 0]);
  await device.stop();
});

test('forged notifications change nothing: the state is not even written', async () => {
  const { device, storage } = await pair();
  const before = JSON.stringify(storage.load());
  let saves = 0;
  const save = storage.save.bind(storage);
  storage.save = (document) => {
    saves += 1;
    return save(document);
  };
  for (let i = 1; i <= 50; i += 1) await device.handlePush(pushOf({ ...dm12, sessionId: i }, wrongNonce));
  assert.equal(saves, 0);
  assert.equal(JSON.stringify(storage.load()), before);
  assert.equal(device.counters.ignored['bad-digest'], 50);
});

test('spec-notes ruling 12: resynchronisations are limited, and the limit survives a restart', async () => {
  const replay = { maxResynchronisations: 2 };
  const { device, storage, clock, server } = await pair({ replay });
  for (const sessionId of [1, 2]) {
    server.resynchronising.add(sessionId);
    const outcome = await device.handlePush(pushOf({ ...dm12, sessionId }, defaultNonce));
    assert.equal(outcome.outcome, 'completed');
  }
  await device.stop();
  const later = new Device({ storage, clock, replay });
  await later.start();
  cleanUps.push(() => later.stop());
  const third = pushOf({ ...dm12, sessionId: 3 }, defaultNonce);
  const limited = await later.handlePush(third);
  assert.ok(limited.outcome === 'ignored' && limited.reason === 'resync-limited');
  server.resynchronising.add(3);
  clock.advance(3_600_000);
  assert.equal((await later.handlePush(third)).outcome, 'completed');
});

test('a device whose state cannot be written does not start a session, and does not crash', async () => {
  const { device, server, storage, lines } = await pair();
  const save = storage.save.bind(storage);
  storage.save = () => Promise.reject(new Error('disk full'));
  const outcome = await device.handlePush(pushOf(dm12));
  assert.ok(outcome.outcome === 'ignored' && outcome.reason === 'not-ready');
  assert.equal(server.requests.length, 0);
  assert.ok(lines.some((line) => line.includes('disk full')));
  storage.save = save;
  assert.equal((await device.handlePush(pushOf(dm12))).outcome, 'completed');
});

test('every notification that is not acted on is counted and logged with its reason', async () => {
  const { device, lines, events } = await pair();
  const pushes = [
    ['unknown-server', pushOf({ ...dm12, serverId: 'com.other' })],
    ['bad-digest', pushOf(dm12, wrongNonce)],
    ['not-a-notification', { ...pushOf(dm12), contentType: { code: 0x2e, mime: undefined } }],
    ['undecodable', { ...pushOf(dm12), body: new Uint8Array(3) }],
    ['expired', pushOf({ ...dm13, timeoutMinutes: 1, timestamp: sentAt - 86_400 })],
  ] as const;
  for (const [reason, push] of pushes) {
    const outcome = await device.handlePush(push);
    assert.ok(outcome.outcome === 'ignored' && outcome.reason === reason);
    assert.equal(device.counters.ignored[reason], 1);
    assert.ok(lines.some((line) => line.startsWith('notification ignored') && line.includes(reason)));
    assert.ok(events.some((event) => event.event === 'ignored' && event.reason === reason));
  }
  assert.equal(device.counters.received, pushes.length);
  assert.equal(device.counters.sessions, 0);
});
