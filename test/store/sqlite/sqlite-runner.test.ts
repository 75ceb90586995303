// A runner under a clock that is set: nothing is read before what waits has been moved, once for each move.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Program } from '../../../src/store/sql/index.ts';
import { openSqliteFile } from '../../../src/store/sqlite/sqlite-file.ts';
import { SqliteRunner } from '../../../src/store/sqlite/sqlite-runner.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { query } from './runner-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-set-clock-'));
after(() => rmSync(folder, { recursive: true }));

test('a read after the clock was set sees the moves that it brought, and tells of them once', async () => {
  const file = join(folder, 'a.db');
  const clock = new ManualClock();
  const database = await openSqliteFile(file, 500, () => undefined);
  const moved = function* (byMs: number): Program<void> {
    yield [{ sql: 'insert into moves values (?)', values: [byMs] }];
  };
  const runner = new SqliteRunner({ database, file, clock, groupCommitMs: 0, moved });
  let told = 0;
  runner.onClockMoved(() => {
    told += 1;
  });
  await runner.write(function* () {
    yield [query('create table moves (by_ms integer)')];
  });
  const moves = () =>
    runner.read(function* () {
      const [answer] = yield [query('select by_ms from moves order by rowid')];
      return answer?.rows.map((row) => row.by_ms);
    });
  assert.deepEqual(await moves(), []);
  clock.jump(3_600_000);
  assert.deepEqual(await moves(), [3_600_000]);
  assert.deepEqual(await moves(), [3_600_000]);
  assert.equal(told, 1);
  clock.jump(-7_200_000);
  assert.deepEqual(await moves(), [3_600_000, -7_200_000]);
  assert.equal(told, 2);
  await runner.close();
});
