// A store that is opened under another clock than it was written under.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { openSqliteFile } from '../../../src/store/sqlite/sqlite-file.ts';
import { SqliteRunner } from '../../../src/store/sqlite/sqlite-runner.ts';
import {
  addSamples,
  ManualClock,
  sampleJob,
  samplePushMark,
  sampleRequest,
} from '../../../src/testing/index.ts';
import {
  addMessage,
  changeMessage,
  changeOne,
  claimOne,
  enqueueOne,
} from '../../../src/testing/store/store-contract-base.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-clock-'));
after(() => rmSync(folder, { recursive: true }));
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A database with one of each wait of ten minutes, and dates in two hours; closed. */
async function written(name: string, at: number) {
  const file = join(folder, name);
  const clock = new ManualClock(at);
  const store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  await addSamples(store);
  const tenMinutes = at + 10 * minuteMs;
  const date = at + 2 * hourMs;
  await enqueueOne(store, sampleRequest({ expiresAt: at + hourMs, endCounted: true }));
  const waiting = await claimOne(store);
  await changeOne(store, waiting.id, { event: 'queued', lease: waiting.lease, dueAt: tenMinutes });
  const dated = await enqueueOne(store, sampleRequest({ notBefore: date, expiresAt: date + hourMs }));
  const message = await addMessage(store, { initiator: samplePushMark() });
  await changeMessage(store, message.id, { event: 'failed' });
  await changeMessage(store, message.id, { event: 'note', resultDueAt: tenMinutes });
  const { job } = await store.createJob(sampleJob({ expiresAt: tenMinutes, endCounted: true }));
  await store.close();
  return { file, waiting: waiting.id, dated: dated.id, date, job: job.id };
}

const start = Date.UTC(2026, 0, 1);

test('clock set back while the server was down: nothing waits longer than it was to', async () => {
  const { file, waiting, dated, date, job } = await written('back.db', start);
  for (const backMs of [hourMs, 10 * 365 * 24 * hourMs]) {
    const clock = new ManualClock(start - backMs);
    const store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
    const due = [
      (await store.push(waiting))?.dueAt,
      await store.nextResultDueAt(),
      (await store.job(job))?.expiresAt,
    ];
    assert.deepEqual(due, Array(3).fill(clock.now() + 10 * minuteMs));
    assert.equal((await store.push(waiting))?.expiresAt, clock.now() + hourMs);
    const later = await store.push(dated);
    assert.deepEqual([later?.dueAt, later?.expiresAt], [date, date + hourMs], 'dates stay');
    await store.close();
  }
});

test('clock set back while the server was down: opening again does not begin the wait anew', async () => {
  const { file, waiting } = await written('again.db', start);
  const clock = new ManualClock(start - hourMs);
  let store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  const due = (await store.push(waiting))?.dueAt;
  await store.close();
  clock.advance(5 * minuteMs);
  store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  assert.equal((await store.push(waiting))?.dueAt, due);
  await store.close();
});

test('clock as it was: opening changes nothing that waits', async () => {
  const { file, waiting, job } = await written('same.db', start);
  const store = await openSqliteStore({ file, clock: new ManualClock(start + minuteMs), groupCommitMs: 0 });
  assert.equal((await store.push(waiting))?.dueAt, start + 10 * minuteMs);
  assert.equal((await store.job(job))?.expiresAt, start + 10 * minuteMs);
  await store.close();
});

for (const [name, jumpMs] of [
  ['back', -hourMs],
  ['forward', hourMs],
] as const) {
  test(`clock set ${name} between a write and its transaction: what it counted is counted by the clock as it was`, async () => {
    const clock = new ManualClock(start);
    const store = await openSqliteStore({
      file: join(folder, `between-${name}.db`),
      clock,
      groupCommitMs: 0,
    });
    await addSamples(store);
    let told = 0;
    store.onClockMoved(() => {
      told += 1;
    });
    const request = sampleRequest({ expiresAt: clock.now() + 10 * minuteMs, endCounted: true });
    const enqueued = enqueueOne(store, request);
    const date = start + 3 * hourMs;
    const dated = enqueueOne(store, sampleRequest({ notBefore: date, expiresAt: date + hourMs }));
    clock.jump(jumpMs);
    const later = store.createJob(sampleJob({ expiresAt: clock.now() + 10 * minuteMs, endCounted: true }));
    const notification = await enqueued;
    const planned = await dated;
    const { job } = await later;
    const soon = clock.now() + 10 * minuteMs;
    assert.equal((await store.push(notification.id))?.expiresAt, soon, 'called before');
    assert.equal((await store.job(job.id))?.expiresAt, soon, 'called after');
    const kept = await store.push(planned.id);
    assert.deepEqual([kept?.dueAt, kept?.expiresAt], [date, date + hourMs], 'dates stay');
    assert.ok(told > 0, 'whoever waits for what is due looks again');
    await store.close();
  });
}

test('clock set forward and corrected: what waits for no date is due all the time', async () => {
  const clock = new ManualClock(start);
  const store = await openSqliteStore({ file: join(folder, 'corrected.db'), clock, groupCommitMs: 0 });
  await addSamples(store);
  await enqueueOne(store, sampleRequest({ expiresAt: start + 5 * hourMs }));
  for (const byMs of [hourMs, -hourMs]) {
    clock.jump(byMs);
    assert.equal(await store.nextDueAt(), clock.now());
  }
  await store.close();
});

test('clock set back between a write that was judged before it and a new push: the push is due at once', async () => {
  const clock = new ManualClock(start);
  const store = await openSqliteStore({ file: join(folder, 'judged.db'), clock, groupCommitMs: 0 });
  await addSamples(store);
  const { id } = await enqueueOne(store, sampleRequest());
  // What is over is not moved, so that it is still as it was judged.
  const { push: over } = await changeOne(store, id, { event: 'cancelled' });
  const noted = store.change([{ id, change: { event: 'note', detail: 'judged before' }, as: over }]);
  clock.jump(-hourMs);
  const fresh = await enqueueOne(store, sampleRequest({ expiresAt: clock.now() + hourMs, endCounted: true }));
  assert.equal((await noted)[0]?.verdict, 'kept');
  assert.equal((await store.push(fresh.id))?.dueAt, clock.now());
  await store.close();
});

test('clock set back after a write that nothing follows: who waits is told all the same', async () => {
  const clock = new ManualClock(start);
  const store = await openSqliteStore({ file: join(folder, 'alone.db'), clock, groupCommitMs: 0 });
  await addSamples(store);
  const moved = new Promise<void>((resolve) => {
    store.onClockMoved(resolve);
  });
  const request = sampleRequest({ expiresAt: clock.now() + 10 * minuteMs, endCounted: true });
  const enqueued = enqueueOne(store, request);
  clock.jump(-hourMs);
  const notification = await enqueued;
  await moved;
  assert.equal((await store.push(notification.id))?.expiresAt, clock.now() + 10 * minuteMs);
  await store.close();
});

test('clock set while a transaction runs, and nothing follows: what it wrote is moved, and who waits is told', async () => {
  const clock = new ManualClock(start);
  const file = join(folder, 'amid.db');
  const database = await openSqliteFile(file, 0, () => undefined);
  const moves: number[] = [];
  const runner = new SqliteRunner({
    database,
    file,
    clock,
    groupCommitMs: 0,
    *moved(byMs) {
      moves.push(byMs);
      yield [{ sql: `update t set at = at + ${byMs}`, values: [] }];
    },
  });
  const told = new Promise<void>((resolve) => {
    runner.onClockMoved(resolve);
  });
  const first = runner.write(function* ({ now }) {
    yield [{ sql: 'create table t (at integer)', values: [] }];
    clock.jump(-hourMs);
    yield [{ sql: 'insert into t values (?)', values: [now] }];
    return now;
  });
  // It was called under the same clock, and runs under it.
  const second = runner.write(function* ({ now }) {
    yield [{ sql: 'insert into t values (?)', values: [now] }];
    return now;
  });
  assert.deepEqual(await Promise.all([first, second]), [start, start]);
  await told;
  const [rows = []] = await runner.read(function* () {
    const answers = yield [{ sql: 'select at from t', values: [] }];
    return answers.map((answer) => answer.rows);
  });
  assert.deepEqual([moves, rows.map(({ at }) => at)], [[-hourMs], [start - hourMs, start - hourMs]]);
  await runner.close();
});
