// Parameters that a route does not know are refused by every route of the API, before anything is done.
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

test('every route of the API refuses a parameter that it does not know', () =>
  withApi(async ({ call }) => {
    const { paths } = (await openapiDocument()) as unknown as {
      paths: Record<string, Record<string, { requestBody?: { content: Record<string, unknown> } }>>;
    };
    const routes = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'));
    assert.ok(routes.length > 30);
    for (const [path, methods] of routes) {
      for (const [method, { requestBody }] of Object.entries(methods)) {
        const url = `${path.replaceAll(/\{[^}]*\}/g, 'x')}?zzUnknown=1`;
        const [type] = Object.keys(requestBody?.content ?? {});
        const isJson = type === 'application/json';
        const headers: Record<string, string> = type !== undefined && !isJson ? { 'content-type': type } : {};
        const answer = await call(
          method.toUpperCase() as Parameters<typeof call>[0],
          url,
          isJson ? {} : undefined,
          headers,
        );
        const { code, path: at } = answer.body as { code: string; path: string };
        assert.deepEqual([answer.status, code, at], [400, 'UNKNOWN_FIELD', 'zzUnknown'], `${method} ${url}`);
      }
    }
  }));
