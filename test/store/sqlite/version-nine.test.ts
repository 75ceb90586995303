// A database of version 8 becomes one of version 9: everything in it is as it was, work goes on, and releases of version 8
// still write it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { messageStates, notificationStates, type PushRecord } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { ManualClock, rejectsWith, sampleRequest } from '../../../src/testing/index.ts';
import { claimOne, enqueueOne, pushesOf, toSending } from '../../../src/testing/store/store-contract-base.ts';
import { upgrade, withUpgraded } from './upgraded.ts';
import { versionEight } from './version-eight.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-nine-'));
after(() => rmSync(folder, { recursive: true }));

const { names, pushes } = versionEight;
const expected = pushes.map(({ record }) => ({ ...record, version: 0 }) as PushRecord);

function recordOf(name: string): PushRecord {
  const found = expected.find(({ id }) => id === names[name]);
  assert.ok(found, name);
  return found;
}

test('version 8 holds every state of every purpose', () => {
  for (const [purpose, states] of [
    ['notification', notificationStates],
    ['message', messageStates],
    ['relayed', messageStates],
  ] as const) {
    const found = expected.filter((push) => push.purpose === purpose).map(({ state }) => state);
    assert.deepEqual(new Set(found), new Set(states), purpose);
  }
});

test('version 8: pushes, timelines, devices and jobs are there with all that they had', () =>
  withUpgraded(async (store) => {
    assert.deepEqual((await store.listPushes({ limit: 999 })).items, expected);
    for (const { record, timeline, ofSession, job } of pushes) {
      assert.deepEqual(await store.timeline(record.id), timeline);
      assert.equal((await store.jobOfPush(record.id))?.id, job);
      if (record.purpose !== 'notification') continue;
      assert.equal((await store.pushOfSession(record.deviceId, record.sessionId))?.id, ofSession);
    }
    const feed = await store.eventsAfter(0, 9999);
    assert.deepEqual(
      feed.map(({ sequence }) => sequence),
      versionEight.feed,
    );
    assert.deepEqual((await store.listDevices({ limit: 9 })).items, versionEight.devices);
    for (const job of versionEight.jobs) assert.deepEqual(await store.job(job.id), job);
  }, 8));

test('version 8: lists, awaited reports and what is due are found by the new indexes', () =>
  withUpgraded(async (store) => {
    for (const purpose of ['notification', 'message', 'relayed'] as const) {
      for (const state of new Set(expected.map((push) => push.state))) {
        const those = expected.filter((push) => push.purpose === purpose && push.state === state);
        const { items } = await store.listPushes({ limit: 99, purposes: [purpose], state });
        assert.deepEqual(items, those, `${purpose} ${state}`);
      }
    }
    for (const { id } of versionEight.devices) {
      const those = expected.filter((push) => push.deviceId === id);
      assert.deepEqual((await store.listPushes({ limit: 99, deviceId: id })).items, those);
      const page = await store.listPushes({ limit: 2, deviceId: id, after: those[1]?.id ?? '' });
      assert.deepEqual(page.items, those.slice(2, 4));
    }
    assert.deepEqual(await store.awaitedReports(99), versionEight.awaited);
    const [first] = versionEight.awaited;
    assert.deepEqual(await store.awaitedReports(99, first?.pushId), versionEight.awaited.slice(1));
    assert.equal(await store.nextDueAt(), versionEight.nextDueAt);
    assert.equal(await store.nextDueAt({ carrier: null }), versionEight.nextDueAt, 'they wait for none yet');
    assert.equal(await store.nextResultDueAt(), versionEight.nextResultDueAt);
  }, 8));

test('version 8: work goes on: claims of a node that is gone, carriers, keys, Session-IDs, reports', () =>
  withUpgraded(async (store, clock) => {
    const now = clock.now();
    const [held, woken] = [recordOf('held'), recordOf('woken')];
    assert.equal(await store.releaseClaims('node-2', ['sms']), 2);
    assert.equal((await store.push(held.id))?.dueAt, now);
    const unplaced = pushesOf(await store.unplaced(99)).map(({ id }) => id);
    for (const name of ['held', 'held message', 'due', 'due message', 'woken', 'in its place']) {
      assert.ok(unplaced.includes(recordOf(name).id), name);
    }
    await store.place(unplaced.map((id) => ({ id, carrier: 'sms' })));
    const claimed = await store.claimDue({ limit: 99, leaseMs: 1000, node: 'n', carrier: 'sms' }, toSending);
    assert.deepEqual(new Set(pushesOf(claimed).map(({ id }) => id)), new Set(unplaced));
    const again = claimed.find(({ push }) => push.id === held.id);
    assert.equal(again?.push.lease, held.lease + 1);
    assert.equal(again.device?.family, 'samsung');

    const mark = { key: 'key notification queued', fingerprint: 'f' };
    const repeated = await store.enqueue([sampleRequest({ idempotency: mark })]);
    assert.equal(repeated[0]?.outcome, 'repeated');
    const other = sampleRequest({ idempotency: { ...mark, fingerprint: 'g' } });
    await rejectsWith('IDEMPOTENCY_CONFLICT', store.enqueue([other]));
    assert.ok(woken.purpose === 'notification');
    const next = await enqueueOne(store, sampleRequest({ deviceId: woken.deviceId }));
    assert.equal(next.sessionId, woken.sessionId + 1);
    const sequence = (await store.timeline(next.id))?.[0]?.sequence ?? 0;
    assert.ok(sequence > (versionEight.feed.at(-1) ?? Number.NaN));

    const [report] = await store.change([
      { id: recordOf('retried').id, change: { event: 'delivered', reference: 'sim:2' } },
    ]);
    assert.deepEqual([report?.verdict, report?.push.version], ['changed', 1]);
    const results = await store.claimDueResults({ limit: 99, leaseMs: 1000, node: 'n' });
    assert.ok(results.length > 3);
    clock.advance(1);
    const over = await store.removeOver({ pushes: clock.now(), events: clock.now() }, 999);
    assert.ok(over.pushes > 5);
  }, 8));

test('version 8: what is in the file is what a new database has', async () => {
  const file = await upgrade(async (store) => {
    await claimOne(store);
  }, 8);
  const fresh = join(folder, 'fresh.db');
  await (await openSqliteStore({ file: fresh })).close();
  const [upgraded, made] = [file, fresh].map((each) => {
    const database = new DatabaseSync(each);
    const read = (sql: string) =>
      database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }));
    const found = [
      read("select type, name, sql from sqlite_master where tbl_name <> 'space_probe' order by type, name"),
      read('select * from schema_version'),
      read('pragma integrity_check'),
      read('pragma foreign_key_check'),
    ];
    database.close();
    return found;
  });
  assert.deepEqual(upgraded, made);
});

test('a release of version 8 still writes: what it leaves is read, and its changes are seen', async () => {
  let before: PushRecord | undefined;
  const clock = new ManualClock(versionEight.now);
  const file = await upgrade(async (store) => {
    await store.place([{ id: recordOf('due').id, carrier: 'sms' }]);
    before = await store.push(recordOf('due').id);
  }, 8);
  assert.equal(before?.version, 1);
  const database = new DatabaseSync(file);
  // In the words of that release, which name each column that it knows.
  const columns = database
    .prepare('pragma table_info(pushes)')
    .all()
    .map(({ name }) => String(name))
    .filter((name) => name !== 'version');
  const values = columns.map((name) => (name === 'id' ? '?' : name === 'session_id' ? '65000' : name));
  const id = '019b76f0-0000-7000-8000-000000000000';
  database
    .prepare(`insert into pushes (${columns.join()}) select ${values.join()} from pushes where id = ?`)
    .run(id, before.id);
  database
    .prepare(
      `update pushes set state = 'sending', attempts = 1, lease = 1, claimed_by = 'old', due_at = ? where id = ?`,
    )
    .run(versionEight.now, before.id);
  database
    .prepare(
      `insert into events (kind, subject_id, at, event, state, node, attempt) values ('notification', ?, 1, 'sending', 'sending', 'old', 1)`,
    )
    .run(before.id);
  database.close();
  const store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  const copy = await store.push(id);
  assert.deepEqual([copy?.version, copy?.carrier], [0, 'sms']);
  const now = await store.push(before.id);
  assert.deepEqual([now?.state, now?.lease, now?.version], ['sending', 1, 1]);
  assert.equal((await store.timeline(before.id))?.at(-1)?.node, 'old');
  assert.equal(await store.releaseClaims('old'), 1);
  const claimed = await store.claimDue({ limit: 99, leaseMs: 1, node: 'n', carrier: 'sms' }, toSending);
  assert.deepEqual(new Set(pushesOf(claimed).map((push) => push.id)), new Set([before.id, id]));
  await store.close();
});
