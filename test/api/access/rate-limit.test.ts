// How many requests a token may send in a minute.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../../../src/api/index.ts';
import { ValueError } from '../../../src/core/index.ts';
import { withApi } from '../api-bench.ts';

const operator = 'a-token-of-operators';

test('each token has its own number, by a clock that nobody sets; admin and open routes have none', () =>
  withApi(
    async ({ call, clock }) => {
      const as = (token: string) => ({ authorization: `Bearer ${token}` });
      const issue = async (scopes: readonly string[]) => {
        const { text } = await call('POST', '/v1/tokens', { owner: 'a', name: 'b', scopes }, as(operator));
        return (JSON.parse(text) as { readonly token: string }).token;
      };
      const [one, other, admin] = [await issue(['read']), await issue(['read']), await issue(['admin'])];
      const ask = (token: string, url = '/v1/devices') => call('GET', url, undefined, as(token));
      for (let count = 1; count <= 5; count += 1) {
        const { status, headers } = await ask(one, count % 2 === 0 ? '/v1/devices' : '/v1/jobs');
        assert.deepEqual([status, headers['ratelimit-remaining']], [200, String(5 - count)]);
      }
      clock.advance(15_000);
      clock.jump(-3_600_000);
      const refused = await ask(one);
      assert.deepEqual(
        [refused.status, refused.body.code, refused.headers['retry-after']],
        [429, 'RATE_LIMIT', '45'],
      );
      assert.match(String(refused.headers['content-type']), /problem\+json/);
      assert.equal((await ask(other)).status, 200);
      for (let count = 0; count < 20; count += 1) {
        assert.equal((await ask(admin)).status, 200);
        assert.equal((await ask(operator)).status, 200);
        assert.equal((await call('GET', '/livez')).status, 200);
      }
      assert.equal((await call('GET', '/v1/devices')).status, 401);
      clock.advance(44_999);
      assert.equal((await ask(one)).status, 429);
      clock.advance(1);
      assert.equal((await ask(one)).status, 200);
    },
    { tokens: [operator], requestsPerMinute: 5 },
  ));

test('refusals of one token do not fill the audit log', () =>
  withApi(
    async ({ call, store, clock }) => {
      const headers = { authorization: `Bearer ${operator}` };
      const { text } = await call(
        'POST',
        '/v1/tokens',
        { owner: 'a', name: 'b', scopes: ['manage'] },
        headers,
      );
      const { token } = JSON.parse(text) as { readonly token: string };
      for (let count = 0; count < 30; count += 1) {
        await call('POST', '/v1/devices', {}, { authorization: `Bearer ${token}` });
      }
      clock.advance(61_000);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
      clock.advance(1_000);
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
      const { items } = await store.listAudit({ limit: 100, actor: 'a/b' });
      const limited = items.filter(({ detail }) => detail?.startsWith('RATE_LIMIT'));
      assert.deepEqual(limited.map(({ detail }) => detail).reverse(), [
        'RATE_LIMIT',
        'RATE_LIMIT: 27 more within 60 s, the last one as here',
      ]);
      assert.equal(items.length, 4, 'and those that the route refused');
    },
    { tokens: [operator], requestsPerMinute: 2 },
  ));

test('a number that is none is refused', () =>
  withApi(async (bench) => {
    const backend = bench as unknown as Parameters<typeof createApi>[0];
    for (const requestsPerMinute of [-1, 1.5, Number.NaN]) {
      await assert.rejects(createApi(backend, { requestsPerMinute }), ValueError);
    }
  }));
