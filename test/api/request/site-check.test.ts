// Whether a request is meant for this server and does not come from a page of another one, without a socket.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../../../src/api/request/problem.ts';
import { originForm, siteCheck } from '../../../src/api/request/site-check.ts';
import { ConfigError } from '../../../src/core/index.ts';

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rawHeaders?: readonly string[];
  readonly socket?: object;
}

const local = () => ({ localAddress: '192.0.2.1', localPort: 8080 });

/** A request for a host, as far as it is looked at. */
function asked(
  host: string | undefined,
  { method = 'GET', headers = {}, ...rest }: Asked = {},
): FastifyRequest {
  const rawHeaders = rest.rawHeaders ?? (host === undefined ? [] : ['Host', host]);
  const all = { ...headers, ...(host !== undefined && { host }) };
  const raw = { headers: all, rawHeaders, socket: (rest.socket ?? local()) as Socket };
  return { method, headers: all, raw } as unknown as FastifyRequest;
}

/** How a request is refused; `undefined` where it is let in. */
function refusal(check: (request: FastifyRequest) => void, request: FastifyRequest): unknown {
  try {
    check(request);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return [error.status, error.code, error.message];
  }
}

const check = siteCheck([]);
const noHost = [400, 'BAD_HOST', 'a request names the host that it is for, once (Host)'];
const badHost = [400, 'BAD_HOST', 'Host is not of the form HOST or HOST:PORT'];
const crossSite = [403, 'CROSS_SITE', 'pages of other sites may not act here (Origin, Sec-Fetch-Site)'];
const wrongHost = (shown: string) => [
  421,
  'WRONG_HOST',
  `this server is not known as ${shown}: use the address that it listens on, or start it with --api-host ${shown}`,
];

test('Host is there, once', () => {
  assert.deepEqual(refusal(check, asked(undefined)), noHost);
  assert.deepEqual(refusal(check, asked('')), noHost);
  const twice = ['Host', 'localhost:8080', 'hOST', 'localhost:8080'];
  assert.deepEqual(refusal(check, asked('localhost:8080', { rawHeaders: twice })), noHost);
  // Another header may have that value, and another name that length.
  const once = ['Host', 'localhost:8080', 'X-A', 'host', 'Date', 'x', 'Hosts', 'x'];
  assert.equal(refusal(check, asked('localhost:8080', { rawHeaders: once })), undefined);
  assert.deepEqual(refusal(check, asked('a b')), badHost);
});

test('Host names the address or the loopback, at the port', () => {
  for (const host of ['192.0.2.1:8080', 'localhost:8080', '127.1.1.1:8080', '[::ffff:192.0.2.1]:8080']) {
    assert.equal(refusal(check, asked(host)), undefined, host);
  }
  assert.deepEqual(refusal(check, asked('LOCALHOST')), wrongHost('localhost'));
  assert.deepEqual(refusal(check, asked('localhost:8081')), wrongHost('localhost:8081'));
  assert.deepEqual(refusal(check, asked('Evil.example.:8080')), wrongHost('evil.example:8080'));
  assert.equal(refusal(check, asked('localhost', { socket: { localPort: 80 } })), undefined);
  const secure = Object.create(TLSSocket.prototype, { localPort: { value: 443 } });
  assert.equal(refusal(check, asked('localhost', { socket: secure })), undefined);
  // In a call within the process there is no socket.
  assert.equal(refusal(check, asked('localhost:1', { socket: {} })), undefined);
  assert.deepEqual(refusal(check, asked('a.example', { socket: {} })), wrongHost('a.example'));
});

test('further names: with their port, or any', () => {
  const named = siteCheck(['any.example', 'one.example:9000']);
  for (const host of ['any.example', 'any.example:1', 'one.example:9000']) {
    assert.equal(refusal(named, asked(host)), undefined, host);
  }
  assert.deepEqual(refusal(named, asked('one.example')), wrongHost('one.example'));
  assert.deepEqual(refusal(named, asked('one.example:9001')), wrongHost('one.example:9001'));
  assert.throws(
    () => siteCheck(['any.example', 'a b']),
    (error) =>
      error instanceof ConfigError &&
      error.message === 'API host "a b" is not HOST or HOST:PORT, such as api.example.com',
  );
});

test('each host of a connection is looked at, not only its first', () => {
  const socket = local();
  const ask = (host: string) => refusal(check, asked(host, { socket }));
  assert.equal(ask('localhost:8080'), undefined);
  assert.equal(ask('localhost:8080'), undefined);
  assert.deepEqual(ask('evil.example'), wrongHost('evil.example'));
  assert.deepEqual(ask('evil.example'), wrongHost('evil.example'));
  assert.equal(ask('localhost:8080'), undefined);
});

test('what only reads may come from anywhere; what acts, from here', () => {
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    assert.equal(refusal(check, asked('localhost:8080', { method, headers })), undefined, method);
  }
  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE', '']) {
    assert.deepEqual(refusal(check, asked('localhost:8080', { method, headers })), crossSite, method);
    assert.equal(refusal(check, asked('localhost:8080', { method })), undefined, method);
  }
  const sent = (site: string, origin?: string) =>
    refusal(
      check,
      asked('localhost:8080', {
        method: 'POST',
        headers: { 'sec-fetch-site': site, ...(origin !== undefined && { origin }) },
      }),
    );
  assert.equal(sent('same-origin'), undefined);
  assert.equal(sent('none'), undefined);
  assert.equal(sent('same-origin', 'http://localhost:8080'), undefined);
  for (const site of ['same-site', 'cross-site', '']) {
    assert.deepEqual(sent(site), crossSite);
    assert.deepEqual(sent(site, 'http://localhost:8080'), crossSite);
  }
});

test('Origin: the host that is asked, or one of ours, at its port', () => {
  const named = siteCheck(['api.example', 'one.example:9000']);
  const from = (origin: string, host = 'localhost:8080', socket: object = local()) =>
    refusal(named, asked(host, { method: 'POST', headers: { origin }, socket }));
  const own: readonly (readonly [string, string?])[] = [
    ['http://localhost:8080'],
    ['HTTP://LOCALHOST:8080'],
    ['https://localhost:8080'],
    ['http://127.0.0.1:8080'],
    ['http://192.0.2.1:8080'],
    ['http://api.example'],
    ['https://api.example'],
    ['https://one.example:9000'],
    ['https://api.example', 'api.example'],
    ['http://api.example', 'api.example'],
    ['http://api.example:80', 'api.example'],
    ['http://api.example:7', 'api.example:7'],
    ['http://api.example', 'api.example:80'],
    ['https://api.example', 'api.example:443'],
    ['https://api.example:80', 'api.example'],
    ['https://api.example:443'],
  ];
  for (const [origin, host] of own) assert.equal(from(origin, host), undefined, `${origin} ${host}`);
  // A proxy speaks TLS, and we do not.
  assert.equal(from('https://localhost', 'localhost', { localPort: 80 }), undefined);
  const other: readonly (readonly [string, string?])[] = [
    ['null'],
    [''],
    ['http://evil.example'],
    ['http://evil.example:8080'],
    ['http://evil.example', 'api.example'],
    ['http://api.example:443'],
    ['https://api.example:80'],
    ['http://api.example:443', 'api.example'],
    ['http://localhost'],
    ['http://localhost:8081'],
    ['https://one.example'],
    ['https://one.example:9001'],
    ['http://api.example:81'],
    ['http://api.example:7', 'api.example:8'],
    ['ftp://localhost:8080'],
    ['http://localhost:8080/'],
    ['http://me@localhost:8080'],
    ['http://localhost:8080 '],
    [' http://localhost:8080'],
    ['http://localhost:99999'],
    ['localhost:8080'],
    ['http://'],
  ];
  for (const [origin, host] of other) assert.deepEqual(from(origin, host), crossSite, `${origin} ${host}`);
});

test('a target in absolute form names the host that counts', () => {
  const formOf = (url: string | undefined, host?: string) => {
    const request = { url, headers: { host } };
    return [originForm(request), request.headers.host];
  };
  assert.deepEqual(formOf('/v1/jobs?a=http://x', 'here'), ['/v1/jobs?a=http://x', 'here']);
  assert.deepEqual(formOf('//evil.example/x', 'here'), ['//evil.example/x', 'here']);
  assert.deepEqual(formOf('http://a.example/v1/jobs?x=1', 'here'), ['/v1/jobs?x=1', 'a.example']);
  assert.deepEqual(formOf('HTTPS://a.example:7/x', 'here'), ['/x', 'a.example:7']);
  assert.deepEqual(formOf('http://a.example', 'here'), ['/', 'a.example']);
  assert.deepEqual(formOf('http://a.example?x=/1', 'here'), ['/?x=/1', 'a.example']);
  assert.deepEqual(formOf('http://a.example#x', 'here'), ['/#x', 'a.example']);
  assert.deepEqual(formOf('http:///x', 'here'), ['/x', '']);
  assert.deepEqual(formOf('*', 'here'), ['*', 'here']);
  assert.deepEqual(formOf('ftp://a.example/', 'here'), ['ftp://a.example/', 'here']);
  assert.deepEqual(formOf('xhttp://a.example/', 'here'), ['xhttp://a.example/', 'here']);
  assert.deepEqual(formOf(undefined, 'here'), ['', 'here']);
});
