// The examples of the description, sent to a real API in the order in which one builds on another: each is taken as it stands.
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { allNotes } from '../../src/api/examples/all-notes.ts';
import { device, serverId } from '../../src/api/examples/samples.ts';
import { withApi } from './api-bench.ts';
import { requireDescribed } from './described-answer.ts';

const token = 'a-token-of-operators';
const authorization = { authorization: `Bearer ${token}` };

/** Bodies of the examples of a route. */
function bodiesOf(operationId: string): readonly unknown[] {
  const found = Object.values(allNotes[operationId]?.request ?? {}).filter(({ type }) => type === undefined);
  assert.ok(found.length > 0, operationId);
  return found.map(({ value }) => value);
}

/** Sends lines of JSON, and gives those of the answer. */
async function lines(base: string, path: string, ...values: readonly unknown[]): Promise<readonly object[]> {
  const body = values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/x-ndjson' },
    body,
  });
  const text = await answer.text();
  const headers = Object.fromEntries(answer.headers);
  await requireDescribed({ method: 'POST', url: path, status: answer.status, headers, text });
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
}

test('the examples of requests are taken as they stand', () =>
  withApi(
    async ({ app, call }) => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
      const send = async (method: 'POST' | 'PUT' | 'PATCH', url: string, operationId: string) => {
        const answers = [];
        for (const body of bodiesOf(operationId)) {
          const answer = await call(method, url, body, authorization);
          assert.ok(answer.status < 300, `${operationId}: ${answer.text}`);
          answers.push(answer.body);
        }
        return answers;
      };
      const path = encodeURIComponent(device);
      // The bench begins with both.
      await call('DELETE', `/v1/devices/${path}`, undefined, authorization);
      await call('DELETE', `/v1/accounts/${serverId}`, undefined, authorization);
      await send('POST', '/v1/accounts', 'createAccount');
      await send('PATCH', `/v1/accounts/${serverId}`, 'updateAccount');
      await send('POST', '/v1/devices', 'createDevice');
      await send('PUT', `/v1/devices/${path}`, 'putDevice');
      await send('POST', '/v1/notifications', 'createNotification');
      await send('POST', '/v1/jobs', 'createJob');
      for (const [url, operationId] of [
        ['/v1/notifications/batch', 'createNotifications'],
        ['/v1/jobs/batch', 'createJobs'],
      ] as const) {
        const [answer] = await lines(base, url, ...bodiesOf(operationId));
        assert.partialDeepStrictEqual(answer, { line: 1, status: 202, created: true });
      }
      const taken = await lines(base, '/v1/devices/import?mode=upsert', ...bodiesOf('importDevices'));
      assert.partialDeepStrictEqual(taken.at(-1), { summary: { rejected: 0 } });
      await send('POST', `/v1/devices/${path}/rotate-secret`, 'rotateDeviceSecret');
      await send('PATCH', `/v1/devices/${path}`, 'updateDevice');
      await send('POST', '/v1/devices/change', 'updateDevices');
      await send('POST', '/v1/devices/delete', 'deleteDevices');
      const [{ id } = { id: '' }] = await send('POST', '/v1/tokens', 'createToken');
      await send('POST', `/v1/tokens/${id}/rotate`, 'rotateToken');
      await send('POST', '/v1/pushes/release', 'releasePushes');
      await send('POST', '/v1/pushes/cancel-held', 'cancelHeldPushes');
    },
    { tokens: [token] },
  ));
