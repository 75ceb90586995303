// Threads that write, seen from the one that asks them: what is asked of one that has ended, and which is kept for the next.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { giveBack, takeThread, type WriterThread } from '../../../src/store/sqlite/commit/writer-threads.ts';
import { rejectsWith } from '../../../src/testing/index.ts';

/** How asking ends that must not have to wait. */
const outcomeOf = (thread: WriterThread) =>
  Promise.race([
    thread.ask(null).then(
      () => 'answered',
      (error: unknown) => String(error),
    ),
    new Promise((resolve) => setImmediate(resolve, 'waits')),
  ]);

test('a thread that has ended says so to whoever waits and to whoever comes, each time in the same words', async () => {
  const thread = takeThread();
  assert.equal(thread.isAlive, true);
  thread.requireAlive();
  assert.deepEqual(await thread.ask(null), []);
  const waiting = rejectsWith(
    'CLOSED',
    thread.ask(null).then(() => thread.ask(null)),
  );
  await thread.end();
  await waiting;
  assert.equal(thread.isAlive, false);
  const words =
    /the thread that writes the database has ended \(exit code 1\), so nothing more is read or written: start the server again/;
  assert.throws(() => thread.requireAlive(), words);
  assert.match(String(await outcomeOf(thread)), words);
});

test('of several things that end a thread the first one is told', async () => {
  const workers: Worker[] = [];
  const { on } = Worker.prototype;
  const watched = mock.method(
    Worker.prototype,
    'on',
    function (this: Worker, ...args: Parameters<typeof on>) {
      workers.push(this);
      return on.apply(this, args);
    },
  );
  const thread = takeThread();
  watched.mock.restore();
  workers[0]?.emit('error', new Error('out of memory'));
  await thread.end();
  assert.match(String(await outcomeOf(thread)), /has ended \(out of memory\), so nothing more/);
});

test('a thread keeps its process alive while something is asked of it, and no longer', async () => {
  const thread = takeThread();
  const ports = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = ports();
  const [first, second] = [thread.ask(null), thread.ask(null)];
  assert.equal(ports(), before + 1);
  await first;
  await second;
  assert.equal(ports(), before);
  await thread.end();
});

test('one thread is kept for the next database, a second one is ended, and one that has ended is not kept', async () => {
  const [first, second] = [takeThread(), takeThread()];
  assert.notEqual(first, second);
  await giveBack(first);
  await giveBack(second);
  assert.deepEqual([first.isAlive, second.isAlive], [true, false]);
  assert.equal(takeThread(), first);
  await first.end();
  await giveBack(first);
  const fresh = takeThread();
  assert.notEqual(fresh, first);
  assert.deepEqual(await fresh.ask(null), []);
  await giveBack(fresh);
  await fresh.end();
  const next = takeThread();
  assert.notEqual(next, fresh, 'one that ended while it was kept');
  await next.end();
});
