// Which releases open which versions of the database, and what a kill amid an upgrade leaves.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { StoreError, systemClock } from '../../../src/core/index.ts';
import { type Migration, migrate, migrations } from '../../../src/store/sql/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { openSqliteFile } from '../../../src/store/sqlite/sqlite-file.ts';
import { SqliteRunner } from '../../../src/store/sqlite/sqlite-runner.ts';
import { addSamples, rejectsWith } from '../../../src/testing/index.ts';
import { makeVersionEight, versionEight } from './version-eight.ts';
import { makeVersionSeven, versionSeven } from './version-seven.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-versions-'));
after(() => rmSync(folder, { recursive: true }));

/** As a release that knows these versions opens it. */
async function openAs(file: string, known: readonly Migration[]): Promise<void> {
  const database = await openSqliteFile(file, 500, () => undefined);
  const moved = function* () {};
  const runner = new SqliteRunner({ database, file, clock: systemClock(), groupCommitMs: 0, moved });
  try {
    await runner.write(() => migrate(sqliteEngine, known));
  } finally {
    await runner.close();
  }
}

/** What the file says of itself. */
function versionOf(file: string) {
  const database = new DatabaseSync(file);
  const row = { ...database.prepare('select * from schema_version').get() };
  database.close();
  return row;
}

function setVersion(file: string, version: number, oldestWriter: number): void {
  const database = new DatabaseSync(file);
  database.exec(`update schema_version set version = ${version}, oldest_writer = ${oldestWriter}`);
  database.close();
}

const newest = migrations.at(-1)?.version ?? 0;

test('a new database names its version and the oldest that may write it', async () => {
  const file = join(folder, 'new.db');
  await (await openSqliteStore({ file })).close();
  assert.deepEqual(versionOf(file), { version: newest, oldest_writer: 8 });
});

test('versions count up by one, and none names a writer that is newer than itself', () => {
  let oldest = 0;
  for (const [index, { version, oldestWriter = oldest }] of migrations.entries()) {
    assert.equal(version, index + 1);
    assert.ok(oldestWriter >= oldest && oldestWriter <= version, `version ${version}`);
    oldest = oldestWriter;
  }
});

test('a release of before the one table of pushes refuses the database, and says what to use', async () => {
  const file = join(folder, 'old-release.db');
  await (await openSqliteStore({ file })).close();
  const before = statSync(file).size;
  await assert.rejects(openAs(file, migrations.slice(0, 7)), (error) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.code, 'NEWER_VERSION');
    assert.match(error.message, /knows 7: use the release that wrote it, or a newer one$/);
    return true;
  });
  assert.equal(statSync(file).size, before);
  assert.deepEqual(versionOf(file), { version: newest, oldest_writer: 8 });
});

test('a newer version that still takes our writes is opened, and stays what it is', async () => {
  const file = join(folder, 'expanded.db');
  await (await openSqliteStore({ file })).close();
  setVersion(file, newest + 1, newest);
  const store = await openSqliteStore({ file });
  await addSamples(store);
  await store.close();
  assert.deepEqual(versionOf(file), { version: newest + 1, oldest_writer: newest });
  const again = await openSqliteStore({ file });
  assert.equal((await again.listDevices({ limit: 9 })).items.length, 1);
  await again.close();
});

test('a newer version that takes no more writes of ours is refused', async () => {
  const file = join(folder, 'contracted.db');
  await (await openSqliteStore({ file })).close();
  setVersion(file, newest + 1, newest + 1);
  await rejectsWith('NEWER_VERSION', openSqliteStore({ file }));
  assert.deepEqual(versionOf(file), { version: newest + 1, oldest_writer: newest + 1 });
});

test('an expansion leaves the oldest writer, a contraction of later raises it', async () => {
  const file = join(folder, 'later.db');
  await (await openSqliteStore({ file })).close();
  const statements = () => [];
  const expanded = [...migrations, { version: newest + 1, statements }];
  const contracted = [...expanded, { version: newest + 2, oldestWriter: newest + 1, statements }];
  await openAs(file, expanded);
  assert.deepEqual(versionOf(file), { version: newest + 1, oldest_writer: 8 });
  await openAs(file, migrations);
  await openAs(file, contracted);
  assert.deepEqual(versionOf(file), { version: newest + 2, oldest_writer: newest + 1 });
  await openAs(file, expanded);
  await rejectsWith('NEWER_VERSION', openAs(file, migrations));
  const straight = join(folder, 'straight.db');
  makeVersionSeven(straight);
  await openAs(straight, contracted);
  assert.deepEqual(versionOf(straight), { version: newest + 2, oldest_writer: newest + 1 });
});

/** How many queries the upgrade of a database is. */
async function countSteps(name: string, make: (file: string) => void): Promise<number> {
  const file = join(folder, `count-${name}.db`);
  make(file);
  const database = await openSqliteFile(file, 500, () => undefined);
  const moved = function* () {};
  const runner = new SqliteRunner({ database, file, clock: systemClock(), groupCommitMs: 0, moved });
  let count = 0;
  await runner.write(function* () {
    const steps = migrate(sqliteEngine);
    for (let next = steps.next([]); next.done !== true; next = steps.next(yield next.value)) count += 1;
  });
  await runner.close();
  return count;
}

/** Upgrades a file up to a step in a process that is killed there. */
async function killedAt(file: string, step: number): Promise<void> {
  const script = join(import.meta.dirname, 'children', 'migrate-and-hang.ts');
  const child = spawn(process.execPath, [script, file, String(step)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  assert.equal((await ended)[1], 'SIGKILL');
}

test('kill -9 amid the upgrade of version 7 leaves that or the newest, and either opens with all that it holds', async () => {
  const steps = await countSteps('seven', makeVersionSeven);
  const pushes = versionSeven.notifications.length + versionSeven.messages.length;
  // Before the first change, amid the copying, before the last one; and when all is on disk.
  const kills = [3, Math.round(steps / 3), Math.round(steps / 2), steps - 12, steps - 1, steps];
  for (const step of kills) {
    const file = join(folder, `kill-${step}.db`);
    makeVersionSeven(file);
    await killedAt(file, step);
    if (step > steps / 2 && step < steps)
      assert.ok(statSync(`${file}-wal`).size > 100_000, 'it was under way');
    const found = versionOf(file);
    assert.deepEqual(
      found,
      step === steps ? { version: newest, oldest_writer: 8 } : { version: 7 },
      `step ${step}`,
    );
    if (step < steps) await openAs(file, migrations.slice(0, 7));
    const store = await openSqliteStore({ file });
    assert.equal((await store.listPushes({ limit: 999 })).items.length, pushes);
    for (const { record, timeline } of versionSeven.notifications) {
      assert.equal((await store.timeline(record.id))?.length, timeline.length);
    }
    await store.close();
    assert.deepEqual(versionOf(file), { version: newest, oldest_writer: 8 });
  }
});

test('kill -9 amid the upgrade of version 8 leaves that or the newest, and either opens with all that it holds', async () => {
  const steps = await countSteps('eight', makeVersionEight);
  // Before the first change, between the indexes, before the last one; and when all is on disk.
  for (const step of [2, 3, Math.round(steps / 2), steps - 1, steps]) {
    const file = join(folder, `kill-eight-${step}.db`);
    makeVersionEight(file);
    await killedAt(file, step);
    const reached = step === steps ? newest : 8;
    assert.deepEqual(versionOf(file), { version: reached, oldest_writer: 8 }, `step ${step}`);
    // The release that knows version 8 opens it either way.
    await openAs(file, migrations.slice(0, 8));
    assert.deepEqual(versionOf(file), { version: reached, oldest_writer: 8 });
    const store = await openSqliteStore({ file });
    assert.equal((await store.listPushes({ limit: 999 })).items.length, versionEight.pushes.length);
    for (const { record, timeline } of versionEight.pushes) {
      assert.deepEqual(await store.timeline(record.id), timeline);
    }
    await store.close();
    assert.deepEqual(versionOf(file), { version: newest, oldest_writer: 8 });
  }
});
