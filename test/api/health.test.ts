// Health and full disks over the REST API, on a socket, with a store that really has no room.
import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createApi } from '../../src/api/index.ts';
import { silentLogger } from '../../src/core/index.ts';
import { Server } from '../../src/server/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import {
  eventually,
  FakeBinding,
  ManualClock,
  sampleAccount,
  sampleDevice,
} from '../../src/testing/index.ts';

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Bench {
  readonly file: string;
  readonly clock: ManualClock;
  readonly server: Server;
  readonly wap: FakeBinding;
  call(method: string, path: string, body?: object): Promise<Answer>;
  /** `/readyz`, asked anew: answers stand for a second. */
  ready(): Promise<Answer>;
}

async function withBench(maxPages: number | undefined, run: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-health-'));
  const file = join(folder, 'store.db');
  const clock = new ManualClock();
  const store = await openSqliteStore({
    file,
    clock,
    groupCommitMs: 0,
    ...(maxPages !== undefined && { maxPages }),
  });
  await store.createAccount(sampleAccount);
  await store.createDevice(sampleDevice());
  const wap = new FakeBinding('wap');
  const server = new Server({ store, bindings: { wap }, clock, node: 'n', logger: silentLogger });
  const app = await createApi(server, { logger: silentLogger });
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  await server.start();
  const call = async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(base + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      retryAfter: response.headers.get('retry-after'),
      body: text === '' ? {} : JSON.parse(text),
    };
  };
  const ready = (): Promise<Answer> => {
    clock.advance(1000);
    return call('GET', '/readyz');
  };
  try {
    await run({ file, clock, server, wap, call, ready });
  } finally {
    await app.close();
    await server.stop();
    await store.close();
    await rm(folder, { recursive: true });
  }
}

const problemType = 'application/problem+json';

test('health: /livez, /readyz and /healthz answer 200 while all is well, without a token', () =>
  withBench(undefined, async ({ call }) => {
    for (const path of ['/livez', '/readyz', '/healthz']) {
      const { status, body } = await call('GET', path);
      assert.deepEqual([path, status, body], [path, 200, { status: 'ok' }]);
    }
  }));

test('disk full: writes get 507 and leave nothing, reading works, /readyz says why, and all goes on with room', () =>
  withBench(110, async ({ call, ready, wap, clock }) => {
    const made: string[] = [];
    let last: Answer;
    for (;;) {
      const id = `IMEI:${made.length}`;
      last = await call('POST', '/v1/devices', {
        id,
        serverId: sampleAccount.serverId,
        addresses: ['wap:127.0.0.1'],
        serverCredentials: { secret: 'x'.repeat(1000) },
        notificationSecret: 'y'.repeat(1000),
        clientCredentials: { name: 'n', secret: 'z'.repeat(1000) },
      });
      if (last.status !== 201) break;
      made.push(id);
    }
    assert.deepEqual([last.status, last.type, last.body.code], [507, problemType, 'STORE_FULL']);
    assert.match(String(last.body.detail), /nothing was kept/);
    const listed = await call('GET', '/v1/devices?limit=1000');
    assert.equal((listed.body.items as unknown[]).length, made.length + 1);

    for (const path of ['/readyz', '/healthz']) {
      clock.advance(1000);
      const { status, type, retryAfter, body } = await call('GET', path);
      assert.deepEqual([status, type, body.code], [503, problemType, 'STORE_FULL']);
      assert.ok(Number(retryAfter) > 0);
    }
    assert.equal((await call('GET', '/livez')).status, 200, 'the process lives all the same');
    const job = {
      device: sampleDevice().id,
      commands: [{ command: 'add', uri: './V', data: 'd'.repeat(60_000) }],
    };
    assert.equal((await call('POST', '/v1/jobs', job)).status, 507);
    assert.deepEqual((await call('GET', '/v1/jobs')).body.items, []);
    assert.deepEqual((await call('GET', '/v1/notifications')).body.items, []);

    for (const id of made) {
      assert.equal((await call('DELETE', `/v1/devices/${encodeURIComponent(id)}`)).status, 204);
    }
    assert.equal((await ready()).status, 200);
    assert.equal((await call('POST', '/v1/jobs', job)).status, 202);
    await eventually(() => wap.pushes.length === 1, 'the push of what was accepted');
  }));

test('store away: writes get 503 with Retry-After, /readyz says why, and all goes on when it is back', () =>
  withBench(undefined, async ({ file, call, ready, wap }) => {
    await rename(file, `${file}.away`);
    const device = sampleDevice().id;
    const refused = await call('POST', '/v1/notifications', { device });
    assert.deepEqual([refused.status, refused.type, refused.body.code], [503, problemType, 'STORE_AWAY']);
    assert.ok(Number(refused.retryAfter) > 0);
    assert.doesNotMatch(JSON.stringify(refused.body), /store\.db|\/tmp/, 'nothing of what is inside');
    assert.deepEqual([(await ready()).status, (await ready()).body.code], [503, 'STORE_AWAY']);
    await rename(`${file}.away`, file);
    assert.equal((await ready()).status, 200);
    assert.equal((await call('POST', '/v1/notifications', { device })).status, 202);
    await eventually(() => wap.pushes.length === 1, 'the push');
  }));

test('health: a server that stops is not ready, and says so', () =>
  withBench(undefined, async ({ server, call }) => {
    await server.stop();
    const { status, body } = await call('GET', '/readyz');
    assert.deepEqual([status, body.code], [503, 'STOPPING']);
    assert.equal((await call('GET', '/livez')).status, 200);
  }));
