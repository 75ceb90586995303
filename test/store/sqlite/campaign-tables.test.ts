// A database of before campaigns becomes one with them: what it had is of none, and releases of before still write it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { migrate, migrations } from '../../../src/store/sql/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { ManualClock, sampleRequest } from '../../../src/testing/index.ts';
import {
  addSamples,
  enqueueOne,
  pushesOf,
  toSending,
} from '../../../src/testing/store/store-contract-base.ts';
import { runProgram } from '../sql/in-memory.ts';
import { upgrade } from './upgraded.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-campaigns-'));
after(() => rmSync(folder, { recursive: true }));

/** The version that brings campaigns. */
const version = migrations.find(({ statements }) =>
  statements(sqliteEngine).some(({ sql }) => sql.includes('create table "campaigns"')),
);

/** Names of all columns of pushes before it. */
function columnsBefore(): readonly string[] {
  const database = new DatabaseSync(':memory:');
  runProgram(
    database,
    migrate(
      sqliteEngine,
      migrations.filter((each) => each.version < Number(version?.version)),
    ),
  );
  const columns = database.prepare('pragma table_info(pushes)').all();
  database.close();
  return columns.map(({ name }) => String(name));
}

test('it is an expansion', () => {
  assert.ok(version);
  assert.equal(version.oldestWriter, undefined);
});

test('version 8: no push is of a campaign, and one of campaigns is kept from then on', async () => {
  await upgrade(async (store) => {
    const { items } = await store.listPushes({ limit: 999 });
    assert.ok(items.length > 0);
    for (const push of items)
      assert.ok(!('campaign' in push || 'campaigns' in push || 'gated' in push), push.id);
    const [device] = (await store.listDevices({ limit: 1 })).items;
    const request = sampleRequest({ deviceId: device?.id ?? '', campaigns: ['a', 'b'] });
    const { id } = await enqueueOne(store, request);
    const push = await store.push(id);
    assert.deepEqual([push?.campaign, push?.campaigns], ['a', ['a', 'b']]);
  }, 8);
});

test('a release of before still writes pushes, which are of no campaign, and sends what is kept back', async () => {
  const file = join(folder, 'store.db');
  const clock = new ManualClock();
  const store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  await addSamples(store);
  const { id } = await enqueueOne(store, sampleRequest({ campaigns: ['a'] }));
  await store.change([{ id, change: { event: 'note', dueAt: clock.now() + 1000, gated: true } }]);
  assert.equal((await store.push(id))?.gated, true);
  await store.close();

  const columns = columnsBefore();
  const database = new DatabaseSync(file);
  const other = '019b76f0-0000-7000-8000-000000000000';
  const kept = columns.filter((name) => name !== 'campaign_id');
  const values = kept.map((name) => (name === 'id' ? '?' : name === 'session_id' ? '65000' : name));
  database
    .prepare(`insert into pushes (${kept.join()}) select ${values.join()} from pushes where id = ?`)
    .run(other, id);
  database.prepare('update pushes set due_at = 1, version = version + 1').run();
  database.close();

  const again = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  const found = await again.push(other);
  assert.ok(found && !('campaign' in found || 'campaigns' in found || 'gated' in found));
  const claimed = await again.claimDue({ limit: 9, leaseMs: 1000, node: 'n' }, toSending);
  assert.deepEqual(new Set(pushesOf(claimed).map((push) => push.id)), new Set([id, other]));
  assert.ok(pushesOf(claimed).every((push) => push.gated === undefined));
  await again.close();
});
