// reveille doctor on machines with one thing wrong: a disk that is nearly full, one that is read-only, a clock that is years behind,
// a port of the superuser. Debian's programs make them: mount, unshare, faketime, setpriv.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { makeCertificate } from '../../cli/doctor/openssl.ts';
import type { Told } from '../../cli/doctor/set-up.ts';

const main = resolve(import.meta.dirname, '../../../bin/reveille.js');
const folder = mkdtempSync(join(tmpdir(), 'reveille-machine-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the doctor finds, started by `before`: a program with its arguments, behind which the command stands. */
function findingsOf(before: readonly string[], args: readonly string[]): readonly Told[] {
  const doctor = ['doctor', '--json', '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0', '--offline', ...args];
  const [program = '', ...rest] = [...before, process.execPath, main, ...doctor];
  const { stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8', timeout: 60_000 });
  assert.equal(stderr, '');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { finding: Told }).finding);
}

/** In a namespace of its own, with a small disk mounted on `folder`. */
function onDisk(options: string): readonly string[] {
  const script = 'mount -t tmpfs -o "$1" none "$2" && shift 2 && exec "$@"';
  const own = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return ['unshare', '--mount', ...own, 'sh', '-c', script, 'sh', options, folder];
}

const told = (found: readonly Told[]): readonly string[] =>
  found.map(({ check, severity, what }) => `${severity} ${check}: ${what}`);

test('a disk that is nearly full, and lies in memory', () => {
  const found = findingsOf(onDisk('size=4m,mode=0700'), ['--data', folder]);
  const [memory, full, ...more] = told(found);
  assert.match(memory ?? '', /^warning folder: it lies in memory \(tmpfs\)/);
  assert.match(full ?? '', /^error disk: [34] MiB are free/);
  assert.deepEqual(more, []);
  assert.match(found[1]?.remedy ?? '', /make room/);
});

test('a disk without places for files', () => {
  const found = findingsOf(onDisk('size=1g,nr_inodes=100,mode=0700'), ['--data', folder]);
  assert.match(
    told(found).join('\n'),
    /\nwarning disk: only 9\d more files can be made on the file system \(inodes\)$/,
  );
});

test('a disk that is mounted read-only', () => {
  const found = findingsOf(onDisk('size=1g,mode=0700,ro'), ['--data', folder]);
  assert.deepEqual(told(found), ['error folder: it lies on a file system that is mounted read-only']);
  assert.match(found[0]?.remedy ?? '', /remount,rw/);
});

test('a clock that is years behind: it is named, and so is what is not valid yet by it', () => {
  const { certificate, key } = makeCertificate(folder, 'sound', { names: 'DNS:dm.example.com' });
  const args = ['--data', join(folder, 'data'), '--tls-certificate', certificate, '--tls-key', key];
  const found = findingsOf(['faketime', '2019-06-01 12:00:00'], args);
  const [certificates, clock, ...more] = told(found);
  assert.match(
    certificates ?? '',
    /^error certificates: sound is not valid before .*; the clock says 2019-06-01/,
  );
  assert.match(clock ?? '', /^error clock: it says 2019-06-01: certificates, ends of notifications/);
  assert.deepEqual(more, []);
  assert.match(found[1]?.remedy ?? '', /NTP/);
});

test('a port below 1024, for a user who may not have it', {
  skip: process.getuid?.() !== 0 && 'only the superuser becomes another user',
}, () => {
  const own = mkdtempSync(join(tmpdir(), 'reveille-user-'));
  try {
    chmodSync(own, 0o777);
    // In a network of its own, where the bound is what Linux begins with.
    const user = [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      '--inh-caps=-all',
      '--bounding-set=-all',
    ];
    const script =
      'ip link set lo up && echo 1024 > /proc/sys/net/ipv4/ip_unprivileged_port_start && exec "$@"';
    const before = ['unshare', '--net', 'sh', '-c', script, 'sh', ...user];
    const found = findingsOf(before, ['--data', join(own, 'data'), '--dm', '127.0.0.1:443']);
    assert.deepEqual(told(found), [
      'error ports: this user may not listen on port 443: ports below 1024 are for the superuser',
    ]);
    assert.match(found[0]?.remedy ?? '', /CAP_NET_BIND_SERVICE/);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
});
