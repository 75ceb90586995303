// Stores that have been brought up from an earlier version, each for one test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Store } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { makeVersionEight, versionEight } from './version-eight.ts';
import { makeVersionSeven, versionSeven } from './version-seven.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-upgraded-'));
after(() => rmSync(folder, { recursive: true }));

/** Versions of which there is a database, and the moment at which it was left. */
const versions = {
  7: { make: makeVersionSeven, now: versionSeven.now },
  8: { make: makeVersionEight, now: versionEight.now },
} as const;

let count = 0;

/** A new file with the database of a version. */
export function fileOf(version: keyof typeof versions): string {
  count += 1;
  const file = join(folder, `${count}.db`);
  versions[version].make(file);
  return file;
}

/** Runs on a store that has been brought up, and gives its file, closed. */
export async function upgrade(
  run: (store: Store, clock: ManualClock) => Promise<void>,
  version: keyof typeof versions = 7,
): Promise<string> {
  const file = fileOf(version);
  const clock = new ManualClock(versions[version].now);
  const store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  try {
    await run(store, clock);
  } finally {
    await store.close();
  }
  return file;
}

/** As `upgrade`, where the file is of no use. */
export async function withUpgraded(...args: Parameters<typeof upgrade>): Promise<void> {
  await upgrade(...args);
}
