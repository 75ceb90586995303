// The server while its store takes no writes: nothing is accepted, nothing is lost, nothing turns in circles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../src/core/index.ts';
import { PapPushes } from '../../src/server/index.ts';
import type { Store } from '../../src/store/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { withServer } from './server-bench.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** A store whose named methods fail while `trouble` holds an error; counts the calls that fail. */
function troubled(names: readonly (keyof Store)[]) {
  const state = { trouble: undefined as StoreError | undefined, failed: 0 };
  const wrapStore = (store: Store): Store => {
    const wrapped: Record<string, Method> = {};
    for (const name of names) {
      const method = store[name] as Method;
      wrapped[name] = (...args) => {
        if (state.trouble === undefined) return method(...args);
        state.failed += 1;
        return Promise.reject(state.trouble);
      };
    }
    return { ...store, ...wrapped };
  };
  return { state, wrapStore };
}

const full = new StoreError('FULL', 'no room');
const away = new StoreError('IO', 'the disk fails');
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('disk full, engine: what waits is claimed once there is room, without turning in circles meanwhile', () => {
  const { state, wrapStore } = troubled(['claimDue', 'change', 'expireJobs']);
  return withServer({ wrapStore }, async ({ push, clock, reaches, wap }) => {
    state.trouble = full;
    const id = await push();
    await settle();
    assert.ok(state.failed <= 3, `${state.failed} tries in no time`);
    for (let second = 0; second < 10; second += 1) {
      clock.advance(1000);
      await settle();
    }
    assert.ok(state.failed <= 40, `${state.failed} tries in ten seconds`);
    assert.equal(wap.pushes.length, 0);
    state.trouble = undefined;
    clock.advance(1000);
    await reaches(id, 'sent');
    assert.equal(wap.pushes.length, 1);
  });
});

test('another node is at what is due: the engine does not turn in circles meanwhile, and takes over what is left', () => {
  let claims = 0;
  let held = true;
  const wrapStore = (store: Store): Store => ({
    ...store,
    claimDue: async (...asked) => {
      claims += 1;
      return held ? [] : store.claimDue(...asked);
    },
  });
  return withServer({ wrapStore }, async ({ push, clock, reaches }) => {
    // What it looks at when it starts is not counted.
    await settle();
    claims = 0;
    const id = await push();
    await settle();
    assert.ok(claims > 0 && claims <= 4, `${claims} claims in no time`);
    held = false;
    clock.advance(1000);
    await reaches(id, 'sent');
  });
});

for (const [what, trouble] of [
  ['disk full', full],
  ['store away', away],
] as const) {
  test(`${what}, engine: a push that went out is not sent again, its outcome is written when that is possible`, () => {
    const { state, wrapStore } = troubled(['change', 'claimDue']);
    return withServer({ wrapStore }, async ({ push, clock, reaches, wap, story }) => {
      wap.respond = () => {
        state.trouble = trouble;
        return { outcome: 'sent' };
      };
      const id = await push();
      await eventually(() => state.failed > 0, 'the outcome that could not be written');
      // Beyond the end of its lease, and before an answer would be missed.
      for (let minute = 0; minute < 6; minute += 1) {
        clock.advance(60_000);
        await settle();
      }
      assert.ok(state.failed < 100, `${state.failed} tries in six minutes`);
      assert.equal(wap.pushes.length, 1);
      wap.respond = () => ({ outcome: 'sent' });
      state.trouble = undefined;
      clock.advance(10_000);
      await reaches(id, 'sent');
      assert.deepEqual([wap.pushes.length, await story(id)], [1, ['queued', 'sending', 'sent']]);
    });
  });
}

test('disk full, engine: stopping does not wait for room, and the lease brings the push back', () => {
  const { state, wrapStore } = troubled(['change']);
  return withServer({ wrapStore }, async ({ push, server, store, wap }) => {
    wap.respond = () => {
      state.trouble = full;
      return { outcome: 'sent' };
    };
    const id = await push();
    await eventually(() => state.failed > 0, 'the outcome that could not be written');
    await server.stop();
    state.trouble = undefined;
    assert.equal((await store.push(id))?.state, 'sending');
    assert.equal(await store.releaseClaims('node-1'), 1);
  });
});

for (const [what, trouble] of [
  ['disk full', full],
  ['store away', away],
] as const) {
  test(`${what}, DM: 503 with Retry-After, no nonce moves, and the device gets through afterwards`, () => {
    const { state, wrapStore } = troubled(['recordSession', 'device']);
    return withServer({ wrapStore }, async ({ push, device, taken, store, reaches }) => {
      const id = await push();
      await reaches(id, 'sent');
      const before = await store.device(device.state.deviceId);
      state.trouble = trouble;
      const refused = (await taken(0))?.responses.at(-1);
      assert.deepEqual([refused?.status, refused?.headers['retry-after']], [503, '10']);
      state.trouble = undefined;
      assert.deepEqual(await store.device(device.state.deviceId), before);
      assert.deepEqual((await taken(0))?.end, { outcome: 'completed' });
      await reaches(id, 'completed');
    });
  });

  test(`${what}, PAP: 4001 for a push, its replacement and its cancellation; nothing is accepted`, () => {
    const { state, wrapStore } = troubled(['enqueue', 'change']);
    return withServer({ wrapStore }, async ({ store, wap, clock }) => {
      const options = { store, devices: store, bindings: { wap }, clock, node: 'n' };
      const host = new PapPushes(options);
      const text = 'WAPPUSH=127.0.0.1/TYPE=IPv4@ppg';
      const submission = {
        initiator: 'partner',
        pushId: '1@partner',
        recipients: [{ type: 'IPv4', value: '127.0.0.1', text }] as never,
        kind: 'dm+wbxml' as const,
        contentType: { mime: 'application/vnd.syncml.dm+wbxml', parameters: {} },
        body: new Uint8Array([1]),
        progressNotesRequested: false,
      };
      assert.equal((await host.submit({ ...submission, pushId: '0@partner' })).code, 'acceptedForProcessing');
      state.trouble = trouble;
      assert.equal((await host.submit(submission)).code, 'serviceUnavailable');
      const replaces = { pushId: '0@partner', method: 'all' as const };
      assert.equal((await host.replace({ ...submission, replaces })).code, 'serviceUnavailable');
      const reference = { initiator: 'partner', pushId: '0@partner', addresses: [] };
      assert.deepEqual(
        (await host.cancel(reference)).map(({ code }) => code),
        ['serviceUnavailable'],
      );
      state.trouble = undefined;
      assert.deepEqual(await host.query({ ...reference, pushId: '1@partner' }), []);
      assert.equal((await host.submit(submission)).code, 'acceptedForProcessing');
    });
  });
}

test('readiness: asked as often as anybody likes, the store is asked once a second', () => {
  const { state, wrapStore } = troubled(['check']);
  return withServer({ wrapStore }, async ({ server, clock }) => {
    await server.health();
    state.trouble = full;
    await server.health();
    clock.advance(1000);
    for (let time = 0; time < 50; time += 1) await assert.rejects(server.health(), /no room/);
    assert.equal(state.failed, 1);
    state.trouble = undefined;
    clock.advance(1000);
    await server.health();
    await server.stop();
    await assert.rejects(server.health(), /stopping/);
  });
});
