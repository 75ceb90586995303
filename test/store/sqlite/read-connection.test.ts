// The connection that reads keeps statements, not without bound, and answers the same with and without them.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { mock, test } from 'node:test';
import { openBench, query } from './runner-bench.ts';

test('a statement is prepared once, and again once there were too many others', async () => {
  const { runner, database, write } = await openBench();
  await write('insert into t values (1)');
  const prepared = mock.method(DatabaseSync.prototype, 'prepare');
  const count = 'select count(*) as n from t';
  const times = () => prepared.mock.calls.filter((call) => call.arguments[0] === count).length;
  const answer = [{ rows: [{ n: 1 }], changed: 0 }];
  const counted = () =>
    database.reader
      .answers([query(count)])
      .map(({ rows, changed }) => ({ rows: rows.map((row) => ({ ...row })), changed }));
  for (let round = 0; round < 3; round += 1) assert.deepEqual(counted(), answer);
  assert.equal(times(), 1);
  for (let n = 0; n < 200; n += 1) database.reader.answers([query(`select ${n} as n`)]);
  assert.deepEqual(counted(), answer);
  assert.equal(times(), 2);
  prepared.mock.restore();
  await runner.close();
});

test('a program that throws lets go of the moment that it read', async () => {
  const { runner, database, write, numbers } = await openBench();
  assert.throws(() =>
    database.reader.run(
      (function* () {
        yield [query('select n from t')];
        throw new Error('of the program');
      })(),
    ),
  );
  await write('insert into t values (7)');
  assert.deepEqual(await numbers(), [7]);
  await runner.close();
});

test('a row has the columns that its table has by now, though the connection has read an earlier one', async () => {
  const { runner, database, write, numbers } = await openBench();
  assert.deepEqual(await numbers(), []);
  await write('alter table t rename column n to first', 'alter table t add column second default 8');
  await write('insert into t (first) values (7)');
  const [answer] = database.reader.answers([query('select * from t')]);
  assert.deepEqual(answer?.rows, [{ first: 7, second: 8 }]);
  await runner.close();
});
