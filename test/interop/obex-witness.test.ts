// OBEX with authentication (DM-PUSH §5.4, IrOBEX §3.5) against ends that Python's standard library plays: a device for the whole
// server, and a server for a whole device. Nonces and digests are computed there.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startReceiver } from '../../src/cli/bindings/receivers.ts';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../src/device/index.ts';
import { Witness } from './python.ts';
import { startWholeServer } from './whole-server.ts';

const serverId = 'com.example.dm';
const secret = 'tG5_hN8-cY3vJu1KfD0qWb';
const password = 'p4-Qz_81';
const wbxml = 'application/vnd.syncml.dm+wbxml';
const codes = { success: 0xa0, unauthorized: 0xc1, forbidden: 0xc3 } as const;

/** What the device in Python saw of one session. */
interface Session {
  readonly challenged: boolean;
  readonly user: string | null;
  readonly proved: boolean;
  readonly connects: number;
  readonly type: string | null;
  readonly body: string;
}

describe('the whole server and an OBEX device in Python', { concurrency: false, timeout: 240_000 }, () => {
  /** Pushes one DM message to a device with `theirs`, which answers challenges by `answer`; gives its state and the session. */
  async function push(
    ours: string | undefined,
    theirs: string,
    answer: string,
  ): Promise<{ readonly state: unknown; readonly detail: string; readonly sessions: readonly Session[] }> {
    const witness = new Witness('obex-witness.py', ['serve', theirs, answer]);
    const { port } = (await witness.next()) as { readonly port: number };
    const credentials = ours === undefined ? {} : { credentials: [{ userId: 'dms', password: ours }] };
    const server = await startWholeServer({ obex: credentials });
    try {
      await server.done('POST', '/v1/accounts', { serverId, url: server.dmUrl });
      await server.done('POST', '/v1/devices', {
        id: 'IMEI:1',
        serverId,
        addresses: [`obex://127.0.0.1:${port}`],
        format: 'dm1.3',
        clientCredentials: { scheme: 'md5', name: 'd', secret: 'aV7-kQ2_mT9wRx4LpB6sZe' },
        serverCredentials: { scheme: 'md5', secret },
      });
      const job = [{ command: 'replace', uri: './Vendor/Note', data: 'awake'.repeat(600) }];
      const { id } = await server.done('POST', '/v1/messages', { device: 'IMEI:1', job });
      const path = `/v1/messages/${String(id)}`;
      const { state } = await server.reaches(path, 'delivered', 'failed', 'sent', 'accepted');
      const timeline = await server.done('GET', `${path}/timeline`);
      // Each session is told when it is over.
      const sessions = state === 'failed' && ours === undefined ? [] : [(await witness.next()) as Session];
      return {
        state,
        detail: JSON.stringify(timeline),
        sessions: [...sessions, ...(witness.left as readonly Session[])],
      };
    } finally {
      await server.stop();
      await witness.stop();
    }
  }

  test('PB-S-008: a DM message goes after both have proved the password, and in packets that the device takes', async () => {
    const { state, sessions } = await push(password, password, password);
    assert.equal(state, 'delivered');
    const [session, ...more] = sessions;
    assert.deepEqual(more, []);
    const { body = '', ...rest } = session ?? {};
    assert.deepEqual(rest, {
      challenged: true,
      user: 'dms',
      proved: true,
      connects: 2,
      type: wbxml,
      over: 0x81,
    });
    assert.match(Buffer.from(body, 'hex').toString('latin1'), /(awake){600}/);
  });

  test('PB-S-008: to a device that proves another password, or none by ours, nothing is put', async () => {
    const stranger = await push(password, password, 'guessed');
    assert.equal(stranger.state, 'failed');
    assert.deepEqual(
      stranger.sessions.map(({ proved, body }) => [proved, body]),
      [[true, '']],
    );
    const wrong = await push('guessed', password, 'guessed');
    assert.equal(wrong.state, 'failed');
    assert.deepEqual(
      wrong.sessions.map(({ proved, body }) => [proved, body]),
      [[false, '']],
    );
    assert.doesNotMatch(stranger.detail + wrong.detail, new RegExp(`${password}|guessed`));
  });

  test('PB-S-008: without a password and without TLS a DM message does not leave', async () => {
    const { state, detail, sessions } = await push(undefined, password, password);
    assert.equal(state, 'failed');
    assert.match(detail, /a DM message needs TLS, or credentials/);
    assert.deepEqual(sessions, []);
  });
});

/** What the server in Python got. */
interface Answers {
  readonly connect: readonly number[];
  readonly put: readonly number[];
  readonly peerProved: boolean | null;
  readonly asked: number;
}

describe('a whole device and an OBEX server in Python', { concurrency: false, timeout: 240_000 }, () => {
  async function withDevice(
    accounts: readonly { readonly userId: string; readonly password: string }[],
    run: (push: (asked: object) => Promise<Answers>, arrived: () => readonly number[]) => Promise<void>,
  ): Promise<void> {
    const storage = memoryState();
    const account = {
      serverId,
      address: 'http://127.0.0.1:1/dm',
      client: { scheme: 'md5', name: 'd', secret: 'client secret' },
      server: { scheme: 'md5', secret },
    } as const;
    await provisionDevice(storage, { deviceId: 'IMEI:1', man: 'M', mod: 'X', accounts: [account] });
    const events: DeviceEvent[] = [];
    const device = new Device({ storage, onEvent: (event) => events.push(event) });
    await device.start();
    const sections = accounts.length === 0 ? {} : { obex: { accounts: [...accounts] } };
    const { receiver, at } = await startReceiver('obex://127.0.0.1:0', device, sections);
    device.addReceiver(receiver);
    const witness = new Witness('obex-witness.py', ['push']);
    const base = { port: Number(/:(\d+)$/.exec(at)?.[1]), type: wbxml, body: '00'.repeat(200) };
    try {
      await run(
        async (asked) => (await witness.ask({ ...base, ...asked })) as Answers,
        () => events.flatMap((each) => (each.event === 'notification-received' ? [each.octets] : [])),
      );
    } finally {
      await witness.stop();
      await device.stop();
    }
  }

  const accounts = [{ userId: 'dms', password }];

  test('PB-C-008: it asks for the password before it takes a DM message, and proves its own where it is asked', () =>
    withDevice(accounts, async (push, arrived) => {
      const { put, peerProved, asked } = await push({ password, challenge: true });
      assert.equal(peerProved, true);
      assert.ok(asked >= 1);
      // The octets are no DM message: they reach the device, which refuses them, and that is another answer.
      assert.notEqual(put.at(-1), codes.unauthorized);
      assert.notEqual(put.at(-1), codes.forbidden);
      assert.deepEqual(arrived(), [200]);
    }));

  test('PB-C-008: a wrong password, or none, and a DM message is not taken', () =>
    withDevice(accounts, async (push, arrived) => {
      const wrong = await push({ password: 'guessed' });
      assert.equal([...wrong.connect, ...wrong.put].at(-1), codes.unauthorized);
      const none = await push({});
      assert.equal([...none.connect, ...none.put].at(-1), codes.unauthorized);
      assert.deepEqual(arrived(), []);
    }));

  test('PB-C-008: where nobody can prove anything and there is no TLS, it is forbidden', () =>
    withDevice([], async (push, arrived) => {
      const { connect, put } = await push({ password });
      assert.deepEqual([connect, put], [[codes.success], [codes.forbidden]]);
      assert.deepEqual(arrived(), []);
    }));
});
