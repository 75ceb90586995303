// What must be unique stands in small tables of its own: each row goes with its push, and none is missing. So do events.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { Store } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import {
  addSamples,
  ManualClock,
  sampleDevice,
  samplePushMark,
  samplePushMessage,
  sampleRequest,
} from '../../../src/testing/index.ts';
import { enqueueOne } from '../../../src/testing/store/store-contract-base.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-small-'));
after(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'small.db');
const clock = new ManualClock();

/** Runs on the store, and gives what the file holds afterwards. */
async function withStore(run: (store: Store) => Promise<void>) {
  const store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  await run(store);
  await store.close();
  const database = new DatabaseSync(file);
  const read = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  const found = {
    sessions: read('select * from push_sessions order by push_id'),
    keys: read('select server_id, scope, key, push_id from push_keys order by push_id'),
    names: read('select * from initiator_pushes order by id'),
    events: read('select distinct subject_id from events order by subject_id').map((row) => row.subject_id),
  };
  const wanted = {
    sessions: read(
      'select device_id, session_id, id as push_id from pushes where session_id is not null and open = 1 order by id',
    ),
    keys: read(
      `select server_id, iif(purpose = 'notification', purpose, 'message') as scope, idempotency_key as key,
        id as push_id from pushes where idempotency_key is not null order by id`,
    ),
    names: read(
      'select initiator, initiator_push_id, recipient, id from pushes where initiator_push_id is not null order by id',
    ),
    events: read('select id from pushes order by id').map((row) => row.id),
  };
  assert.deepEqual(found, wanted);
  database.close();
  return found;
}

const other = 'IMEI:1';

test('rows of what must be unique come with a push, and go when it is over, old, or without its device', async () => {
  const idempotency = (key: string) => ({ idempotency: { key, fingerprint: 'f' } });
  const initiator = (pushId: string) => samplePushMark({ pushId });
  const ids: string[] = [];
  const made = await withStore(async (store) => {
    await addSamples(store);
    await store.createDevice(sampleDevice({ id: other }));
    for (const deviceId of [sampleDevice().id, other]) {
      const key = idempotency(deviceId);
      ids.push((await enqueueOne(store, sampleRequest({ deviceId, ...key }))).id);
      ids.push((await enqueueOne(store, samplePushMessage({ deviceId, ...key }))).id);
      const relayed = samplePushMessage({
        deviceId,
        initiator: initiator(deviceId),
        ...idempotency(`${deviceId} relayed`),
      });
      ids.push((await enqueueOne(store, { ...relayed, purpose: 'relayed' })).id);
    }
  });
  assert.deepEqual([made.sessions.length, made.keys.length, made.names.length], [2, 6, 2]);

  const ended = await withStore(async (store) => {
    clock.advance(1000);
    await store.change(ids.map((id) => ({ id, change: { event: 'failed' } })));
    const untold = await store.claimDueResults({ limit: 9, leaseMs: 1, node: 'n' });
    await store.change(untold.map(({ id }) => ({ id, change: { event: 'result-told', resultDueAt: null } })));
  });
  assert.deepEqual([ended.sessions.length, ended.keys.length, ended.names.length], [0, 6, 2]);

  const without = await withStore(async (store) => {
    assert.equal(await store.deleteDevice(other), true);
  });
  assert.deepEqual([without.keys.length, without.names.length, without.events.length], [3, 1, 3]);

  const removed = await withStore(async (store) => {
    clock.advance(1000);
    assert.equal((await store.removeOver({ pushes: clock.now() }, 2)).pushes, 2);
  });
  assert.equal(removed.events.length, 1);
  const none = await withStore(async (store) => {
    assert.equal((await store.removeOver({ pushes: clock.now() }, 2)).pushes, 1);
  });
  assert.deepEqual(none, { sessions: [], keys: [], names: [], events: [] });
});

test('what is told late of a push that is over leaves the Session-ID to the one that has it now', async () => {
  const deviceId = sampleDevice().id;
  const ofDevice = sampleRequest({ deviceId });
  let [former, sessionId]: [string, number | undefined] = ['', undefined];
  await withStore(async (store) => {
    const push = await enqueueOne(store, ofDevice);
    [former, sessionId] = [push.id, push.sessionId];
    await store.change([{ id: former, change: { event: 'cancelled' } }]);
  });
  // As after 65535 more pushes.
  const database = new DatabaseSync(file);
  database.prepare('update devices set last_session_id = ? where id = ?').run((sessionId ?? 1) - 1, deviceId);
  database.close();
  await withStore(async (store) => {
    const present = await enqueueOne(store, ofDevice);
    assert.equal(present.sessionId, sessionId);
    await store.change([{ id: former, change: { event: 'note', detail: 'late' } }]);
    assert.equal((await store.pushOfSession(deviceId, present.sessionId))?.id, present.id);
  });
});
