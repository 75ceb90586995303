// The last queries of programs, which go to the writer together with the end of their transaction.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedMeanwhile, lastStep, type Program, readingStep } from '../../../src/store/sql/index.ts';
import { rejectsWith } from '../../../src/testing/index.ts';
import { openBench, query, type RunnerBench } from './runner-bench.ts';

const insert = (number: number): string => `insert into t values (${number})`;

/** Inserts numbers with its last queries, and gives how many rows each wrote. */
function* lastly(...numbers: readonly number[]): Program<readonly number[]> {
  return (yield lastStep(numbers.map((number) => query(insert(number))))).map(({ changed }) => changed);
}

/** How many messages go to the writer while something is done. */
async function messagesOf(
  { database: { writer } }: RunnerBench,
  work: () => Promise<unknown>,
): Promise<number> {
  let count = 0;
  const run = writer.run.bind(writer);
  writer.run = (...asked) => {
    count += 1;
    return run(...asked);
  };
  await work();
  writer.run = run;
  return count;
}

test('pieces that ask only once are one message with their transaction, alone and in company', async () => {
  const bench = await openBench();
  const { runner, numbers } = bench;
  const alone = await messagesOf(bench, () => runner.write(() => lastly(1, 2)));
  assert.equal(alone, 1);
  const many = await messagesOf(bench, () =>
    Promise.all([3, 4, 5].map((number) => runner.write(() => lastly(number)))),
  );
  assert.equal(many, 1);
  assert.deepEqual(await numbers(), [1, 2, 3, 4, 5]);
  await runner.close();
});

test('each piece gets its own answers, and one that fails is undone alone', async () => {
  const { runner, write, numbers } = await openBench();
  const results = await Promise.allSettled([
    runner.write(() => lastly(1, 2)),
    runner.write(() => lastly(3, 1)),
    runner.write(() => lastly(3)),
    write(insert(4), insert(3)),
    runner.write(function* () {
      const [found] = yield [query('select count(*) as n from t')];
      const [changed] = yield* lastly(5);
      return [found?.rows[0]?.n, changed];
    }),
    runner.write(() => lastly()),
    runner.write(() => lastly(6, 7, 6)),
  ]);
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? result.value : result.status)),
    [[1, 1], 'rejected', [1], 'rejected', [3, 1], [], 'rejected'],
  );
  assert.deepEqual(await numbers(), [1, 2, 3, 5]);
  await runner.close();
});

test('a piece alone whose last queries fail leaves nothing, and the next one goes on', async () => {
  const { runner, numbers } = await openBench();
  await rejectsWith(
    'FAILED',
    runner.write(() => lastly(1, 1)),
  );
  assert.deepEqual(await numbers(), []);
  await runner.write(() => lastly(2));
  assert.deepEqual(await numbers(), [2]);
  await runner.close();
});

test('a query that writes another number of rows than it has to undoes its piece, alone or in company, last or not', async () => {
  const { runner, write, numbers } = await openBench();
  await write(insert(1), insert(2));
  const remove = (number: number, expected: number) => ({
    ...query(`delete from t where n <= ${number}`),
    expected,
  });
  const asked = (expected: number, last: boolean) =>
    runner.write(function* () {
      yield [query(insert(7))];
      const queries = [remove(2, expected)];
      yield last ? lastStep(queries) : queries;
    });
  for (const last of [true, false]) {
    for (const expected of [1, 3]) {
      await assert.rejects(asked(expected, last), (error) => error === changedMeanwhile);
      const [wrong, right] = await Promise.allSettled([asked(expected, last), runner.write(() => lastly(9))]);
      assert.equal(wrong.status === 'rejected' && wrong.reason === changedMeanwhile, true);
      assert.equal(right.status, 'fulfilled');
      await write('delete from t where n = 9');
      assert.deepEqual(await numbers(), [1, 2]);
    }
  }
  await asked(2, true);
  assert.deepEqual(await numbers(), [7]);
  await runner.close();
});

test('a transaction that is lost, or cannot be committed, fails all pieces whose last queries it had', async () => {
  const { runner, write, numbers } = await openBench();
  await write('create table child (n references t deferrable initially deferred)');
  const child = () =>
    runner.write(function* () {
      yield lastStep([query('insert into child values (7)')]);
    });
  const gone = () =>
    runner.write(function* () {
      yield lastStep([query(insert(2)), query('rollback'), query('no statement')]);
    });
  for (const fault of [child, gone]) {
    await assert.rejects(fault());
    const results = await Promise.allSettled([
      runner.write(() => lastly(1)),
      fault(),
      runner.write(() => lastly(3)),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.deepEqual(await numbers(), []);
  }
  await runner.write(() => lastly(4));
  assert.deepEqual(await numbers(), [4]);
  await runner.close();
});

test('what a piece wrote with its last queries is seen by those after it in the same transaction', async () => {
  const { runner, numbers } = await openBench();
  const [, seen] = await Promise.all([
    runner.write(() => lastly(1, 2, 3)),
    runner.write(function* () {
      const [found] = yield [query('select n from t order by n')];
      return found?.rows.map(({ n }) => n);
    }),
  ]);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.deepEqual(await numbers(), [1, 2, 3]);
  await runner.close();
});

test('the first piece of a transaction reads what has been committed without a message, others what was written before them', async () => {
  const bench = await openBench();
  const { runner, write, numbers } = bench;
  await write(insert(1));
  const counting = (number: number) =>
    function* (): Program<unknown> {
      const [found] = yield readingStep([query('select count(*) as n from t')]);
      yield lastStep([query(insert(number))]);
      return found?.rows[0]?.n;
    };
  const seen: unknown[] = [];
  const count = await messagesOf(bench, async () => {
    seen.push(await runner.write(counting(2)));
  });
  assert.equal(count, 1);
  seen.push(
    ...(await Promise.all([
      // One that is guarded comes last.
      runner.write(() => lastly(3), true),
      runner.write(counting(4)),
      runner.write(counting(5)),
    ])),
  );
  assert.deepEqual(seen, [1, [1], 2, 3]);
  assert.deepEqual(await numbers(), [1, 2, 3, 4, 5]);
  await runner.close();
});

test('a value that cannot be sent to the thread that writes fails its transaction, and the next one goes on', async () => {
  const { runner, numbers } = await openBench();
  const inserting = (value: unknown) =>
    runner.write(function* () {
      yield [query('select 1 as one')];
      yield lastStep([{ sql: 'insert into t values (?)', values: [value as number] }]);
    });
  await assert.rejects(inserting(() => 1));
  await inserting(2);
  assert.deepEqual(await numbers(), [2]);
  await runner.close();
});
