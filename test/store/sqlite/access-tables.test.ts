// A database of before tokens becomes one with them: events of then name nobody, and releases of before still write it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { migrations } from '../../../src/store/sql/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { sampleRequest } from '../../../src/testing/index.ts';
import { addQueued, enqueueOne } from '../../../src/testing/store/store-contract-base.ts';
import { upgrade } from './upgraded.ts';
import { versionEight } from './version-eight.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-access-'));
after(() => rmSync(folder, { recursive: true }));

/** The statements of the version that brings tokens. */
const version = migrations.find(({ statements }) =>
  statements(sqliteEngine).some(({ sql }) => sql.includes('create table "tokens"')),
);

test('it is an expansion', () => {
  assert.ok(version);
  assert.equal(version.oldestWriter, undefined);
});

test('version 8: no event names who caused it, there is no token and nothing in the log, and both are kept from then on', async () => {
  await upgrade(async (store) => {
    const feed = await store.eventsAfter(0, 9999);
    assert.equal(feed.length, versionEight.feed.length);
    assert.ok(feed.every((event) => event.actor === undefined));
    assert.deepEqual(await store.listTokens({ limit: 9 }), { items: [] });
    assert.deepEqual(await store.listAudit({ limit: 9 }), { items: [] });
    const [device] = versionEight.devices;
    const push = await enqueueOne(
      store,
      sampleRequest({ deviceId: device?.id ?? '', actor: 'alice/console' }),
    );
    assert.equal((await store.timeline(push.id))?.[0]?.actor, 'alice/console');
    await store.addAudit([{ at: 1, action: 'x', outcome: 'done' }]);
    assert.equal((await store.listAudit({ limit: 9 })).items.length, 1);
  }, 8);
});

test('a release of before still writes events, which name nobody', async () => {
  const file = join(folder, 'store.db');
  const store = await openSqliteStore({ file });
  const { id } = await addQueued(store);
  await store.close();
  const database = new DatabaseSync(file);
  database
    .prepare(
      `insert into events (kind, subject_id, at, event, state, node) values ('notification', ?, 1, 'note', 'queued', 'old')`,
    )
    .run(id);
  database.close();
  const again = await openSqliteStore({ file });
  const last = (await again.timeline(id))?.at(-1);
  assert.deepEqual([last?.node, last?.actor], ['old', undefined]);
  await again.close();
});
