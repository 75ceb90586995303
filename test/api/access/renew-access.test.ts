// Other tokens, another identity provider, another bound of requests while the API runs; and an API that comes to its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drainApi, renewApiAccess } from '../../../src/api/index.ts';
import { ConfigError } from '../../../src/core/index.ts';
import { withApi } from '../api-bench.ts';

const [one, other] = ['a-token-of-operators', 'another-one-of-theirs'];
const as = (token: string) => ({ authorization: `Bearer ${token}` });

test('tokens and the bound of requests count from the next request on; what cannot be changes nothing', () =>
  withApi(
    async ({ app, call }) => {
      const { text } = await call('POST', '/v1/tokens', { owner: 'a', name: 'b', scopes: ['read'] }, as(one));
      const { token } = JSON.parse(text) as { readonly token: string };
      const status = async (given: string) => (await call('GET', '/v1/devices', undefined, as(given))).status;
      assert.deepEqual([await status(one), await status(other), await status(token)], [200, 401, 200]);

      renewApiAccess(app, { tokens: [other], requestsPerMinute: 2 });
      assert.deepEqual([await status(one), await status(other)], [401, 200]);
      assert.deepEqual([await status(token), await status(token), await status(token)], [200, 200, 429]);

      const oidc = { issuer: 'http://id.example.com', audience: 'a' };
      assert.throws(() => renewApiAccess(app, { tokens: [one], oidc, requestsPerMinute: 0 }), ConfigError);
      assert.throws(() => renewApiAccess(app, { tokens: ['short'], requestsPerMinute: 0 }), ConfigError);
      assert.deepEqual([await status(one), await status(other), await status(token)], [401, 200, 429]);

      renewApiAccess(app, { tokens: [one, other], requestsPerMinute: 0 });
      assert.deepEqual([await status(one), await status(other), await status(token)], [200, 200, 200]);
    },
    { tokens: [one], requestsPerMinute: 0 },
  ));

test('an API without a bound of requests takes none later', () =>
  withApi(async ({ app }) => {
    assert.throws(
      () => renewApiAccess(app, { tokens: [], requestsPerMinute: 5 }),
      /without a bound of requests/,
    );
    renewApiAccess(app, { tokens: [], requestsPerMinute: 0 });
  }));

test('while it drains it shows what it has and changes nothing; strangers learn no more than before', () =>
  withApi(
    async ({ app, call }) => {
      const account = { serverId: 'com.example.drained', url: 'https://dm.example.com' };
      drainApi(app);
      drainApi(app);
      const refused = await call('POST', '/v1/accounts', account, as(one));
      assert.deepEqual(
        [refused.status, refused.body.code, refused.headers['retry-after']],
        [503, 'STOPPING', '10'],
      );
      for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
        assert.equal((await call(method, '/v1/devices/d1', {}, as(one))).status, 503, method);
      }
      assert.equal((await call('POST', '/v1/accounts', account)).status, 401);
      assert.equal((await call('GET', '/v1/accounts', undefined, as(one))).status, 200);
      assert.equal((await call('GET', '/livez')).status, 200);
    },
    { tokens: [one] },
  ));
