// The image (deploy/Dockerfile) built by buildah, without a registry: on a base of Node, npm and a shell for building, and to run
// it on one of Node alone, in which there is no shell.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '../../src/testing/index.ts';
import { freePort } from './child-process.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'reveille-image-'));
const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
const environment = { ...process.env, BUILDAH_ISOLATION: 'chroot' };
const program = ['node', '/opt/reveille/node_modules/reveille/bin/reveille.js'];
const running: ChildProcess[] = [];
let container = '';

/** What a command prints. @throws when it fails */
function run(command: string, args: readonly string[]): string {
  const options = {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 1e8,
  } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  assert.equal(error, undefined, `${command}: ${error?.message}`);
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout.slice(-5000)}${stderr.slice(-5000)}`);
  return stdout.trim();
}

const buildah = (...args: readonly string[]): string => run('buildah', [...store, ...args]);

/** A program of this machine under `/usr/bin` of a tree, with the libraries that it is linked with in their places. */
function put(tree: string, file: string, name = basename(file)): void {
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  cpSync(realpathSync(file), join(tree, 'usr/bin', name));
  for (const [, library = ''] of run('ldd', [file]).matchAll(/(\/\S+) \(0x/g)) {
    mkdirSync(join(tree, dirname(library)), { recursive: true });
    cpSync(realpathSync(library), join(tree, library));
  }
}

/** What libraries that come as packages of npm are linked with beside what Node is. */
function putLibraries(tree: string, ...names: readonly string[]): void {
  const [, libc = ''] = /(\/\S+\/libc\.so\.6) \(0x/.exec(run('ldd', [process.execPath])) ?? [];
  for (const name of names) cpSync(realpathSync(join(dirname(libc), name)), join(tree, dirname(libc), name));
}

/** An image of a tree. */
function imageOf(tree: string, name: string, variables: readonly string[] = []): void {
  const made = buildah('from', 'scratch');
  buildah('add', '--quiet', made, tree, '/');
  const set = ['PATH=/usr/bin:/bin', ...variables].flatMap((each) => ['--env', each]);
  buildah('config', ...set, made);
  buildah('commit', '--quiet', '--rm', made, name);
}

before(
  () => {
    const bare = join(folder, 'bare');
    put(bare, process.execPath, 'node');
    const full = join(folder, 'full');
    cpSync(bare, full, { recursive: true, verbatimSymlinks: true });
    for (const each of ['sh', 'mkdir', 'chmod', 'env']) put(full, `/usr/bin/${each}`, each);
    putLibraries(full, 'librt.so.1', 'libpthread.so.0', 'libdl.so.2', 'libm.so.6');
    mkdirSync(join(full, 'bin'));
    cpSync(join(full, 'usr/bin/sh'), join(full, 'bin/sh'));
    const npm = dirname(dirname(realpathSync(run('sh', ['-c', 'command -v npm']))));
    cpSync(npm, join(full, 'usr/lib/npm'), { recursive: true });
    cpSync(join(full, 'usr/lib/npm/bin/npm-cli.js'), join(full, 'usr/bin/npm-cli.js'));
    run('ln', ['-sf', '../lib/npm/bin/npm-cli.js', join(full, 'usr/bin/npm')]);
    for (const tree of [bare, full]) {
      mkdirSync(join(tree, 'tmp'));
      chmodSync(join(tree, 'tmp'), 0o1777);
    }
    imageOf(bare, 'localhost/bare');
    // Those that this machine trusts count while the image is built.
    const certificates = '/etc/ssl/certs';
    imageOf(full, 'localhost/full', [`NODE_EXTRA_CA_CERTS=${certificates}/ca-certificates.crt`]);
    buildah(
      ...['bud', '--quiet', '--format', 'docker', '--network', 'host', '--pull-never'],
      ...(existsSync(certificates) ? ['--volume', `${certificates}:${certificates}:ro`] : []),
      ...['--build-arg', 'BASE=localhost/full', '--build-arg', 'RUNTIME=localhost/bare'],
      ...['-f', 'deploy/Dockerfile', '-t', 'localhost/reveille', '.'],
    );
    container = buildah('from', '--pull-never', 'localhost/reveille');
  },
  { timeout: 900_000 },
);

after(async () => {
  for (const child of running) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  }
  spawnSync('buildah', [...store, 'rm', '--all'], { env: environment });
  // What is mounted within, should something be, is not ours to remove.
  spawnSync('rm', ['-rf', '--one-file-system', folder]);
});

const inside = (...command: readonly string[]): readonly string[] => [
  ...[...store, 'run', '--network', 'host', container, '--', ...command],
];

test('the image says who runs it, what it keeps, how it stops and how it is asked for its health', () => {
  const { Docker } = JSON.parse(buildah('inspect', container)) as {
    Docker: { config: Record<string, unknown> };
  };
  const { User, Volumes, StopSignal, Healthcheck, Entrypoint } = Docker.config;
  assert.equal(User, '10001:10001');
  assert.deepEqual(Volumes, { '/var/lib/reveille': {} });
  assert.equal(StopSignal, 'SIGTERM');
  assert.deepEqual(Entrypoint, program);
  const { Test } = Healthcheck as { Test: string[] };
  assert.deepEqual(Test, ['CMD', ...program, 'status', '--ready', '--server', 'http://127.0.0.1:8081']);
});

test('the server runs in it without a shell, as its user, and is healthy while it can do its work', async () => {
  const [dm, api] = [await freePort(), await freePort()];
  const doors = ['--dm', `127.0.0.1:${dm}`, '--api', `127.0.0.1:${api}`];
  const server = spawn('buildah', inside(...program, 'serve', '--data', '/var/lib/reveille', ...doors), {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.push(server);
  let said = '';
  server.stderr.on('data', (text) => {
    said += String(text);
  });
  await eventually(() => {
    if (server.exitCode !== null) throw new Error(said);
    return /DM endpoint/.test(said);
  }, 'the server in the image');
  const health = ['status', '--ready', '--server', `http://127.0.0.1:${api}`];
  assert.equal(run('buildah', inside(...program, ...health)), 'ready');
  const look = `const { statSync, existsSync } = require('node:fs');
    const { uid, mode } = statSync('/var/lib/reveille/reveille.sqlite');
    console.log(process.getuid(), uid, (mode & 0o777).toString(8), existsSync('/bin/sh'), existsSync('/usr/bin/sh'));`;
  assert.equal(run('buildah', inside('node', '-e', look)), '10001 10001 600 false false');
  const elsewhere = spawnSync(
    'buildah',
    inside('node', '-e', "require('node:fs').writeFileSync('/opt/x', '')"),
    {
      env: environment,
    },
  );
  assert.notEqual(elsewhere.status, 0);
  const nobody = spawnSync(
    'buildah',
    inside(...program, 'status', '--ready', '--server', `http://127.0.0.1:${dm}`),
    {
      env: environment,
    },
  );
  assert.equal(nobody.status, 1, 'what is no API is not healthy');
});
