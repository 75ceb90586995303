// Group commit by itself: when the work begins, and what closing does to what waits. Programs that ask nothing need no writer.
import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { GroupCommit } from '../../../src/store/sqlite/commit/group-commit.ts';
import { rejectsWith } from '../../../src/testing/index.ts';

mock.timers.enable({ apis: ['setTimeout'] });
after(() => mock.timers.reset());

/** Turns of the event loop that suffice for all that waits for no timer. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

function commitsAfter(delayMs: number) {
  const began: number[] = [];
  const commits = new GroupCommit({
    writer: undefined as never,
    read: () => [],
    delayMs,
    ready: () => {
      began.push(began.length + 1);
    },
    wrapError: (error) => error,
  });
  const order: string[] = [];
  const write = (name: string, guarded = false, alone = false) =>
    commits.write(
      // biome-ignore lint/correctness/useYield: it asks nothing
      function* () {
        order.push(name);
        return name;
      },
      () => order.push(`${name} committed`),
      { guarded, alone },
    );
  return { commits, began, order, write };
}

test('without a delay, what comes in one turn of the event loop is one transaction, and no timer is waited for', async () => {
  const { began, order, write } = commitsAfter(0);
  const writes = [write('a'), write('b', true), write('c')];
  assert.deepEqual(order, []);
  await turns();
  assert.deepEqual(order, ['a', 'c', 'b', 'a committed', 'c committed', 'b committed']);
  assert.deepEqual(began, [1]);
  assert.deepEqual(await Promise.all(writes), ['a', 'b', 'c']);
});

test('what is to be alone shares its transaction with nobody, and others wait for it', async () => {
  const { commits, began, order, write } = commitsAfter(0);
  const waited: boolean[] = [];
  const large = commits.write(
    // biome-ignore lint/correctness/useYield: it asks nothing
    function* () {
      waited.push(commits.isWaitedFor);
    },
    () => order.push('large committed'),
    { alone: true },
  );
  const writes = [write('a'), write('b', false, true), write('c'), write('d')];
  await Promise.all([large, ...writes]);
  assert.deepEqual(order, [
    'large committed',
    ...['a', 'a committed'],
    ...['b', 'b committed'],
    ...['c', 'd', 'c committed', 'd committed'],
  ]);
  assert.deepEqual(began, [1, 2, 3, 4]);
  assert.deepEqual([waited, commits.isWaitedFor], [[true], false]);
});

test('with a delay, the first write waits for it, and all that come meanwhile go with it', async () => {
  const { began, order, write } = commitsAfter(20);
  const writes = [write('a')];
  mock.timers.tick(19);
  await turns();
  assert.deepEqual(order, []);
  writes.push(write('b'));
  mock.timers.tick(1);
  await turns();
  assert.deepEqual(order, ['a', 'b', 'a committed', 'b committed']);
  assert.deepEqual(began, [1]);
  assert.deepEqual(await Promise.all(writes), ['a', 'b']);
});

test('closing writes what waits at once, leaves no timer, and refuses what comes later', async () => {
  const { commits, order, write } = commitsAfter(60_000);
  const cleared = mock.method(globalThis, 'clearTimeout');
  const written = write('a');
  const closed = commits.close().then(() => order.push('closed'));
  const late = rejectsWith('CLOSED', write('b'));
  await turns();
  assert.deepEqual(order, ['a', 'a committed', 'closed']);
  assert.equal(cleared.mock.callCount(), 1, 'what would keep the process alive');
  cleared.mock.restore();
  assert.equal(await written, 'a');
  await closed;
  await late;
});
