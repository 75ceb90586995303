// Sessions that last: repeated messages, crashes, idleness, strangers, storage that fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand } from '../../../src/codec/syncml/index.ts';
import { StoreError, silentLogger } from '../../../src/core/index.ts';
import { DmEndpoint, type SessionWork } from '../../../src/server/index.ts';
import type { Store } from '../../../src/store/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const deviceId = sampleDevice().id;
const get: ManagementCommand = { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo/Man' } }] };

/** Sessions of one Get each. */
function oneGet(answers: string[] = []): SessionWork {
  return {
    commands: () => {
      const packages = [[get]];
      return { next: async () => packages.shift() ?? [] };
    },
    reported: async ({ device }, reports) => {
      for (const report of reports) {
        if (report.effect !== 'answered') continue;
        const { command, statuses, results } = report;
        answers.push(`${device.id} ${command.name} ${statuses[0]?.status} ${String(results[0]?.data)}`);
      }
    },
  };
}

/** Sends package #1 and gives the session's next message, ready to go out. */
async function halfWay(bench: ServerBench, device: ScriptedDevice = bench.device) {
  const id = await bench.push();
  await bench.reaches(id, 'sent');
  const sessionId = (await bench.notification(id)).sessionId;
  const session = device.open({
    sessionId,
    execute: async ({ item }) => ({
      status: 200,
      results: [{ source: { uri: item.target?.uri ?? '' }, data: 'Acme' }],
    }),
  });
  const first = session.start();
  assert.ok(first.send);
  const request = device.request(first.send);
  const response = await bench.server.endpoint.handle(request);
  const second = await session.receive(device.read(response));
  device.keep(second);
  assert.ok(second.send);
  return { id, sessionId, session, request, response, second, next: device.request(second.send) };
}

test('commands of a session reach the device, and its answers the work that they came from', () => {
  const answers: string[] = [];
  return withServer({ server: { work: oneGet(answers) } }, async (bench) => {
    const { id, next, session } = await halfWay(bench);
    assert.equal((await bench.store.push(id))?.state, 'answered');
    assert.equal(bench.server.endpoint.sessions, 1);
    const last = await bench.server.endpoint.handle(next);
    assert.deepEqual((await session.receive(bench.device.read(last))).end, { outcome: 'completed' });
    await bench.reaches(id, 'completed');
    assert.equal(bench.server.endpoint.sessions, 0);
    assert.deepEqual(answers, [`${deviceId} Get 200 Acme`]);
  });
});

test('a client that breaks its session off ends the notification with that reason', () =>
  withServer({ server: { work: oneGet() } }, async (bench) => {
    const { id, session } = await halfWay(bench);
    const farewell = session.abort('the battery is empty');
    assert.ok(farewell.send);
    await bench.server.endpoint.handle(bench.device.request(farewell.send));
    await bench.reaches(id, 'failed');
    assert.match((await bench.store.push(id))?.reason ?? '', /the client broke the session off/);
  }));

test('a message that comes again gets the same answer, in the session and after it', () =>
  withServer({ server: { work: oneGet() } }, async (bench) => {
    const { id, request, response, next } = await halfWay(bench);
    const { endpoint } = bench.server;
    assert.deepEqual((await endpoint.handle(request)).body, response.body);
    const last = await endpoint.handle(next);
    await bench.reaches(id, 'completed');
    const events = await bench.story(id);
    assert.deepEqual(await endpoint.handle(next), last);
    assert.deepEqual(await bench.story(id), events, 'and changes nothing');
  }));

test('two copies of package #1 at once are one session', () =>
  withServer({ server: { work: oneGet() } }, async (bench) => {
    const id = await bench.push();
    await bench.reaches(id, 'sent');
    const first = bench.device.open({ sessionId: 1 }).start();
    assert.ok(first.send);
    const request = bench.device.request(first.send);
    const [one, two] = await Promise.all([
      bench.server.endpoint.handle(request),
      bench.server.endpoint.handle(request),
    ]);
    assert.equal(one.status, 200);
    assert.deepEqual(two.body, one.body);
    assert.equal(bench.server.endpoint.sessions, 1);
    assert.equal((await bench.story(id)).filter((event) => event === 'answered').length, 1);
  }));

test('a session that a crash took: the client is told to begin anew, and the same Session-ID completes', () =>
  withServer({ server: { work: oneGet() } }, async (bench) => {
    const { id, sessionId, next } = await halfWay(bench);
    const restarted = new DmEndpoint({
      store: bench.store,
      clock: bench.clock,
      node: 'node-1',
      logger: silentLogger,
      work: oneGet(),
    });
    const refused = await restarted.handle(next);
    assert.equal(refused.status, 409);
    assert.equal(
      Buffer.from(refused.body).toString(),
      'no such session here, it is over or was lost: begin with package #1\n',
    );
    const again = new ScriptedDevice(bench.device.state, (request) => restarted.handle(request));
    assert.deepEqual((await again.run({ sessionId })).end, { outcome: 'completed' });
    await bench.reaches(id, 'completed');
    // The crash came after the device had renewed the server's nonce: the challenge brought both in step again.
    const stored = await bench.store.device(deviceId);
    assert.deepEqual(stored?.serverCredentials.nonce, again.state.server.nonce);
    assert.deepEqual(stored?.clientCredentials?.nonce, again.state.client.nonce);
    await restarted.stop();
  }));

test('a client that begins anew takes the place of its own session only once it has proved itself', () =>
  withServer({ server: { work: oneGet() } }, async (bench) => {
    const { id, sessionId, next } = await halfWay(bench);
    const { endpoint } = bench.server;
    const stranger = bench.deviceLike(
      { client: { ...bench.device.state.client, secret: 'guessed' } },
      { peer: '203.0.113.9' },
    );
    const attack = stranger.open({ sessionId }).start();
    assert.ok(attack.send);
    assert.match(stranger.statusesOf(await endpoint.handle(stranger.request(attack.send))), /SyncHdr=401/);
    assert.equal((await endpoint.handle(next)).status, 200, 'the session goes on');
    await bench.reaches(id, 'completed');
  }));

test('who knows device and Session-ID cannot speak in a session: its address has a token', () =>
  withServer({ server: { work: oneGet() } }, async (bench) => {
    const { next, id } = await halfWay(bench);
    const { token, ...without } = next;
    assert.match(token ?? '', /^[0-9a-f]{32}$/);
    assert.equal((await bench.server.endpoint.handle(without)).status, 409);
    assert.equal((await bench.server.endpoint.handle({ ...without, token: 'f'.repeat(32) })).status, 409);
    assert.equal((await bench.store.push(id))?.state, 'answered');
    assert.equal((await bench.server.endpoint.handle(next)).status, 200);
  }));

test('without tokens the address stays as it is', () =>
  withServer({ server: { work: oneGet(), endpoint: { sessionTokens: false } } }, async (bench) => {
    const { next, response, id } = await halfWay(bench);
    assert.equal(next.token, undefined);
    assert.equal(bench.device.read(response).message.header.respUri, undefined);
    assert.equal((await bench.server.endpoint.handle(next)).status, 200);
    await bench.reaches(id, 'completed');
  }));

test('a client that says nothing more loses its session, and is pushed again with the same Session-ID', () =>
  withServer({ server: { work: oneGet() } }, async (bench) => {
    const { id, sessionId } = await halfWay(bench);
    bench.clock.advance(59_999);
    assert.equal(bench.server.endpoint.sessions, 1);
    bench.clock.advance(1);
    assert.equal(bench.server.endpoint.sessions, 0);
    while (!(await bench.story(id)).includes('session-failed')) await new Promise(setImmediate);
    assert.match((await bench.store.push(id))?.reason ?? '', /did not answer in time/);
    bench.clock.advance(10_000);
    const run = await bench.taken(1);
    assert.equal(run?.end?.outcome, 'completed');
    await bench.reaches(id, 'completed');
    assert.equal((await bench.notification(id)).sessionId, sessionId);
  }));

test('a long session does not count as lost while its messages come', () =>
  withServer(
    {
      server: {
        work: { commands: () => ({ next: async () => [get] }), reported: async () => undefined },
      },
    },
    async (bench) => {
      const { id, session, next } = await halfWay(bench);
      let request = next;
      for (let round = 0; round < 10; round += 1) {
        bench.clock.advance(50_000);
        const step = await session.receive(bench.device.read(await bench.server.endpoint.handle(request)));
        assert.ok(step.send);
        request = bench.device.request(step.send);
      }
      assert.equal((await bench.store.push(id))?.state, 'answered');
      assert.equal(bench.wap.pushes.length, 1);
    },
  ));

test('stopping ends sessions so that their notifications go out again', () =>
  withServer({ server: { work: oneGet() } }, async (bench) => {
    const { id, next } = await halfWay(bench);
    await bench.server.stop();
    const record = await bench.store.push(id);
    assert.equal(record?.state, 'answered');
    assert.equal(record.reason, 'the server was stopped');
    assert.equal(record.dueAt, bench.clock.now() + 10_000);
    assert.equal((await bench.server.endpoint.handle(next)).status, 503);
  }));

test('nothing is answered before it is on disk: when storing fails, the nonces of both sides stay as they were', () => {
  let broken = false;
  const wrapStore = (store: Store): Store => ({
    ...store,
    recordSession: (update) =>
      broken ? Promise.reject(new StoreError('FULL', 'no room')) : store.recordSession(update),
  });
  return withServer({ wrapStore }, async ({ push, device, store, reaches, wap }) => {
    const id = await push();
    await reaches(id, 'sent');
    const before = await store.device(deviceId);
    broken = true;
    const sent = wap.pushes[0];
    assert.ok(sent);
    const failed = await device.take(sent.push);
    assert.deepEqual(
      failed?.responses.map((response) => response.status),
      [503],
    );
    assert.deepEqual(await store.device(deviceId), before);
    assert.equal((await store.push(id))?.state, 'sent');
    broken = false;
    assert.deepEqual((await device.take(sent.push))?.end, { outcome: 'completed' });
    await reaches(id, 'completed');
  });
});
