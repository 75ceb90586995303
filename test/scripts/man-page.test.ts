// reveille(1) has every command, every option and every choice, as the help has them.
import assert from 'node:assert/strict';
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
