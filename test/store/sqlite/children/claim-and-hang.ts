// A process that enqueues one notification, claims it, says so, and waits to be killed.
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';
import { sampleAccount, sampleDevice, sampleRequest } from '../../../../src/testing/index.ts';

const store = await openSqliteStore({ file: process.argv[2] ?? '' });
await store.createAccount(sampleAccount);
await store.createDevice(sampleDevice());
await store.enqueue([sampleRequest({ expiresAt: Date.now() + 3_600_000 })]);
const [claimed] = await store.claimDue({ limit: 1, leaseMs: 60_000, node: 'killed' }, () => [
  { event: 'sending' },
]);
process.stdout.write(`${JSON.stringify(claimed?.push)}\n`);
setInterval(() => undefined, 1000);
