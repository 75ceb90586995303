// What enrolled devices leave unfinished, and what it does to them and to the others, over HTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand } from '../../../src/codec/syncml/index.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { httpCarrier, listening } from '../dm-http.ts';
import { Hoarder } from '../hoarder.ts';
import { ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const mebibyte = 1_048_576;
const idOf = (number: number): string => `IMEI:4930051006${String(number).padStart(5, '0')}`;

async function enrol(
  { store }: ServerBench,
  number: number,
  port: number,
  from: string,
): Promise<ScriptedDevice> {
  const input = sampleDevice({ id: idOf(number) });
  await store.createDevice(input);
  const { clientCredentials: client, serverCredentials: server } = input;
  const none = new Uint8Array(0);
  return new ScriptedDevice(
    {
      deviceId: input.id,
      serverId: input.serverId,
      serverUri: sampleAccount.url,
      client: { ...client, nonce: client.nonce ?? none },
      server: { ...server, nonce: server.nonce ?? none },
    },
    httpCarrier(port, from),
  );
}

test('150 sessions of one device that leave their objects unfinished hurt that device alone', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const { server, device } = bench;
      const greedy = await enrol(bench, 1, port, '127.0.4.1');
      let most = 0;
      for (let sessionId = 1; sessionId <= 150; sessionId += 1) {
        const session = new Hoarder(greedy, port, '127.0.4.1', sessionId);
        assert.equal(await session.begin(), 200);
        assert.equal(await session.piece(sessionId <= 4 ? 900_000 : 60_000, 4_000_000), '213');
        most = Math.max(most, server.endpoint.held);
      }
      assert.ok(most <= 17 * mebibyte, `${most} octets held`);
      assert.ok(server.endpoint.sessions <= 4);
      const honest = new ScriptedDevice(device.state, httpCarrier(port, '127.0.4.2'));
      for (let sessionId = 1; sessionId <= 5; sessionId += 1) {
        assert.deepEqual((await honest.run({ sessionId, trigger: 'client' })).end, { outcome: 'completed' });
      }
      bench.clock.advance(130_000);
      await new Promise(setImmediate);
      bench.clock.advance(130_000);
      assert.equal(server.endpoint.held, 0, 'all of it is given back in time');
    }),
  ));

test('beyond the share of its device an object is refused with 413', () =>
  withServer({ server: { endpoint: { maxUnfinishedOfDevice: 2 * mebibyte } } }, (bench) =>
    listening(bench, async ({ port }) => {
      const greedy = await enrol(bench, 1, port, '127.0.4.1');
      const session = new Hoarder(greedy, port, '127.0.4.1', 1);
      await session.begin();
      const statuses = [];
      for (let piece = 0; piece < 3; piece += 1) {
        statuses.push(await session.piece(900_000, piece === 0 ? 4_000_000 : undefined));
      }
      assert.deepEqual(statuses, ['213', '213', '413']);
      const other = await enrol(bench, 2, port, '127.0.4.2');
      const large = new Hoarder(other, port, '127.0.4.2', 1);
      await large.begin();
      assert.equal(await large.piece(900_000, 4_000_000), '213', 'another device has its own share');
    }),
  ));

test('when all together hold as much as they may, objects get 413 and new sessions 503, until there is room', () =>
  withServer(
    { server: { endpoint: { maxUnfinished: 4 * mebibyte, maxUnfinishedOfDevice: 2 * mebibyte } } },
    (bench) =>
      listening(bench, async ({ port }) => {
        const { device, server, clock } = bench;
        const sessions: Hoarder[] = [];
        for (let number = 1; number <= 4; number += 1) {
          const from = `127.0.4.${number}`;
          const session = new Hoarder(await enrol(bench, number, port, from), port, from, 1);
          assert.equal(await session.begin(), 200);
          sessions.push(session);
        }
        const pieces = (session: Hoarder, round: number) =>
          session.piece(60_000, round === 0 ? 4_000_000 : undefined);
        const seen = new Set<string>();
        const isFull = () => server.endpoint.held > 4 * mebibyte - 65_536;
        for (let round = 0; !isFull(); round += 1) {
          for (const session of sessions) if (!isFull()) seen.add(await pieces(session, round));
        }
        assert.deepEqual([...seen], ['213']);
        const honest = new ScriptedDevice(device.state, httpCarrier(port, '127.0.4.9'));
        const [refused] = (await honest.run({ sessionId: 1, trigger: 'client' })).responses;
        assert.equal(refused?.status, 503);
        assert.equal(refused?.headers['retry-after'], '30');
        for (const session of sessions) seen.add(await pieces(session, 1));
        assert.ok(seen.has('413'));
        clock.advance(60_000);
        await new Promise(setImmediate);
        assert.deepEqual((await honest.run({ sessionId: 2, trigger: 'client' })).end, {
          outcome: 'completed',
        });
      }),
  ));

test('a device has four sessions at once; its oldest ends when it begins a fifth', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const device = await enrol(bench, 1, port, '127.0.4.1');
      const sessions: Hoarder[] = [];
      for (let sessionId = 1; sessionId <= 5; sessionId += 1) {
        const session = new Hoarder(device, port, '127.0.4.1', sessionId);
        assert.equal(await session.begin(), 200);
        sessions.push(session);
      }
      assert.equal(bench.server.endpoint.sessions, 4);
      assert.equal(await sessions[0]?.piece(10, 100), 'HTTP 409');
      assert.equal(await sessions[4]?.piece(10, 100), '213');
    }),
  ));

test('a message holds what is kept of it, and no more: MsgIDs and values out of messages of a mebibyte', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const device = await enrol(bench, 1, port, '127.0.4.1');
      const session = new Hoarder(device, port, '127.0.4.1', 1);
      await session.begin();
      for (let count = 0; count < 8; count += 1) {
        const msgId = `message ${String(count).padStart(50, '0')}`;
        const next: DmCommand = { name: 'Alert', cmdId: '1', data: '1222', items: [] };
        assert.equal((await session.say([next], msgId, 1_000_000)).status, 200);
      }
      assert.ok(bench.server.endpoint.held < 100_000, `${bench.server.endpoint.held} octets`);
    }),
  ));
