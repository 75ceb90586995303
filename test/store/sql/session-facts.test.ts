// What a session begins with is read alike whether the device exists or not (spec-notes ruling 22).
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sessionFacts } from '../../../src/store/sql/session-facts.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';

/** The queries that are asked when none of them finds anything but the rows given for the first. */
function askedFor(deviceRows: readonly Record<string, string>[]) {
  const program = sessionFacts(sqliteEngine).of('IMEI:1', [1, 256]);
  const steps: (readonly string[])[] = [];
  let step = program.next([]);
  while (step.done !== true && steps.length < 2) {
    const queries = step.value;
    steps.push(queries.map(({ sql }) => sql));
    // Its record is not made here.
    if (steps.length === 2) break;
    step = program.next(queries.map((_, index) => ({ rows: index === 0 ? deviceRows : [], changed: 0 })));
  }
  return steps;
}

test('ruling 22: of a device that does not exist as much is read, its account included', () => {
  const known = askedFor([{ id: 'IMEI:1', server_id: 'com.example.dm' }]);
  assert.deepEqual(askedFor([]), known);
  assert.deepEqual(
    known.map((queries) => queries.length),
    [5, 1],
  );
});

test('what a session begins with: the device, its account, and notifications by their Session-IDs', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-session-facts-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const store = await openSqliteStore({ file: join(folder, 'store.db') });
  t.after(() => store.close());
  await store.createAccount(sampleAccount);
  const { id } = await store.createDevice(sampleDevice());
  const [queued] = await store.enqueue([
    {
      purpose: 'notification',
      deviceId: id,
      format: 'dm1.2',
      fields: { uiMode: 'background' },
      expiresAt: Date.now() + 60_000,
    },
  ]);
  assert.equal(queued?.outcome, 'queued');
  const { sessionId = 0 } = queued.push;
  const facts = await store.sessionFacts(id, [sessionId, sessionId + 1]);
  assert.deepEqual(facts.device, await store.device(id));
  assert.deepEqual(facts.account, await store.account(sampleAccount.serverId));
  assert.deepEqual([...facts.notifications], [[sessionId, await store.pushOfSession(id, sessionId)]]);
  await store.change([{ id: queued.push.id, change: { event: 'cancelled' } }]);
  const past = await store.sessionFacts(id, [sessionId]);
  assert.equal(past.notifications.get(sessionId)?.state, 'cancelled');
  const unknown = await store.sessionFacts('IMEI:0', [sessionId]);
  assert.deepEqual(unknown, { device: undefined, account: undefined, notifications: new Map() });
});
