// Webhooks over REST: who may make them, who sees which, what is shown once, and a delivery to a receiver.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../src/testing/index.ts';
import { receiver } from '../server/webhook/receiver.ts';
import { type ApiBench, withApi } from './api-bench.ts';

const operator = 'a-token-of-operators';
const own = 'com.example.dm';

interface Asked {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(
  { app }: ApiBench,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
  { token = operator, headers = {} }: Asked = {},
) {
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, host: 'localhost', ...headers },
    ...(body !== undefined && { payload: body }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asks for
  const json: any = answer.payload === '' ? undefined : answer.json();
  return { status: answer.statusCode, body: json, headers: answer.headers, text: answer.payload };
}

async function issue(
  bench: ApiBench,
  scopes: readonly string[],
  accounts?: readonly string[],
): Promise<string> {
  const asked = { owner: 'ann', name: scopes.join('-'), scopes, ...(accounts !== undefined && { accounts }) };
  return (await ask(bench, 'POST', '/v1/tokens', asked)).body.token;
}

const asked = { url: 'http://127.0.0.1:9/hook', kinds: ['job', 'notification'] };

test('a webhook is made, read, changed under its ETag, and deleted; what signs is shown once', () =>
  withApi(
    async (bench) => {
      const made = await ask(bench, 'POST', '/v1/webhooks', { ...asked, name: 'desk' });
      assert.equal(made.status, 201, made.text);
      const { secret, id, ...shown } = made.body;
      assert.match(secret, /^whsec_/);
      assert.equal(made.headers.location, `/v1/webhooks/${id}`);
      assert.deepEqual(shown.kinds, ['notification', 'job']);
      const read = await ask(bench, 'GET', `/v1/webhooks/${id}`);
      assert.deepEqual(read.body, { id, ...shown });
      const etag = String(read.headers.etag);
      const suspended = { state: 'suspended', reason: 'tests' };
      const changed = await ask(bench, 'PATCH', `/v1/webhooks/${id}`, suspended, {
        headers: { 'if-match': etag },
      });
      assert.deepEqual(
        [changed.status, changed.body.state, changed.body.reason],
        [200, 'suspended', 'tests'],
      );
      const late = await ask(
        bench,
        'PATCH',
        `/v1/webhooks/${id}`,
        { name: null },
        { headers: { 'if-match': etag } },
      );
      assert.deepEqual([late.status, late.body.code], [412, 'VERSION_MISMATCH']);
      const rotated = await ask(bench, 'POST', `/v1/webhooks/${id}/rotate-secret`, { overlapSeconds: 60 });
      assert.notEqual(rotated.body.secret, secret);
      assert.ok(rotated.body.previousSecretUntil);
      const list = await ask(bench, 'GET', '/v1/webhooks');
      assert.equal(list.text.includes('whsec_'), false);
      assert.equal(list.body.items.length, 1);
      const audit = await ask(bench, 'GET', '/v1/audit');
      assert.equal(audit.text.includes('whsec_'), false);
      assert.match(audit.text, /http:\/\/127.0.0.1:9: notification job/);
      assert.equal((await ask(bench, 'DELETE', `/v1/webhooks/${id}`)).status, 204);
      assert.equal((await ask(bench, 'GET', `/v1/webhooks/${id}`)).status, 404);
    },
    { tokens: [operator] },
  ));

test('who makes one has to have read beside manage, and each sees those of its accounts alone', () =>
  withApi(
    async (bench) => {
      const token = await issue(bench, ['manage'], [own]);
      const both = await issue(bench, ['manage', 'read'], [own]);
      const refused = await ask(bench, 'POST', '/v1/webhooks', asked, { token });
      assert.deepEqual([refused.status, refused.body.code], [403, 'SCOPE']);
      const made = await ask(bench, 'POST', '/v1/webhooks', asked, { token: both });
      assert.deepEqual([made.status, made.body.accounts, made.body.owner], [201, [own], 'ann']);
      const path = `/v1/webhooks/${made.body.id}`;
      const moved = await ask(bench, 'PATCH', path, { url: 'http://127.0.0.1:10/' }, { token });
      assert.deepEqual([moved.status, moved.body.code], [403, 'SCOPE']);
      const ofAll = await ask(bench, 'POST', '/v1/webhooks', asked);
      const list = await ask(bench, 'GET', '/v1/webhooks', undefined, { token: both });
      assert.deepEqual(
        list.body.items.map(({ id }: { id: string }) => id),
        [made.body.id],
      );
      assert.equal(
        (await ask(bench, 'GET', `/v1/webhooks/${ofAll.body.id}`, undefined, { token: both })).status,
        404,
      );
      assert.equal((await ask(bench, 'GET', path)).status, 200);
    },
    { tokens: [operator] },
  ));

test('what is wrong is refused with the field', () =>
  withApi(
    async (bench) => {
      const cases: readonly (readonly [object, string, string])[] = [
        [{ kinds: ['job'] }, 'MISSING', 'url'],
        [{ ...asked, url: 'ftp://hooks.example/' }, 'OUT_OF_RANGE', 'url'],
        [{ ...asked, url: 'https://user:pass@hooks.example/' }, 'OUT_OF_RANGE', 'url'],
        [{ ...asked, url: 'https://10.0.0.1/' }, 'OUT_OF_RANGE', 'url'],
        [{ ...asked, url: 'http://93.184.216.34/' }, 'OUT_OF_RANGE', 'url'],
        [{ ...asked, url: 'https://hooks.example/#x' }, 'OUT_OF_RANGE', 'url'],
        [{ ...asked, url: 'hooks.example' }, 'BAD_FORMAT', 'url'],
        [{ ...asked, kinds: [] }, 'OUT_OF_RANGE', 'kinds'],
        [{ ...asked, kinds: ['job', 'x'] }, 'OUT_OF_RANGE', 'kinds[1]'],
        [{ ...asked, devices: [7] }, 'WRONG_TYPE', 'devices[0]'],
        [{ ...asked, secret: 'mine' }, 'UNKNOWN_FIELD', 'secret'],
      ];
      for (const [body, code, path] of cases) {
        const answer = await ask(bench, 'POST', '/v1/webhooks', body);
        assert.deepEqual(
          [answer.status, answer.body.code, answer.body.path],
          [400, code, path],
          JSON.stringify(body),
        );
        assert.equal(answer.text.includes('pass@'), false);
      }
      const { id } = (await ask(bench, 'POST', '/v1/webhooks', asked)).body;
      const wrong = await ask(bench, 'PATCH', `/v1/webhooks/${id}`, { state: 'active', reason: 'x' });
      assert.deepEqual([wrong.status, wrong.body.path], [400, 'reason']);
      for (const [act, body] of [
        ['replay', {}],
        ['replay', { since: 'yesterday' }],
        ['dead/retry', { all: false }],
        ['dead/drop', { all: true, events: ['x'] }],
      ] as const)
        assert.equal((await ask(bench, 'POST', `/v1/webhooks/${id}/${act}`, body)).status, 400, act);
    },
    { tokens: [operator] },
  ));

test('a receiver is told what the feed tells, and a test says what came of it', async () => {
  const to = await receiver();
  try {
    await withApi(
      async (bench) => {
        const made = await ask(bench, 'POST', '/v1/webhooks', { ...asked, url: to.url });
        const tested = await ask(bench, 'POST', `/v1/webhooks/${made.body.id}/test`);
        assert.deepEqual([tested.body.delivered, tested.body.status], [true, 204]);
        await bench.webhooks.start();
        const id = await bench.push();
        await eventually(() => to.received.length === 2, 'the event');
        await bench.webhooks.stop();
        const [, told] = to.received;
        assert.match(String(told?.headers['webhook-signature']), /^v1,[A-Za-z0-9+/]{43}=$/);
        assert.equal(told?.data.type, 'notification.queued');
        assert.equal(told?.data.data.notification, id);
        const dead = await ask(bench, 'GET', `/v1/webhooks/${made.body.id}/dead`);
        assert.deepEqual(dead.body, { items: [] });
        const retried = await ask(bench, 'POST', `/v1/webhooks/${made.body.id}/dead/retry`, { all: true });
        assert.deepEqual(retried.body, { count: 0 });
        const replayed = await ask(bench, 'POST', `/v1/webhooks/${made.body.id}/replay`, { after: '0' });
        assert.equal(replayed.body.position, '0-0');
      },
      { tokens: [operator] },
    );
  } finally {
    await to.close();
  }
});
