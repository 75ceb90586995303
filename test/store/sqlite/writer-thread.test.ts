// The thread that writes by itself: what it answers to requests, one after the other. It is given a number of requests that
// it cannot sleep on, and so ends once it has answered those that it found.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type {
  TransactionStep,
  WirePart,
  WriterAnswer,
  WriterRequest,
} from '../../../src/store/sqlite/commit/writer-messages.ts';

const entry = new URL('../../../src/store/sqlite/commit/writer-thread.ts', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'reveille-writer-thread-'));
after(() => rmSync(folder, { recursive: true }));

/** How long a thread may take that is to end, in milliseconds: one that does not would hold up its test for ever. */
const patienceMs = 5000;

/** The answers to requests; fewer where the thread does not come back from one. */
async function answersTo(...requests: readonly WriterRequest[]): Promise<readonly WriterAnswer[]> {
  const { port1, port2 } = new MessageChannel();
  for (const request of requests) port1.postMessage(request);
  const worker = new Worker(entry, {
    workerData: { port: port2, calls: new Int32Array(1) },
    transferList: [port2],
  });
  const ended = new Promise((resolve) => worker.once('error', resolve));
  const timer = setTimeout(() => void worker.terminate(), patienceMs);
  await Promise.race([ended, new Promise((resolve) => worker.once('exit', resolve))]);
  clearTimeout(timer);
  await worker.terminate();
  const answers: WriterAnswer[] = [];
  for (;;) {
    const received = receiveMessageOnPort(port1);
    if (received === undefined) break;
    answers.push(received.message as WriterAnswer);
  }
  port1.close();
  assert.equal(answers.length, requests.length, 'each request is answered');
  return answers;
}

/** Numbers of statements by their texts; each is told with its first use. */
function partsOf(...parts: readonly (readonly [steps: readonly TransactionStep[], ...sql: string[]])[]) {
  return {
    parts: parts.map(
      ([steps, ...sqls]): WirePart => ({
        steps,
        queries: sqls.map((sql) => [numbered(sql), [], sql, undefined] as const),
      }),
    ),
    apart: false,
  };
}

const known = new Map<string, number>();
function numbered(sql: string): number {
  const number = known.get(sql) ?? known.size + 1;
  known.set(sql, number);
  return number;
}

/** Where a request failed: SQLite's primary result code, and its words. */
function failuresOf(answers: readonly WriterAnswer[]) {
  return answers.map(([first]) =>
    first !== undefined && 'failure' in first ? [first.errcode & 0xff, first.failure] : undefined,
  );
}

test('a file is opened, written and closed; what was not committed is not there', async () => {
  const open = join(folder, 'a.db');
  const answers = await answersTo(
    { open, busyTimeoutMs: 0 },
    partsOf([['begin'], 'create table t (n)', 'insert into t values (1), (2)', 'select n from t']),
    partsOf([['commit']]),
    partsOf([['begin'], 'insert into t values (3)']),
    null,
    partsOf([['begin']]),
  );
  assert.deepEqual(failuresOf(answers).slice(0, 5), Array(5).fill(undefined));
  assert.deepEqual(failuresOf(answers)[5], [0, 'no database is open']);
  assert.deepEqual(answers[1], [
    { answers: [0, 2, [[1], [2]]], named: [[numbered('select n from t'), ['n']]] },
  ]);
  const reread = new DatabaseSync(open);
  assert.deepEqual({ ...reread.prepare('select count(*) as n from t').get() }, { n: 2 });
  assert.deepEqual({ ...reread.prepare('pragma journal_mode').get() }, { journal_mode: 'wal' });
  reread.close();
});

test('a transaction that was left over is undone when the next one begins', async () => {
  const answers = await answersTo(
    { open: join(folder, 'b.db'), busyTimeoutMs: 0 },
    partsOf([['begin'], 'create table t (n)'], [['commit']]),
    partsOf([['begin'], 'insert into t values (1)']),
    partsOf([['begin'], 'insert into t values (2)', 'select n from t'], [['commit']]),
  );
  assert.deepEqual(failuresOf(answers), Array(4).fill(undefined));
  const [part] = answers[3] ?? [];
  assert.deepEqual(part !== undefined && 'answers' in part && part.answers, [1, [[2]]]);
});

test('a file that another has for writing is busy, at once or after its time, and is let go of', async () => {
  const open = join(folder, 'busy.db');
  const other = new DatabaseSync(open);
  other.exec('pragma journal_mode = wal; create table t (n); begin immediate');
  const answers = await answersTo({ open, busyTimeoutMs: 0 }, { open, busyTimeoutMs: 40 });
  assert.deepEqual(failuresOf(answers), Array(2).fill([5, 'database is locked']));
  other.exec('rollback');
  // Only who has a file alone may change its journal.
  assert.deepEqual({ ...other.prepare('pragma journal_mode = delete').get() }, { journal_mode: 'delete' });
  other.close();
  assert.deepEqual(await answersTo({ open, busyTimeoutMs: 0 }), [[]]);
});

test('a file that is no database is refused without waiting for it to become one', async () => {
  const open = join(folder, 'text.db');
  writeFileSync(open, 'x'.repeat(5000));
  const answers = await answersTo({ open, busyTimeoutMs: 600_000 });
  assert.deepEqual(failuresOf(answers), [[26, 'file is not a database']]);
});

test('a file that cannot be set up as asked stays closed', async () => {
  const open = join(folder, 'setting.db');
  const answers = await answersTo({ open, busyTimeoutMs: '(' as unknown as number }, partsOf([['begin']]));
  assert.deepEqual(failuresOf(answers), [
    [1, 'near "(": syntax error'],
    [0, 'no database is open'],
  ]);
});

test('a piece that fails is taken back to its savepoint, and those after it go on; without savepoints none does', async () => {
  const insert = (n: number) => `insert into t values (${n})`;
  const set = [
    [['begin', 'savepoint'], insert(1)],
    [['release', 'savepoint'], insert(2), insert(1)],
    [['savepoint'], insert(3)],
    [['release', 'commit']],
  ] as const;
  const answers = await answersTo(
    { open: join(folder, 'parts.db'), busyTimeoutMs: 0 },
    partsOf([['begin'], 'create table t (n unique)'], [['commit']]),
    { ...partsOf(...set), apart: true },
    partsOf([[], 'select n from t']),
    partsOf([['begin'], 'delete from t'], [['commit']]),
    partsOf(...set),
    partsOf([[], 'select n from t']),
  );
  const shown = answers.map((parts) => parts.map((part) => ('failure' in part ? 'failed' : part.answers)));
  assert.deepEqual(shown.slice(2, 4), [[[1], 'failed', [1], []], [[[[1], [3]]]]]);
  assert.deepEqual(shown.slice(5), [[[1], 'failed'], [[[]]]]);
});

test('a query that writes another number of rows than it has to fails, and says what kind of failure that is', async () => {
  const sql = 'insert into t values (1)';
  const expecting = (expected: number) => ({
    parts: [{ steps: ['begin' as const], queries: [[numbered(sql), [], sql, expected] as const] }],
    apart: false,
  });
  const answers = await answersTo(
    { open: join(folder, 'expected.db'), busyTimeoutMs: 0 },
    partsOf([['begin'], 'create table t (n unique)'], [['commit']]),
    expecting(2),
    expecting(1),
    partsOf([[], sql]),
  );
  assert.deepEqual(answers.slice(2, 4), [
    [{ failure: '', errcode: 0, unexpected: true, open: true, named: [] }],
    [{ answers: [1], named: [] }],
  ]);
  const [failure] = answers[4] ?? [];
  assert.ok(failure !== undefined && 'failure' in failure);
  assert.deepEqual([failure.errcode & 0xff, failure.unexpected, failure.open], [19, false, true]);
});
