// reveille status --ready: exit status 0 of a server that can do its work, 1 with the reason of one that cannot.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { runCli } from '../run-cli.ts';

test('a server that can do its work is ready, without a token; one that is gone is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-ready-'));
  const listen = { host: '127.0.0.1', port: 0 };
  const server = await startServer({
    data: folder,
    dm: listen,
    api: { ...listen, tokens: ['token-that-nobody-gives'], requireToken: true },
    logger: silentLogger,
  });
  const ask = ['status', '--ready', '--server', server.apiUrl];
  try {
    assert.deepEqual(await runCli(ask), { status: 0, stdout: 'ready\n', stderr: '', lines: ['ready'] });
    assert.deepEqual(JSON.parse((await runCli([...ask, '--json'])).stdout), { status: 'ok' });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
  const gone = await runCli(ask);
  assert.equal(gone.status, 1);
  assert.match(gone.stderr, /does not answer/);
});

test('the server is that of this machine unless another is named, as for the commands that list', async () => {
  const [status, devices] = await Promise.all(
    [['status'], ['devices', 'list']].map(async (words) => (await runCli([...words, '--help'])).stdout),
  );
  const named = /--server <url>\s+REST API of the server \(default:\s+"http:\/\/127\.0\.0\.1:8081"\)/;
  assert.match(status ?? '', named);
  assert.match(devices ?? '', named);
});

test('a server that says why it cannot is quoted', async () => {
  const server = createServer((request, response) => {
    assert.equal(request.url, '/readyz');
    response.writeHead(503, { 'content-type': 'application/problem+json' });
    response.end(
      '{"status":503,"code":"STORE_FULL","title":"Service Unavailable","detail":"the disk is full"}',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { status, stdout, stderr } = await runCli(['status', '--ready', '--server', url]);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /the disk is full/);
    assert.equal((await runCli(['status', '--ready', '--watch', '--server', url])).status, 2);
  } finally {
    server.close();
  }
});
