// The thread that writes: nobody waits for it who does not want its answers, and nobody waits for ever.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { storeTroubleOf } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { rejectsWith, sampleAccount } from '../../../src/testing/index.ts';
import { openBench, query } from './runner-bench.ts';

/** Counts the turns of the event loop until it is told to stop. */
function countTurns() {
  const turns = { count: 0, stop: () => clearImmediate(next) };
  let next = setImmediate(function turn() {
    turns.count += 1;
    next = setImmediate(turn);
  });
  return turns;
}

test('the event loop goes on while a transaction waits: what it waits for is done by this very thread', async () => {
  const { runner, file, write, numbers } = await openBench(60_000);
  const other = new DatabaseSync(file);
  other.exec('begin immediate');
  const order: string[] = [];
  const written = write('insert into t values (1)').then(() => order.push('written'));
  for (const step of ['first', 'second']) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    order.push(step);
  }
  assert.deepEqual(await numbers(), [], 'reading goes on');
  other.exec('commit');
  other.close();
  await written;
  assert.deepEqual(order, ['first', 'second', 'written']);
  assert.deepEqual(await numbers(), [1]);
  await runner.close();
});

test('the event loop turns while a large transaction is written, committed, and played into the database', async () => {
  const { runner, write } = await openBench();
  const turns = countTurns();
  let asked = 0;
  let committing = 0;
  await write('create table large (filler)');
  await runner.write(function* () {
    asked = turns.count;
    // More than the journal may hold before it is played in.
    yield [
      query(
        'with recursive i(i) as (values(1) union all select i + 1 from i where i < 12000) ' +
          'insert into large select zeroblob(4000) from i',
      ),
    ];
    committing = turns.count;
  });
  turns.stop();
  assert.ok(committing - asked > 3, `${committing - asked} turns while it was written`);
  assert.ok(turns.count - committing > 3, `${turns.count - committing} turns while it was committed`);
  await runner.close();
});

test('a thread that ends: whoever waits for it and whoever comes later is told so, and closing still closes', async () => {
  const { runner, database, write } = await openBench();
  const under = write(
    'with recursive i(i) as (values(1) union all select i + 1 from i) select max(i) from i limit 0',
  );
  const behind = write('select 1');
  const killed = database.writer.kill();
  for (const call of [under, behind]) {
    await assert.rejects(call, (error) => {
      assert.match(String(error), /the thread that writes the database has ended.*start the server again/);
      assert.equal(storeTroubleOf(error), 'away');
      return true;
    });
  }
  await killed;
  await rejectsWith('CLOSED', write('select 1'));
  await rejectsWith(
    'CLOSED',
    runner.read(function* () {}),
  );
  await rejectsWith('CLOSED', runner.check());
  await runner.close();
});

test('after a thread has ended the file opens again, with what was committed', async () => {
  const { runner, file, database, write } = await openBench();
  await write('insert into t values (1)');
  await database.writer.kill();
  await runner.close();
  const again = new DatabaseSync(file);
  assert.deepEqual({ ...again.prepare('select n from t').get() }, { n: 1 });
  again.close();
});

test('a process that ends of itself has written what it was asked to, and an idle store does not keep it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-ends-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ends.db');
  const script = join(import.meta.dirname, 'children', 'write-and-end.ts');
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'ignore', 'inherit'] });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  const store = await openSqliteStore({ file });
  assert.ok(await store.account(sampleAccount.serverId));
  await store.close();
});

test('closing: what was asked before is written, what comes later is refused, and closing twice is closing once', async () => {
  const { runner, write, file } = await openBench();
  const before = [1, 2, 3].map((number) => write(`insert into t values (${number})`));
  const closing = runner.close();
  await rejectsWith('CLOSED', write('select 1'));
  await rejectsWith(
    'CLOSED',
    runner.read(function* () {}),
  );
  await rejectsWith('CLOSED', runner.check());
  assert.equal(runner.close(), closing);
  await closing;
  await Promise.all(before);
  const again = new DatabaseSync(file);
  assert.deepEqual({ ...again.prepare('select count(*) as n from t').get() }, { n: 3 });
  again.close();
});
