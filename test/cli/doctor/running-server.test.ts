// reveille doctor --server: what a server that runs says of itself, and servers that do not answer, or are none.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { version } from '../../../src/cli/io/version.ts';
import { findings, linesOf, newFolder, put, soundToken, startedServer } from './set-up.ts';

const nothing = { options: {} };

test('a server that runs: nothing is wrong; without a token it says little, with a wrong one it refuses', async (t) => {
  const folder = newFolder();
  const { url } = await startedServer(`${folder}/data`, t);
  const env = { REVEILLE_API_TOKEN: soundToken };
  assert.deepEqual(await findings(nothing, { server: url }, { env }), []);
  const file = put(folder, 'token', `${soundToken}\nanother-token-of-the-server\n`);
  assert.deepEqual(await findings(nothing, { server: url, 'token-file': file }), []);
  const [without] = await findings(nothing, { server: url });
  assert.equal(without?.what, 'it says nothing more without a token');
  assert.equal(without?.severity, 'note');
  const wrong = await findings(
    nothing,
    { server: url },
    { env: { REVEILLE_API_TOKEN: 'Zq8vR2nT5xW1kB4mL7pY0c' } },
  );
  assert.deepEqual(linesOf(wrong, { folder }), [`error ${url}: it does not take the token`]);
});

test('servers that do not answer, say nothing, or are another program', async (t) => {
  const away = createServer();
  await once(away.listen(0, '127.0.0.1'), 'listening');
  const { port } = away.address() as AddressInfo;
  await once(away.close(), 'close');
  const [refused] = await findings(nothing, { server: `http://127.0.0.1:${port}` });
  assert.match(refused?.what ?? '', /^it cannot be reached \(ECONNREFUSED\)/);
  const other = createHttpServer((_, response) => response.end('hello'));
  await once(other.listen(0, '127.0.0.1'), 'listening');
  t.after(() => other.close());
  const found = await findings(nothing, {
    server: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
  });
  assert.match(
    linesOf(found, { folder: '-' }).join('\n'),
    /^note .*: it runs version undefined, and this is/,
  );
});

test('what a status tells: a store that takes nothing, a carrier that is down, one that is slow, held pushes, a clock', async (t) => {
  const at = '2026-06-01T12:00:00.000Z';
  const status = {
    at,
    version: version(),
    store: { state: 'full', detail: 'the disk is full' },
    carriers: [
      { name: 'sms:acme', state: 'down', lastError: 'it refused the password', queue: { due: 0 } },
      { name: 'wap', state: 'up', queue: { due: 7, oldestDueAt: '2026-06-01T11:00:00.000Z' } },
      {
        name: 'sip',
        state: 'up',
        suspended: { since: at, reason: 'no contract' },
        queue: { due: 4, oldestDueAt: '2026-06-01T11:00:00.000Z' },
      },
      { name: 'http', state: 'up', queue: { due: 7, oldestDueAt: '2026-06-01T11:59:00.000Z' } },
    ],
    held: { pushes: 3, jobs: 1 },
    unplaced: { due: 2 },
  };
  const server = createHttpServer((request, response) => {
    response.setHeader('date', new Date(Date.now() + 120_000).toUTCString());
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.url === '/readyz' ? 503 : 200;
    response.end(JSON.stringify(request.url === '/readyz' ? { detail: 'the store is full' } : status));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const found = await findings(nothing, { server: url });
  for (const { remedy } of found) assert.ok(remedy !== undefined && remedy !== '');
  const lines = linesOf(found, { folder: '-' }).map((line) => line.replaceAll(url, 'SERVER'));
  assert.match(
    lines.shift() ?? '',
    /^warning SERVER: the clock of this machine is 1[12]\d s behind the one there/,
  );
  assert.deepEqual(lines, [
    'error SERVER: it is not ready: the store is full',
    'error SERVER: its store takes no writes (full: the disk is full)',
    'error SERVER: carrier sms:acme: it is down: it refused the password',
    'warning SERVER: carrier wap: 7 pushes wait for it, the first for 3600 s',
    'note SERVER: carrier sip: it is suspended: no contract; 4 pushes wait for it',
    'note SERVER: 3 pushes and 1 jobs are held since a restore',
    'warning SERVER: 2 pushes wait that no carrier takes',
  ]);
  const remedies = found.map(({ remedy = '' }) => remedy).join('\n');
  assert.match(remedies, /^reveille carriers resume sip$/m);
  assert.match(remedies, /^reveille pushes release, or pushes cancel,/m);
});

test('a server that drains is said to stop, and no more than that is wrong with it', async (t) => {
  const status = {
    at: new Date().toISOString(),
    version: version(),
    store: { state: 'stopping' },
    carriers: [],
  };
  const server = createHttpServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.url === '/readyz' ? 503 : 200;
    const problem = { code: 'STOPPING', detail: 'the server is stopping' };
    response.end(JSON.stringify(request.url === '/readyz' ? problem : status));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  assert.deepEqual(linesOf(await findings(nothing, { server: url }), { folder: '-' }), [
    `warning ${url}: it stops: what is under way comes to its end, and nothing new begins`,
  ]);
});
