// The example of docs/api.md, run as it stands against a real API.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { sampleDevice } from '../../src/testing/index.ts';
import { token, withClient } from '../client/client-bench.ts';

const root = resolve(import.meta.dirname, '../..');

test('the example of docs/api.md does what it says', () =>
  withClient(async (client, { url }) => {
    const { id } = sampleDevice();
    await client.patch('/v1/devices/{id}', {
      params: { path: { id } },
      body: { labels: { region: 'north' } },
    });
    const page = await readFile(join(root, 'docs/api.md'), 'utf8');
    const code = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const door = pathToFileURL(join(root, 'src/client/index.ts')).href;
    assert.match(code, /from 'reveille\/client'/);
    const folder = await mkdtemp(join(tmpdir(), 'reveille-example-'));
    try {
      const file = join(folder, 'example.mjs');
      await writeFile(file, code.replace("'reveille/client'", JSON.stringify(door)));
      const env = { ...process.env, REVEILLE_API: url, REVEILLE_API_TOKEN: token };
      const run = spawn(process.execPath, [file], { env, timeout: 60_000 });
      const [out, errors] = await Promise.all([text(run.stdout), text(run.stderr)]);
      assert.equal(errors, '');
      assert.deepEqual(
        out
          .trim()
          .split('\n')
          .map((line) => line.trim()),
        [
          '404 NOT_FOUND there is no device IMEI:nobody',
          `${id} ${sampleDevice().addresses.join(' ')}`,
          'queued',
          'cancelled cancelled by request',
        ],
      );
      // The one that was cancelled, and the one of the batch.
      assert.equal((await client.get('/v1/notifications')).items.length, 2);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }));
