// A process that brings a database up to date, and stops before the step whose number it is given to wait to be killed; after
// the last one, once all is on disk. It says when it waits.
import { systemClock } from '../../../../src/core/index.ts';
import { migrate } from '../../../../src/store/sql/index.ts';
import { sqliteEngine } from '../../../../src/store/sqlite/sqlite-engine.ts';
import { openSqliteFile } from '../../../../src/store/sqlite/sqlite-file.ts';
import { SqliteRunner } from '../../../../src/store/sqlite/sqlite-runner.ts';

const [file = '', step = ''] = process.argv.slice(2);
const database = await openSqliteFile(file, 0, () => undefined);
// What is written reaches the disk before the transaction ends, as with a database that is larger than the cache.
for (const pragma of ['PRAGMA cache_size = 2', 'PRAGMA cache_spill = 1'])
  await database.writer.execute(pragma);
const runner = new SqliteRunner({ database, file, clock: systemClock(), groupCommitMs: 0, moved: nothing });

function* nothing() {}

function hang(): never {
  process.stdout.write('waiting\n', () => undefined);
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
await runner.write(function* () {
  const steps = migrate(sqliteEngine);
  let next = steps.next([]);
  for (let count = 0; next.done !== true; count += 1) {
    if (count === Number(step)) hang();
    next = steps.next(yield next.value);
  }
});
hang();
