// Requests that go on for long, whose token is revoked, made anew or comes to its end meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whileItMay } from '../../../src/api/access/goes-on.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import type { ApiBench } from '../api-bench.ts';
import { linesOf, openBatch, withPort } from '../batch-client.ts';

const operator = 'a-token-of-operators';
const operators = { authorization: `Bearer ${operator}` };
const device = sampleDevice().id;

/** Ways that a token stops to open anything. */
const ends: Readonly<Record<string, (bench: ApiBench, id: string) => Promise<unknown>>> = {
  revoked: ({ call }, id) => call('DELETE', `/v1/tokens/${id}`, undefined, operators),
  'made anew, without an overlap': ({ call }, id) =>
    call('POST', `/v1/tokens/${id}/rotate`, { overlapSeconds: 0 }, operators),
  expired: async ({ clock }) => clock.advance(60_001),
};

async function issue({ call, clock }: ApiBench): Promise<{ readonly id: string; readonly token: string }> {
  const expiresAt = new Date(clock.now() + 60_000).toISOString();
  const body = { owner: 'alice', name: 'console', scopes: ['read', 'push', 'manage'], expiresAt };
  return JSON.parse((await call('POST', '/v1/tokens', body, operators)).text);
}

for (const [how, end] of Object.entries(ends)) {
  test(`a batch whose token is ${how} takes no more lines, and says so`, () =>
    withPort(
      async (port, bench) => {
        const { id, token } = await issue(bench);
        const batch = openBatch(port, '/v1/notifications/batch', { authorization: `Bearer ${token}` });
        batch.write(linesOf([{ device }]));
        assert.equal((await batch.next())?.status, 202);
        await end(bench, id);
        batch.write(linesOf([{ device }, { device }]));
        const refused = await batch.next();
        assert.deepEqual([refused?.line, refused?.status, refused?.code], [2, 401, 'UNAUTHORIZED']);
        assert.equal(await batch.next(), undefined);
        const { body } = await bench.call('GET', '/v1/notifications', undefined, operators);
        assert.equal(body.items.length, 1);
      },
      { tokens: [operator] },
    ));

  test(`an import whose token is ${how} writes nothing more, and has no summary`, () =>
    withPort(
      async (port, bench) => {
        const { id, token } = await issue(bench);
        const headers = { authorization: `Bearer ${token}` };
        const sent = openBatch(port, '/v1/devices/import?mode=upsert', headers);
        const lines = (label: string) =>
          linesOf(Array.from({ length: 1000 }, () => ({ id: device, labels: { [label]: 'yes' } })));
        sent.write(lines('before'));
        assert.ok('progress' in ((await sent.next()) ?? {}));
        await end(bench, id);
        sent.end(lines('behind'));
        const refused = await sent.next();
        assert.deepEqual([refused?.line, refused?.status, refused?.code], [1001, 401, 'UNAUTHORIZED']);
        assert.equal(await sent.next(), undefined);
        const { text } = await bench.call('GET', `/v1/devices/${device}`, undefined, operators);
        assert.deepEqual(JSON.parse(text).labels, { before: 'yes' });
      },
      { tokens: [operator] },
    ));
}

test('an event stream ends once its token has been made anew, and goes on while the one before opens too', () =>
  withPort(
    async (port, bench) => {
      const { id, token } = await issue(bench);
      const read = async (secret: string) => {
        const answer = await fetch(`http://127.0.0.1:${port}/v1/events`, {
          headers: { authorization: `Bearer ${secret}`, connection: 'close' },
        });
        return { status: answer.status, over: answer.text().then(() => 'over') };
      };
      const stream = await read(token);
      const settled = async (): Promise<void> => {
        bench.clock.advance(1000);
        for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
      };
      await bench.call('POST', `/v1/tokens/${id}/rotate`, { overlapSeconds: 3600 }, operators);
      await settled();
      assert.equal(await Promise.race([stream.over, Promise.resolve('goes on')]), 'goes on');
      await bench.call('POST', `/v1/tokens/${id}/rotate`, { overlapSeconds: 0 }, operators);
      await settled();
      assert.equal(await stream.over, 'over');
    },
    { tokens: [operator], heartbeatMs: 1000 },
  ));

test('what goes out in parts is cut off behind the part after which it may not go on', async () => {
  async function* parts() {
    yield* [1, 2, 3];
  }
  const told: number[] = [];
  await assert.rejects(
    async () => {
      for await (const part of whileItMay(parts(), async () => told.length < 2)) told.push(part);
    },
    { code: 'UNAUTHORIZED', status: 401 },
  );
  assert.deepEqual(told, [1, 2]);
});
