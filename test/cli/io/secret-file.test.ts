// Files with secrets that the command line is given: open to others, they are narrowed with a line.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-secret-file-'));
after(() => rmSync(folder, { recursive: true }));
const message = '{"format":"dm1.2","serverId":"com.example.dm","sessionId":4660}';

function secretFile(name: string, mode: number, content = 'a secret of the server\n'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('secret file: open to others it is narrowed with one line, and what it is for goes on', async () => {
  const path = secretFile('wide', 0o644);
  const first = await runCli(['encode', '--secret-file', path], { stdin: message });
  assert.equal(first.status, 0);
  assert.match(
    first.stderr,
    /^reveille: .*wide had mode 0644, so that others could use it: it has 0600 now\n$/,
  );
  assert.equal(modeOf(path), 0o600);
  const second = await runCli(['encode', '--secret-file', path], { stdin: message });
  assert.deepEqual([second.stderr, second.stdout], ['', first.stdout]);
});

test('secret file: a group that may read keeps that', async () => {
  const path = secretFile('group', 0o640);
  const { status, stderr } = await runCli(['encode', '--secret-file', path], { stdin: message });
  assert.deepEqual([status, stderr, modeOf(path)], [0, '', 0o640]);
});

test('secret file: a file or link of another user is refused in one line, nothing of it is told', async () => {
  const path = secretFile('foreign', 0o644);
  if (process.geteuid?.() !== 0) {
    // Without the right to give files away nobody else's file can be made; the superuser's is used.
    rmSync(path);
    symlinkSync('/etc/hostname', path);
    assert.equal((await runCli(['encode', '--secret-file', path], { stdin: message })).status, 0);
    return;
  }
  chownSync(path, 65_534, 65_534);
  const { status, stderr, stdout } = await runCli(['encode', '--secret-file', path], { stdin: message });
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /^reveille: .*foreign belongs to another user \(uid 65534.*chown.*\n$/);
  assert.doesNotMatch(stderr, /a secret/);
});

test('serve: token file and data folder that are open to others are narrowed with a word', async () => {
  const data = join(folder, 'data');
  const stop = AbortSignal.abort();
  const listen = ['--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'];
  assert.equal((await runCli(['serve', '--data', data, ...listen], { stop })).status, 0);
  chmodSync(data, 0o755);
  chmodSync(join(data, 'reveille.sqlite'), 0o644);
  const tokens = secretFile('tokens', 0o644, 'a-token-of-good-length\n');
  const { status, stderr } = await runCli(['serve', '--data', data, ...listen, '--token-file', tokens], {
    stop,
  });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /tokens had mode 0644.*0600 now/);
  assert.match(stderr, /reveille\.sqlite had mode 0644.*0600 now/);
  assert.match(stderr, /the folder .*data had mode 0755.*0700 now/);
  assert.deepEqual(
    [modeOf(tokens), modeOf(data), modeOf(join(data, 'reveille.sqlite'))],
    [0o600, 0o700, 0o600],
  );
});

test('serve: an empty file in place of the database is refused in one line', async () => {
  const data = join(folder, 'planted');
  assert.equal(
    (
      await runCli(['serve', '--data', data, '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'], {
        stop: AbortSignal.abort(),
      })
    ).status,
    0,
  );
  writeFileSync(join(data, 'reveille.sqlite'), '');
  const { status, stderr } = await runCli(['serve', '--data', data], { stop: AbortSignal.abort() });
  assert.equal(status, 1);
  assert.match(stderr, /^reveille: .*reveille\.sqlite is empty, so it is no database.*\n$/);
});
