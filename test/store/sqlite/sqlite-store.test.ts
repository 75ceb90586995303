// The embedded store runs the contract of all stores, on real files; and once more with its secrets sealed.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSealKeys, type SealKey } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { storeContract } from '../../../src/testing/index.ts';

const sealKeys = readSealKeys(randomBytes(32).toString('hex'), 'a key');

for (const [name, keys] of [
  ['sqlite', []],
  ['sqlite, sealed', sealKeys],
] satisfies [string, readonly SealKey[]][]) {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-store-'));
  let count = 0;
  storeContract(name, {
    open: (clock) => {
      count += 1;
      const file = join(folder, `store-${count}.db`);
      return openSqliteStore({ file, clock, groupCommitMs: 0, sealKeys: keys });
    },
    cleanUp: () => rm(folder, { recursive: true }),
  });
}
