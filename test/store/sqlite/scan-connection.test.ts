// What looks through many rows does so in a thread of its own.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { StoreError } from '../../../src/core/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { ScanConnection } from '../../../src/store/sqlite/read/scan-connection.ts';
import { eventually, rejectsWith, sampleAccount, sampleDevice } from '../../../src/testing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-scan-'));
after(() => rmSync(folder, { recursive: true }));

/** A scan that takes long: it counts so many numbers. */
const counting = (numbers: number) => ({
  sql: `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${numbers}) select count(*) as count from n`,
  values: [],
});

function databaseAt(name: string): string {
  const path = join(folder, name);
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; create table t (a); insert into t values (1)');
  database.close();
  return path;
}

test('it answers in the order that it is asked, and the process goes on meanwhile', async () => {
  const scans = new ScanConnection(databaseAt('order.db'), 100);
  const order: string[] = [];
  const long = scans.answers([counting(300_000)]).then(([answer]) => {
    order.push('long');
    return answer?.rows;
  });
  const short = scans.answers([{ sql: 'select a from t', values: [] }]).then(([answer]) => {
    order.push('short');
    return answer?.rows;
  });
  let turns = 0;
  const turning = setInterval(() => {
    turns += 1;
  }, 1);
  assert.deepEqual(await long, [{ count: 300_000 }]);
  clearInterval(turning);
  assert.deepEqual(await short, [{ a: 1 }]);
  assert.deepEqual(order, ['long', 'short']);
  assert.ok(turns > 0);
  await scans.close();
  await rejectsWith('CLOSED', scans.answers([counting(1)]));
});

test('an error of SQLite is that of its scan alone', async () => {
  const scans = new ScanConnection(databaseAt('error.db'), 100);
  await assert.rejects(scans.answers([{ sql: 'select nothing from t', values: [] }]), /nothing/);
  await assert.rejects(scans.answers([{ sql: 'insert into t values (2)', values: [] }]), /readonly/);
  assert.equal((await scans.answers([counting(3)]))[0]?.rows.length, 1);
  await scans.close();
});

test('only so many wait; closing answers what was asked before', async () => {
  const scans = new ScanConnection(databaseAt('many.db'), 100);
  const asked = Array.from({ length: 64 }, () => scans.answers([counting(1000)]));
  await rejectsWith('TOO_MANY_SCANS', scans.answers([counting(1)]));
  const closed = scans.close();
  assert.equal((await Promise.all(asked)).length, 64);
  await closed;
});

test('one that was never asked closes at once', async () => {
  await new ScanConnection(join(folder, 'none.db'), 100).close();
});

test('a store counts what has just been written, and closes with its journal played in', async () => {
  const file = join(folder, 'store.db');
  const store = await openSqliteStore({ file, groupCommitMs: 0 });
  await store.createAccount(sampleAccount);
  for (let count = 1; count <= 3; count += 1) {
    await store.createDevice(sampleDevice({ id: `IMEI:${count}` }));
    assert.equal(await store.countDevices({}), count);
  }
  await store.close();
  await assert.rejects(store.countDevices({}), StoreError);
  const again = await openSqliteStore({ file });
  assert.equal(await again.countDevices({}), 3);
  await again.close();
});

test('a thread that has nothing to do ends, and what is asked later has another', async () => {
  const scans = new ScanConnection(databaseAt('idle.db'), 100, 1);
  for (let round = 0; round < 3; round += 1) {
    assert.deepEqual((await scans.answers([counting(3)]))[0]?.rows, [{ count: 3 }]);
    await eventually(() => !scans.hasThread, 'its thread ends');
  }
  await scans.close();
  await rejectsWith('CLOSED', scans.answers([counting(1)]));
});
