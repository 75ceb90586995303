// The server as a whole: what it refuses to start with, what it survives, what it shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../../src/api/index.ts';
import { ConfigError, StoreError } from '../../src/core/index.ts';
import { type PushPolicy, Server } from '../../src/server/index.ts';
import type { PushEvent, Store } from '../../src/store/index.ts';
import { eventually, sampleDevice } from '../../src/testing/index.ts';
import { withServer } from './server-bench.ts';

test('a policy that cannot work is refused with the value and the rule', () =>
  withServer({}, async ({ store }) => {
    for (const [policy, words] of [
      [{ attempts: 0 }, /attempts is 0: it must be 1 or more/],
      [{ lifetimeMs: Number.NaN }, /lifetimeMs is NaN/],
      [{ leaseMs: 30_000 }, /leaseMs is 30000: it must be at least twice sendTimeoutMs \(90000\)/],
    ] as const satisfies readonly (readonly [Partial<PushPolicy>, RegExp])[]) {
      assert.throws(
        () => new Server({ store, bindings: {}, policy }),
        (error) => error instanceof ConfigError && words.test(error.message),
      );
    }
  }));

test('the engine outlives a store that fails for a while', () => {
  let failures = 0;
  const errors: string[] = [];
  const note = () => undefined;
  const wrapStore = (store: Store): Store => ({
    ...store,
    nextDueAt: () => {
      if (failures === 0) return store.nextDueAt();
      failures -= 1;
      return Promise.reject(new StoreError('IO', 'the disk is away'));
    },
  });
  const logger = {
    debug: note,
    info: note,
    warn: note,
    error: (fields: object) => errors.push(JSON.stringify(fields)),
  };
  return withServer({ wrapStore, server: { logger } }, async ({ push, clock, reaches }) => {
    failures = 1;
    const id = await push();
    await eventually(() => errors.length > 0, 'the failure');
    clock.advance(1000);
    await reaches(id, 'sent');
    assert.match(errors[0] ?? '', /the disk is away/);
  });
});

test('a server shows its events, and is what the API works with', () =>
  withServer({}, async ({ server, reaches }) => {
    const seen: PushEvent[] = [];
    const leave = server.onEvent((event) => seen.push(event));
    const app = await createApi(server);
    const accepted = await app.inject({
      method: 'POST',
      url: '/v1/notifications',
      headers: { 'content-type': 'application/json' },
      payload: { device: sampleDevice().id },
    });
    assert.equal(accepted.statusCode, 202);
    await reaches(accepted.json<{ id: string }>().id, 'sent');
    await eventually(() => seen.length >= 3, 'the events');
    assert.deepEqual(
      seen.map(({ event }) => event),
      ['queued', 'sending', 'sent'],
    );
    assert.equal((await app.inject('/healthz')).statusCode, 200);
    leave();
    await app.close();
  }));

test('no line of the log and no event holds a secret', () => {
  const lines: string[] = [];
  const write = (fields: object, message: string) => lines.push(`${JSON.stringify(fields)} ${message}`);
  const logger = { debug: write, info: write, warn: write, error: write };
  const { serverCredentials, clientCredentials } = sampleDevice();
  const device = {
    serverCredentials: { ...serverCredentials, secret: 'SECRET-SERVER' },
    clientCredentials: { ...clientCredentials, secret: 'SECRET-CLIENT', scheme: 'basic' as const },
  };
  return withServer(
    { device, server: { logger } },
    async ({ push, taken, reaches, deviceLike, store, ...bench }) => {
      const id = await push();
      await deviceLike({ client: { ...bench.device.state.client, secret: 'SECRET-GUESS' } }).run({
        sessionId: 1,
      });
      await taken(0);
      await reaches(id, 'completed');
      const text = `${lines.join('\n')}\n${JSON.stringify(await store.eventsAfter(0, 1000))}`;
      assert.match(text, /DM session over/);
      assert.doesNotMatch(text, /SECRET|U0VDUkVU/);
    },
  );
});
