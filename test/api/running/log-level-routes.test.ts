// The level of the log over the REST API.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../../../src/api/index.ts';
import { withApi } from '../api-bench.ts';

test('the level is changed for a time, and taken back', () =>
  withApi(async ({ call, clock }) => {
    const level = async (...[method, body]: [method: 'GET' | 'PUT' | 'DELETE', body?: object]) =>
      (await call(method, '/v1/log-level', body)).body as object;
    const plain = { level: 'info', configured: 'info' };
    assert.deepEqual(await level('GET'), plain);
    const until = new Date(clock.now() + 600_000).toISOString();
    const asked = { level: 'debug', configured: 'info', until };
    assert.deepEqual(await level('PUT', { level: 'debug', seconds: 600 }), asked);
    clock.advance(599_999);
    assert.deepEqual(await level('GET'), asked);
    clock.advance(1);
    assert.deepEqual(await level('GET'), plain);
    assert.deepEqual(await level('PUT', { level: 'error' }), { level: 'error', configured: 'info' });
    assert.deepEqual(await level('DELETE'), plain);
  }));

test('what is no level, and no time, is refused and changes nothing', () =>
  withApi(async ({ call }) => {
    for (const [body, code, path] of [
      [{}, 'MISSING', 'level'],
      [{ level: 'trace' }, 'OUT_OF_RANGE', 'level'],
      [{ level: 5 }, 'OUT_OF_RANGE', 'level'],
      [{ level: 'debug', seconds: 0 }, 'OUT_OF_RANGE', 'seconds'],
      [{ level: 'debug', seconds: 86_401 }, 'OUT_OF_RANGE', 'seconds'],
      [{ level: 'debug', seconds: 1.5 }, 'OUT_OF_RANGE', 'seconds'],
      [{ level: 'debug', seconds: '600' }, 'WRONG_TYPE', 'seconds'],
      [{ level: 'debug', for: 1 }, 'UNKNOWN_FIELD', 'for'],
    ] as const) {
      const { status, body: said } = await call('PUT', '/v1/log-level', body);
      assert.deepEqual([status, said.code, said.path], [400, code, path], JSON.stringify(body));
    }
    const { body } = await call('GET', '/v1/log-level');
    assert.deepEqual(body, { level: 'info', configured: 'info' });
  }));

test('a server whose level cannot be changed says so', () =>
  withApi(async (bench) => {
    const backend = { ...bench, carriers: bench.suspended, tokens: undefined } as never;
    const app = await createApi(backend);
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await app.inject({ method, url: '/v1/log-level' });
      assert.deepEqual([answer.statusCode, answer.json().code], [501, 'NO_LOG_LEVEL']);
    }
    await app.close();
  }));
