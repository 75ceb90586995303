// What is over goes after its age: where the events begin that stay, and which go.
import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { retentionPrograms } from '../../../../src/store/sql/push/retention-programs.ts';
import { sqliteEngine } from '../../../../src/store/sqlite/sqlite-engine.ts';
import { samplePushMessage, sampleRequest } from '../../../../src/testing/index.ts';
import { changeOne, enqueueOne } from '../../../../src/testing/store/store-contract-base.ts';
import { newDatabase, rowsOf, runProgram } from '../in-memory.ts';
import { withSamples } from './session-ids.ts';

const { firstSince } = retentionPrograms(sqliteEngine);

/** A database with events of these numbers, each as old as its number says. */
function eventsOf(numbers: readonly number[]): DatabaseSync {
  const database = newDatabase();
  const insert = database.prepare(
    `insert into events (sequence, kind, subject_id, at, event, state) values (?, 'message', 'm', ?, 'note', 'queued')`,
  );
  for (const number of numbers) insert.run(number, number * 10);
  return database;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const sets: readonly (readonly number[])[] = [
  upTo(1),
  upTo(2),
  upTo(40),
  [7, 8, 9],
  [1, 2, 50, 51, 52, 400],
  [5, 6, 7, 30],
];

test('the first event that stays is found among numbers with gaps, at every age', () => {
  for (const numbers of sets) {
    const database = eventsOf(numbers);
    const last = numbers.at(-1) ?? 0;
    for (const number of [0, ...numbers, last + 1]) {
      for (const before of [number * 10, number * 10 + 1]) {
        const until = runProgram(database, firstSince(before));
        const gone = numbers.filter((each) => each < until);
        const old = numbers.filter((each) => each * 10 < before);
        assert.deepEqual(gone, old, `${numbers} before ${before}`);
      }
    }
  }
  assert.equal(runProgram(newDatabase(), firstSince(5)), 0);
});

test('it is found in few steps among a thousand, in fewer where little is old', () => {
  const numbers = upTo(1000);
  const database = eventsOf(numbers);
  for (const [before, most] of [
    [10, 3],
    [11, 5],
    [21, 5],
    [100, 8],
    [5000, 20],
    [20_000, 20],
  ] as const) {
    const log: string[] = [];
    runProgram(database, firstSince(before), log);
    assert.ok(log.length <= most, `${log.length} queries before ${before}`);
  }
});

test('events of what is over go up to their age, at most as many as were asked for; the rest stays', async () => {
  const { store, clock } = await withSamples();
  const open = await enqueueOne(store, sampleRequest());
  const over = await enqueueOne(store, samplePushMessage());
  await changeOne(store, over.id, { event: 'failed', detail: 'no' });
  clock.advance(10);
  const limits = { events: clock.now() };
  assert.deepEqual(await store.removeOver({ events: clock.now() - 10 }, 9), {
    pushes: 0,
    jobs: 0,
    events: 0,
  });
  assert.deepEqual(await store.removeOver(limits, 1), { pushes: 0, jobs: 0, events: 1 });
  assert.equal((await store.timeline(over.id))?.length, 1);
  assert.deepEqual(await store.removeOver(limits, 9), { pushes: 0, jobs: 0, events: 1 });
  assert.deepEqual(await store.removeOver(limits, 9), { pushes: 0, jobs: 0, events: 0 });
  assert.deepEqual(await store.timeline(over.id), []);
  assert.equal((await store.timeline(open.id))?.length, 1);
  assert.equal((await store.push(over.id))?.reason, 'no');
});

test('a push that goes takes its timeline and its key with it, and nothing of others', async () => {
  const { store, database, clock } = await withSamples();
  const idempotency = { key: 'k', fingerprint: 'one' };
  const over = await enqueueOne(store, sampleRequest({ idempotency }));
  const open = await enqueueOne(store, samplePushMessage({ idempotency }));
  await changeOne(store, over.id, { event: 'cancelled' });
  assert.deepEqual(await store.removeOver({ pushes: clock.now() }, 9), { pushes: 0, jobs: 0, events: 0 });
  clock.advance(1);
  assert.deepEqual(await store.removeOver({ pushes: clock.now() }, 9), { pushes: 1, jobs: 0, events: 0 });
  assert.deepEqual(rowsOf(database, 'select id from pushes'), [{ id: open.id }]);
  assert.deepEqual(rowsOf(database, 'select push_id from push_keys'), [{ push_id: open.id }]);
  assert.deepEqual(rowsOf(database, 'select subject_id from events'), [{ subject_id: open.id }]);
  assert.deepEqual(rowsOf(database, 'select push_id from push_sessions'), []);
});
