// The embedded store runs the contract of all stores, on real files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { storeContract } from '../../../src/testing/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-store-'));
let count = 0;

storeContract('sqlite', {
  open: (clock) => {
    count += 1;
    return openSqliteStore({ file: join(folder, `store-${count}.db`), clock, groupCommitMs: 0 });
  },
  cleanUp: () => rm(folder, { recursive: true }),
});
