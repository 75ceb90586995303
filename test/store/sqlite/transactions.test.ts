// Programs that share a transaction: each is done whole or not at all, whatever becomes of the others.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Answer, Program } from '../../../src/store/sql/index.ts';
import { rejectsWith } from '../../../src/testing/index.ts';
import { openBench, query } from './runner-bench.ts';

const insert = (number: number): string => `insert into t values (${number})`;

test('programs of one transaction: one that fails is undone alone, wherever it fails and whoever is beside it', async () => {
  const { runner, write, numbers } = await openBench();
  const thrown = new Error('of the program');
  const results = await Promise.allSettled([
    runner.write(function* () {
      yield [];
      throw thrown;
    }),
    write(insert(1), insert(2)),
    write(insert(3), insert(1)),
    write(insert(3), 'no statement'),
    runner.write(function* () {
      yield [query(insert(4))];
      throw thrown;
    }),
    runner.write(function* () {
      yield [];
    }),
    runner.write(function* () {
      yield [query(insert(3))];
      yield [query(insert(4)), query(insert(5))];
    }),
    runner.write(function* () {
      yield [query(insert(6))];
      yield [query(insert(6))];
    }),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled', 'rejected'],
  );
  assert.deepEqual(await numbers(), [1, 2, 3, 4, 5]);
  await runner.close();
});

test('a program alone in its transaction that fails leaves nothing, and the next one goes on', async () => {
  const { runner, write, numbers } = await openBench();
  await rejectsWith('FAILED', write(insert(1), insert(1)));
  await assert.rejects(
    runner.write(function* () {
      yield [query(insert(2))];
      throw new Error('of the program');
    }),
  );
  assert.deepEqual(await numbers(), []);
  await write(insert(3));
  assert.deepEqual(await numbers(), [3]);
  await runner.close();
});

test('a transaction that cannot be committed fails all its programs, leaves nothing, and the next one goes on', async () => {
  const { runner, write, numbers } = await openBench();
  await write('create table child (n references t deferrable initially deferred)');
  const results = await Promise.allSettled([
    write(insert(1)),
    write('insert into child values (7)'),
    write(insert(2)),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  assert.deepEqual(await numbers(), []);
  await write(insert(3));
  assert.deepEqual(await numbers(), [3]);
  await runner.close();
});

test('a transaction that is lost on the way fails all its programs, leaves nothing, and the next one goes on', async () => {
  const { runner, write, numbers } = await openBench();
  // SQLite does the same when it cannot go on.
  const results = await Promise.allSettled([
    write(insert(1)),
    write(insert(2), 'rollback', 'no statement'),
    write(insert(3)),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  assert.deepEqual(await numbers(), []);
  await write(insert(4));
  assert.deepEqual(await numbers(), [4]);
  await runner.close();
});

test('what a program is answered: rows by their columns, numbers of rows written, and texts as they were given', async () => {
  const { runner, write } = await openBench();
  const values = ['', 'ä€😀', "'\0\n", 2 ** 53 - 1, -0.5, null];
  const answers = await runner.write(function* (): Program<readonly Answer[]> {
    yield [query('create table v (a, b, c, d, e, f)')];
    return yield [
      { sql: 'insert into v values (?, ?, ?, ?, ?, ?)', values },
      query('insert into t values (1), (2), (3)'),
      query('update t set n = n + 10 where n > 1 returning n'),
      query('delete from t where n = 99'),
      query('select * from v'),
    ];
  });
  const [a, b, c, d, e, f] = values;
  assert.deepEqual(answers, [
    { rows: [], changed: 1 },
    { rows: [], changed: 3 },
    { rows: [{ n: 12 }, { n: 13 }], changed: 0 },
    { rows: [], changed: 0 },
    { rows: [{ a, b, c, d, e, f }], changed: 0 },
  ]);
  await write('alter table v drop column b', 'alter table v rename column c to second');
  assert.deepEqual(await write('select * from v'), [[{ a, second: c, d, e, f }]]);
  await runner.close();
});

test('more statements than are kept, in one list and in many, are run all the same', async () => {
  const { runner, write } = await openBench();
  const select = (number: number): string => `select ${number} as n`;
  const numbers = Array.from({ length: 300 }, (_, index) => index);
  assert.deepEqual(
    await write(...numbers.map(select)),
    numbers.map((n) => [{ n }]),
  );
  for (const n of [...numbers, ...numbers]) assert.deepEqual(await write(select(n)), [[{ n }]]);
  await runner.close();
});

test('a program that reads sees one moment, whatever is committed meanwhile, and what was committed before', async () => {
  const { runner, file, write, numbers } = await openBench();
  await write(insert(1));
  const other = new DatabaseSync(file);
  await runner.read(function* () {
    const [before] = yield [query('select count(*) as n from t')];
    other.exec(insert(10));
    const [after] = yield [query('select count(*) as n from t')];
    assert.deepEqual(before, after);
  });
  assert.deepEqual(await numbers(), [1, 10]);
  other.exec('delete from t where n = 10');
  other.close();
  const writes = [2, 3, 4].map((number) => write(insert(number)));
  for (const written of writes) {
    await written;
    assert.ok((await numbers()).length >= 2);
  }
  assert.deepEqual(await numbers(), [1, 2, 3, 4]);
  await rejectsWith(
    'NOT_WRITABLE',
    runner.read(function* () {
      yield [query(insert(9))];
    }),
  );
  await runner.close();
});
