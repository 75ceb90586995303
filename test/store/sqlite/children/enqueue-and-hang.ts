// A process that enqueues without end and says on standard output what has been acknowledged. It waits to be killed.
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';
import { sampleAccount, sampleDevice, sampleRequest } from '../../../../src/testing/index.ts';
import { enqueueOne } from '../../../../src/testing/store/store-contract-base.ts';

const store = await openSqliteStore({ file: process.argv[2] ?? '' });
await store.createAccount(sampleAccount);
await store.createDevice(sampleDevice());
const expiresAt = Date.now() + 3_600_000;
for (;;) {
  const enqueued = await Promise.all(
    Array.from({ length: 5 }, () => enqueueOne(store, sampleRequest({ expiresAt }))),
  );
  for (const { id, sessionId } of enqueued) process.stdout.write(`${id} ${sessionId}\n`);
}
