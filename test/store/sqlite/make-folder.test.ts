import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeFolder } from '../../../src/store/sqlite/file/make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-make-folder-'));
after(() => rmSync(folder, { recursive: true }));

test('a folder is made with all that are above it, each for its owner only, and made twice is made once', () => {
  const path = join(folder, 'a', 'b', 'c');
  makeFolder(path);
  for (const made of [path, join(folder, 'a', 'b'), join(folder, 'a')]) {
    assert.ok(statSync(made).isDirectory());
    assert.equal(statSync(made).mode & 0o777, 0o700, made);
  }
  makeFolder(path);
});

test('a folder that is there stays as it is', () => {
  const { mode } = statSync(tmpdir());
  makeFolder(tmpdir());
  assert.equal(statSync(tmpdir()).mode, mode);
});

test('where a file is in the way, the error of the system says so', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  assert.throws(() => makeFolder(file), { code: 'EEXIST' });
  assert.throws(() => makeFolder(join(file, 'below')), { code: 'ENOTDIR' });
  assert.throws(() => makeFolder(join(file, 'below', 'it')), { code: 'ENOTDIR' });
});
