// What the system says about the disk, and that asking leaves nothing behind.
import assert from 'node:assert/strict';
import fs, { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { StoreError } from '../../../src/core/index.ts';
import { isFull, requireFile } from '../../../src/store/sqlite/file/disk-trouble.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-disk-'));
after(() => rmSync(folder, { recursive: true }));

/** What `isFull` says while the system refuses to write with an error. */
function fullWith(error: unknown): boolean {
  const refused = mock.method(fs, 'writeSync', () => {
    throw error;
  });
  syncBuiltinESMExports();
  try {
    return isFull(folder);
  } finally {
    refused.mock.restore();
    syncBuiltinESMExports();
  }
}

test('a disk or a quota without room is full; another trouble, or none, is not', () => {
  for (const [code, full] of [
    ['ENOSPC', true],
    ['EDQUOT', true],
    ['EIO', false],
    ['EROFS', false],
  ] as const) {
    assert.equal(fullWith(Object.assign(new Error('no'), { code })), full, code);
    assert.deepEqual(readdirSync(folder), []);
  }
  assert.equal(fullWith(new Error('ENOSPC')), false);
  assert.equal(fullWith('ENOSPC'), false);
  assert.equal(isFull(folder), false);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(isFull(join(folder, 'not there')), false);
});

test('a file that was removed is missed, in words that name it', () => {
  const file = join(folder, 'there');
  writeFileSync(file, '');
  requireFile(file);
  rmSync(file);
  assert.throws(
    () => requireFile(file),
    (error) => {
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, 'GONE');
      assert.match(error.message, /there was removed while the server runs.*put the file back from a copy/);
      return true;
    },
  );
});
