// Clients that wait for credentials to be asked of them, with strangers at the same names beside them, over HTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand } from '../../../src/codec/syncml/index.ts';
import type { SessionWork } from '../../../src/server/index.ts';
import type { SessionCredentials, SessionStep } from '../../../src/session/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { httpCarrier, listening } from '../dm-http.ts';
import { type DeviceState, ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const deviceId = sampleDevice().id;
const get: ManagementCommand = { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo/Man' } }] };

/** Sessions of `count` packages of one Get each. */
function gets(count: number): SessionWork {
  return {
    commands: () => {
      let left = count;
      return { next: async () => (left-- > 0 ? [get] : []) };
    },
    reported: async () => undefined,
  };
}

function with_(state: DeviceState, client: Partial<SessionCredentials>): DeviceState {
  return { ...state, client: { ...state.client, ...client } };
}

/** The device with a nonce that the server does not hold, so that its first message is answered by a challenge. */
function outOfStep(
  { device: { state } }: ServerBench,
  port: number,
  from: string,
  options = {},
): ScriptedDevice {
  return new ScriptedDevice(with_(state, { nonce: new Uint8Array([7]) }), httpCarrier(port, from, options), {
    peer: from,
  });
}

/** Somebody who knows the device's name, and guesses its secret. */
function stranger({ device: { state } }: ServerBench, port: number, from: string): ScriptedDevice {
  return new ScriptedDevice(with_(state, { secret: 'guessed' }), httpCarrier(port, from), { peer: from });
}

/** Sends package #1; gives the device's next message, and whoever carries it. */
async function begun(device: ScriptedDevice, carry: ReturnType<typeof httpCarrier>, sessionId: number) {
  const session = device.open({ sessionId });
  const first = session.start();
  assert.ok(first.send);
  const response = await carry(device.request(first.send));
  const step: SessionStep = await session.receive(device.read(response));
  assert.ok(step.send);
  device.keep(step);
  return { session, response, next: device.request(step.send) };
}

test("strangers' messages #1 under the device's name and SessionID leave its challenge alone, ten times of ten", () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      for (let round = 0; round < 10; round += 1) {
        const device = outOfStep(bench, port, '127.0.0.1');
        const carry = httpCarrier(port, '127.0.0.1');
        const { next } = await begun(device, carry, 5);
        for (let each = 0; each < 3; each += 1) {
          const from = `127.0.1.${each + 1}`;
          const other = stranger(bench, port, from);
          const step = other.open({ sessionId: 5 }).start();
          assert.ok(step.send);
          assert.match(
            other.statusesOf(await httpCarrier(port, from)(other.request(step.send))),
            /^SyncHdr=401 Alert=401 Replace=401$/,
          );
        }
        assert.match(device.statusesOf(await carry(next)), /^SyncHdr=212/);
      }
    }),
  ));

test('a flood of challenges for one device displaces none: 3000 beside each of the device’s own', () =>
  withServer(
    // Whoever gives no credentials is not counted; so the flood gives none.
    {},
    (bench) =>
      listening(bench, async ({ port }) => {
        const { server } = bench;
        const device = outOfStep(bench, port, '127.0.0.1');
        const carry = httpCarrier(port, '127.0.0.1');
        const { next } = await begun(device, carry, 5);
        const asking = bench.deviceLike({});
        const { serverId, serverUri } = asking.state;
        const step = asking.open({ sessionId: 5, account: { serverId, serverUri } }).start();
        assert.ok(step.send);
        const request = asking.request(step.send);
        for (let each = 0; each < 3000; each += 1) {
          const peer = `203.0.${each >> 8}.${each & 255}`;
          assert.equal((await server.endpoint.handle({ ...request, peer })).status, 200);
        }
        assert.equal(server.endpoint.sessions, 0);
        assert.match(device.statusesOf(await carry(next)), /^SyncHdr=212/);
      }),
  ));

for (const [scheme, form] of [
  ['md5', 'xml'],
  ['md5', 'wbxml'],
  ['hmac', 'xml'],
] as const) {
  test(`a client that ignores RespURI finds its challenge by its credentials: ${scheme} in ${form}`, () =>
    withServer(
      { device: { clientCredentials: { ...sampleDevice().clientCredentials, scheme } }, form },
      (bench) =>
        listening(bench, async ({ port }) => {
          const { state } = bench.device;
          const carrier = httpCarrier(port, '127.0.0.1', { ignoresRespUri: true });
          const device = new ScriptedDevice(with_(state, { nonce: new Uint8Array([7]), scheme }), carrier, {
            form,
          });
          const { next } = await begun(device, carrier, 5);
          assert.match(device.statusesOf(await carrier(next)), /^SyncHdr=(212|200)/);
        }),
    ));
}

test('a client that ignores RespURI and signs each message speaks in its session to its end', () =>
  withServer(
    {
      device: { clientCredentials: { ...sampleDevice().clientCredentials, scheme: 'hmac' } },
      server: { work: gets(3) },
    },
    (bench) =>
      listening(bench, async ({ port }) => {
        const carrier = httpCarrier(port, '127.0.0.1', { ignoresRespUri: true });
        const device = new ScriptedDevice(bench.device.state, carrier);
        const { end, responses } = await device.run({ sessionId: 5 });
        assert.deepEqual(end, { outcome: 'completed' });
        assert.equal(responses.length, 4);
      }),
  ));

test('in a running session a message at the original address needs credentials that hold', () =>
  withServer({ server: { work: gets(2) } }, (bench) =>
    listening(bench, async ({ port }) => {
      const { device } = bench;
      const carry = httpCarrier(port, '127.0.0.1');
      const { session, next } = await begun(device, carry, 5);
      assert.equal((await httpCarrier(port, '127.0.1.1', { ignoresRespUri: true })(next)).status, 409);
      const answer = await carry(next);
      assert.equal(answer.status, 200);
      assert.ok((await session.receive(device.read(answer))).send);
    }),
  ));

test('a stranger who begins under the name of a running session, or guesses in it, does not disturb it', () =>
  withServer({ server: { work: gets(3) } }, (bench) =>
    listening(bench, async ({ port }) => {
      const { device } = bench;
      const carry = httpCarrier(port, '127.0.0.1');
      const { session, next } = await begun(device, carry, 5);
      let request = next;
      for (let round = 0; round < 3; round += 1) {
        const from = `127.0.1.${round + 1}`;
        const other = stranger(bench, port, from);
        const run = await other.run({ sessionId: 5 });
        assert.equal(run.end?.outcome, 'unauthenticated');
        const guess = {
          ...request,
          contentType: 'application/vnd.syncml.dm+xml',
          hmac: 'username="n", mac=AAAA',
        };
        assert.notEqual((await httpCarrier(port, from, { ignoresRespUri: true })(guess)).status, 500);
        const step = await session.receive(device.read(await carry(request)));
        if (step.end !== undefined) assert.deepEqual(step.end, { outcome: 'completed' });
        else request = device.request(step.send ?? assert.fail());
      }
      assert.deepEqual(session.ended, { outcome: 'completed' });
    }),
  ));

test('without tokens, a stranger cannot end a session whose messages are signed', () =>
  withServer(
    {
      device: { clientCredentials: { ...sampleDevice().clientCredentials, scheme: 'hmac' } },
      server: { work: gets(2), endpoint: { sessionTokens: false } },
    },
    (bench) =>
      listening(bench, async ({ port }) => {
        const { device } = bench;
        const carry = httpCarrier(port, '127.0.0.1');
        const { session, next } = await begun(device, carry, 5);
        const { hmac: _, ...unsigned } = next;
        for (const forged of [unsigned, { ...next, hmac: 'username="n", mac="AAAAAAAAAAAAAAAAAAAAAA=="' }]) {
          assert.notEqual((await httpCarrier(port, '127.0.1.1')(forged)).status, 200);
        }
        assert.ok((await session.receive(device.read(await carry(next)))).send);
      }),
  ));

test('a challenge opens one session: what met it opens no second one', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const device = outOfStep(bench, port, '127.0.0.1');
      const carry = httpCarrier(port, '127.0.0.1');
      const { session, next } = await begun(device, carry, 5);
      for (let request = next; session.ended === undefined; ) {
        const step = await session.receive(device.read(await carry(request)));
        if (step.send !== undefined) request = device.request(step.send);
      }
      assert.deepEqual(session.ended, { outcome: 'completed' });
      // The same credentials in another message, so that it is no repetition.
      const body = Buffer.from(Buffer.from(next.body).toString().replace('<MsgID>2<', '<MsgID>9<'));
      const replayed = await httpCarrier(port, '127.0.1.1', { ignoresRespUri: true })({ ...next, body });
      assert.match(device.statusesOf(replayed), /^SyncHdr=401/);
    }),
  ));

test('a challenge may be answered for its time and not much longer', () =>
  withServer({ server: { endpoint: { challengeMs: 60_000 } } }, (bench) =>
    listening(bench, async ({ port }) => {
      for (const [waitMs, statuses] of [
        [60_000, /^SyncHdr=212/],
        [120_000, /^SyncHdr=401/],
      ] as const) {
        const device = outOfStep(bench, port, '127.0.0.1');
        const carry = httpCarrier(port, '127.0.0.1');
        const { next } = await begun(device, carry, 5);
        bench.clock.advance(waitMs);
        assert.match(device.statusesOf(await carry(next)), statuses);
      }
    }),
  ));

test('a failure counts against the source that failed, not against the device elsewhere: 20 times the limit of a pair', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const honest = new ScriptedDevice(bench.device.state, httpCarrier(port, '127.0.0.1'));
      assert.deepEqual((await honest.run({ sessionId: 1 })).end, { outcome: 'completed' });
      const closed = new Set<number>();
      for (let source = 1; source <= 20; source += 1) {
        for (let each = 0; each < 6; each += 1) {
          const run = await stranger(bench, port, `127.0.1.${source}`).run({ sessionId: 5 });
          for (const { status } of run.responses) closed.add(status);
        }
      }
      assert.ok(closed.has(429), 'the strangers were stopped');
      for (let round = 2; round < 12; round += 1) {
        assert.deepEqual((await honest.run({ sessionId: round })).end, { outcome: 'completed' });
      }
      assert.equal((await bench.store.device(deviceId))?.id, deviceId);
    }),
  ));

test('of many guesses at once from one source, no more are judged than may fail', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const carry = httpCarrier(port, '127.0.1.1');
      const other = stranger(bench, port, '127.0.1.1');
      const step = other.open({ sessionId: 5 }).start();
      assert.ok(step.send);
      const request = other.request(step.send);
      const responses = await Promise.all(Array.from({ length: 60 }, () => carry(request)));
      assert.equal(responses.filter(({ status }) => status === 200).length, 10);
      assert.equal(responses.filter(({ status }) => status === 429).length, 50);
    }),
  ));
