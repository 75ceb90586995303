// A process that asks for a write and comes to its end; it closes nothing, and waits for nothing.
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';
import { sampleAccount } from '../../../../src/testing/index.ts';

const store = await openSqliteStore({ file: process.argv[2] ?? '' });
void store.createAccount(sampleAccount);
