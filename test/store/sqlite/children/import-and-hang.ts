// A process that imports devices in sets of a hundred, many at a time and without end, and says on standard output which have been
// acknowledged. It waits to be killed.
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';
import { sampleAccount, sampleDevice } from '../../../../src/testing/index.ts';

const store = await openSqliteStore({ file: process.argv[2] ?? '' });
await store.createAccount(sampleAccount);
for (let next = 0; ; next += 20) {
  const sets = Array.from({ length: 20 }, async (_, index) => {
    const set = next + index;
    const devices = Array.from({ length: 100 }, (_, number) => ({
      input: sampleDevice({ id: `IMEI:${(number * 7919) % 101}-${set}`, labels: { set: `s${set}` } }),
    }));
    await store.importDevices(devices);
    process.stdout.write(`${set}\n`);
  });
  await Promise.all(sets);
}
