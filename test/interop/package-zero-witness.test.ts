// A whole device, woken by notifications that Python's standard library makes from the documents, over UDP; it calls a server
// whose messages are text put together here. No octet that reaches the device is made by the project's code.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { after, describe, test } from 'node:test';
import { describeDeviceEvent } from '../../src/cli/device/device-lines.ts';
import {
  Device,
  type DeviceEvent,
  type DeviceOptions,
  memoryState,
  provisionDevice,
  type SessionPurpose,
} from '../../src/device/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';
import { digest } from '../server/foreign-client.ts';
import { credIn, ForeignDmServer, textIn } from './foreign-dm-server.ts';
import { Witness } from './python.ts';

const python = new Witness('package-zero-witness.py');
after(() => python.stop());

const account = {
  serverId: 'com.example.dm',
  secret: 'tG5_hN8-cY3vJu1KfD0qWb',
  clientName: 'Bruce2',
  clientSecret: 'OhBehave',
};
const deviceId = 'IMEI:493005100592800';
const now = 1_331_000_000;
const nonce = Buffer.from('00ff3a41', 'hex');
const clientNonce = Buffer.from('client nonce');
const defaultNonce = Buffer.alloc(4);
const base = {
  serverId: account.serverId,
  secret: account.secret,
  sessionId: 0xaf,
  timestamp: now,
};

interface Scene {
  readonly events: DeviceEvent[];
  readonly server: ForeignDmServer;
  readonly device: Device;
  readonly clock: ManualClock;
  /** What the device did with the push, as far as it says `event`. */
  push(asked: object, event: DeviceEvent['event']): Promise<DeviceEvent>;
  /** The first message to the server. */
  readonly packageOne: () => string;
}

async function withDevice(
  options: Partial<DeviceOptions>,
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  const server = new ForeignDmServer(account, nonce);
  const address = await server.start();
  const storage = memoryState();
  const client = { scheme: 'md5', name: account.clientName, secret: account.clientSecret } as const;
  const own = { scheme: 'md5', secret: account.secret, nonceBase64: nonce.toString('base64') } as const;
  const nonceBase64 = clientNonce.toString('base64');
  const theirs = {
    serverId: 'com.example.dm2',
    address: 'http://127.0.0.1:1/dm',
    client,
    server: { ...own, secret: 'secret of another server' },
  };
  const ours = {
    serverId: account.serverId,
    address,
    client: { ...client, nonceBase64 },
    server: own,
  };
  await provisionDevice(storage, { deviceId, man: 'Example', mod: 'One', accounts: [theirs, ours] });
  const events: DeviceEvent[] = [];
  const clock = new ManualClock(now * 1000);
  const device = new Device({
    storage,
    clock,
    form: 'xml',
    onEvent: (event) => events.push(event),
    ...options,
  });
  await device.start();
  const handler = device.receive;
  const listener = new WapListener({ port: 0, address: '127.0.0.1', handler, onDrop: device.dropped });
  device.addReceiver(listener);
  const port = await listener.start();
  const socket = createSocket('udp4');
  try {
    await run({
      events,
      server,
      device,
      clock,
      packageOne: () => server.messages[0]?.xml ?? assert.fail('no message has come'),
      async push(asked, name) {
        const before = events.length;
        const datagram = (await python.ask({
          ...base,
          nonce: Buffer.from(server.nonce).toString('hex'),
          ...asked,
        })) as string;
        socket.send(Buffer.from(datagram, 'hex'), port, '127.0.0.1');
        const over = ['ignored', 'dropped', 'session-ended', name];
        const find = (): DeviceEvent | undefined =>
          events.slice(before).find((event) => over.includes(event.event));
        await eventually(() => find() !== undefined, `${name} after the push`, 200_000);
        const found = find() ?? assert.fail();
        assert.equal(found.event, name, JSON.stringify(events.slice(before)));
        return found;
      },
    });
  } finally {
    socket.close();
    await device.stop();
    await server.close();
  }
}

function completed(event: DeviceEvent): void {
  assert.ok(event.event === 'session-ended' && event.outcome === 'completed', JSON.stringify(event));
}

const wakes = {
  'dm1.2': 'N12-C-001 N12-C-002 N13-C-003',
  'dm1.3-2010': 'N10-C-001 N10-C-002 N10-C-004',
  'dm1.3': 'N13-C-001 N13-C-002 N13-C-004 N13-C-005 N13-C-006 N13-C-008 N13-C-010 N13-C-018 N13-C-020',
} as const;

describe('notifications made in Python, on a whole device', { concurrency: false, timeout: 240_000 }, () => {
  for (const [format, rows] of Object.entries(wakes)) {
    test(`${rows}: ${format}: a session with its Session-ID, at the server that it names`, () =>
      withDevice({}, async ({ push, server, packageOne, events }) => {
        completed(await push({ format }, 'session-ended'));
        const xml = packageOne();
        assert.equal(textIn(xml, 'SessionID'), 'AF');
        assert.match(xml, /<Alert><CmdID>\d+<\/CmdID><Data>1200<\/Data><\/Alert>/);
        assert.match(xml, new RegExp(`<Source><LocURI>${deviceId}</LocURI>`));
        assert.equal(credIn(xml), digest.md5(account.clientName, account.clientSecret, clientNonce));
        assert.ok(server.messages.every((message) => textIn(message.xml, 'SessionID') === 'AF'));
        const told = events.find((event) => event.event === 'notification-verified');
        const { serverId } = account;
        const nonceWord = format === 'dm1.3' ? 'timestamp' : 'stored';
        assert.deepEqual(told, {
          event: 'notification-verified',
          ...{
            serverId,
            sessionId: 0xaf,
            nonce: nonceWord,
            format,
            uiMode: 'background',
            initiator: 'server',
          },
        });
      }));
  }

  for (const format of Object.keys(wakes)) {
    const rows = format === 'dm1.3' ? 'N13-C-019 N13-C-018: ' : '';
    test(`${rows}${format}: a wrong secret, or a bit that flips in the digest, the header or the name, and no session`, () =>
      withDevice({}, async ({ push, server }) => {
        const flips = format === 'dm1.3' ? [8 * 6, 8 * 20 + 7, 8 * 60] : [0, 8 * 16 + 30, 8 * 26 + 7];
        const wrong = [{ secret: 'guessed' }, ...flips.map((flip) => ({ flip }))];
        for (const change of wrong) {
          const event = await push({ format, ...change }, 'ignored');
          const reasons = ['bad-digest', 'unknown-server'];
          assert.ok(event.event === 'ignored' && reasons.includes(event.reason), JSON.stringify(event));
        }
        assert.equal(server.messages.length, 0);
        completed(await push({ format }, 'session-ended'));
      }));
  }

  for (const format of ['dm1.2', 'dm1.3-2010'] as const) {
    const row = format === 'dm1.2' ? 'N12-C-003' : 'N10-C-003';
    test(`${row} §5.1: ${format}: under the default nonce both ends get fresh nonces, and the next push has the new one`, () =>
      withDevice({}, async ({ push, server, events }) => {
        server.nonce = defaultNonce;
        const asDefault = { format, nonce: '00000000' };
        completed(await push(asDefault, 'session-ended'));
        assert.ok(events.some((event) => event.event === 'session-started' && event.nonce === 'default'));
        const [one, three] = server.messages;
        const { clientName, clientSecret } = account;
        assert.equal(credIn(one?.xml ?? ''), digest.md5(clientName, clientSecret, defaultNonce));
        const fresh = Buffer.from(textIn(three?.xml ?? '', 'NextNonce') ?? '', 'base64');
        assert.ok(fresh.length > 4 && !fresh.equals(nonce), fresh.toString('hex'));
        completed(await push({ format, sessionId: 0xb0 }, 'session-ended'));
        assert.ok(events.some((event) => event.event === 'session-started' && event.nonce === 'stored'));
        const again = server.messages[2]?.xml ?? '';
        assert.equal(credIn(again), digest.md5(clientName, clientSecret, server.nextNonce));
        // The default nonce has been used up: who recorded that push gets nothing by it.
        await push(asDefault, 'ignored');
      }));
  }

  test('N13-C-006 DM-NOTI-1.3 §6.4.1: VER of another value is no notification', () =>
    withDevice({}, async ({ push, server }) => {
      for (const version of [0, 2, 15]) await push({ format: 'dm1.3', version }, 'ignored');
      assert.equal(server.messages.length, 0);
    }));

  test('N13-C-009 DM-NOTI-1.3 §6.4.9: past TIMEOUT minutes and the allowance it is ignored, before it is not', () =>
    withDevice({ clockSkewMs: 60_000 }, async ({ push, server }) => {
      const sent = { format: 'dm1.3', timeout: 10 };
      const event = await push({ ...sent, timestamp: now - 11 * 60 - 1 }, 'ignored');
      assert.ok(event.event === 'ignored' && event.reason === 'expired', JSON.stringify(event));
      assert.equal(server.messages.length, 0);
      completed(await push({ ...sent, timestamp: now - 10 * 60, sessionId: 0xb0 }, 'session-ended'));
    }));

  test('N13-C-010 DM-NOTI-1.3 §6.5.1: a Server-ID that no account has, however alike, wakes nobody', () =>
    withDevice({}, async ({ push, server }) => {
      for (const serverId of ['com.example.d', 'com.example.dmx', 'COM.EXAMPLE.DM', `a${'b'.repeat(254)}`]) {
        const event = await push({ format: 'dm1.3', serverId }, 'ignored');
        assert.ok(event.event === 'ignored' && event.reason === 'unknown-server', JSON.stringify(event));
      }
      assert.equal(server.messages.length, 0);
    }));

  test('N13-C-007 N13-C-014 N13-C-015: the user is shown who and why, and decides where the mode says so', async () => {
    const notices: string[] = [];
    const questions: string[] = [];
    let answer = false;
    const user = {
      inform: (notice: string) => void notices.push(notice),
      confirm: (question: string) => {
        questions.push(question);
        return Promise.resolve(answer);
      },
    };
    await withDevice({ user, accept: 'ask' }, async ({ push, server }) => {
      const reason = 'Größeres Update';
      const asked = { format: 'dm1.3', reason, initiator: 0 };
      completed(await push({ ...asked, uiMode: 1, sessionId: 1 }, 'session-ended'));
      assert.deepEqual([notices, questions], [[], []]);
      completed(await push({ ...asked, uiMode: 2, sessionId: 2 }, 'session-ended'));
      assert.equal(notices.length, 1);
      const declined = await push({ ...asked, uiMode: 3, sessionId: 3 }, 'ignored');
      assert.ok(declined.event === 'ignored' && declined.reason === 'declined');
      answer = true;
      const before = server.messages.length;
      completed(await push({ ...asked, uiMode: 3, sessionId: 4 }, 'session-ended'));
      assert.ok(server.messages.length > before);
      for (const text of [...notices, ...questions]) {
        assert.match(text, /com\.example\.dm .*as its user has asked.*Größeres Update/);
      }
      assert.equal(questions.length, 2);
    });
  });

  test('N13-C-011 N13-C-012 N13-C-014: what is targeted, why, and the vendor information reach the owner, the log and the line', async () => {
    const purposes: SessionPurpose[] = [];
    const logged: object[] = [];
    const log = (fields: object, text: string): void =>
      void (text === 'notification verified' && logged.push(fields));
    const logger = { debug: log, info: log, warn: log, error: log };
    let ready: true | string = 'battery at 12 %';
    const mayStart = (purpose: SessionPurpose): true | string => {
      purposes.push(purpose);
      return ready;
    };
    const vendors = {
      'dm1.2': ['c0ffee', { vendorData: 'c0ffee' }, 'c0ffee'],
      'dm1.3-2010': [Buffer.from('größer').toString('hex'), { vendorData: '6772c3b6c39f6572' }, 'größer'],
      'dm1.3': ['größer', { vendorInfo: 'größer' }, 'größer'],
    } as const;
    await withDevice({ mayStart, logger }, async ({ push, server, events }) => {
      const asked = { format: 'dm1.3', targeted: [5, 0x8001], reason: 'why', vendor: 'Ω' };
      const event = await push(asked, 'ignored');
      assert.ok(event.event === 'ignored' && event.reason === 'not-ready' && event.detail === ready);
      assert.equal(server.messages.length, 0);
      const { serverId } = account;
      const targetedMo = [{ index: 5, name: 'FUMO' }, { index: 0x8001 }];
      assert.deepEqual(purposes, [
        { serverId, initiator: 'server', targetedMo, reason: 'why', vendorInfo: 'Ω' },
      ]);
      ready = true;
      completed(await push(asked, 'session-ended'));
      logged.length = 0;
      for (const [format, [vendor, fields, shown]] of Object.entries(vendors)) {
        const before = events.length;
        const sessionId = 0x100 + before;
        completed(await push({ format, vendor, sessionId }, 'session-ended'));
        const told = events.slice(before).find((each) => each.event === 'notification-verified');
        assert.ok(told?.event === 'notification-verified');
        assert.deepEqual({ ...told, ...fields, sessionId }, told);
        assert.deepEqual({ ...logged.at(-1), event: told.event }, told);
        const line = describeDeviceEvent(told, new Date(0));
        assert.ok(line.includes(`vendor information "${shown}"`), line);
      }
    });
  });

  test('N13-C-013 DM-NOTI-1.3 §6.5.4: package #1 has the leaves of the objects asked for, each in its Replace', async () => {
    for (const [requested, replaces, detail] of [
      [[1], 1, false],
      [[1, 2], 2, true],
      [[0x0102, 2], 2, true],
    ] as const) {
      await withDevice({}, async ({ push, packageOne }) => {
        completed(await push({ format: 'dm1.3', requested }, 'session-ended'));
        const xml = packageOne();
        assert.equal(xml.split('<Replace>').length - 1, replaces);
        assert.match(xml, /<LocURI>\.\/DevInfo\/Man<\/LocURI>.*<Data>Example<\/Data>/s);
        assert.equal(/<LocURI>\.\/DevDetail\/FwV<\/LocURI>.*<Data>1\.0<\/Data>/s.test(xml), detail);
      });
    }
  });

  test('N13-C-016 N13-C-017 DM-NOTI-1.3 §6.5.6: it waits for a preferred bearer, and takes the one that stands first', () =>
    withDevice({ bearers: ['bluetooth'] }, async ({ push, server, device, events }) => {
      const waiting = await push({ format: 'dm1.3', bearers: [6, 3] }, 'waiting');
      assert.ok(waiting.event === 'waiting' && waiting.for === 'bearer');
      assert.equal(server.messages.length, 0);
      device.setAvailableBearers([
        { name: '3gpp-lte', localAddress: '127.0.0.3' },
        { name: 'wlan', localAddress: '127.0.0.6' },
      ]);
      await eventually(() => events.some((event) => event.event === 'session-ended'), 'the session', 200_000);
      assert.ok(server.messages.length > 0 && server.messages.every(({ from }) => from === '127.0.0.6'));
    }));
});
