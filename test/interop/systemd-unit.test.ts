// The unit for systemd (deploy/reveille.service): what systemd itself says of it, and that the server runs behind what it forbids.
// Nothing here starts systemd: its tool reads the file, seccomp and bubblewrap hold the server to it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { eventually } from '../../src/testing/index.ts';
import { PeerProcess } from './child-process.ts';

const root = resolve(import.meta.dirname, '../..');
const unit = join(root, 'deploy/reveille.service');
const filter = join(import.meta.dirname, 'unit-filter.py');
const folder = mkdtempSync(join(tmpdir(), 'reveille-unit-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Largest exposure that we let the unit have, of 10. */
const mostExposed = 3;

function run(command: string, args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  assert.equal(error, undefined, `${command}: ${error?.message}`);
  return { status, said: stdout + stderr };
}

/** The unit as it is, with a command that this machine has: systemd looks whether it is there. */
function unitHere(): string {
  const text = readFileSync(unit, 'utf8');
  const here = join(folder, 'reveille.service');
  writeFileSync(here, text.replaceAll('/usr/bin/reveille', '/bin/true'));
  return here;
}

/** The arguments of Python that run a command behind the unit's filters. */
const behind = (state: string, options: readonly string[], command: readonly string[]): readonly string[] => [
  ...[filter, unit, state, root, ...options, '--', ...command],
];

test('systemd finds nothing wrong with the unit, and its exposure is 3 or less', () => {
  const verified = run('systemd-analyze', ['verify', '--man=no', unitHere()]);
  assert.equal(verified.status, 0, verified.said);
  assert.equal(verified.said.trim(), '', 'a setting that it does not know is only warned of');
  const exposed = run('systemd-analyze', [
    ...['security', '--offline=true', `--threshold=${mostExposed * 10}`, '--no-pager', unitHere()],
  ]);
  assert.equal(exposed.status, 0, exposed.said);
  const [, level = '99'] = /Overall exposure level for \S+: ([\d.]+)/.exec(exposed.said) ?? [];
  assert.ok(Number(level) <= mostExposed, exposed.said);
});

test('the configuration beside the unit is one that the server takes', () => {
  const config = join(root, 'deploy/reveille.yaml');
  const check = ['serve', '--check', '--config', config, '--data', join(folder, 'none')];
  const { status, said } = run(process.execPath, [join(root, 'bin/reveille.js'), ...check]);
  assert.equal(status, 0, said);
  assert.match(readFileSync(unit, 'utf8'), /^ExecStart=.* --config \/etc\/reveille\/reveille.yaml /m);
});

test('the server starts, answers, writes its state and stops behind what the unit forbids', async () => {
  const state = join(folder, 'state');
  mkdirSync(state, { mode: 0o700 });
  const serve = [process.execPath, join(root, 'bin/reveille.js'), 'serve', '--data', state];
  const doors = ['--dm', '127.0.0.1:0', '--api', '127.0.0.1:0', '--server-id', 'com.example.dm'];
  const server = new PeerProcess('/usr/bin/python3', behind(state, [], [...serve, ...doors]));
  try {
    const [, dm = '', api = ''] = await eventually(() => {
      server.expectRunning();
      return /DM endpoint (http\S+), REST API (http[^;\s]+)/.exec(server.output) ?? undefined;
    }, 'the server');
    assert.equal((await fetch(`${api}/readyz`)).status, 200);
    const made = await fetch(`${api}/v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"serverId":"com.example.other","url":"http://127.0.0.1/dm"}',
    });
    assert.equal(made.status, 201, await made.text());
    const asked = await fetch(dm, { method: 'POST' });
    assert.equal(asked.status, 415, 'the DM endpoint answers');
    assert.ok(statSync(join(state, 'reveille.sqlite')).size > 0);
  } finally {
    await server.stop();
  }
});

test('the filters are those of the unit: another folder, another kind of socket, a namespace and a mount are refused', () => {
  const state = join(folder, 'filters');
  mkdirSync(state, { mode: 0o700 });
  const tries = [
    'touch /var/lib/reveille-unit-test',
    'touch /etc/reveille-unit-test',
    'unshare --user true',
    'mount -t tmpfs none /mnt',
    // AF_NETLINK.
    '/usr/bin/python3 -c "import socket; socket.socket(16, 3, 0)"',
  ];
  const script = [
    ...tries.map((each) => `${each} 2>/dev/null && echo done: '${each}'`),
    `touch ${state}/own`,
  ];
  const { status, said } = run(
    '/usr/bin/python3',
    behind(state, [], ['/bin/sh', '-c', `${script.join('\n')}\ngrep CapEff /proc/self/status`]),
  );
  assert.equal(status, 0, said);
  assert.equal(said.trim(), 'CapEff:\t0000000000000000');
  assert.ok(statSync(join(state, 'own')).isFile());
});

test('MemoryDenyWriteExecute has to stay off: Node ends at its start under it', () => {
  const hello = ['-e', 'console.log("runs")'];
  const state = join(folder, 'memory');
  mkdirSync(state, { mode: 0o700 });
  const open = run('/usr/bin/python3', behind(state, [], [process.execPath, ...hello]));
  assert.match(open.said, /runs/);
  const denied = run(
    '/usr/bin/python3',
    behind(state, ['--deny-write-execute'], [process.execPath, ...hello]),
  );
  assert.notEqual(denied.status, 0, 'then it can be switched on');
  assert.doesNotMatch(denied.said, /runs/);
  assert.match(readFileSync(unit, 'utf8'), /^MemoryDenyWriteExecute=no$/m);
});
