// The file of the embedded store: its mode, its errors, its versions, its commits.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import {
  addSamples,
  rejectsWith,
  sampleAccount,
  sampleDevice,
  sampleRequest,
} from '../../../src/testing/index.ts';
import { enqueueOne } from '../../../src/testing/store/store-contract-base.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-file-'));
after(() => rm(folder, { recursive: true }));

test('database and journal are for their owner only', async () => {
  const file = join(folder, 'new', 'folder', 'a.db');
  const store = await openSqliteStore({ file });
  await addSamples(store);
  for (const name of [file, `${file}-wal`]) assert.equal((await stat(name)).mode & 0o777, 0o600, name);
  assert.equal((await stat(join(folder, 'new'))).mode & 0o777, 0o700);
  await store.close();
});

test('what was written is there when the file is opened again', async () => {
  const file = join(folder, 'again.db');
  let store = await openSqliteStore({ file });
  await addSamples(store);
  const notification = await enqueueOne(store, sampleRequest());
  await store.close();
  store = await openSqliteStore({ file });
  assert.deepEqual(await store.push(notification.id), notification);
  assert.equal((await enqueueOne(store, sampleRequest())).sessionId, notification.sessionId + 1);
  await store.close();
});

test('writes of one moment share a transaction; one that fails does not take the others with it', async () => {
  const store = await openSqliteStore({ file: join(folder, 'group.db') });
  const results = await Promise.allSettled([
    store.createAccount(sampleAccount),
    store.createAccount(sampleAccount),
    store.createDevice(sampleDevice()),
    store.createDevice(sampleDevice({ id: 'IMEI:1', serverId: 'nobody' })),
    store.enqueue([sampleRequest()]),
  ]);
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal((await store.listPushes({ limit: 9 })).items.length, 1);
  await store.close();
});

test('writes that wait are on disk before close resolves', async () => {
  const file = join(folder, 'close.db');
  const store = await openSqliteStore({ file, groupCommitMs: 1000 });
  const created = store.createAccount(sampleAccount);
  await store.close();
  await created;
  const again = await openSqliteStore({ file });
  assert.ok(await again.account(sampleAccount.serverId));
  await again.close();
});

test('a folder that cannot be written is a one-line error that says so', async () => {
  const blocked = join(folder, 'blocked');
  await writeFile(blocked, 'a file where a folder should be');
  const opening = openSqliteStore({ file: join(blocked, 'a.db') });
  await assert.rejects(opening, (error: Error) => {
    assert.match(
      error.message,
      /blocked\/a\.db cannot be written \(E[A-Z]+\): choose a folder that you may write/,
    );
    return true;
  });
  await mkdir(join(folder, 'is-a-folder.db'));
  await rejectsWith('NOT_WRITABLE', openSqliteStore({ file: join(folder, 'is-a-folder.db') }));
});

test('a file that is something else is left alone', async () => {
  const file = join(folder, 'text.db');
  await writeFile(file, 'x'.repeat(5000));
  await rejectsWith('NOT_A_STORE', openSqliteStore({ file }));
});

test('a database of a newer release is refused', async () => {
  const file = join(folder, 'newer.db');
  await (await openSqliteStore({ file })).close();
  const database = new DatabaseSync(file);
  database.exec('UPDATE schema_version SET version = 999, oldest_writer = 999');
  database.close();
  await rejectsWith('NEWER_VERSION', openSqliteStore({ file }));
});
