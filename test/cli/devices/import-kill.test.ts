// A server that is killed in the middle of an import: done again, it comes to what an undisturbed one comes to.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { linesOf } from '../../api/batch-client.ts';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-import-kill-'));
after(() => rmSync(folder, { recursive: true }));

const serverId = 'com.example.dm';
const count = 20_000;
const file = join(folder, 'devices.ndjson');
writeFileSync(
  file,
  linesOf(
    Array.from({ length: count }, (_, index) => ({
      id: `IMEI:${100_000 + index}`,
      serverId,
      addresses: ['wap:127.0.0.1'],
      serverCredentials: { secret: `IyZh2DkWlqhgxMtKWfSJ${index}` },
      clientCredentials: { name: 'me', secret: `WlqhgxMtKWfSJUQIyZh2${index}` },
      labels: { region: index % 2 === 0 ? 'north' : 'south' },
      // One in a thousand is refused.
      ...(index % 1000 === 7 && { format: 'dm9' }),
    })),
  ),
);

async function serve(data: string): Promise<{ readonly server: CliProcess; readonly at: readonly string[] }> {
  const any = '127.0.0.1:0';
  const place = ['--data', join(folder, data), '--dm', any, '--api', any];
  const server = new CliProcess(['serve', ...place, '--server-id', serverId, '--log-level', 'error']);
  const [, url = ''] = await server.prints(/REST API (http:\/\/127\.0\.0\.1:\d+)/);
  return { server, at: ['--server', url] };
}

async function exported(at: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runCli(['devices', 'export', ...at]);
  assert.equal(status, 0, stderr);
  return stdout;
}

test('kill -9 in the middle of an import, and again: the same devices, the same refusals', async () => {
  const quiet = await serve('quiet');
  const undisturbed = await runCli(['devices', 'import', file, ...quiet.at]);
  assert.equal(undisturbed.stdout, `${count - 20} created, 20 refused\n`);
  const wanted = await exported(quiet.at);
  await quiet.server.end();

  const first = await serve('killed');
  const importing = new CliProcess(['devices', 'import', file, '--json', ...first.at]);
  await importing.prints(/"lines":5000/);
  await first.server.end('SIGKILL');
  assert.equal(await importing.exited, 1);
  assert.match(importing.stderr, /so far \d+ created, \d+ refused\): do it again, it comes to the same/);

  const second = await serve('killed');
  const left = Number((await runCli(['devices', 'count', ...second.at])).stdout);
  assert.ok(left >= 4995 && left < count, `${left} are on disk`);
  const again = await runCli(['devices', 'import', file, ...second.at]);
  assert.equal(again.status, 1);
  assert.equal(again.stdout, `${count - 20 - left} created, ${left} unchanged, 20 refused\n`);
  assert.equal(again.stderr, undisturbed.stderr);
  assert.equal(await exported(second.at), wanted);
  await second.server.end();
});
