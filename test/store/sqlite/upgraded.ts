// Stores that have been brought up from version 7, each for one test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Store } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { makeVersionSeven, versionSeven } from './version-seven.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-upgraded-'));
after(() => rmSync(folder, { recursive: true }));

let count = 0;

/** Runs on a store that has been brought up from version 7, and gives its file, closed. */
export async function upgrade(run: (store: Store, clock: ManualClock) => Promise<void>): Promise<string> {
  count += 1;
  const file = join(folder, `${count}.db`);
  makeVersionSeven(file);
  const clock = new ManualClock(versionSeven.now);
  const store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  try {
    await run(store, clock);
  } finally {
    await store.close();
  }
  return file;
}

/** As `upgrade`, where the file is of no use. */
export async function withUpgraded(run: (store: Store, clock: ManualClock) => Promise<void>): Promise<void> {
  await upgrade(run);
}
