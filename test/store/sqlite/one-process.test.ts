// One process at a time: by whatever name it finds the file, and of whatever release it is.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { rejectsWith, sampleAccount } from '../../../src/testing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-alone-'));
after(() => rmSync(folder, { recursive: true }));

/** A process that opens the file, and what it says: that it has it, or why not. */
async function otherProcess(file: string, name = 'open-and-say.ts') {
  const script = join(import.meta.dirname, 'children', name);
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [said] = await once(child.stdout, 'data');
  return {
    said: String(said).trim(),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** As earlier releases open it. */
const earlierRelease = (file: string) => otherProcess(file, 'hold-exclusively.ts');

test('an earlier release, which holds the file exclusively, keeps us out, and we keep it out', async () => {
  const file = join(folder, 'earlier.db');
  await (await openSqliteStore({ file })).close();
  const holder = await earlierRelease(file);
  assert.equal(holder.said, 'open');
  await rejectsWith('BUSY', openSqliteStore({ file, busyTimeoutMs: 0 }));
  await rejectsWith('BUSY', openSqliteStore({ file, busyTimeoutMs: 30 }));
  await holder.kill();
  const store = await openSqliteStore({ file, busyTimeoutMs: 0 });
  const refused = await earlierRelease(file);
  assert.equal(refused.said, 'database is locked');
  await refused.kill();
  await store.createAccount(sampleAccount);
  const refusedToo = await earlierRelease(file);
  assert.equal(refusedToo.said, 'database is locked');
  await refusedToo.kill();
  await store.close();
  const free = await earlierRelease(file);
  assert.equal(free.said, 'open');
  await free.kill();
});

test('a store that is open is not opened again, in this process neither, and by another name of the file neither', async () => {
  const file = join(folder, 'once.db');
  const store = await openSqliteStore({ file });
  await store.createAccount(sampleAccount);
  const other = join(folder, 'by-another-name.db');
  linkSync(file, other);
  await rejectsWith('BUSY', openSqliteStore({ file, busyTimeoutMs: 0 }));
  for (const name of [file, other]) {
    const refused = await otherProcess(name);
    assert.equal(refused.said, 'BUSY', name);
    await refused.kill();
  }
  assert.ok(await store.account(sampleAccount.serverId));
  await store.createAccount({ ...sampleAccount, serverId: 'com.example.after' });
  await store.close();
  rmSync(other);
  const again = await openSqliteStore({ file });
  assert.ok(await again.account('com.example.after'));
  await again.close();
});

test('while a store is open its file can be read, and what stands beside it is for its owner only', async () => {
  const file = join(folder, 'read.db');
  const store = await openSqliteStore({ file });
  await store.createAccount(sampleAccount);
  const reader = new DatabaseSync(file, { readOnly: true });
  assert.deepEqual(
    { ...reader.prepare('select server_id from accounts').get() },
    { server_id: sampleAccount.serverId },
  );
  reader.close();
  for (const end of ['', '-wal', '-shm']) assert.equal(statSync(file + end).mode & 0o777, 0o600, end);
  await store.close();
});

test('a store whose file is let go of in time is opened, and one that is not is refused', async () => {
  const file = join(folder, 'in-time.db');
  await (await openSqliteStore({ file })).close();
  const holder = new DatabaseSync(file);
  holder.exec('select count(*) from accounts');
  const opening = openSqliteStore({ file, busyTimeoutMs: 60_000 });
  await rejectsWith('BUSY', openSqliteStore({ file, busyTimeoutMs: 0 }));
  holder.close();
  await (await opening).close();
});
