// reveille carriers and reveille log-level against a real API.
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { withApi } from '../../api/api-bench.ts';
import { runCli } from '../run-cli.ts';

function withCli(run: (cli: (...args: string[]) => ReturnType<typeof runCli>) => Promise<void>) {
  return withApi(async ({ app }) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    await run((...args) => runCli([...args, '--server', `http://127.0.0.1:${port}`]));
  });
}

test('carriers are listed, suspended with a reason and resumed, in text and as JSON', () =>
  withCli(async (cli) => {
    const names = (await cli('carriers', 'list')).lines.map((line) => line.split(' ')[0]);
    assert.deepEqual(names, ['wap', 'sms']);
    const suspended = await cli('carriers', 'suspend', 'sms', '--reason', 'contract');
    assert.match(suspended.stdout, /^sms +unknown +SUSPENDED since \S+ by anonymous \(contract\) takes 0\n$/);
    const json = (await cli('carriers', 'list', '--json')).lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      json.map(({ name, suspended: how }) => [name, how?.reason]),
      [
        ['wap', undefined],
        ['sms', 'contract'],
      ],
    );
    assert.match((await cli('status')).stdout, /^sms .*SUSPENDED since/m);
    const shown = JSON.parse((await cli('carriers', 'show', 'sms', '--json')).stdout);
    assert.equal(shown.suspended.by, 'anonymous');
    const resumed = JSON.parse((await cli('carriers', 'resume', 'sms', '--json')).stdout);
    assert.equal(resumed.suspended, undefined);
    assert.equal((await cli('carriers', 'show', 'sms')).stdout.includes('SUSPENDED'), false);
  }));

test('a carrier that there is not is told with those that there are, status 1', () =>
  withCli(async (cli) => {
    for (const command of ['show', 'suspend', 'resume']) {
      const { status, stderr } = await cli('carriers', command, 'sms:nobody');
      assert.equal(status, 1);
      assert.match(stderr, /there is no carrier sms:nobody; there are: wap, sms/);
    }
  }));

test('the level of the log is shown, changed for a time or for good, and taken back', () =>
  withCli(async (cli) => {
    assert.equal((await cli('log-level')).stdout, 'info\n');
    assert.match((await cli('log-level', 'debug', '--for', '600')).stdout, /^debug until \S+, then info\n$/);
    const kept = await cli('log-level', 'warn');
    assert.equal(kept.stdout, 'warn until the server starts anew, configured is info\n');
    const reset = await cli('log-level', '--reset', '--json');
    assert.deepEqual(JSON.parse(reset.stdout), { level: 'info', configured: 'info' });
    for (const wrong of [
      ['loud'],
      ['debug', '--for', '0'],
      ['debug', '--for', '86401'],
      ['--for', '5'],
      ['debug', '--reset'],
    ]) {
      assert.equal((await cli('log-level', ...wrong)).status, 2, wrong.join(' '));
    }
  }));
