// A server as a process of its own, to be run with little memory: store file and number of devices as given, DM on a free
// port. Prints the port, then a line for each question on its standard input: what sessions hold, and the process.
import { createInterface } from 'node:readline';
import { Server, startDmListener } from '../../../../src/server/index.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';
import { sampleAccount, sampleDevice } from '../../../../src/testing/index.ts';

const [file = '', devices = '0'] = process.argv.slice(2);
const print = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const store = await openSqliteStore({ file });
await store.createAccount(sampleAccount);
for (let number = 0; number < Number(devices); number += 1) {
  await store.createDevice(sampleDevice({ id: `IMEI:4930051007${String(number).padStart(5, '0')}` }));
}
const server = new Server({ store, bindings: {}, node: 'small' });
const { port } = await startDmListener(server.endpoint, { port: 0, host: '127.0.0.1' });
print({ port });
for await (const _ of createInterface({ input: process.stdin })) {
  const { rss, heapUsed } = process.memoryUsage();
  print({ held: server.endpoint.held, sessions: server.endpoint.sessions, rss, heapUsed });
}
process.exit(0);
