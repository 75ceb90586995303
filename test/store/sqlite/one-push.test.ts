// A database with a table for each kind of push becomes one with one table: everything in it is as it was.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { isOpenPush, messageStates, notificationStates } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { ManualClock, sampleRequest } from '../../../src/testing/index.ts';
import { claimOne, enqueueOne } from '../../../src/testing/store/store-contract-base.ts';
import { upgrade, withUpgraded } from './upgraded.ts';
import { makeVersionSeven, versionSeven } from './version-seven.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-one-push-'));
after(() => rmSync(folder, { recursive: true }));

const { names, notifications, messages, jobs, lastSequence } = versionSeven;
const nameOf = new Map(Object.entries(names).map(([name, id]) => [id, name]));

/** What the carrier calls the push that it took last, by the timeline; the others have been taken without one, or never. */
const references: Readonly<Record<string, string>> = {
  delivered: 'sim:1',
  accepted: 'sim:2',
  'accepted again': 'sim:4',
  overtaken: 'sim:6',
  'm delivered': 'sim:11',
  'm unreported': 'sim:12',
  'm accepted': 'sim:13',
  'm queued': 'sim:14',
};

/** What the record has besides. */
function added(id: string, open: boolean, updatedAt: number) {
  const reference = references[nameOf.get(id) ?? ''];
  return { version: 0, ...(reference !== undefined && { reference }), ...(!open && { endedAt: updatedAt }) };
}

const expectedPushes = [
  ...notifications.map(({ record: { message, ...rest } }) => ({
    ...rest,
    purpose: 'notification' as const,
    fields: message,
    ...added(rest.id, isOpenPush({ purpose: 'notification', state: rest.state }), rest.updatedAt),
  })),
  ...messages.map(({ record }) => {
    const purpose = record.initiator === undefined ? ('message' as const) : ('relayed' as const);
    return { ...record, purpose, ...added(record.id, isOpenPush({ ...record, purpose }), record.updatedAt) };
  }),
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Numbers of the events of messages, in the order of before. */
const renumbered = new Map(
  messages
    .flatMap(({ timeline }) => timeline.map(({ sequence }) => sequence))
    .sort((a, b) => a - b)
    .map((sequence, index) => [sequence, lastSequence + 1 + index]),
);

const expectedTimelines = new Map([
  ...notifications.map(
    ({ record, timeline }) =>
      [
        record.id,
        timeline.map(({ notificationId, ...event }) => ({
          ...event,
          kind: 'notification',
          pushId: notificationId,
          serverId: record.serverId,
        })),
      ] as const,
  ),
  ...messages.map(
    ({ record, timeline }) =>
      [
        record.id,
        timeline.map(({ messageId, sequence, ...event }) => ({
          ...event,
          sequence: renumbered.get(sequence),
          kind: record.initiator === undefined ? 'message' : 'relayed',
          pushId: messageId,
          ...(record.deviceId !== undefined && { deviceId: record.deviceId }),
          ...(record.serverId !== undefined && { serverId: record.serverId }),
        })),
      ] as const,
  ),
]);

test('version 7 holds every state of both kinds', () => {
  const states = (of: readonly { readonly record: { readonly state: string } }[]) =>
    new Set(of.map(({ record }) => record.state));
  assert.deepEqual(states(notifications), new Set(notificationStates));
  assert.deepEqual(states(messages), new Set(messageStates));
});

test('version 7: every push is there, under its id, with all that it had', () =>
  withUpgraded(async (store) => {
    const { items } = await store.listPushes({ limit: 999 });
    assert.deepEqual(items.toReversed(), expectedPushes);
    for (const push of expectedPushes) assert.deepEqual(await store.push(push.id), push);
    assert.deepEqual((await store.listDevices({ limit: 9 })).items, versionSeven.devices);
  }));

test('version 7: timelines stay; events of notifications keep their numbers, those of messages come after all of these', () =>
  withUpgraded(async (store) => {
    for (const [id, timeline] of expectedTimelines) assert.deepEqual(await store.timeline(id), timeline);
    const feed = await store.eventsAfter(0, 9999, ['notification']);
    assert.deepEqual(
      feed.map(({ sequence }) => sequence),
      versionSeven.feed,
    );
    assert.ok(lastSequence > (versionSeven.feed.at(-1) ?? Number.NaN), 'the last ones are gone');
    const all = await store.eventsAfter(0, 9999);
    assert.deepEqual(
      all.map(({ sequence }) => sequence),
      [...versionSeven.feed, ...renumbered.values()],
    );
    assert.deepEqual(await store.eventsAfter(lastSequence, 9999), all.slice(feed.length));
    await enqueueOne(store, sampleRequest());
    const [next] = await store.eventsAfter(all.at(-1)?.sequence ?? 0, 9);
    assert.equal(next?.sequence, lastSequence + renumbered.size + 1);
  }));

test('version 7 without push messages: numbers go on after the largest that was ever given', async () => {
  const file = join(folder, 'none.db');
  makeVersionSeven(file);
  const database = new DatabaseSync(file);
  database.exec('delete from push_message_events; delete from push_messages');
  database.close();
  const store = await openSqliteStore({ file, clock: new ManualClock(versionSeven.now) });
  const { id } = await enqueueOne(store, sampleRequest());
  assert.equal((await store.timeline(id))?.[0]?.sequence, lastSequence + 1);
  await store.close();
});

test('version 7: jobs stay, and name the push that wakes for them', () =>
  withUpgraded(async (store) => {
    for (const { notificationId, ...job } of jobs) {
      const now = { ...job, ...(notificationId !== undefined && { pushId: notificationId }) };
      assert.deepEqual(await store.job(job.id), now);
    }
    for (const { record, job } of notifications) assert.equal((await store.jobOfPush(record.id))?.id, job);
  }));

test('version 7: what was to be looked up is found: sessions, pushes of initiators, reports, what is due', () =>
  withUpgraded(async (store) => {
    for (const { record, ofSession } of notifications) {
      assert.equal((await store.pushOfSession(record.deviceId, record.sessionId))?.id, ofSession);
    }
    for (const { record, ofPush } of messages) {
      if (record.initiator === undefined) continue;
      const found = await store.pushesOfInitiator(record.initiator.initiator, record.initiator.pushId);
      assert.deepEqual(
        found.map(({ id }) => id),
        ofPush,
      );
    }
    const awaited = versionSeven.awaited.map(({ notificationId, ...rest }) => ({
      pushId: notificationId,
      ...rest,
    }));
    assert.deepEqual(await store.awaitedReports(99), awaited);
    assert.equal(await store.nextDueAt(), versionSeven.nextDueAt);
    assert.equal(await store.nextResultDueAt(), versionSeven.nextResultDueAt);
  }));

test('version 7: what is in the file agrees: small tables with pushes, foreign keys, no table of before', async () => {
  const file = await upgrade(async (store) => {
    await claimOne(store);
  });
  const fresh = join(folder, 'fresh.db');
  await (await openSqliteStore({ file: fresh })).close();
  const database = new DatabaseSync(file);
  const read = (sql: string, from = database) =>
    from
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  assert.deepEqual(read('pragma integrity_check'), [{ integrity_check: 'ok' }]);
  assert.deepEqual(read('pragma foreign_key_check'), []);
  const other = new DatabaseSync(fresh);
  const objects = 'select type, name, tbl_name from sqlite_master order by type, name';
  assert.deepEqual(read(objects), read(objects, other), 'as a new database');
  other.close();
  assert.deepEqual(
    read('select device_id, session_id, push_id as id from push_sessions order by id'),
    read(
      'select device_id, session_id, id from pushes where open = 1 and session_id is not null order by id',
    ),
  );
  assert.deepEqual(
    read('select server_id, key, push_id as id from push_keys order by id'),
    read(
      'select server_id, idempotency_key as key, id from pushes where idempotency_key is not null order by id',
    ),
  );
  assert.deepEqual(
    read('select * from initiator_pushes order by id'),
    read(
      'select initiator, initiator_push_id, recipient, id from pushes where initiator_push_id is not null order by id',
    ),
  );
  for (const [table, key] of [
    ['push_sessions', 'device_id, session_id'],
    ['push_keys', 'server_id, scope, key'],
    ['initiator_pushes', 'initiator, initiator_push_id, recipient'],
  ]) {
    assert.throws(() => database.exec(`insert into ${table} select * from ${table} limit 1`), /UNIQUE/, key);
  }
  database.close();
});
