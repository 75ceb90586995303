// reveille(1) held against the programs that show manual pages: none has anything to say against it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeManPage } from '../../../scripts/man/write-man-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-man-'));
after(() => rmSync(folder, { recursive: true, force: true }));
await writeManPage(folder);
const page = join(folder, 'reveille.1');

function ended(
  program: string,
  args: readonly string[],
): { status: number | null; said: string; stdout: string } {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '100' };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000, env });
  return { status, said: stderr, stdout };
}

test('mandoc: no warning', () => {
  const { status, said, stdout } = ended('mandoc', ['-T', 'lint', '-W', 'warning', page]);
  assert.equal(`${stdout}${said}`, '');
  assert.equal(status, 0);
});

test('man-db and groff: no warning, and the text is that of the help', () => {
  const { status, said, stdout } = ended('man', ['--warnings', '--no-hyphenation', '--local-file', page]);
  assert.equal(said, '');
  assert.equal(status, 0);
  assert.match(stdout, /reveille serve \[options\]/);
  assert.match(stdout, /--api-tls-certificate file/);
  assert.match(stdout, /•••/);
});
