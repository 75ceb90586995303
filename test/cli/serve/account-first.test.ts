// What a server has to have before anybody is answered: the account of --server-id.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { freePort } from '../../e2e/processes.ts';
import { CliProcess } from '../long-running.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-account-'));
after(() => rmSync(folder, { recursive: true }));

const anywhere = { host: '127.0.0.1', port: 0 };

test('what is made before the API listens is on disk when it does; what cannot be made keeps the server from starting', async () => {
  const seen: string[] = [];
  const options = {
    data: join(folder, 'first'),
    dm: anywhere,
    api: { ...anywhere, tokens: [] },
    logger: silentLogger,
    onApiServer: (server: object) => void (server as Server).once('listening', () => seen.push('listening')),
  };
  const running = await startServer({
    ...options,
    beforeApi: async ({ server, dmUrl }) => {
      await server.accounts.create({ serverId: 's', url: dmUrl });
      seen.push('account');
    },
  });
  try {
    assert.deepEqual(seen, ['account', 'listening']);
    assert.equal((await running.server.accounts.get('s'))?.url, running.dmUrl);
  } finally {
    await running.stop();
  }
  const refused = startServer({ ...options, beforeApi: () => Promise.reject(new Error('no account')) });
  await assert.rejects(refused, /no account/);
  assert.equal(seen.length, 2);
});

test('serve: the first request that is answered finds the account', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const api = `http://127.0.0.1:${port}/v1/devices`;
  const serve = ['serve', '--data', join(folder, 'serve'), '--server-id', 's', '--dm', '127.0.0.1:0'];
  const running = new CliProcess([...serve, '--api', `127.0.0.1:${port}`]);
  try {
    const device = {
      id: 'IMEI:1',
      serverId: 's',
      addresses: ['wap:127.0.0.1:9'],
      format: 'dm1.3',
      serverCredentials: { scheme: 'md5', name: 's', secret: 'x' },
      clientCredentials: { scheme: 'md5', name: 'c', secret: 'y' },
    };
    const headers = { 'content-type': 'application/json' };
    let answer: Response | undefined;
    while (answer === undefined) {
      const asked = fetch(api, { method: 'POST', headers, body: JSON.stringify(device) });
      answer = await asked.catch(() => undefined);
      if (answer === undefined) await Promise.race([running.exited, delay(1)]);
    }
    assert.equal(answer.status, 201, await answer.text());
  } finally {
    await running.end('SIGKILL');
  }
});
