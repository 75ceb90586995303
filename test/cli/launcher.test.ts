// bin/reveille.js and scripts/with-dependencies.mjs on a machine whose Node is too old, with a `node` package beside
// them that is too old as well. Old Nodes are played by this one with its version overwritten, and counted.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

const project = resolve(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reveille-launcher-'));
  write(
    'old.cjs',
    "for (const [of, name, value] of [[process.versions, 'node', '20.1.0'], [process, 'version', 'v20.1.0']]) Object.defineProperty(of, name, { value });",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string): string => {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

/** Puts a `node` package below the folder: what version it says, and whether what it starts is really new. */
const nodePackage = (at: string, version: string, program: 'old' | 'new' | 'not a program'): void => {
  write(join(at, 'package.json'), JSON.stringify({ name: 'node', version }));
  const preload = program === 'old' ? `-r ${join(folder, 'old.cjs')}` : '';
  const lines =
    program === 'not a program'
      ? ['nothing']
      : [
          '#!/bin/sh',
          `echo started >> ${join(folder, 'starts')}`,
          // A guard of the test's own: whatever the code does, this ends.
          `[ "$(wc -l < ${join(folder, 'starts')})" -ge 3 ] && exit 9`,
          `exec ${process.execPath} ${preload} "$@"`,
        ];
  const file = write(join(at, 'bin/node'), `${lines.join('\n')}\n`);
  if (program !== 'not a program') chmodSync(file, 0o755);
};

const starts = (): number =>
  existsSync(join(folder, 'starts'))
    ? readFileSync(join(folder, 'starts'), 'utf8').trim().split('\n').length
    : 0;

const onOldNode = (script: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', join(folder, 'old.cjs'), script, ...args],
    { encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH } },
  );
  return { status, stdout, stderr };
};

const installedLauncher = (): string => {
  const launcher = write('node_modules/reveille/bin/reveille.js', '');
  copyFileSync(join(project, 'bin/reveille.js'), launcher);
  write('node_modules/reveille/package.json', '{"name":"reveille","type":"module"}');
  write('node_modules/reveille/dist/cli/bundle/main.js', 'console.log("main ran on", process.version);');
  return launcher;
};

describe('the launcher on a machine whose Node is too old', () => {
  test('a node package that says it is too old is not started at all', () => {
    const launcher = installedLauncher();
    nodePackage('node_modules/node', '22.0.0', 'old');
    const run = onOldNode(launcher, '--version');
    assert.equal(run.status, 2);
    assert.equal(starts(), 0);
    assert.match(
      run.stderr,
      /^reveille needs Node 24 or newer; this is v20\.1\.0, and .*22\.0\.0\. Install Node 24.*\n$/,
    );
  });

  test('a node package that is older than it says is started once', () => {
    const launcher = installedLauncher();
    nodePackage('node_modules/node', '24.1.0', 'old');
    const run = onOldNode(launcher, '--version');
    assert.equal(run.status, 2);
    assert.equal(starts(), 1);
    assert.equal(run.stderr.split('\n').length, 2, run.stderr);
  });

  test('a node package that is new enough runs the command line', () => {
    const launcher = installedLauncher();
    nodePackage('node_modules/node', process.versions.node, 'new');
    const run = onOldNode(launcher);
    assert.equal(run.status, 0, run.stderr);
    assert.equal(run.stdout, `main ran on ${process.version}\n`);
  });

  test('an older package nearby does not hide a newer one', () => {
    const launcher = installedLauncher();
    nodePackage('node_modules/reveille/node_modules/node', '20.0.0', 'old');
    nodePackage('node_modules/node', process.versions.node, 'new');
    assert.equal(onOldNode(launcher).stdout, `main ran on ${process.version}\n`);
  });

  test('a program that cannot be started, and none at all, are one line and status 2', () => {
    const launcher = installedLauncher();
    assert.equal(onOldNode(launcher).status, 2);
    nodePackage('node_modules/node', '24.1.0', 'not a program');
    const run = onOldNode(launcher);
    assert.equal(run.status, 2);
    assert.match(run.stderr, /^reveille needs Node 24 .*EACCES.*\n$/);
  });
});

describe('scripts/with-dependencies.mjs', () => {
  const checkout = (): string => {
    const script = write('scripts/with-dependencies.mjs', '');
    copyFileSync(join(project, 'scripts/with-dependencies.mjs'), script);
    write('package-lock.json', '{"packages":{}}');
    write('node_modules/.package-lock.json', '{"packages":{}}');
    write('node_modules/.bin/node', `#!/bin/sh\nexec ${join(folder, 'node_modules/node/bin/node')} "$@"\n`);
    chmodSync(join(folder, 'node_modules/.bin/node'), 0o755);
    return script;
  };

  test('does not start a node package that says it is too old', () => {
    const script = checkout();
    nodePackage('node_modules/node', '22.0.0', 'old');
    const run = onOldNode(script, 'node', '--version');
    assert.equal(run.status, 2);
    assert.equal(starts(), 0);
    assert.match(run.stderr, /^reveille needs Node 24 or newer, and .*22\.0\.0\. Run: npm ci\n$/);
  });

  for (const [what, text] of [
    ['is missing', undefined],
    ['is no JSON', '{'],
    ['names no version', '{}'],
  ] as const) {
    test(`a node package whose package.json ${what} is one line and status 2`, () => {
      const script = checkout();
      nodePackage('node_modules/node', '24.1.0', 'new');
      const file = join(folder, 'node_modules/node/package.json');
      if (text === undefined) rmSync(file);
      else writeFileSync(file, text);
      const run = onOldNode(script, 'node', '--version');
      assert.equal(run.status, 2);
      assert.equal(starts(), 0);
      assert.match(run.stderr, /^reveille needs Node 24 or newer, and .*\. Run: npm ci\n$/);
    });
  }

  test('what it started does not start another when that Node is too old after all', () => {
    const script = checkout();
    nodePackage('node_modules/node', '24.1.0', 'old');
    const run = onOldNode(script, 'node', script, 'node', '--version');
    assert.equal(run.status, 2);
    assert.equal(starts(), 1);
  });

  test('with --here runs a file of the project in the folder where npm was called', () => {
    checkout();
    nodePackage('node_modules/node', process.versions.node, 'new');
    write('bin/main.cjs', "console.log(require('node:fs').readFileSync(process.argv[2], 'utf8'));");
    const command = 'node scripts/with-dependencies.mjs --here node bin/main.cjs';
    write('package.json', JSON.stringify({ name: 'x', scripts: { main: command } }));
    write('elsewhere/file.txt', 'read');
    const npm = (cwd: string, ...options: string[]) =>
      spawnSync('npm', ['run', '-s', ...options, 'main', '--', 'file.txt'], {
        cwd,
        encoding: 'utf8',
        timeout: 60_000,
        env: { PATH: process.env.PATH, HOME: folder },
      });
    const below = npm(join(folder, 'elsewhere'));
    assert.equal(below.stdout, 'read\n', below.stderr);
    const other = mkdtempSync(join(tmpdir(), 'reveille-launcher-other-'));
    try {
      writeFileSync(join(other, 'file.txt'), 'read there');
      // The guard counts the starts of one run.
      rmSync(join(folder, 'starts'));
      const apart = npm(other, '--prefix', folder);
      assert.equal(apart.stdout, 'read there\n', apart.stderr);
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  test('who ends npm ends what a script of this project started', async () => {
    checkout();
    nodePackage('node_modules/node', process.versions.node, 'new');
    write('bin/main.cjs', 'console.log(process.pid); setInterval(() => {}, 1000);');
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    const command = String(scripts.reveille).replace('bin/reveille.js', 'bin/main.cjs');
    write('package.json', JSON.stringify({ name: 'x', scripts: { main: command } }));
    const npm = spawn('npm', ['run', '-s', 'main'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, HOME: folder },
    });
    const [pid] = await once(npm.stdout, 'data');
    const started = Number(String(pid));
    try {
      // The pipe ends when the last that has it is gone.
      const closed = once(npm, 'close', { signal: AbortSignal.timeout(60_000) });
      npm.kill('SIGTERM');
      await closed;
      assert.throws(() => process.kill(started, 0), { code: 'ESRCH' });
    } finally {
      try {
        process.kill(started, 'SIGKILL');
      } catch {
        // It is gone, as it should be.
      }
    }
    for (const [name, line] of Object.entries(scripts)) {
      if (String(line).includes('with-dependencies')) assert.match(String(line), /^exec node /, name);
    }
  });

  test('may be called again by what it started, as scripts of scripts do', () => {
    const script = checkout();
    nodePackage('node_modules/node', process.versions.node, 'new');
    const run = onOldNode(script, 'node', script, 'node', '--version');
    assert.equal(run.status, 0, run.stderr);
    assert.equal(run.stdout, `${process.version}\n`);
  });
});

test('SIGHUP while the server is still loading does not end it', { timeout: 60_000 }, () => {
  const preload = write(
    'hang-up.mjs',
    "import { registerHooks } from 'node:module';\n" +
      "registerHooks({ load(url, context, next) { if (url.endsWith('/cli/main.ts')) process.kill(process.pid, 'SIGHUP'); return next(url, context); } });\n",
  );
  const reveille = join(project, 'bin', 'reveille.js');
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', preload, reveille, ...args], { encoding: 'utf8' });
  const { status, signal, stdout } = run('serve', '--check', '--data', join(folder, 'data'));
  assert.deepEqual([status, signal], [0, null]);
  assert.match(stdout, /^OK/);
  assert.equal(run('--version').signal, 'SIGHUP');
});
