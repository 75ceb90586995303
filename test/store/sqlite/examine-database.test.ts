// A database looked at without being changed: what it says, how long it is read, and that nothing is made beside it.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { examineDatabase, holderOf, openSqliteStore } from '../../../src/store/sqlite/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-examine-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;
const longMs = 60_000;

const file = join(folder, 'reveille.sqlite');
const store = await openSqliteStore({ file });
await store.close();

test('one at rest: its version, and nothing is made beside it', async () => {
  const before = readFileSync(file);
  const found = await examineDatabase(file, longMs, never);
  assert.equal(found.state, 'there');
  assert.equal(found.version, found.newest);
  assert.equal(found.octets, before.length);
  assert.deepEqual([found.whole, found.unclosed, found.heldBy], [true, false, undefined]);
  assert.deepEqual([found.damage, found.failure], [undefined, undefined]);
  assert.deepEqual(readdirSync(folder), ['reveille.sqlite']);
  assert.deepEqual(readFileSync(file), before);
});

test('none, an empty one, one of another program, none at all', async () => {
  const at = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  assert.equal((await examineDatabase(join(folder, 'none'), longMs, never)).state, 'missing');
  assert.equal((await examineDatabase(at('empty', ''), longMs, never)).state, 'empty');
  const text = await examineDatabase(at('text', 'a text, and no database\n'.repeat(100)), longMs, never);
  assert.equal(text.failure?.code, 26);
  assert.equal(text.version, undefined);
});

test('the time is bounded, and so is the wait of whoever asks', async () => {
  // No process starts within a millisecond.
  assert.equal((await examineDatabase(file, 1, never)).whole, false);
  assert.equal((await examineDatabase(file, longMs, AbortSignal.abort())).whole, false);
});

test('this process itself is nobody that holds it', async () => {
  const open = await openSqliteStore({ file });
  try {
    assert.equal(holderOf(file), undefined);
    assert.equal(
      (await examineDatabase(file, longMs, never)).version,
      (await examineDatabase(file, longMs, never)).newest,
    );
  } finally {
    await open.close();
  }
});
