// The OpenAPI document, and that it says what the services do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BodySchema, shapeOf, withApi } from './api-bench.ts';

test('the document is OpenAPI 3.1 and lists every route with a summary and its replies', () =>
  withApi(async ({ call }) => {
    const { body } = await call('GET', '/openapi.json');
    assert.equal(body.openapi, '3.1.0');
    const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    );
    assert.deepEqual(operations.map(({ name }) => name).sort(), [
      'DELETE /v1/accounts/{serverId}',
      'DELETE /v1/devices/{id}',
      'DELETE /v1/log-level',
      'DELETE /v1/tokens/{id}',
      'DELETE /v1/webhooks/{id}',
      'GET /healthz',
      'GET /livez',
      'GET /metrics',
      'GET /readyz',
      'GET /v1/accounts',
      'GET /v1/accounts/{serverId}',
      'GET /v1/audit',
      'GET /v1/backup',
      'GET /v1/campaigns',
      'GET /v1/campaigns/{id}',
      'GET /v1/campaigns/{id}/devices',
      'GET /v1/campaigns/{id}/report',
      'GET /v1/carriers',
      'GET /v1/carriers/{name}',
      'GET /v1/devices',
      'GET /v1/devices/count',
      'GET /v1/devices/export',
      'GET /v1/devices/{id}',
      'GET /v1/events',
      'GET /v1/jobs',
      'GET /v1/jobs/{id}',
      'GET /v1/log-level',
      'GET /v1/messages',
      'GET /v1/messages/{id}',
      'GET /v1/messages/{id}/timeline',
      'GET /v1/notifications',
      'GET /v1/notifications/{id}',
      'GET /v1/notifications/{id}/timeline',
      'GET /v1/pushes',
      'GET /v1/pushes/{id}',
      'GET /v1/pushes/{id}/timeline',
      'GET /v1/status',
      'GET /v1/tokens',
      'GET /v1/tokens/{id}',
      'GET /v1/webhooks',
      'GET /v1/webhooks/{id}',
      'GET /v1/webhooks/{id}/dead',
      'GET /v1/whoami',
      'PATCH /v1/accounts/{serverId}',
      'PATCH /v1/campaigns/{id}',
      'PATCH /v1/devices/{id}',
      'PATCH /v1/webhooks/{id}',
      'POST /v1/accounts',
      'POST /v1/campaigns',
      'POST /v1/campaigns/preview',
      'POST /v1/campaigns/{id}/approve',
      'POST /v1/campaigns/{id}/cancel',
      'POST /v1/campaigns/{id}/pause',
      'POST /v1/campaigns/{id}/resume',
      'POST /v1/campaigns/{id}/retry',
      'POST /v1/carriers/{name}/resume',
      'POST /v1/carriers/{name}/suspend',
      'POST /v1/devices',
      'POST /v1/devices/change',
      'POST /v1/devices/delete',
      'POST /v1/devices/import',
      'POST /v1/devices/{id}/rotate-secret',
      'POST /v1/jobs',
      'POST /v1/jobs/batch',
      'POST /v1/jobs/{id}/cancel',
      'POST /v1/messages',
      'POST /v1/messages/batch',
      'POST /v1/messages/{id}/cancel',
      'POST /v1/notifications',
      'POST /v1/notifications/batch',
      'POST /v1/notifications/{id}/cancel',
      'POST /v1/pushes/cancel-held',
      'POST /v1/pushes/release',
      'POST /v1/pushes/{id}/cancel',
      'POST /v1/tokens',
      'POST /v1/tokens/{id}/rotate',
      'POST /v1/webhooks',
      'POST /v1/webhooks/{id}/dead/drop',
      'POST /v1/webhooks/{id}/dead/retry',
      'POST /v1/webhooks/{id}/replay',
      'POST /v1/webhooks/{id}/rotate-secret',
      'POST /v1/webhooks/{id}/test',
      'PUT /v1/devices/{id}',
      'PUT /v1/log-level',
    ]);
    for (const { name, operation } of operations) {
      assert.ok(operation.summary, name);
      const statuses = Object.keys(operation.responses);
      assert.ok(statuses.length > 0, name);
      if (!name.includes(' /v1/')) continue;
      // A preview writes nothing either.
      const reads = name.startsWith('GET') || name === 'POST /v1/campaigns/preview';
      const wanted = reads ? ['429', '503'] : ['429', '503', '507'];
      for (const status of wanted) assert.ok(statuses.includes(status), `${name}: ${status}`);
    }
  }));

test('the fields that bodies are described with are those that the services know', () =>
  withApi(async ({ call }) => {
    const { body } = await call('GET', '/openapi.json');
    const bodyOf = (path: string, method: string): BodySchema => {
      const schema = shapeOf(
        body,
        body.paths[path]?.[method]?.requestBody?.content['application/json']?.schema,
      );
      assert.ok(schema, path);
      return schema;
    };
    const check = async (path: string, url: string, method: 'post' | 'patch') => {
      const schema = bodyOf(path, method);
      assert.equal(schema.additionalProperties, false, path);
      const send = (value: object) => call(method === 'post' ? 'POST' : 'PATCH', url, value);
      const unknown = await send({ notAField: 1, device: 'IMEI:493005100592800' });
      assert.equal(unknown.body.code === 'UNKNOWN_FIELD' || unknown.body.code === 'MISSING', true, path);
      for (const name of Object.keys(schema.properties ?? {})) {
        // A value of a wrong type is refused for its type or for what is missing, never as an unknown field.
        const formats = path.endsWith('notifications') ? ['dm1.2', 'dm1.3-2010', 'dm1.3'] : [undefined];
        const codes = new Set<string>();
        for (const format of formats) {
          const base = path.endsWith('notifications') ? { device: 'IMEI:493005100592800', format } : {};
          codes.add((await send({ ...base, [name]: { wrong: true } })).body.code);
        }
        codes.delete('UNKNOWN_FIELD');
        assert.ok(codes.size > 0, `${path}: ${name}`);
      }
      for (const name of schema.required ?? []) assert.ok(schema.properties?.[name], name);
    };
    await check('/v1/accounts', '/v1/accounts', 'post');
    await check('/v1/accounts/{serverId}', '/v1/accounts/com.example.dm', 'patch');
    await check('/v1/devices', '/v1/devices', 'post');
    await check('/v1/devices/{id}', '/v1/devices/IMEI%3A493005100592800', 'patch');
    await check('/v1/notifications', '/v1/notifications', 'post');
  }));

test('a batch is described as lines: each as the single route has its body, with the key, and each answered', () =>
  withApi(async ({ call }) => {
    const { body } = await call('GET', '/openapi.json');
    for (const tag of ['notifications', 'jobs', 'messages']) {
      const single = shapeOf(
        body,
        body.paths[`/v1/${tag}`]?.post?.requestBody?.content['application/json']?.schema,
      );
      const batch = body.paths[`/v1/${tag}/batch`]?.post;
      const line = shapeOf(body, batch?.requestBody?.content['application/x-ndjson']?.schema);
      const { idempotencyKey, ...rest } = line?.properties ?? {};
      assert.deepEqual(rest, single?.properties, tag);
      assert.deepEqual(line?.required, single?.required, tag);
      assert.ok(idempotencyKey, tag);
      assert.equal(line?.additionalProperties, false, tag);
      assert.match(JSON.stringify(batch?.responses[200]), /application\/x-ndjson.*schemas\/LineAnswer/, tag);
    }
  }));
