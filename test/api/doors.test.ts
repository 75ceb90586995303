// Who gets in at the API: hosts, origins, tokens, over a socket, with requests that browsers and strangers send.
import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { createApi } from '../../src/api/index.ts';
import { ConfigError, type Logger } from '../../src/core/index.ts';
import { sampleDevice } from '../../src/testing/index.ts';
import { type ApiBench, withApi } from './api-bench.ts';
import { rawRequest } from './raw-request.ts';

const device = sampleDevice().id;
const token = 'a-token-of-operators';

interface Door extends ApiBench {
  readonly port: number;
  /** One request as octets: request line, then header lines. */
  ask(line: string, ...lines: string[]): ReturnType<typeof rawRequest>;
}

function withDoor(
  run: (door: Door) => Promise<void>,
  options: Parameters<typeof withApi>[1] = {},
  host = '127.0.0.1',
): Promise<void> {
  return withApi(async (bench) => {
    await bench.app.listen({ host, port: 0 });
    const { port } = bench.app.server.address() as AddressInfo;
    const ask: Door['ask'] = (line, ...lines) =>
      rawRequest(port, `${[line, ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
    await run({ ...bench, port, ask });
  }, options);
}

const statusAndCode = ({ status, problem }: Awaited<ReturnType<typeof rawRequest>>) => [status, problem.code];

test('Host: the address it listens on and the names of the loopback, with its port, in every spelling', () =>
  withDoor(async ({ port, ask }) => {
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `LocalHost:${port}`,
      `localhost.:${port}`,
      `127.9.9.9:${port}`,
      `[::1]:${port}`,
      `[0:0:0:0:0:0:0:1]:${port}`,
      `[::FFFF:127.0.0.1]:${port}`,
    ]) {
      assert.equal((await ask('GET /v1/devices HTTP/1.1', `Host: ${host}`)).status, 200, host);
    }
  }));

test('Host: DNS rebinding is refused for reading and for acting, whatever the name that stands for this machine', () =>
  withDoor(async ({ port, ask, call }) => {
    const wrong = [
      `evil.example:${port}`,
      'evil.example',
      `localhost.evil.example:${port}`,
      `127.0.0.1.nip.example:${port}`,
      `notlocalhost:${port}`,
      'localhost',
      'localhost:80',
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.1:${port}`,
      `2130706433:${port}`,
      `0x7f000001:${port}`,
      `192.0.2.1:${port}`,
      `[2001:db8::1]:${port}`,
      `0.0.0.0:${port}`,
    ];
    for (const host of wrong) {
      for (const line of [
        'GET /v1/devices',
        'GET /v1/events',
        'GET /openapi.json',
        'GET /nothing',
        'POST /v1/jobs',
      ]) {
        const answer = await ask(`${line} HTTP/1.1`, `Host: ${host}`, 'Content-Length: 0');
        assert.deepEqual(statusAndCode(answer), [421, 'WRONG_HOST'], `${line} ${host}: ${answer.head}`);
      }
    }
    const { problem } = await ask('GET /v1/devices HTTP/1.1', 'Host: api.example.com:443');
    assert.match(problem.detail ?? '', /--api-host api\.example\.com:443$/);
    assert.equal((await call('GET', '/v1/devices')).status, 200);
  }));

test('Host: none, several, and what is none are 400; health is asked under any name', () =>
  withDoor(async ({ port, ask }) => {
    const own = `Host: 127.0.0.1:${port}`;
    assert.equal((await ask('GET /v1/devices HTTP/1.1')).status, 400);
    assert.deepEqual(statusAndCode(await ask('GET /v1/devices HTTP/1.0')), [400, 'BAD_HOST']);
    assert.equal((await ask('GET /v1/devices HTTP/1.0', own)).status, 200);
    assert.equal((await ask('GET /v1/devices HTTP/1.1', own, 'Host: evil.example')).status, 400);
    assert.equal((await ask('GET /v1/devices HTTP/1.1', own, own)).status, 400);
    for (const host of [
      '',
      'a b',
      `user@127.0.0.1:${port}`,
      '127.0.0.1:port',
      '127.0.0.1:99999',
      '[::1',
      '::1',
      'a/b',
    ]) {
      const { status, head } = await ask('GET /v1/devices HTTP/1.1', `Host: ${host}`);
      assert.equal(status, 400, `${host}: ${head}`);
    }
    for (const path of ['/livez', '/readyz', '/healthz']) {
      assert.equal((await ask(`GET ${path} HTTP/1.1`, 'Host: balancer.example')).status, 200);
      assert.equal((await ask(`GET ${path} HTTP/1.0`)).status, 200);
    }
  }));

test('Host: a target in absolute form names the host that counts, and Host does not (RFC 9112 §3.2.2)', () =>
  withDoor(async ({ port, ask }) => {
    const get = (target: string, host: string) => ask(`GET ${target} HTTP/1.1`, `Host: ${host}`);
    assert.equal((await get(`http://127.0.0.1:${port}/v1/devices?limit=1`, 'evil.example')).status, 200);
    assert.equal((await get(`HTTP://LOCALHOST:${port}/v1/devices`, 'x')).status, 200);
    const evil = await get(`http://evil.example:${port}/v1/devices`, `127.0.0.1:${port}`);
    assert.deepEqual(statusAndCode(evil), [421, 'WRONG_HOST']);
    assert.equal((await get(`http://user@127.0.0.1:${port}/v1/devices`, 'x')).status, 400);
    assert.equal((await get('http:///v1/devices', `127.0.0.1:${port}`)).status, 400);
    assert.equal((await ask('OPTIONS * HTTP/1.1', `Host: 127.0.0.1:${port}`)).status, 404);
  }));

test('Host: more names by setting, for any port or for one', () =>
  withDoor(
    async ({ port, ask }) => {
      const status = async (host: string) => (await ask('GET /v1/devices HTTP/1.1', `Host: ${host}`)).status;
      for (const host of [
        'api.example.com',
        'API.example.com.:8443',
        'other.example:8443',
        `localhost:${port}`,
      ]) {
        assert.equal(await status(host), 200, host);
      }
      for (const host of ['other.example', 'other.example:443', 'x.api.example.com', 'example.com']) {
        assert.equal(await status(host), 421, host);
      }
    },
    { hosts: ['api.example.com', 'Other.Example:8443'] },
  ));

test('Host: a name that is none is refused at the start', () =>
  withApi(async ({ app: _, ...bench }) => {
    const backend = bench as unknown as Parameters<typeof createApi>[0];
    for (const host of ['', 'http://api.example.com', 'a b', 'api.example.com:0', '*/x', '[::1']) {
      await assert.rejects(createApi(backend, { hosts: [host] }), ConfigError, host);
    }
  }));

test('Host: listening everywhere, the address where the request came in is ours, others are not', () =>
  withDoor(
    async ({ port, ask }) => {
      assert.equal((await ask('GET /v1/devices HTTP/1.1', `Host: 127.0.0.1:${port}`)).status, 200);
      assert.equal((await ask('GET /v1/devices HTTP/1.1', `Host: 0.0.0.0:${port}`)).status, 421);
      const outside = Object.values(networkInterfaces())
        .flat()
        .find((each) => each !== undefined && !each.internal && each.family === 'IPv4')?.address;
      if (outside === undefined) return;
      assert.equal((await fetch(`http://${outside}:${port}/v1/devices`)).status, 200);
      assert.equal((await ask('GET /v1/devices HTTP/1.1', `Host: ${outside}:${port}`)).status, 421);
    },
    {},
    '0.0.0.0',
  ));

/** Requests that act; each has an effect when it gets through. */
const acting = [
  'POST /v1/notifications',
  'PATCH /v1/devices/x',
  'DELETE /v1/devices/x',
  'POST /v1/jobs/x/cancel',
];

test('Origin: a page of another site cannot act, with or without a body, and its own page can', () =>
  withDoor(async ({ port, ask }) => {
    const own = `Host: 127.0.0.1:${port}`;
    const foreign = [
      'Origin: http://evil.example',
      'Origin: null',
      'Origin: ',
      `Origin: http://127.0.0.1:${port + 1}`,
      'Origin: http://127.0.0.1',
      'Origin: http://localhost:3000',
      `Origin: http://evil.example:${port}`,
      `Origin: http://127.0.0.1:${port}.evil.example`,
      `Origin: http://127.0.0.1:${port}@evil.example`,
      `Origin: http://127.0.0.1:${port}, http://evil.example`,
      'Origin: file://',
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Site: same-site',
      'Sec-Fetch-Site: anything',
    ];
    for (const line of acting) {
      for (const header of foreign) {
        const answer = await ask(`${line} HTTP/1.1`, own, header, 'Content-Length: 0');
        assert.deepEqual(statusAndCode(answer), [403, 'CROSS_SITE'], `${line} ${header}: ${answer.head}`);
      }
      for (const header of [
        `Origin: http://127.0.0.1:${port}`,
        `Origin: http://localhost:${port}`,
        `Origin: http://[::1]:${port}`,
        'Sec-Fetch-Site: same-origin',
        'Sec-Fetch-Site: none',
        'X-Nothing: from a script',
      ]) {
        const { status, head } = await ask(`${line} HTTP/1.1`, own, header, 'Content-Length: 0');
        assert.notEqual(status, 403, `${line} ${header}: ${head}`);
        assert.notEqual(status, 421);
      }
    }
  }));

test('Origin: a cross-site POST without a body cancels nothing', () =>
  withDoor(async ({ port, ask, call }) => {
    const { body } = await call('POST', '/v1/notifications', { device });
    const line = `POST /v1/notifications/${body.id}/cancel HTTP/1.1`;
    const own = `Host: 127.0.0.1:${port}`;
    assert.equal((await ask(line, own, 'Origin: http://evil.example', 'Content-Length: 0')).status, 403);
    assert.equal((await ask(line, own, 'Sec-Fetch-Site: cross-site', 'Content-Length: 0')).status, 403);
    assert.equal((await call('GET', `/v1/notifications/${body.id}`)).body.state, 'queued');
    assert.equal((await ask(line, own, 'Content-Length: 0')).status, 200);
  }));

test('Origin: behind a proxy its page acts under the name that the proxy has, and no other one of that name', () =>
  withDoor(
    async ({ port, ask }) => {
      const act = async (host: string, origin: string) =>
        (await ask('PATCH /v1/devices/x HTTP/1.1', `Host: ${host}`, `Origin: ${origin}`, 'Content-Length: 0'))
          .status;
      assert.notEqual(await act('api.example.com', 'https://api.example.com'), 403);
      assert.notEqual(await act(`127.0.0.1:${port}`, 'https://api.example.com'), 403);
      assert.notEqual(await act('api.example.com:8443', 'https://api.example.com:8443'), 403);
      assert.equal(await act('api.example.com', 'https://api.example.com:9999'), 403);
      assert.equal(await act(`127.0.0.1:${port}`, 'https://api.example.com:9999'), 403);
      assert.equal(await act('api.example.com', 'https://www.example.com'), 403);
    },
    { hosts: ['api.example.com'] },
  ));

test('no answer lets a page of another site read', () =>
  withDoor(async ({ port, ask }) => {
    for (const line of ['GET /v1/devices', 'OPTIONS /v1/devices']) {
      const { head } = await ask(
        `${line} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        'Origin: http://evil.example',
      );
      assert.doesNotMatch(head, /access-control/i);
    }
  }));

function lines(): { readonly logger: Logger; readonly written: string[] } {
  const written: string[] = [];
  const write = (fields: object, message: string): void => {
    written.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { logger: { debug: () => undefined, info: () => undefined, warn: write, error: write }, written };
}

test('tokens: wrong ones of a source are told to wait, a right one is served all the same, and so are other sources', () => {
  const { logger, written } = lines();
  return withDoor(
    async ({ port, ask, clock }) => {
      const own = `Host: 127.0.0.1:${port}`;
      const withToken = (text: string) =>
        ask('GET /v1/devices HTTP/1.1', own, `Authorization: Bearer ${text}`);
      const statuses: number[] = [];
      for (let index = 0; index < 30; index += 1)
        statuses.push((await withToken(`wrong-token-${index}`)).status);
      assert.deepEqual(statuses, [...Array(20).fill(401), ...Array(10).fill(429)]);
      const refused = await withToken('another-wrong-token');
      assert.deepEqual(statusAndCode(refused), [429, 'TOO_MANY_ATTEMPTS']);
      assert.match(refused.head, /^retry-after: 300$/im);
      assert.equal((await withToken(token)).status, 200);
      assert.equal((await ask('GET /v1/devices HTTP/1.1', own)).status, 401, 'none is no guess');
      // Another source of this machine, as far as the system has the whole of 127/8.
      const other = await fromAddress(port, '127.0.0.77', 'wrong-token-of-another');
      if (other !== undefined) assert.equal(other, 401);
      clock.advance(300_000);
      assert.equal((await withToken('wrong-again')).status, 401);
      const all = written.join('\n');
      assert.ok(written.length <= 4, all);
      assert.match(written[0] ?? '', /a wrong API token was refused.*127\.0\.0\.1/);
      assert.match(all, /more wrong API tokens.*"count":\d\d/);
      assert.doesNotMatch(all, /wrong-token|another-wrong|a-token-of/);
    },
    { tokens: [token], logger },
  );
});

function fromAddress(port: number, localAddress: string, text: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    let answer = '';
    socket.on('error', () => resolve(undefined));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(Number(answer.slice(9, 12))));
    socket.write(
      `GET /v1/devices HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${text}\r\nConnection: close\r\n\r\n`,
    );
  });
}

test('tokens: a right one is served in the middle of a flood of wrong ones from the same address', () =>
  withDoor(
    async ({ port, ask }) => {
      const own = `Host: 127.0.0.1:${port}`;
      const wrong = Array.from({ length: 400 }, (_, index) =>
        ask('GET /v1/devices HTTP/1.1', own, `Authorization: Bearer not-this-token-${index}`),
      );
      const right = Array.from({ length: 50 }, () =>
        ask('GET /v1/devices HTTP/1.1', own, `Authorization: Bearer ${token}`),
      );
      for (const { status } of await Promise.all(right)) assert.equal(status, 200);
      await Promise.all(wrong);
    },
    { tokens: [token], limits: { connectionsPerSource: 1000 } },
  ));

test('tokens: shorter than 16 characters, or none that a request can carry, are refused at the start with the remedy', () =>
  withApi(async (bench) => {
    const backend = bench as unknown as Parameters<typeof createApi>[0];
    for (const short of ['x', 'fifteen-letters', 'a token with spaces', 'ein-schlüssel-mit-ü', '']) {
      await assert.rejects(createApi(backend, { tokens: [token, short] }), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /reveille secret/);
        if (short !== '' && short !== 'x') assert.equal(error.message.includes(short), false);
        return true;
      });
    }
    await assert.doesNotReject(
      createApi(backend, { tokens: ['sixteen-letters.'] }).then((app) => app.close()),
    );
  }));
