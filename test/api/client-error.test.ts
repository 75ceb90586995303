// Bytes that never became a request are answered with a problem document too.
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { withApi } from './api-bench.ts';
import { requireDescribed } from './described-answer.ts';
import { rawRequest } from './raw-request.ts';

test('what is no HTTP, has too long a header, or does not come in time, is told so as everything is', () =>
  withApi(
    async ({ app }) => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.server.address() as AddressInfo;
      const own = `Host: 127.0.0.1:${port}`;
      for (const [text, status, code] of [
        ['\u0016\u0003\u0001 hello\r\n\r\n', 400, 'REQUEST'],
        [`GET /v1/devices HTTP/1.1\r\n${own}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'TOO_LONG'],
        [`GET /v1/devices?filter=${'x'.repeat(20_000)} HTTP/1.1\r\n${own}\r\n\r\n`, 431, 'TOO_LONG'],
        [`GET /v1/devices HTTP/1.1\r\n${own}\r\n`, 408, 'TIMEOUT'],
        [
          `POST /v1/accounts HTTP/1.1\r\n${own}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
          408,
          'TIMEOUT',
        ],
      ] as const) {
        const { status: given, head, body } = await rawRequest(port, text);
        assert.equal(given, status, text.slice(0, 60));
        assert.match(head, /content-type: application\/problem\+json/);
        const problem = JSON.parse(body) as { readonly code: string; readonly status: number };
        assert.deepEqual([problem.code, problem.status], [code, status]);
        const headers = { 'content-type': 'application/problem+json' };
        await requireDescribed({ method: 'GET', url: '/v1/devices', status, headers, text: body });
      }
    },
    { limits: { headerTimeoutMs: 300, requestTimeoutMs: 300 } },
  ));
