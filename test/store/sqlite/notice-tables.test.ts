// A database of before notices becomes one with them: nothing is noted of what was before, and releases of before still write it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrations } from '../../../src/store/sql/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { upgrade } from './upgraded.ts';

test('the version that brings notices and webhooks is an expansion', () => {
  const version = migrations.find(({ statements }) =>
    statements(sqliteEngine).some(({ sql }) => sql.includes('create table "notices"')),
  );
  assert.equal(version?.version, 16);
  assert.equal(version?.oldestWriter, undefined);
});

test('version 8: there are no notices and no webhooks; a webhook that is made begins behind the events of before', async () => {
  await upgrade(async (store) => {
    assert.deepEqual(await store.noticesAfter(0, 9), []);
    assert.deepEqual(await store.listWebhooks({ limit: 9 }), { items: [] });
    const last = (await store.eventsAfter(0, 9999)).at(-1)?.sequence ?? 0;
    assert.ok(last > 0);
    const { position } = await store.createWebhook({
      url: 'https://hooks.example/',
      kinds: ['job'],
      secrets: { current: 'whsec_AAAA' },
    });
    assert.deepEqual(position, { event: last, notice: 0 });
    await store.note([{ kind: 'link', subject: 'a', event: 'up' }]);
    assert.equal((await store.noticesAfter(0, 9)).length, 1);
  }, 8);
});
