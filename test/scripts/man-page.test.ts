// reveille(1) has every command, every option and every choice, as the help has them, and npm installs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { allCommands, currentManPage } from '../../scripts/man/write-man-page.ts';
import { withCommandsBelow } from '../../src/cli/completion/command-tree.ts';

/** The page without what stands for characters. */
const page = (await currentManPage())
  .replaceAll('\\-', '-')
  .replaceAll('\\(dq', '"')
  .replaceAll(/\\f[BIR]/g, '');
const [, ...commands] = withCommandsBelow(await allCommands());

test('every command with what follows it', () => {
  assert.ok(commands.length > 40, String(commands.length));
  for (const { usage } of commands) assert.ok(page.includes(`\n.SS "${usage}"\n`), usage);
});

test('every option of every command stands in its section, with its choices', () => {
  for (const { usage, options } of commands) {
    const section = page.split(`\n.SS "${usage}"\n`)[1]?.split(/\n\.S[SH] /, 1)[0] ?? '';
    for (const { names, value } of options) {
      if (names.includes('--help')) continue;
      assert.ok(section.includes(`\n${names.join(', ')}`), `${usage}: ${names.join()}`);
      if (value?.value.kind !== 'choices') continue;
      for (const choice of value.value.choices) assert.ok(section.includes(choice), `${usage}: ${choice}`);
    }
  }
});

test('examples and exit statuses of commands', () => {
  assert.match(page, /\nExamples:\n {2}reveille serve --server-id com\.example\.dm\n/);
  assert.match(page, /\nExit status: 0 nothing is wrong/);
});

test('npm puts the page where man looks for it when the package is installed for all', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-man-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const described = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'));
  const { name, version, bin, man } = described as Record<string, unknown>;
  mkdirSync(join(folder, 'package/man'), { recursive: true });
  writeFileSync(join(folder, 'package/package.json'), JSON.stringify({ name, version, bin, man }));
  writeFileSync(join(folder, 'package/man/reveille.1'), page);
  mkdirSync(join(folder, 'package/bin'));
  writeFileSync(join(folder, 'package/bin/reveille.js'), '');
  const npm = (...args: readonly string[]): void => {
    const options = { cwd: join(folder, 'package'), encoding: 'utf8', timeout: 60_000 } as const;
    const run = spawnSync('npm', [...args, '--offline', '--ignore-scripts', '--no-audit'], options);
    assert.equal(run.status, 0, run.stderr);
  };
  npm('pack', '--pack-destination', folder);
  npm('install', '--global', '--prefix', join(folder, 'all'), join(folder, `${name}-${version}.tgz`));
  assert.equal(readFileSync(join(folder, 'all/share/man/man1/reveille.1'), 'utf8'), page);
});
