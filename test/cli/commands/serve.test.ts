// `reveille serve --server-id`: the account is there afterwards, and one that differs is not changed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-serve-'));
after(() => rmSync(folder, { recursive: true, force: true }));

it('makes the account once, keeps it, and refuses another URL for it', async () => {
  const serve = async (...args: string[]): Promise<readonly [status: number, stderr: string]> => {
    const common = ['--data', join(folder, 'data'), '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'];
    const { status, stderr } = await runCli(['serve', ...common, '--log-level', 'error', ...args], {
      stop: AbortSignal.abort(),
    });
    return [status, stderr];
  };
  const runs =
    /^(?:reveille: the first token of the REST API.*\n)?reveille: DM endpoint http:\/\/127\.0\.0\.1:\d+\/dm, REST API http:\/\/127\.0\.0\.1:\d+\/?; stop with Ctrl-C\nreveille: stopping\n$/;
  const account = ['--server-id', 'com.example.dm'];
  const url = 'https://dm.example.com/dm';
  for (const args of [[...account, '--url', url], [...account, '--url', url], account]) {
    const [status, stderr] = await serve(...args);
    assert.equal(status, 0, stderr);
    assert.match(stderr, runs);
  }
  const other = 'https://other.example.com/dm';
  assert.deepEqual(await serve(...account, '--url', other), [
    2,
    `reveille: --url: the account com.example.dm exists with ${url}; give that one; or leave it out, and change the account (PATCH /v1/accounts/ID)\n`,
  ]);
  assert.deepEqual(await serve('--url', url), [
    2,
    'reveille: --url: belongs to --server-id; give both, or neither\n',
  ]);
});
