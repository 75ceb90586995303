// What SQLite's errors are in the words of the store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../src/core/index.ts';
import { storeErrorOf } from '../../../src/store/sqlite/file/sqlite-error.ts';

const words: readonly (readonly [errcode: number, code: string, message: string])[] = [
  [5, 'BUSY', 'a.db is open in another process: stop that process, or choose another folder for the data'],
  [6, 'BUSY', 'a.db is locked by another part of this program: try again'],
  [8, 'NOT_WRITABLE', 'a.db cannot be written: check its owner and permissions'],
  [10, 'IO', 'reading or writing a.db failed: check the disk'],
  [11, 'DAMAGED', 'a.db is damaged: restore it from a copy'],
  [13, 'FULL', 'a.db cannot grow: the disk or its quota is full'],
  [14, 'NOT_WRITABLE', 'a.db cannot be opened: check that its folder exists and is writable'],
  [26, 'NOT_A_STORE', 'a.db is not a database of this program: choose another file'],
  [1, 'FAILED', 'a.db: no such table'],
];

for (const [errcode, code, message] of words) {
  test(`SQLite's ${errcode}, and what refines it, is ${code} in words that name the file`, () => {
    for (const each of [errcode, errcode + 7 * 256]) {
      const cause = Object.assign(new Error('no such table'), { errcode: each });
      const error = storeErrorOf(cause, 'a.db');
      assert.ok(error instanceof StoreError);
      assert.deepEqual([error.code, error.message, error.cause], [code, message, cause]);
    }
  });
}

test('what is no error of SQLite keeps its words; one of ours is as it was', () => {
  assert.equal(storeErrorOf(new Error('odd'), 'a.db').message, 'a.db: odd');
  assert.equal(storeErrorOf('odd', 'a.db').message, 'a.db: odd');
  assert.equal(storeErrorOf(null, 'a.db').message, 'a.db: null');
  const ours = new StoreError('GONE', 'gone');
  assert.equal(storeErrorOf(ours, 'a.db'), ours);
});
