// Carriers over the REST API: listed, suspended with a reason, resumed; what is asked for meanwhile says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../../../src/api/index.ts';
import { Server } from '../../../src/server/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { type ApiBench, withApi } from '../api-bench.ts';
import { postBatch, withPort } from '../batch-client.ts';

// biome-ignore lint/suspicious/noExplicitAny: each test knows what it asks for
type Body = any;

const token = 'a-token-of-operators';
const { id: device } = sampleDevice();

function withCarriers(
  run: (call: (...args: Parameters<ApiBench['call']>) => Promise<Body>, bench: ApiBench) => Promise<void>,
) {
  return withApi(
    (bench) =>
      run(async (method, url, body, headers = {}) => {
        const answer = await bench.call(method, url, body, { authorization: `Bearer ${token}`, ...headers });
        return { status: answer.status, ...(answer.body as object), headers: answer.headers };
      }, bench),
    { tokens: [token] },
  );
}

test('a carrier is suspended once, with who did it and why, and resumed; both again change nothing', () =>
  withCarriers(async (call, { clock }) => {
    const since = new Date(clock.now()).toISOString();
    const before = await call('GET', '/v1/carriers');
    assert.deepEqual(
      before.items.map(({ name, suspended }: Body) => [name, suspended]),
      [
        ['wap', undefined],
        ['sms', undefined],
      ],
    );
    const suspended = { since, by: 'operator', reason: 'work at the gateway' };
    const reason = { reason: 'work at the gateway' };
    const answer = await call('POST', '/v1/carriers/wap/suspend', reason);
    assert.deepEqual([answer.status, answer.name, answer.suspended, answer.free], [200, 'wap', suspended, 0]);
    clock.advance(1000);
    assert.deepEqual((await call('POST', '/v1/carriers/wap/suspend', reason)).suspended, suspended);
    assert.deepEqual((await call('POST', '/v1/carriers/wap/suspend')).suspended, suspended);
    assert.deepEqual((await call('GET', '/v1/carriers/wap')).suspended, suspended);
    const status = await call('GET', '/v1/status');
    assert.deepEqual(status.carriers[0].suspended, suspended);
    const resumed = await call('POST', '/v1/carriers/wap/resume');
    assert.deepEqual([resumed.status, resumed.name, resumed.suspended], [200, 'wap', undefined]);
    assert.equal((await call('POST', '/v1/carriers/wap/resume')).status, 200);
    assert.equal((await call('GET', '/v1/carriers/wap')).suspended, undefined);
  }));

test('a carrier that there is not is 404, and the answer names those that there are', () =>
  withCarriers(async (call) => {
    for (const [method, path] of [
      ['GET', '/v1/carriers/x'],
      ['POST', '/v1/carriers/x/suspend'],
      ['POST', '/v1/carriers/x/resume'],
    ] as const) {
      const answer = await call(method, path);
      assert.deepEqual([answer.status, answer.code], [404, 'NOT_FOUND'], path);
      assert.equal(answer.detail, 'there is no carrier x; there are: wap, sms');
    }
  }));

test('one that is configured no more stays in the list, without a binding, until it is resumed', () =>
  withCarriers(async (_, { store, bindings, clock }) => {
    await store.suspendCarrier({ carrier: 'sms:old', reason: 'gone', actor: 'ann/desk' });
    const server = new Server({ store, bindings, clock, node: 'n' });
    const app = await createApi(server);
    const call = async (method: 'GET' | 'POST', url: string): Promise<Body> => {
      const answer = await app.inject({ method, url });
      return { status: answer.statusCode, ...answer.json() };
    };
    const { items } = await call('GET', '/v1/carriers');
    assert.deepEqual(
      items.map(({ name }: Body) => name),
      ['wap', 'sms', 'sms:old'],
    );
    const old = items[2];
    assert.deepEqual([old.binding, old.state, old.suspended.reason], [undefined, 'unknown', 'gone']);
    const samples = async (): Promise<Body> =>
      (await server.metricFamilies('1')).find(({ name }) => name === 'reveille_carrier_suspended')?.samples;
    assert.deepEqual(
      (await samples()).map(({ labels, value }: Body) => [...labels, value]),
      [
        ['wap', 'wap', 0],
        ['sms', 'sms', 0],
      ],
    );
    const resumed = await call('POST', '/v1/carriers/sms%3Aold/resume');
    assert.deepEqual([resumed.status, resumed.name, resumed.suspended], [200, 'sms:old', undefined]);
    assert.equal((await call('GET', '/v1/carriers/sms%3Aold')).status, 404);
    assert.equal((await call('POST', '/v1/carriers/sms%3Aold/suspend')).status, 404);
    await call('POST', '/v1/carriers/sms/suspend');
    assert.deepEqual(
      (await samples()).map(({ value }: Body) => value),
      [0, 1],
    );
    await app.close();
    await server.audit.end();
  }));

test('a reason is a line of up to 512 octets, and nothing else is taken', () =>
  withCarriers(async (call) => {
    const path = '/v1/carriers/wap/suspend';
    for (const [body, code] of [
      [{ reason: 'x'.repeat(513) }, 'TOO_LONG'],
      [{ reason: '' }, 'OUT_OF_RANGE'],
      [{ reason: 7 }, 'WRONG_TYPE'],
      [{ reason: 'two\nlines' }, 'BAD_FORMAT'],
      [{ why: 'x' }, 'UNKNOWN_FIELD'],
      [[], 'WRONG_TYPE'],
    ] as const) {
      const answer = await call('POST', path, body);
      assert.deepEqual([answer.status, answer.code], [400, code], JSON.stringify(body).slice(0, 40));
    }
    assert.equal((await call('GET', '/v1/carriers/wap')).suspended, undefined);
    assert.equal((await call('POST', path, { reason: 'x'.repeat(512) })).status, 200);
  }));

test('who asks for a push over a carrier that is suspended is told, and the push is taken', () =>
  withCarriers(async (call) => {
    await call('POST', '/v1/carriers/wap/suspend', { reason: 'contract' });
    const warned = /^its carrier wap is suspended since \S+ \(contract\): it waits until/;
    const commands = [{ command: 'get', uri: './A' }];
    for (const [path, body] of [
      ['/v1/notifications', { device }],
      ['/v1/notifications', { device, job: commands }],
      ['/v1/jobs', { device, commands }],
      ['/v1/messages', { device, job: [{ command: 'delete', uri: './A' }] }],
      [`/v1/devices/${encodeURIComponent(device)}/rotate-secret`, {}],
    ] as const) {
      const answer = await call('POST', path, body);
      assert.ok(answer.status < 300, JSON.stringify(answer));
      assert.equal(answer.warnings?.filter((line: string) => warned.test(line)).length, 1, path);
    }
    const unwoken = await call('POST', '/v1/jobs', { device, commands, wake: false });
    assert.equal(unwoken.warnings, undefined);
    await call('POST', '/v1/carriers/wap/resume');
    assert.equal((await call('POST', '/v1/notifications', { device })).warnings, undefined);
  }));

test('each line of a batch is told too', () =>
  withPort(async (port, { suspended }) => {
    await suspended.suspend({ carrier: 'wap' });
    const { lines } = await postBatch(port, '/v1/notifications/batch', `${JSON.stringify({ device })}\n`);
    assert.match(lines[0]?.warnings?.[0] ?? '', /^its carrier wap is suspended since/);
  }));

test('the audit log says who suspended which carrier and why, and who resumed it', () =>
  withCarriers(async (call) => {
    await call('POST', '/v1/carriers/wap/suspend', { reason: 'contract' });
    await call('POST', '/v1/carriers/wap/resume');
    const { items } = await call('GET', '/v1/audit?kind=carriers');
    assert.deepEqual(
      items.map(({ action, id, actor, detail, outcome }: Body) => [action, id, actor, detail, outcome]),
      [
        ['POST /v1/carriers/{name}/resume', 'wap', 'operator', undefined, 'done'],
        ['POST /v1/carriers/{name}/suspend', 'wap', 'operator', 'contract', 'done'],
      ],
    );
  }));
