// What is held after a restore: only what a request names in full is let go or ended, and all of it by `all: true` alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDevice } from '../../../src/testing/index.ts';
import { type ApiBench, withApi } from '../api-bench.ts';

// biome-ignore lint/suspicious/noExplicitAny: each test knows what it asks for
type Body = any;

const { id: device, serverId } = sampleDevice();

const withHeld = (run: (bench: ApiBench) => Promise<void>): Promise<void> =>
  withApi(async (bench) => {
    const asked = await bench.call('POST', '/v1/notifications', { device, uiMode: 'background' });
    assert.equal(asked.status, 202);
    assert.deepEqual(await bench.store.holdRestored(), { pushes: 1, jobs: 0 });
    await run(bench);
  });

const wrong: readonly (readonly [body: unknown, code: string, path: string])[] = [
  [{}, 'MISSING', 'all'],
  [{ all: false }, 'MISSING', 'all'],
  [{ all: true, device }, 'OUT_OF_RANGE', 'all'],
  [{ all: true, filter: 'labels.region = "north"' }, 'UNKNOWN_FIELD', 'filter'],
  [{ device, dryRun: true }, 'UNKNOWN_FIELD', 'dryRun'],
  [{ all: 'false' }, 'WRONG_TYPE', 'all'],
  [{ all: 1 }, 'WRONG_TYPE', 'all'],
  [{ device: null }, 'WRONG_TYPE', 'device'],
  [{ device: '' }, 'OUT_OF_RANGE', 'device'],
  [{ serverId: [serverId] }, 'WRONG_TYPE', 'serverId'],
  [{ purpose: 'all' }, 'OUT_OF_RANGE', 'purpose'],
  [{ ids: 'a' }, 'WRONG_TYPE', 'ids'],
  [{ ids: [] }, 'OUT_OF_RANGE', 'ids'],
  [{ ids: [1] }, 'WRONG_TYPE', 'ids[0]'],
  [{ ids: Array(1001).fill('a') }, 'OUT_OF_RANGE', 'ids'],
  [[], 'WRONG_TYPE', ''],
];

for (const route of ['/v1/pushes/release', '/v1/pushes/cancel-held']) {
  test(`${route} refuses what it does not know, and nothing of what is held is touched`, () =>
    withHeld(async ({ call, store }) => {
      for (const [body, code, path] of wrong) {
        const answer = await call('POST', route, body as object);
        const { code: said, path: where = '' } = answer.body as Body;
        assert.deepEqual([answer.status, said, where], [400, code, path], JSON.stringify(body).slice(0, 80));
      }
      assert.deepEqual(await store.countHeld(9), { pushes: 1, jobs: 0 });
    }));

  test(`${route} takes what is named`, () =>
    withHeld(async ({ call, store }) => {
      const other = await call('POST', route, { ids: ['019a0000-0000-7000-8000-000000000000'] });
      assert.deepEqual(other.body, { pushes: 0, jobs: 0 });
      const named = await call('POST', route, { device, serverId, purpose: 'notification' });
      assert.deepEqual([named.status, named.body], [200, { pushes: 1, jobs: 0 }]);
      assert.deepEqual(await store.countHeld(9), { pushes: 0, jobs: 0 });
    }));
}
