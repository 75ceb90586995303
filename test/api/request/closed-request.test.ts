// Parameters that a route does not know, that are empty, and bodies that it does not take are refused by every route of the API, before
// anything is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openapiDocument } from '../../../scripts/openapi/document.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { withApi } from '../api-bench.ts';

const { id } = sampleDevice();

test('a removal with dryRun=true as a parameter is refused, and nothing is removed', () =>
  withApi(async ({ call }) => {
    const path = `/v1/devices/${encodeURIComponent(id)}`;
    for (const [method, url, body] of [
      ['POST', '/v1/devices/delete?dryRun=true', { ids: [id] }],
      ['POST', '/v1/devices/change?dryRun=true', { ids: [id], change: { name: 'x' } }],
      ['DELETE', `${path}?dryRun=true`, undefined],
    ] as const) {
      const answer = await call(method, url, body);
      const { code, path: at } = answer.body as { code: string; path: string };
      assert.deepEqual([answer.status, code, at], [400, 'UNKNOWN_FIELD', 'dryRun'], url);
    }
    assert.equal((await call('GET', path)).status, 200);
  }));

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

/** The routes of the API that the description names. */
async function routesOfApi() {
  const { paths } = (await openapiDocument()) as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const routes = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'));
  assert.ok(routes.length > 30);
  return routes.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const [type] = Object.keys(operation.requestBody?.content ?? {});
      return {
        method: method.toUpperCase() as 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
        url: path.replaceAll(/\{[^}]*\}/g, 'x'),
        type,
        parameters: (operation.parameters ?? []).filter((each) => each.in === 'query'),
      };
    }),
  );
}

const told = (answer: { readonly status: number; readonly body: unknown }) => {
  const { code, path } = answer.body as { readonly code: string; readonly path?: string };
  return [answer.status, code, path];
};

test('every route of the API refuses a parameter that it does not know, and one that is empty', () =>
  withApi(async ({ call }) => {
    for (const { method, url, type, parameters } of await routesOfApi()) {
      const isJson = type === 'application/json';
      const headers: Record<string, string> = type !== undefined && !isJson ? { 'content-type': type } : {};
      const body = isJson ? {} : undefined;
      const unknown = await call(method, `${url}?zzUnknown=1`, body, headers);
      assert.deepEqual(told(unknown), [400, 'UNKNOWN_FIELD', 'zzUnknown'], `${method} ${url}`);
      for (const { name } of parameters) {
        const empty = await call(method, `${url}?${name}=`, body, headers);
        assert.deepEqual(told(empty), [400, 'OUT_OF_RANGE', name], `${method} ${url} ${name}`);
      }
    }
  }));

test('every route of the API without a body refuses one, but for what says nothing', () =>
  withApi(async ({ call, app }) => {
    const without = (await routesOfApi()).filter(({ type }) => type === undefined);
    assert.ok(without.length > 30);
    for (const { method, url } of without) {
      const name = `${method} ${url}`;
      const isGet = method === 'GET';
      const some = await call(method, url, { dryRun: true });
      assert.deepEqual(told(some), [400, 'UNKNOWN_FIELD', isGet ? 'body' : 'dryRun'], name);
      if (isGet) continue;
      assert.deepEqual(told(await call(method, url, [1])), [400, 'WRONG_TYPE', 'body'], name);
      const headers = { 'content-type': 'text/plain' };
      const other = await app.inject({ method, url, headers, payload: 'dryRun' });
      assert.deepEqual([other.statusCode, other.json().code], [415, 'UNSUPPORTED'], name);
    }
    const path = `/v1/devices/${encodeURIComponent(id)}`;
    assert.equal((await call('DELETE', path, { dryRun: true })).status, 400);
    assert.equal((await call('GET', path)).status, 200);
    assert.equal((await call('DELETE', path, {})).status, 204);
  }));

test('a page that goes on after what names no item is refused: it would look like the last one', () =>
  withApi(async ({ call }) => {
    for (const list of ['pushes', 'notifications', 'messages', 'jobs', 'audit', 'tokens']) {
      for (const after of ['zzz', '-1', '0x10', '019a', '1e3', "'", 'IMEI:1']) {
        const answer = await call('GET', `/v1/${list}?after=${encodeURIComponent(after)}`);
        assert.deepEqual(told(answer), [400, 'BAD_FORMAT', 'after'], `${list} ${after}`);
      }
    }
    // Devices and accounts are named by others, in any way.
    for (const list of ['devices', 'accounts']) {
      assert.equal((await call('GET', `/v1/${list}?after=zzz`)).status, 200);
    }
  }));

test('HEAD of what never ends, or is made as it is read, begins nothing', () =>
  withApi(async ({ app, store }) => {
    for (const url of ['/v1/events', '/v1/devices/export', '/v1/backup']) {
      const { statusCode, payload } = await app.inject({ method: 'HEAD', url });
      assert.deepEqual([statusCode, payload], [404, ''], url);
    }
    const { items } = await store.listAudit({ limit: 9 });
    assert.deepEqual(items, []);
    assert.equal((await app.inject({ method: 'HEAD', url: '/v1/devices' })).statusCode, 200);
  }));
