// reveille devices: a server's devices over its REST API.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { progressLine } from '../../../src/cli/devices/progress.ts';
import { run } from '../../../src/cli/program.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { linesOf, withPort } from '../../api/batch-client.ts';
import { runCli, testIo } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-devices-'));
after(() => rmSync(folder, { recursive: true }));

const { serverId } = sampleAccount;
const at = (port: number) => ['--server', `http://127.0.0.1:${port}`];
const lineOf = (id: string, changes: object = {}) => ({
  id,
  serverId,
  addresses: ['wap:127.0.0.1'],
  serverCredentials: { secret: 'IyZh2DkWlqhgxMtKWfSJUQ' },
  clientCredentials: { name: 'me', secret: 'WlqhgxMtKWfSJUQIyZh2Dk' },
  ...changes,
});

test('import tells what is refused with its line, and export gives what another import takes', () =>
  withPort(async (port, { store }) => {
    const stdin = linesOf([
      lineOf('A', { labels: { region: 'north' } }),
      lineOf('B', { addresses: [] }),
      lineOf('C'),
    ]);
    const dry = await runCli(['devices', 'import', '-', '--dry-run', ...at(port)], { stdin });
    assert.equal(dry.stdout, '2 created, 1 refused; nothing was written\n');
    const first = await runCli(['devices', 'import', '-', ...at(port)], { stdin });
    assert.deepEqual(
      [first.status, first.stdout, first.stderr],
      [1, '2 created, 1 refused\n', 'reveille: line 2, device B: addresses: must have 1 to 16 entries\n'],
    );
    const json = await runCli(['devices', 'import', '-', '--json', ...at(port)], { stdin });
    assert.equal(JSON.parse(json.lines.at(-1) ?? '').summary.unchanged, 2);
    const csv = await runCli(['devices', 'export', '--format', 'csv', ...at(port)]);
    assert.equal(csv.status, 0, csv.stderr);
    const file = join(folder, 'devices.csv');
    writeFileSync(file, csv.stdout.replace('north', 'south'));
    const again = await runCli(['devices', 'import', file, '--mode', 'update', ...at(port)]);
    assert.deepEqual([again.status, again.stdout], [0, '1 changed, 2 unchanged, 0 refused\n'], again.stderr);
    assert.deepEqual((await store.device('A'))?.labels, { region: 'south' });
    const secrets = await runCli(['devices', 'export', '--secrets', ...at(port)]);
    assert.equal(secrets.status, 1);
    assert.match(secrets.stderr, /^reveille: the server refused: secrets are exported to who has a token/);
    const missing = await runCli(['devices', 'import', join(folder, 'none'), ...at(port)]);
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /^reveille: cannot read .*none/);
  }));

test('CSV under another name is told how it is read', () =>
  withPort(async (port) => {
    const file = join(folder, 'devices.txt');
    writeFileSync(file, 'id,serverId\nA,B\n');
    const hint = 'reveille: the file is read as lines of JSON; if it is CSV, give --format csv\n';
    const guessed = await runCli(['devices', 'import', file, ...at(port)]);
    assert.ok(guessed.stderr.startsWith(`${hint}reveille: line 1: the line is not JSON`), guessed.stderr);
    assert.equal(guessed.stderr.split(hint).length, 2);
    const asked = await runCli(['devices', 'import', file, '--format', 'ndjson', ...at(port)]);
    assert.ok(!asked.stderr.includes(hint), asked.stderr);
    // A line of JSON that is refused is no CSV.
    const stdin = linesOf([lineOf('A', { format: 'x' })]);
    const json = await runCli(['devices', 'import', '-', ...at(port)], { stdin });
    assert.ok(!json.stderr.includes(hint), json.stderr);
  }));

test('list, count, show, label, suspend, resume and delete', () =>
  withPort(async (port, { store }) => {
    const ids = ['A', 'B', 'C'];
    await store.importDevices(
      ids.map((id) => ({ input: sampleDevice({ id, labels: { region: 'north' } }) })),
    );
    const north = ['--filter', 'labels.region = "north"', ...at(port)];
    const all = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await runCli(['devices', ...args]);
      assert.equal(status, 0, stderr);
      return stdout;
    };
    assert.equal(await all('count', ...north), '3\n');
    assert.deepEqual(JSON.parse(await all('count', '--json', ...at(port))), { count: 4 });
    assert.equal(
      await all('list', '--limit', '1', ...north),
      `A ${serverId} dm1.2 wap:127.0.0.1:2948 region=north never seen\n`,
    );
    const listed = (await all('list', '--json', ...north)).trim().split('\n');
    assert.deepEqual(
      listed.map((line) => JSON.parse(line).id),
      ids,
    );
    assert.equal(await all('label', 'site=x', 'region=', '--id', 'A', ...at(port)), '1 changed, 0 refused\n');
    assert.deepEqual((await store.device('A'))?.labels, { site: 'x' });
    assert.equal(await all('suspend', '--dry-run', ...north), '2 changed, 0 refused; nothing was written\n');
    assert.equal(await all('suspend', ...north), '2 changed, 0 refused\n');
    assert.match(await all('list', ...north), /^B .* suspended never seen\nC /);
    assert.equal(JSON.parse(await all('show', 'B', ...at(port))).suspended, true);
    assert.equal(await all('resume', 'B', 'C', ...at(port)), '2 changed, 0 refused\n');
    const since = ['--since', '1h', '--dry-run', ...at(port)];
    assert.equal(await all('suspend', '--label', 'region=north', ...at(port)), '2 changed, 0 refused\n');
    assert.match(await all('delete', '--label', 'region=north', ...since), /^0 refused; nothing was written/);
    assert.equal(await all('delete', ...north), '2 removed, 0 refused\n');
    const gone = await runCli(['devices', 'delete', 'A', 'B', ...at(port)]);
    assert.deepEqual(
      [gone.status, gone.stdout, gone.stderr],
      [1, '1 removed, 1 refused\n', 'reveille: device B: there is no device B\n'],
    );
    const shown = await runCli(['devices', 'show', 'B', ...at(port)]);
    assert.deepEqual(
      [shown.status, shown.stderr],
      [1, 'reveille: the server refused: there is no device B\n'],
    );
  }));

test('what is called wrongly says so, before a server is asked', async () => {
  const nowhere = ['--server', 'http://127.0.0.1:1'];
  for (const [args, words] of [
    [
      ['delete'],
      /no device is meant. Name devices, or give --filter, --account, --label, --since or --until/,
    ],
    [['suspend', 'A', '--filter', 'x'], /devices are named, and chosen/],
    [['resume', 'A', '--label', 'x=y'], /devices are named, and chosen/],
    [['delete', '--since', 'once'], /--since/],
    [['label', 'x', '--id', 'A'], /x is no label. Write NAME=VALUE/],
    [['list', '--limit', '0'], /must be a number, 1 or more/],
    [['import', '-', '--mode', 'replace'], /--mode/],
  ] as const) {
    const { status, stderr } = await runCli(['devices', ...args, ...nowhere]);
    assert.equal(status, 2, stderr);
    assert.match(stderr, words);
  }
  await withPort(async (port) => {
    const { status, stderr } = await runCli(['devices', 'list', '--filter', 'region = "x"', ...at(port)]);
    assert.equal(status, 1);
    assert.match(stderr, /the server refused: filter: column 1: region; expected a field/);
  });
});

test('on a terminal it shows how far it is, and takes that away at the end', () =>
  withPort(async (port) => {
    const file = join(folder, 'many.ndjson');
    writeFileSync(file, linesOf(Array.from({ length: 3000 }, (_, index) => lineOf(`D${index}`))));
    const { io, written } = testIo();
    const status = await run(['devices', 'import', file, ...at(port)], { ...io, columns: 80 });
    assert.equal(status, 0, written.stderr);
    // The bench's clock stands still, so that there is no rate.
    assert.ok(written.stderr.startsWith('\r\u001b[K1000 lines  0/s  '), JSON.stringify(written.stderr));
    assert.ok(written.stderr.endsWith('\r\u001b[K'));
    assert.equal(written.stdout, '3000 created, 0 refused\n');
  }));

test('the time that is left follows from the octets that were read', () => {
  const progress = { lines: 1000, rejected: 0, perSecond: 100, octets: 5000 };
  assert.equal(progressLine(progress, 50_000), '1000 lines  100/s  10 %  1:30 left');
  assert.equal(progressLine({ ...progress, rejected: 2 }, undefined), '1000 lines  100/s  2 refused');
  assert.equal(progressLine({ devices: 5, perSecond: 0 }, 10), '5 devices  0/s');
  assert.equal(progressLine({ ...progress, octets: 60_000 }, 50_000), '1000 lines  100/s  100 %  0:00 left');
});
