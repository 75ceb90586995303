// The database's place on the disk: what exists there already, and is not for us alone.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { addSamples, rejectsWith, sampleAccount } from '../../../src/testing/index.ts';

const root = mkdtempSync(join(tmpdir(), 'reveille-place-'));
after(() => rmSync(root, { recursive: true }));
const isRoot = process.geteuid?.() === 0;
const modeOf = (path: string): number => statSync(path).mode & 0o7777;
let count = 0;

/** A folder of its own, with a database in it that was closed, and has an account. */
async function withDatabase(): Promise<{ folder: string; file: string }> {
  count += 1;
  const folder = join(root, `data-${count}`);
  const file = join(folder, 'reveille.sqlite');
  const store = await openSqliteStore({ file });
  await addSamples(store);
  await store.close();
  return { folder, file };
}

async function open(file: string): Promise<readonly string[]> {
  const remarks: string[] = [];
  const store = await openSqliteStore({ file, onRemark: (text) => remarks.push(text) });
  assert.ok(await store.account(sampleAccount.serverId));
  await store.close();
  return remarks;
}

test('database: a mode wider than 0600 is narrowed with a word, of its journals and its folder too', async () => {
  const { folder, file } = await withDatabase();
  chmodSync(file, 0o644);
  writeFileSync(`${file}-wal`, '');
  writeFileSync(`${file}-shm`, '');
  chmodSync(`${file}-wal`, 0o666);
  chmodSync(`${file}-shm`, 0o664);
  chmodSync(folder, 0o755);
  const remarks: string[] = [];
  const store = await openSqliteStore({ file, onRemark: (text) => remarks.push(text) });
  await store.updateAccount(sampleAccount.serverId, { name: 'x' });
  assert.deepEqual([modeOf(file), modeOf(`${file}-wal`), modeOf(folder)], [0o600, 0o600, 0o700]);
  await store.close();
  assert.deepEqual(
    remarks.map((text) => /had mode (0\d+)/.exec(text)?.[1]),
    ['0644', '0755', '0666', '0664'],
  );
  assert.deepEqual(await open(file), [], 'said once');
});

test('database: one whose journal waits to be played in is narrowed and keeps what was written', async () => {
  const { folder, file } = await withDatabase();
  const copy = join(folder, 'reveille.sqlite');
  assert.equal(copy, file);
  const store = await openSqliteStore({ file });
  await store.createAccount({ serverId: 'in.the.journal', url: 'https://dm.example.com/dm' });
  // As after a crash: the journal has the last commits, and is copied with its database.
  const other = join(root, 'crashed');
  mkdirSync(other, { mode: 0o700 });
  for (const name of ['reveille.sqlite', 'reveille.sqlite-wal']) {
    writeFileSync(join(other, name), (await import('node:fs')).readFileSync(join(folder, name)));
    chmodSync(join(other, name), 0o644);
  }
  await store.close();
  const remarks: string[] = [];
  const again = await openSqliteStore({
    file: join(other, 'reveille.sqlite'),
    onRemark: (text) => remarks.push(text),
  });
  assert.ok(await again.account('in.the.journal'));
  await again.close();
  assert.equal(remarks.length, 2);
});

test('database: an empty file under its name is refused with what to do, and left alone', async () => {
  for (const mode of [0o600, 0o666]) {
    count += 1;
    const folder = join(root, `empty-${count}`);
    mkdirSync(folder, { mode: 0o700 });
    const file = join(folder, 'reveille.sqlite');
    writeFileSync(file, '');
    chmodSync(file, mode);
    const opening = openSqliteStore({ file });
    await assert.rejects(opening, /is empty.*put the database back.*or remove it/);
    await rejectsWith('EMPTY', openSqliteStore({ file }));
    assert.deepEqual([statSync(file).size, readdirSync(folder)], [0, ['reveille.sqlite']]);
  }
});

test('database: a journal without its database is refused, not played into a new one', async () => {
  const { file } = await withDatabase();
  rmSync(file);
  writeFileSync(`${file}-wal`, 'x'.repeat(4096), { mode: 0o600 });
  await rejectsWith('NOT_A_STORE', openSqliteStore({ file }));
  assert.equal(existsSync(file), false);
});

test('database: another user’s file, journal or folder is refused with what to do', async () => {
  const { folder, file } = await withDatabase();
  if (!isRoot) {
    // Without the right to give files away: a file of the system's, through a link of ours.
    const link = join(root, 'passwd');
    symlinkSync('/etc/passwd', link);
    await rejectsWith('NOT_OURS', openSqliteStore({ file: link }));
    return;
  }
  const other = 65_534;
  chownSync(file, other, other);
  await assert.rejects(openSqliteStore({ file }), /belongs to another user.*chown/s);
  await rejectsWith('NOT_OURS', openSqliteStore({ file }));
  chownSync(file, 0, 0);
  writeFileSync(`${file}-wal`, '', { mode: 0o600 });
  chownSync(`${file}-wal`, other, other);
  await rejectsWith('NOT_OURS', openSqliteStore({ file }));
  rmSync(`${file}-wal`);
  chownSync(folder, other, other);
  await rejectsWith('NOT_OURS', openSqliteStore({ file }));
  chownSync(folder, 0, 0);
  assert.deepEqual(await open(file), []);
});

test('database: a link of ours leads to it, its journals stand beside it, a link to nothing is refused', async () => {
  const { folder, file } = await withDatabase();
  const elsewhere = join(root, 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o700 });
  const link = join(elsewhere, 'reveille.sqlite');
  symlinkSync(file, link);
  const store = await openSqliteStore({ file: link });
  await store.updateAccount(sampleAccount.serverId, { name: 'through' });
  assert.deepEqual(readdirSync(elsewhere), ['reveille.sqlite']);
  assert.ok(existsSync(join(folder, 'reveille.sqlite-wal')));
  await store.close();
  rmSync(folder, { recursive: true });
  await rejectsWith('NOT_WRITABLE', openSqliteStore({ file: link }));
  assert.equal(existsSync(folder), false);
});

test('database: a new one appears whole under its name, and nothing else is left', async () => {
  count += 1;
  const folder = join(root, `new-${count}`);
  const store = await openSqliteStore({ file: join(folder, 'a.db') });
  await addSamples(store);
  await store.close();
  assert.deepEqual(readdirSync(folder), ['a.db']);
  assert.equal(modeOf(join(folder, 'a.db')), 0o600);
});

test('database: a folder where everybody may replace it is refused', async () => {
  const folder = join(root, 'open');
  mkdirSync(folder);
  writeFileSync(join(folder, 'other'), '');
  chmodSync(folder, 0o777);
  await assert.rejects(openSqliteStore({ file: join(folder, 'a.db') }), /everybody can replace/);
});
