// The project's scripts say how they are called: --help is status 0, what they do not know is one line and status 2.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');

for (const script of ['mutate', 'conformance', 'faults', 'run-tests']) {
  test(`${script}: --help, and options that it does not know`, () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, 'scripts', `${script}.ts`), ...args], {
        cwd: root,
        encoding: 'utf8',
        timeout: 60_000,
      });
    const help = run('--help');
    assert.equal(help.status, 0, help.stderr);
    assert.match(help.stdout, /^npm (?:run|test) /);
    assert.ok(help.stdout.split('\n').length <= 4, help.stdout);
    const wrong = run('--no-such-option');
    assert.equal(wrong.status, 2, wrong.stderr);
    assert.match(wrong.stderr, /^[^\n]*--no-such-option[^\n]*; --help says more\n$/);
    assert.equal(wrong.stdout, '');
  });
}
