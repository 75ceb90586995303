// The REST API as commands use it: what goes out, and what comes of the answers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { openApi, refusalText } from '../../../src/cli/remote/api-client.ts';
import type { ApiClient } from '../../../src/client/index.ts';
import { testIo } from '../run-cli.ts';

describe('the REST API of a server', () => {
  let answer: readonly [status: number, text: string] = [200, '{}'];
  const requests: { method: string; url: string; body: string; headers: IncomingMessage['headers'] }[] = [];
  const http = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, body, headers });
    response.writeHead(answer[0]).end(answer[1]);
  });
  let server: string;
  before(async () => {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    server = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  after(() => {
    http.closeAllConnections();
    http.close();
  });
  const open = (under = ''): Promise<ApiClient> =>
    openApi(testIo({ env: { REVEILLE_API_TOKEN: 'a token' } }).io, { server: `${server}${under}` });

  it('is asked with method, path, JSON and token, and its answer is given', async () => {
    answer = [200, '{"id":"n1"}'];
    const api = await open('/under');
    requests.length = 0;
    assert.deepEqual(await api.get('/v1/devices'), { id: 'n1' });
    const params = { header: { 'idempotency-key': 'k' } };
    assert.deepEqual(await api.post('/v1/jobs', { params, body: { a: 1 } as never }), { id: 'n1' });
    assert.deepEqual(
      await api.patch('/v1/devices/{id}', { params: { path: { id: 'd' } }, body: { b: 2 } as never }),
      { id: 'n1' },
    );
    assert.deepEqual(
      requests.map(({ method, url, body, headers }) => [
        method,
        url,
        body,
        headers['content-type'],
        headers['idempotency-key'],
        headers.authorization,
        headers.accept,
      ]),
      [
        ['GET', '/under/v1/devices', '', undefined, undefined, 'Bearer a token', 'application/json'],
        ['POST', '/under/v1/jobs', '{"a":1}', 'application/json', 'k', 'Bearer a token', 'application/json'],
        [
          'PATCH',
          '/under/v1/devices/d',
          '{"b":2}',
          'application/json',
          undefined,
          'Bearer a token',
          'application/json',
        ],
      ],
    );
  });

  it('says with what it refuses', async () => {
    const api = await open();
    const port = 'is this the REST API (port 8081 unless serve was told another)?';
    for (const [status, text, code, message] of [
      [
        409,
        '{"code":"ALREADY_EXISTS","detail":"it is there","path":"id"}',
        'ALREADY_EXISTS',
        'id: it is there',
      ],
      [
        401,
        '{"code":"UNAUTHORIZED","title":"No token"}',
        'UNAUTHORIZED',
        'No token; the one of REVEILLE_API_TOKEN is wrong, revoked or expired',
      ],
      [503, 'busy', 'HTTP_503', `status 503; ${port}`],
      [200, '[1', 'HTTP_200', `status 200; ${port}`],
    ] as const) {
      answer = [status, text];
      await assert.rejects(api.patch('/v1/devices/{id}', { params: { path: { id: 'd' } }, body: {} }), {
        code,
        message: `the server refused: ${message}`,
      });
    }
    assert.equal(refusalText({ detail: 'no path' }), 'no path');
    answer = [401, '{"code":"UNAUTHORIZED","title":"No token"}'];
    const without = await openApi(testIo().io, { server });
    await assert.rejects(without.get('/v1/devices'), {
      message: 'the server refused: No token; give --token-file or REVEILLE_API_TOKEN',
    });
  });
});
