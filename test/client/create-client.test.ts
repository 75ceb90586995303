// The client against the real API: what it gives, what it throws, and what it sends again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem, createClient, UnreachableError } from '../../src/client/index.ts';
import { eventually, ManualClock, sampleDevice } from '../../src/testing/index.ts';
import { token, withAnswers, withClient } from './client-bench.ts';

const device = sampleDevice().id;

test('what the API answers is given, what it refuses is thrown with status, code and field', () =>
  withClient(async (client) => {
    const account = await client.post('/v1/accounts', {
      body: { serverId: 'com.example.more', url: 'https://dm.example.com/dm' },
    });
    assert.equal(account.serverId, 'com.example.more');
    assert.equal((await client.get('/v1/devices/{id}', { params: { path: { id: device } } })).id, device);
    await assert.rejects(
      client.get('/v1/devices/{id}', { params: { path: { id: 'IMEI:/?# %' } } }),
      (error) => error instanceof ApiProblem && error.status === 404 && error.code === 'NOT_FOUND',
    );
    await assert.rejects(
      client.post('/v1/accounts', { body: { serverId: '', url: 'x' } }),
      (error) => error instanceof ApiProblem && error.status === 400 && error.path === 'serverId',
    );
    const path = { serverId: 'com.example.more' };
    assert.equal(await client.delete('/v1/accounts/{serverId}', { params: { path } }), undefined);
  }));

test('an ETag holds a change to what was read', () =>
  withClient(async (client) => {
    const path = { id: device };
    const { response } = await client.request('get', '/v1/devices/{id}', { params: { path } });
    const etag = response.headers.get('etag') ?? '';
    const change = (held: string) =>
      client.patch('/v1/devices/{id}', {
        params: { path, header: { 'if-match': held } },
        body: { labels: { region: 'north' } },
      });
    assert.equal((await change(etag)).labels.region, 'north');
    await assert.rejects(change(etag), { status: 412, code: 'VERSION_MISMATCH' });
  }));

test('a list is read page by page, no further than it is taken', () =>
  withClient(async (client, { url }) => {
    const asked: string[] = [];
    const watched = createClient({
      url,
      token,
      fetch: (request) => {
        asked.push(new URL(request.url).search);
        return fetch(request);
      },
    });
    for (const serverId of ['a', 'b', 'c', 'd', 'e']) {
      await client.post('/v1/accounts', { body: { serverId, url: 'https://dm.example.com/dm' } });
    }
    const found: string[] = [];
    for await (const { serverId } of watched.items('/v1/accounts', { limit: 2 })) found.push(serverId);
    assert.deepEqual(found, ['a', 'b', 'c', 'com.example.dm', 'd', 'e']);
    assert.equal(asked.length, 3);
    for await (const _ of watched.items('/v1/accounts', { limit: 2 })) break;
    assert.equal(asked.length, 4);
  }));

test('a token is asked for before each request; without one, or with a wrong one, 401 is thrown', () =>
  withClient(async (_, { url }) => {
    let given = 'a-token-that-is-wrong';
    const client = createClient({ url, token: async () => given });
    await assert.rejects(client.get('/v1/whoami'), { status: 401, code: 'UNAUTHORIZED' });
    given = token;
    assert.equal((await client.get('/v1/whoami')).owner, 'operator');
    await assert.rejects(createClient({ url }).get('/v1/whoami'), { status: 401 });
  }));

test('what creates something has a key of its own, the same each time that it is sent', () => {
  let tries = 0;
  return withAnswers(
    (_, response) => {
      tries += 1;
      if (tries === 1)
        response.writeHead(503, { 'retry-after': '7' }).end('{"code":"STORE_AWAY","detail":"wait"}');
      else response.writeHead(202, { 'content-type': 'application/json' }).end('{"id":"n1"}');
    },
    async (url, seen) => {
      const clock = new ManualClock();
      const client = createClient({ url, clock });
      const created = client.post('/v1/notifications', { body: { device } });
      await eventually(() => (clock.nextTimerAt() === clock.now() + 7000 ? true : undefined));
      clock.advance(6999);
      assert.equal(seen.length, 1);
      clock.advance(1);
      assert.equal((await created).id, 'n1');
      const [first, second] = seen;
      assert.match(String(first?.headers['idempotency-key']), /^[0-9a-f-]{36}$/);
      assert.equal(first?.headers['idempotency-key'], second?.headers['idempotency-key']);
      assert.equal(first?.body, second?.body);
    },
  );
});

test('what is not safe to repeat, is put off for too long, or is refused for good, is sent once', () =>
  withAnswers(
    ({ url }, response) => {
      const wait = url === '/v1/status' ? '3600' : '0';
      const status = url === '/v1/whoami' ? 403 : 429;
      response.writeHead(status, { 'retry-after': wait }).end('{"code":"X","detail":"no"}');
    },
    async (url, seen) => {
      const client = createClient({ url, retry: { times: 2 } });
      const body = { serverId: 'a', url: 'https://dm.example.com/' };
      await assert.rejects(client.post('/v1/accounts', { body }), { status: 429, retryAfterSeconds: 0 });
      await assert.rejects(client.get('/v1/status'), { status: 429, retryAfterSeconds: 3600 });
      await assert.rejects(client.get('/v1/whoami'), { status: 403 });
      assert.equal(seen.length, 3);
      await assert.rejects(client.get('/v1/accounts'), { status: 429 });
      assert.equal(seen.length, 6);
      const once = createClient({ url, retry: { times: 0 }, idempotencyKeys: false });
      await assert.rejects(once.post('/v1/jobs', { body: { device, commands: [] } }), { status: 429 });
      assert.equal(seen.at(-1)?.headers['idempotency-key'], undefined);
      assert.equal(seen.length, 7);
    },
  ));

test('an answer that does not come in time, breaks off, or is of somebody else is an error that says so', () =>
  withAnswers(
    ({ url }, response) => {
      if (url === '/v1/accounts') response.writeHead(200).write('{"items":');
      if (url === '/v1/status')
        response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy());
      if (url === '/v1/whoami') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      if (url === '/v1/devices') response.writeHead(502).end('<html>');
    },
    async (url, seen) => {
      const clock = new ManualClock();
      const client = createClient({ url, clock, timeoutMs: 5000 });
      const slow = client.get('/v1/accounts');
      await eventually(() => (seen.length === 1 ? true : undefined));
      clock.advance(5000);
      await assert.rejects(
        slow,
        (error) => error instanceof UnreachableError && /5000 ms/.test(error.message),
      );
      await assert.rejects(client.get('/v1/status'), { code: 'UNREACHABLE' });
      await assert.rejects(client.get('/v1/whoami'), { code: 'HTTP_200', isDocument: false });
      await assert.rejects(client.get('/v1/devices'), { code: 'HTTP_502', isDocument: false });
      assert.equal(clock.waiting, 0);
    },
  ));

test('a redirection is not followed: a POST would come there as a GET, and the token might go elsewhere', () =>
  withAnswers(
    (_, response) =>
      void response.writeHead(301, { location: 'https://dm.example.com/v1/notifications' }).end(),
    async (url, seen) => {
      const client = createClient({ url, token: 'a-token-of-somebody' });
      const error = {
        code: 'HTTP_301',
        message:
          /sends to https:\/\/dm\.example\.com\/v1\/notifications, where nothing is sent: give the URL/,
      };
      await assert.rejects(client.post('/v1/notifications', { body: { device: 'A' } }), error);
      await assert.rejects(client.get('/v1/whoami'), error);
      await assert.rejects(async () => {
        for await (const _ of client.exchange('/v1/notifications/batch', [{ device: 'A' }])) assert.fail();
      }, error);
      assert.deepEqual(
        seen.map(({ method }) => method),
        ['POST', 'GET', 'POST'],
      );
    },
  ));

test('a signal ends a request with its reason; that of the client ends all of them', () =>
  withAnswers(
    () => undefined,
    async (url, seen) => {
      const all = new AbortController();
      const client = createClient({ url, signal: all.signal });
      const one = new AbortController();
      const asked = client.get('/v1/status', { signal: one.signal });
      await eventually(() => (seen.length === 1 ? true : undefined));
      one.abort(new Error('enough'));
      await assert.rejects(asked, { message: 'enough' });
      const other = client.get('/v1/status');
      await eventually(() => (seen.length === 2 ? true : undefined));
      all.abort();
      await assert.rejects(other, { code: 'UNREACHABLE' });
    },
  ));

test('nobody there, and a URL that is none', async () => {
  await assert.rejects(createClient({ url: 'http://127.0.0.1:1' }).get('/v1/status'), (error) => {
    return (
      error instanceof UnreachableError && error.message.startsWith('http://127.0.0.1:1 does not answer: ')
    );
  });
  for (const url of [
    '',
    'ftp://x',
    'http://',
    '127.0.0.1:8081',
    'http://u:p@x',
    'http://x/?a=1',
    'http://x/#a',
  ]) {
    assert.throws(() => createClient({ url }), { code: 'CONFIG' }, url);
  }
  assert.throws(() => createClient({ url: 'http://x', timeoutMs: 0 }), { path: 'timeoutMs' });
  assert.throws(() => createClient({ url: 'http://x', retry: { times: -1 } }), { path: 'retry.times' });
});

test('paths stand below the path of the URL', () =>
  withAnswers(
    (_, response) => response.writeHead(200).end('{"items":[]}'),
    async (url, seen) => {
      for (const base of [`${url}/dm`, `${url}/dm/`]) await createClient({ url: base }).get('/v1/accounts');
      for await (const _ of createClient({ url: `${url}/dm/` }).octets('/metrics')) break;
      assert.deepEqual(
        seen.map((each) => each.url),
        ['/dm/v1/accounts', '/dm/v1/accounts', '/dm/metrics'],
      );
    },
  ));
