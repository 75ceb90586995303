// The server while its machine's clock is set, either way: what waits goes on as if nothing had happened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand } from '../../src/codec/syncml/index.ts';
import { PushError, silentLogger } from '../../src/core/index.ts';
import { PapResults, type SessionWork } from '../../src/server/index.ts';

import type { SessionStep } from '../../src/session/index.ts';
import type { Store } from '../../src/store/index.ts';
import { eventually, samplePushMark } from '../../src/testing/index.ts';
import { addMessage } from '../../src/testing/store/store-contract-base.ts';
import { type ServerBench, withServer } from './server-bench.ts';
import { settle } from './settle.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const directions = [
  ['back an hour', -hourMs],
  ['forward an hour', hourMs],
] as const;

/** Work that always has one more Get. */
function endless(): SessionWork {
  const get: ManagementCommand = { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo/Man' } }] };
  const next = async () => [get];
  return { commands: () => ({ next }), reported: async () => undefined };
}

/** Lets time pass until `done`, and gives how much it took. */
async function waited(
  { clock, store }: ServerBench,
  done: () => Promise<boolean>,
  limitMs: number,
  stepMs = 1000,
): Promise<number> {
  const begun = clock.monotonic();
  while (!(await done())) {
    if (clock.monotonic() - begun > limitMs) throw new Error(`nothing in ${limitMs} ms`);
    clock.advance(stepMs);
    await settle(store);
  }
  return clock.monotonic() - begun;
}

for (const [how, byMs] of directions) {
  test(`clock ${how}: a push that no carrier took goes out again after its pause`, () =>
    withServer({ server: { policy: { backOffBaseMs: 60_000 } } }, async (bench) => {
      const { push, clock, store, wap, reaches } = bench;
      wap.respond = () => {
        throw new PushError('DOWN', 'nobody there', true);
      };
      const id = await push();
      await eventually(() => wap.pushes.length === 1, 'the first try');
      await settle(store);
      wap.respond = () => ({ outcome: 'sent' });
      clock.jump(byMs);
      const took = await waited(bench, async () => wap.pushes.length > 1, 10 * minuteMs);
      assert.ok(took >= 29_000 && took <= 32_000, `${took} ms of 30 s`);
      await reaches(id, 'sent');
    }));

  test(`clock ${how}: an answer is waited for as long as before`, () =>
    withServer({}, async (bench) => {
      const { push, clock, wap, reaches } = bench;
      const id = await push();
      await reaches(id, 'sent');
      clock.jump(byMs);
      const took = await waited(bench, async () => wap.pushes.length > 1, 2 * hourMs);
      assert.ok(took >= 9 * minuteMs && took <= 10 * minuteMs + 2000, `${took} ms of 10 min`);
    }));

  test(`clock ${how}: a push under way is not sent a second time, and its outcome counts`, () =>
    withServer({}, async (bench) => {
      const { push, clock, store, wap, reaches, story } = bench;
      let finish: () => void = () => undefined;
      wap.respond = () =>
        new Promise((resolve) => {
          finish = () => resolve({ outcome: 'sent' });
        });
      const id = await push();
      await eventually(() => wap.pushes.length === 1, 'the push');
      clock.jump(byMs);
      for (let second = 0; second < 20; second += 1) {
        clock.advance(1000);
        await settle(store);
      }
      finish();
      await reaches(id, 'sent');
      assert.deepEqual([wap.pushes.length, await story(id)], [1, ['queued', 'sending', 'sent']]);
    }));

  test(`clock ${how}: a job with a timeout fails after it, and one with a date at its date`, () =>
    withServer({}, async (bench) => {
      const { server, clock, store, device } = bench;
      const commands = [{ command: 'get', uri: './DevDetail/FwV' }];
      const make = async (end: object): Promise<string> =>
        (await server.jobs.create({ device: device.state.deviceId, commands, wake: false, ...end })).job.id;
      const counted = await make({ timeoutSeconds: 600 });
      const date = clock.now() + 3 * hourMs;
      const dated = await make({ expiresAt: new Date(date).toISOString() });
      clock.jump(byMs);
      const failed = (id: string) => async () => (await store.job(id))?.state === 'failed';
      const took = await waited(bench, failed(counted), 2 * hourMs);
      assert.ok(took >= 600_000 && took <= 602_000, `${took} ms of 600 s`);
      assert.equal(await failed(dated)(), false);
      assert.equal((await store.job(dated))?.expiresAt, date);
    }));

  test(`clock ${how}: a notification for later goes out at its date`, () =>
    withServer({}, async (bench) => {
      const { push, clock, wap } = bench;
      const date = clock.now() + 2 * hourMs;
      await push({ notBefore: new Date(date).toISOString() });
      clock.jump(byMs);
      const took = await waited(bench, async () => wap.pushes.length > 0, 4 * hourMs, minuteMs);
      assert.ok(Math.abs(took - (2 * hourMs - byMs)) <= minuteMs, `${took} ms`);
    }));

  test(`clock ${how}: a session that goes on is not taken for lost`, () =>
    withServer({ server: { work: endless() } }, async (bench) => {
      const { push, clock, device, server, store, reaches, wap } = bench;
      const id = await push();
      await reaches(id, 'sent');
      const sessionId = (await bench.notification(id)).sessionId;
      const session = device.open({ sessionId });
      let step: SessionStep = session.start();
      // Far longer than a session may be silent, which none of its pauses is.
      for (let message = 0; message < 12; message += 1) {
        device.keep(step);
        assert.ok(step.send !== undefined, `message ${message}`);
        const response = await server.endpoint.handle(device.request(step.send));
        assert.equal(response.status, 200);
        step = await session.receive(device.read(response));
        if (message === 2) clock.jump(byMs);
        clock.advance(50_000);
        await settle(store);
      }
      assert.equal(wap.pushes.length, 1);
      await reaches(id, 'answered');
    }));

  test(`clock ${how}: a result that an initiator did not take is told again after its pause`, () =>
    withServer({}, async (bench) => {
      const { store, clock } = bench;
      const told: number[] = [];
      const results = new PapResults({
        store,
        clock,
        node: 'n',
        logger: silentLogger,
        notifier: {
          notify: async () => {
            told.push(clock.monotonic());
            throw new PushError('DOWN', 'nobody there', true);
          },
        },
      });
      const { id } = await addMessage(store, { initiator: samplePushMark() });
      await store.change([{ id, change: { event: 'failed' } }]);
      results.start();
      // Pauses of 1, 2, 4 and 8 seconds.
      await waited(bench, async () => told.length === 4, minuteMs);
      clock.jump(byMs);
      const took = await waited(bench, async () => told.length === 5, 2 * hourMs);
      assert.ok(took <= 10_000, `${took} ms of 8 s`);
      await results.stop();
    }));

  test(`clock ${how}: who failed too often waits for the rest of its window, and no longer`, () =>
    withServer({}, async (bench) => {
      const { clock, deviceLike, device } = bench;
      const wrong = deviceLike(
        { client: { ...device.state.client, secret: 'wrong' } },
        { peer: '192.0.2.9' },
      );
      const status = async (sessionId: number): Promise<number | undefined> =>
        (await wrong.run({ sessionId, trigger: 'client' })).responses.at(-1)?.status;
      let sessionId = 1;
      for (; sessionId < 60; sessionId += 1) if ((await status(sessionId)) === 429) break;
      assert.ok(sessionId < 60, 'refused in the end');
      clock.jump(byMs);
      assert.equal(await status(100), 429);
      clock.advance(300_000);
      assert.notEqual(await status(101), 429);
    }));
}

test('clock set while the disk was full: what was known of due times is asked again once the store has moved them', () => {
  let hidden = true;
  const told: (() => void)[] = [];
  const wrapStore = (store: Store): Store => ({
    ...store,
    onClockMoved: (listener) => {
      told.push(listener);
      return () => undefined;
    },
    claimDue: async (...claim) => (hidden ? [] : store.claimDue(...claim)),
    nextDueAt: async (of) => {
      const dueAt = await store.nextDueAt(of);
      return dueAt === undefined || !hidden ? dueAt : dueAt + hourMs;
    },
  });
  return withServer({ wrapStore }, async ({ push, reaches, store, wap }) => {
    const id = await push();
    await settle(store);
    assert.equal(wap.pushes.length, 0);
    hidden = false;
    for (const listener of told) listener();
    await reaches(id, 'sent');
  });
});
