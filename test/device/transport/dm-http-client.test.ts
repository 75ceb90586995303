import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { after, test } from 'node:test';
import { type DmRequest, dmHttpClient } from '../../../src/device/transport/dm-http-client.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const servers: { close(): void }[] = [];
const clients: { close(): Promise<void> }[] = [];
after(async () => {
  await Promise.all(clients.map((client) => client.close()));
  for (const server of servers) server.close();
});

type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;

async function serve(handler: Handler): Promise<string> {
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handler(request, Buffer.concat(parts), response));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/dm`;
}

function client(options: Parameters<typeof dmHttpClient>[0] = {}): ReturnType<typeof dmHttpClient> {
  const made = dmHttpClient(options);
  clients.push(made);
  return made;
}

const type = 'application/vnd.syncml.dm+wbxml';
const message = (url: string, more: Partial<DmRequest> = {}): DmRequest => ({
  url,
  contentType: type,
  accept: [type, 'application/vnd.syncml.dm+xml'],
  body: Uint8Array.of(2, 0xa4, 1, 0x6a, 0),
  ...more,
});

test('DM-HTTP-1.2: a message is POSTed with the headers of the DM HTTP binding, the body comes back', async () => {
  const url = await serve((request, body, response) => {
    assert.equal(request.method, 'POST');
    assert.equal(request.headers['content-type'], type);
    assert.equal(request.headers.accept, `${type}, application/vnd.syncml.dm+xml`);
    assert.equal(request.headers['accept-charset'], 'utf-8');
    assert.equal(request.headers['cache-control'], 'no-store');
    assert.equal(request.headers['content-length'], '5');
    assert.equal(request.headers['user-agent'], 'reveille');
    assert.equal(request.headers['x-syncml-hmac'], 'algorithm=MD5, username="u", mac=AAAA');
    response.setHeader('content-type', type);
    response.setHeader('x-syncml-hmac', 'mac=BBBB');
    response.end(Buffer.concat([body, Buffer.of(9)]));
  });
  const hmac = 'algorithm=MD5, username="u", mac=AAAA';
  const response = await client().exchange(message(url, { hmac }));
  assert.ok(response.outcome === 'answered');
  assert.deepEqual([...response.body], [2, 0xa4, 1, 0x6a, 0, 9]);
  assert.equal(response.contentType, type);
  assert.equal(response.hmac, 'mac=BBBB');
});

test('statuses that pass are unreachable, others are refused, a redirection is not followed', async () => {
  let status = 0;
  const url = await serve((_request, _body, response) => {
    response.writeHead(status, { location: 'http://127.0.0.1:1/' });
    response.end('x'.repeat(200_000));
  });
  const http = client();
  for (status of [408, 429, 500, 502, 503, 504]) {
    assert.deepEqual(await http.exchange(message(url)), {
      outcome: 'unreachable',
      reason: `HTTP status ${status}`,
    });
  }
  for (status of [301, 307, 400, 401, 403, 404, 413, 415]) {
    assert.deepEqual(await http.exchange(message(url)), {
      outcome: 'refused',
      reason: `HTTP status ${status}`,
      status,
    });
  }
});

test('a refusal tells the first line of what the server says in text, and nothing that a terminal would obey', async () => {
  let said = '';
  let sent = 'text/plain; charset=utf-8';
  const url = await serve((_request, _body, response) => {
    response.writeHead(409, { 'content-type': sent });
    response.end(said);
  });
  const http = client();
  for (const [text, reason] of [
    ['begin with package #1\n', 'HTTP status 409: begin with package #1'],
    ['\u001b[2Jone\u2028\r\nnext line', 'HTTP status 409: [2Jone'],
    [`${'x'.repeat(200_000)}\n`, `HTTP status 409: ${'x'.repeat(300)}`],
    ['', 'HTTP status 409'],
  ] as const) {
    said = text;
    assert.deepEqual(await http.exchange(message(url)), { outcome: 'refused', reason, status: 409 });
  }
  sent = 'text/html';
  said = '<html>';
  assert.deepEqual(await http.exchange(message(url)), {
    outcome: 'refused',
    reason: 'HTTP status 409',
    status: 409,
  });
});

test('an answer beyond the limit is refused, whether its length is announced or not', async () => {
  let announced = true;
  const url = await serve((_request, _body, response) => {
    response.setHeader('content-type', type);
    if (announced) response.setHeader('content-length', 1001);
    for (let i = 0; i < 7; i += 1) response.write(Buffer.alloc(143));
    response.end();
  });
  const http = client({ maxResponseSize: 1000 });
  for (announced of [true, false]) {
    assert.deepEqual(await http.exchange(message(url)), {
      outcome: 'refused',
      reason: 'the answer is longer than 1000 octets',
    });
  }
  const enough = await client({ maxResponseSize: 1001 }).exchange(message(url));
  assert.equal(enough.outcome, 'answered');
});

test('a compressed answer is refused, an empty one is an answer', async () => {
  const zipped = await serve((_request, _body, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(Buffer.alloc(10));
  });
  assert.equal((await client().exchange(message(zipped))).outcome, 'refused');
  const empty = await serve((_request, _body, response) => response.writeHead(204).end());
  const response = await client().exchange(message(empty));
  assert.ok(response.outcome === 'answered' && response.body.length === 0);
  assert.equal(response.contentType, undefined);
});

test('nobody there, a broken connection and a broken answer are unreachable; nonsense is refused', async () => {
  const gone = await serve(() => undefined);
  const last = servers.at(-1);
  last?.close();
  assert.deepEqual(await client().exchange(message(gone)), {
    outcome: 'unreachable',
    reason: 'ECONNREFUSED',
  });
  const cutting = await serve((_request, _body, response) => response.destroy());
  const broken = { outcome: 'unreachable', reason: 'the connection broke' } as const;
  assert.deepEqual(await client().exchange(message(cutting)), broken);
  const half = await serve((_request, _body, response) => {
    response.setHeader('content-length', 100);
    response.write('half', () => response.destroy());
  });
  assert.equal((await client().exchange(message(half))).outcome, 'unreachable');
  const nonsense = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('not http at all\r\n\r\n');
  });
  nonsense.listen(0, '127.0.0.1');
  await new Promise((resolve) => nonsense.once('listening', resolve));
  servers.push(nonsense);
  const port = (nonsense.address() as AddressInfo).port;
  assert.equal((await client().exchange(message(`http://127.0.0.1:${port}/`))).outcome, 'refused');
  const ftp = await client().exchange(message('ftp://127.0.0.1/'));
  assert.match(ftp.outcome === 'refused' ? ftp.reason : '', /^UND_ERR_INVALID_ARG: ./);
});

test('an answer that does not come in time is a timeout on the clock given, and stopping is told apart', async () => {
  const arrived = Promise.withResolvers<void>();
  const url = await serve(() => arrived.resolve());
  const clock = new ManualClock();
  const http = client({ clock, responseTimeoutMs: 5000 });
  const waiting = http.exchange(message(url));
  await arrived.promise;
  clock.advance(5000);
  assert.deepEqual(await waiting, { outcome: 'timeout', reason: 'no answer in 5000 ms' });
  const stopper = new AbortController();
  const stopped = http.exchange(message(url, { signal: stopper.signal }));
  stopper.abort();
  assert.deepEqual(await stopped, { outcome: 'stopped' });
  assert.deepEqual(await http.exchange(message(url, { signal: stopper.signal })), { outcome: 'stopped' });
  assert.equal(clock.waiting, 0);
});

test('the local address of a bearer is where the connection comes from', async () => {
  const url = await serve((request, _body, response) => response.end(request.socket.remoteAddress));
  const response = await client().exchange(message(url, { localAddress: '127.0.0.3' }));
  assert.ok(response.outcome === 'answered');
  assert.equal(Buffer.from(response.body).toString(), '127.0.0.3');
});
