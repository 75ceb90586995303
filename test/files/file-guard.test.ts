// Files with secrets: whose they are and who may read them, on a real file system.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FileRefusal, guardFolder, guardGivenFile, guardOwnFile } from '../../src/files/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-guard-'));
after(() => rmSync(folder, { recursive: true }));
const isRoot = process.geteuid?.() === 0;
const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
let count = 0;

function make(mode: number, content = 'secret'): string {
  count += 1;
  const path = join(folder, `file-${count}`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** A file of another user: given away where the tests may do that, else one of the system's through a link of ours. */
function foreign(): string {
  if (isRoot) {
    const path = make(0o600);
    chownSync(path, 65_534, 65_534);
    return path;
  }
  count += 1;
  const path = join(folder, `link-${count}`);
  symlinkSync('/etc/passwd', path);
  return path;
}

function heard(work: (remark: (text: string) => void) => void): readonly string[] {
  const remarks: string[] = [];
  work((text) => remarks.push(text));
  return remarks;
}

const refusedAs = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof FileRefusal);
  assert.equal(error.code, code);
  assert.match(error.message, words);
  return true;
};

test('own file: a mode wider than 0600 is narrowed with one remark, and then nothing is said', () => {
  for (const mode of [0o644, 0o640, 0o660, 0o604, 0o666, 0o755]) {
    const path = make(mode);
    const [remark = '', ...more] = heard((say) => assert.equal(guardOwnFile(path, say), 6));
    assert.match(remark, new RegExp(`had mode 0${mode.toString(8)}.*0600 now`));
    assert.deepEqual([more.length, modeOf(path)], [0, '600']);
    assert.deepEqual(
      heard((say) => guardOwnFile(path, say)),
      [],
    );
  }
  assert.deepEqual(
    heard((say) => guardOwnFile(make(0o400), say)),
    [],
    'narrower is as good',
  );
});

test('own file: none is none, and what is no file is refused', () => {
  const remark = assert.fail;
  assert.equal(guardOwnFile(join(folder, 'nothing'), remark), undefined);
  assert.throws(() => guardOwnFile(folder, remark), refusedAs('NOT_A_FILE', /no regular file/));
  const dangling = join(folder, 'dangling');
  symlinkSync(join(folder, 'nowhere'), dangling);
  assert.throws(() => guardOwnFile(dangling, remark), refusedAs('NOT_A_FILE', /link to nothing/));
});

test('own file: another user’s is refused with what to do, and left as it is', () => {
  const path = foreign();
  const before = modeOf(path);
  assert.throws(() => guardOwnFile(path, assert.fail), refusedAs('NOT_OURS', /another user.*chown/s));
  assert.equal(modeOf(path), before);
});

test('own file: a link of ours is followed, and its target narrowed', () => {
  const target = make(0o644);
  const path = join(folder, 'link-of-ours');
  symlinkSync(target, path);
  assert.equal(heard((say) => guardOwnFile(path, say)).length, 1);
  assert.equal(modeOf(target), '600');
  linkSync(target, join(folder, 'hard'));
  assert.deepEqual(
    heard((say) => guardOwnFile(path, say)),
    [],
  );
});

test('given file: open to others it is narrowed, and a group that may read keeps that', () => {
  for (const [mode, after_] of [
    [0o644, '600'],
    [0o604, '600'],
    [0o660, '600'],
    [0o777, '600'],
    [0o640, '640'],
    [0o440, '440'],
    [0o400, '400'],
  ] as const) {
    const path = make(mode);
    const remarks = heard((say) => guardGivenFile(path, say));
    assert.deepEqual([remarks.length, modeOf(path)], [modeOf(path) === mode.toString(8) ? 0 : 1, after_]);
  }
});

test('given file: the superuser’s is used; one that cannot be narrowed is remarked upon', () => {
  // Everybody may read it, and nobody but the superuser changes that.
  if (isRoot) return assert.equal(heard((say) => guardGivenFile(make(0o600), say)).length, 0);
  assert.match(heard((say) => guardGivenFile('/etc/passwd', say))[0] ?? '', /others on this machine can use/);
});

test('given file: another user’s is refused, and a pipe is used as it is', () => {
  if (isRoot)
    assert.throws(() => guardGivenFile(foreign(), assert.fail), refusedAs('NOT_OURS', /another user/));
  guardGivenFile('/dev/null', assert.fail);
  guardGivenFile(join(folder, 'nothing'), assert.fail);
});

test('folder: one with nothing but ours is narrowed, one with other things keeps its mode', () => {
  const own = join(folder, 'own');
  mkdirSync(own);
  chmodSync(own, 0o755);
  writeFileSync(join(own, 'data'), '');
  const isOurs = (name: string): boolean => name === 'data';
  assert.match(heard((say) => guardFolder(own, isOurs, say))[0] ?? '', /had mode 0755.*0700 now/);
  assert.equal(modeOf(own), '700');
  const shared = join(folder, 'shared');
  mkdirSync(shared);
  writeFileSync(join(shared, 'else'), '');
  chmodSync(shared, 0o775);
  guardFolder(shared, isOurs, assert.fail);
  assert.equal(modeOf(shared), '775');
});

test('folder: where everybody may replace files it is refused, but not under the sticky bit', () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  writeFileSync(join(open, 'else'), '');
  chmodSync(open, 0o777);
  assert.throws(() => guardFolder(open, () => false, assert.fail), refusedAs('TOO_OPEN', /chmod o-w/));
  chmodSync(open, 0o1777);
  guardFolder(open, () => false, assert.fail);
  guardFolder(open, () => true, assert.fail);
  assert.equal(modeOf(open), '1777');
});
