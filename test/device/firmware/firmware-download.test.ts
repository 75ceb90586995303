// Packages over HTTP: bounded in size and time, and each failure with its result code (FUMO 1.0 §8.2.3).
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { downloadPackage } from '../../../src/device/firmware/firmware-download.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';

let http: Server;
let base = '';
const reached: string[] = [];

before(async () => {
  http = createServer((request, response) => {
    const path = request.url ?? '';
    reached.push(path);
    const status = /^\/status\/(\d+)$/.exec(path)?.[1];
    if (path === '/package') response.end('package');
    else if (status !== undefined) response.writeHead(Number(status)).end('no');
    else if (path === '/once') response.writeHead(302, { location: '/package' }).end();
    else if (path === '/round') response.writeHead(301, { location: '/round' }).end();
    else if (path === '/elsewhere') response.writeHead(302, { location: 'ftp://127.0.0.1/x' }).end();
    else if (path === '/lost') response.writeHead(302).end();
    else if (path === '/said') response.writeHead(200, { 'content-length': '999999' }).flushHeaders();
    else if (path === '/endless') {
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(600), () => setImmediate(more));
      };
      more();
    } else if (path === '/broken') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => request.socket.destroy());
    }
    // What is left hangs.
  });
  http.listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
after(() => {
  http.closeAllConnections();
  http.close();
});

function download(address: string, more: { clock?: ManualClock; signal?: AbortSignal } = {}) {
  return downloadPackage(address, {
    clock: more.clock ?? new ManualClock(),
    maxPackageSize: 1000,
    timeoutMs: 5000,
    signal: more.signal ?? new AbortController().signal,
  });
}

test('a package comes whole, over redirections as well', async () => {
  for (const path of ['/package', '/once']) {
    const { octets } = await download(`${base}${path}`);
    assert.equal(Buffer.from(octets ?? []).toString(), 'package');
  }
});

test('each failure has its result code', async () => {
  const port = await closedPort();
  for (const [address, code, reason] of [
    ['nonsense', 411, /not an http or https address/],
    ['ftp://127.0.0.1/x', 411, /not an http or https address/],
    [`${base}/elsewhere`, 411, /not an http or https address/],
    [`${base}/status/404`, 411, /HTTP status 404/],
    [`${base}/status/401`, 406, /HTTP status 401/],
    [`${base}/status/403`, 406, /HTTP status 403/],
    [`${base}/status/500`, 500, /HTTP status 500/],
    [`${base}/status/503`, 500, /HTTP status 503/],
    [`${base}/status/204`, 411, /HTTP status 204/],
    [`${base}/round`, 411, /too many redirections/],
    [`${base}/lost`, 411, /HTTP status 302/],
    [`${base}/said`, 405, /larger than 1000 octets/],
    [`${base}/endless`, 405, /larger than 1000 octets/],
    [`${base}/broken`, 501, /./],
    [`http://127.0.0.1:${port}/`, 501, /ECONNREFUSED/],
  ] as const) {
    const outcome = await download(address);
    assert.equal(outcome.octets, undefined, address);
    assert.ok('code' in outcome);
    assert.equal(outcome.code, code, `${address}: ${outcome.reason}`);
    assert.match(outcome.reason, reason);
    assert.doesNotMatch(outcome.reason, /\n/);
  }
});

test('a server that does not answer is given up by the clock', async () => {
  const clock = new ManualClock();
  const hanging = download(`${base}/hang`, { clock });
  await eventually(() => reached.includes('/hang'));
  clock.advance(5000);
  const outcome = await hanging;
  assert.deepEqual(outcome, { code: 407, reason: 'not there after 5000 ms' });
});

test('a device that stops gives the download up', async () => {
  const ender = new AbortController();
  const hanging = download(`${base}/stop`, { signal: ender.signal });
  await eventually(() => reached.includes('/stop'));
  ender.abort();
  assert.equal((await hanging).octets, undefined);
  const before = reached.length;
  assert.equal((await download(`${base}/package`, { signal: ender.signal })).octets, undefined);
  assert.equal(reached.length, before, 'and begins none');
});

async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
