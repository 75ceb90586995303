// The command and its rows: what it says of itself, and that the page has every row.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { rows } from '../../bench/rows/index.ts';

const root = resolve(import.meta.dirname, '../..');
const names = rows.map(({ name }) => name);
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'bench/run.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });

describe('npm run bench', () => {
  test('--list has a line for each row and measures nothing', () => {
    const { status, stdout, stderr } = run('--list');
    assert.equal(status, 0, stderr);
    const lines = stdout.trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => line.split(/\s/)[0]),
      names,
    );
    for (const [index, { about }] of rows.entries()) assert.ok(lines[index]?.endsWith(about), about);
  });

  test('--help is short, and what it does not know is one line and status 2', () => {
    const help = run('--help');
    assert.equal(help.status, 0, help.stderr);
    assert.match(help.stdout, /^npm run bench /);
    assert.ok(help.stdout.split('\n').length <= 4, help.stdout);
    for (const name of names) assert.ok(help.stdout.includes(name), name);
    for (const wrong of [
      ['--no-such-option'],
      ['no-such-row'],
      ['--rounds', '0', 'rest'],
      ['--rounds', 'x'],
    ]) {
      const { status, stdout, stderr } = run(...wrong);
      assert.equal(status, 2, `${wrong.join(' ')}: ${stderr}`);
      assert.match(stderr, /^[^\n]*; --help says more\n$/);
      assert.equal(stdout, '');
    }
  });

  test('the rows have names of their own, and so have the figures of each', () => {
    assert.equal(new Set(names).size, names.length);
    for (const { name, figures, rounds, tries } of rows) {
      const own = figures.map((figure) => figure.name);
      assert.equal(new Set(own).size, own.length, name);
      assert.notEqual(figures[0].hidden, true, name);
      assert.ok(rounds.full >= rounds.quick && rounds.quick >= 1 && tries >= 1, name);
    }
  });

  test('docs/performance.md says of every row what it measures, and has a line for its figures', () => {
    const page = readFileSync(join(root, 'docs/performance.md'), 'utf8');
    for (const name of names) {
      assert.equal(page.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`)).length, 2, name);
    }
  });
});
