// What each route asks of its callers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { hasScope, requireScope } from '../../../src/api/access/caller.ts';
import { accessOf, requireRouteScope } from '../../../src/api/access/route-scope.ts';
import { ReveilleError } from '../../../src/core/index.ts';
import { type Scope, scopes } from '../../../src/store/index.ts';

const caller = (...held: readonly Scope[]) => ({ owner: 'someone', scopes: held, accounts: 'all' as const });

test('a scope is had by who has it, or admin', () => {
  for (const wanted of scopes) {
    for (const held of scopes) {
      assert.equal(hasScope(caller(held), wanted), held === wanted || held === 'admin', `${held}, ${wanted}`);
    }
    assert.equal(hasScope(caller(), wanted), false);
    assert.equal(hasScope(caller(...scopes.filter((each) => each !== 'admin')), wanted), wanted !== 'admin');
  }
  requireScope(caller('push'), 'push');
  assert.throws(() => requireScope(caller('push'), 'read'), {
    status: 403,
    code: 'SCOPE',
    message: /scope read/,
  });
});

test('a route that does not say what it asks for is not taken', () => {
  const app = fastify();
  app.addHook('onRoute', requireRouteScope);
  app.route({ method: 'GET', url: '/open', config: { scope: 'open' }, handler: async () => 'ok' });
  const wrong = [undefined, {}, { scope: undefined }, { scope: 'all' as 'admin' }, { scope: '' as 'admin' }];
  for (const config of wrong) {
    assert.throws(
      () =>
        app.route({
          method: 'GET',
          url: '/wrong',
          ...(config !== undefined && { config: config as { scope: 'admin' } }),
          handler: async () => 'ok',
        }),
      (error) =>
        error instanceof ReveilleError &&
        error.code === 'ROUTE_SCOPE' &&
        error.message.includes('GET /wrong'),
    );
  }
});

test('the description names the scope as a role of the token', () => {
  assert.deepEqual(accessOf({ scope: 'open' }), { security: [] });
  assert.deepEqual(accessOf({ scope: 'any' }), { security: [{ bearer: [] }] });
  const all = accessOf({ scope: 'push', allAccounts: true });
  assert.deepEqual(all, { security: [{ bearer: ['push'] }], 'x-accounts': 'all' });
});
