// reveille webhook against a real API and a real receiver.
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { withApi } from '../../api/api-bench.ts';
import { receiver } from '../../server/webhook/receiver.ts';
import { runCli } from '../run-cli.ts';

function withCli(run: (cli: (...args: string[]) => ReturnType<typeof runCli>) => Promise<void>) {
  return withApi(async ({ app }) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    await run((...args) => runCli(['webhook', ...args, '--server', `http://127.0.0.1:${port}`]));
  });
}

test('a webhook is made, listed, changed, tested, replayed and deleted', async () => {
  const to = await receiver();
  try {
    await withCli(async (cli) => {
      const made = await cli('create', '--url', to.url, '--kind', 'job', '--kind', 'link', '--name', 'desk');
      assert.equal(made.status, 0, made.stderr);
      assert.match(made.stdout, /^whsec_\S+\n$/);
      assert.match(made.stderr, /it is not shown again|the secret is not shown again/);
      const [line = ''] = (await cli('list')).lines;
      assert.match(line, new RegExp(`^\\S+ "desk" ${to.url} job,link$`));
      const [id = ''] = line.split(' ');
      assert.equal(JSON.parse((await cli('show', id, '--json')).stdout).id, id);
      assert.match((await cli('update', id, '--suspend', 'tests')).stdout, /SUSPENDED \(tests\)/);
      assert.equal(
        (await cli('update', id, '--resume', '--kind', 'job')).stdout.includes('SUSPENDED'),
        false,
      );
      assert.match((await cli('test', id)).stdout, /^delivered \(204\) in \d+ ms\n$/);
      to.answering = () => 500;
      const failed = await cli('test', id);
      assert.deepEqual([failed.status, failed.stdout], [1, 'not delivered: 500\n']);
      assert.match((await cli('rotate', id, '--overlap', '60')).stdout, /^whsec_/);
      assert.equal((await cli('dead', id)).stdout, '');
      assert.equal((await cli('dead', id, '--retry')).stdout, '0 wait again\n');
      assert.equal((await cli('dead', id, '--drop', '--json')).stdout, '{"count":0}\n');
      assert.equal(JSON.parse((await cli('replay', id, '--after', '0', '--json')).stdout).position, '0-0');
      assert.equal((await cli('delete', id)).stdout, `deleted ${id}\n`);
      const gone = await cli('show', id);
      assert.equal(gone.status, 1);
      assert.match(gone.stderr, new RegExp(`there is no webhook ${id}`));
    });
  } finally {
    await to.close();
  }
});
