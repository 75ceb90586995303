// A copy where the disk is full: on the server's disk it is refused and the server goes on, on that of whoever asked for it nothing
// is left behind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { eventually } from '../../src/testing/index.ts';
import { CliProcess } from '../cli/long-running.ts';
import { freePort } from './processes.ts';
import { mountingPrefix, serveOnSmallDisk } from './small-disk.ts';

const main = resolve(import.meta.dirname, '../../bin/reveille.js');
const folder = mkdtempSync(join(tmpdir(), 'reveille-backup-full-'));
after(() => rmSync(folder, { recursive: true }));

test('no room beside the database: the copy is refused with the reason, the server goes on, and copies again with room', async () => {
  const api = await freePort();
  const url = `http://127.0.0.1:${api}`;
  const server = await serveOnSmallDisk([
    '--dm',
    '127.0.0.1:0',
    '--api',
    `127.0.0.1:${api}`,
    '--server-id',
    's',
  ]);
  const copy = join(folder, 'copy');
  const backup = (): CliProcess => new CliProcess(['backup', copy, '--server', url]);
  try {
    server.fill();
    const refused = backup();
    assert.equal(await refused.exited, 1);
    assert.match(refused.stderr, server.refusedWith === 507 ? /full/ : /store|disk/);
    assert.deepEqual(readdirSync(folder), [], 'nothing is left of it');
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    assert.equal((await fetch(`${url}/v1/accounts`)).status, 200, 'what is there can be read');

    server.empty();
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 200, 'ready again');
    const made = backup();
    assert.equal(await made.exited, 0, made.stderr);
    assert.ok(statSync(copy).size > 0);
  } finally {
    await server.end();
  }
});

test('no room where the copy is to go: an error that names the file, and no part of it stays', async () => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  // As large as a part of a copy.
  // Elsewhere files of the command may not grow beyond that.
  const prefix = mountingPrefix(disk, '64k') ?? ['prlimit', '--fsize=65536'];
  const server = new CliProcess([
    ...['serve', '--data', join(folder, 'data'), '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'],
  ]);
  try {
    const [, url = ''] = await server.prints(/REST API (http:\/\/[\d.:]+)/);
    const [command = '', ...rest] = prefix;
    const script = '"$@"; status=$?; echo "left: $(ls -A "$disk")"; exit $status';
    const { status, stdout, stderr } = spawnSync(
      command,
      [
        ...rest,
        'sh',
        '-c',
        script,
        'sh',
        process.execPath,
        main,
        'backup',
        join(disk, 'copy'),
        '--server',
        url,
      ],
      { encoding: 'utf8', timeout: 60_000, env: { ...process.env, disk } },
    );
    assert.equal(status, 1, stderr);
    assert.match(
      stderr,
      prefix[0] === 'unshare'
        ? /copy cannot be written: the disk or its quota is full/
        : /copy cannot be written/,
    );
    assert.match(stdout, /^left: $/m);
    assert.ok(!existsSync(join(disk, 'copy')));
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    const again = new CliProcess(['backup', join(folder, 'with-room'), '--server', url]);
    assert.equal(await again.exited, 0, `the server has let go of the first one: ${again.stderr}`);
  } finally {
    await server.end();
  }
});
