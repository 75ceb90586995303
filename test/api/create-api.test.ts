// What the application does for all routes: hooks, handlers, and its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyTimes } from '../../src/api/host/body-times.ts';
import { type ApiBackend, createApi } from '../../src/api/index.ts';
import { silentLogger, ValueError } from '../../src/core/index.ts';
import { ManualClock } from '../../src/testing/index.ts';

const token = 'a-token-of-operators';

function logging() {
  const logged: unknown[] = [];
  const log = (...line: unknown[]) => void logged.push(line);
  return { logged, logger: { ...silentLogger, warn: log, error: log } };
}

test('at the end the log gets the sums that are left, of wrong tokens and of failures', async () => {
  const { logged, logger } = logging();
  const accounts = { list: () => Promise.reject(new Error('a bug')) };
  const backend = { clock: new ManualClock(), accounts } as unknown as ApiBackend;
  const app = await createApi(backend, { tokens: [token], logger });
  const ask = (given: string) =>
    app.inject({ method: 'GET', url: '/v1/accounts', headers: { authorization: `Bearer ${given}` } });
  for (let time = 0; time < 2; time += 1) {
    assert.equal((await ask(token)).statusCode, 500);
    assert.equal((await ask('wrong')).statusCode, 401);
  }
  assert.equal(logged.splice(0).length, 2);
  await app.close();
  assert.deepEqual(logged, [
    [
      { method: 'GET', path: '/v1/accounts', error: 'a bug', count: 1, withinMs: 10_000 },
      'more requests failed in the same way',
    ],
    [
      { source: '127.0.0.1', count: 1, withinMs: 10_000 },
      'more wrong API tokens were refused, the last one from this source',
    ],
  ]);
});

test('what there is not is said, without the query, and only to who may ask', async () => {
  const app = await createApi({ clock: new ManualClock() } as unknown as ApiBackend, { tokens: [token] });
  try {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await app.inject({ method: 'GET', url: '/v1/nothing?secret=1', headers });
    assert.deepEqual(JSON.parse(answer.payload), {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'NOT_FOUND',
      detail: 'there is no GET /v1/nothing; see /openapi.json',
    });
    assert.equal((await app.inject({ method: 'GET', url: '/v1/nothing' })).statusCode, 401);
    const open = await app.inject({ method: 'GET', url: '/openapi.json' });
    assert.equal(open.statusCode, 200);
    assert.match(String(open.headers['content-type']), /^application\/json/);
    const { info, components, security } = JSON.parse(open.payload);
    assert.equal(info.version, '0.0.0');
    const { type, scheme } = components.securitySchemes.bearer;
    assert.deepEqual([type, scheme], ['http', 'bearer']);
    assert.deepEqual(security, [{ bearer: [] }]);
  } finally {
    await app.close();
  }
});

test('a body has to come in time on every route, and does so as soon as it is here', async (context) => {
  const requested = context.mock.method(BodyTimes.prototype, 'requested');
  const ended = context.mock.method(BodyTimes.prototype, 'ended');
  const accounts = { create: () => Promise.reject(new ValueError('MISSING', 'is needed')) };
  const app = await createApi({ clock: new ManualClock(), accounts } as unknown as ApiBackend);
  try {
    assert.equal((await app.inject({ method: 'POST', url: '/v1/accounts', payload: {} })).statusCode, 400);
    assert.deepEqual([requested.mock.callCount(), ended.mock.callCount()], [1, 1]);
    const [request] = requested.mock.calls[0]?.arguments ?? [];
    assert.equal(request?.url, '/v1/accounts');
    assert.equal(ended.mock.calls[0]?.arguments[0], request);
  } finally {
    await app.close();
  }
});
