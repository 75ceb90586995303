// A server as a process of its own, to be killed: store file and address of the device as given, DM on a free port.
// Creates one notification when there is none yet, says so once it is accepted, and prints each event, one JSON line each.
import { createWapSender } from '../../../src/push/wap/index.ts';
import { forHostAddresses, Server, startDmListener } from '../../../src/server/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';

const [file = '', address = ''] = process.argv.slice(2);
const print = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const store = await openSqliteStore({ file });
store.onEvent(({ event, sessionId, pushId }) => print({ event, sessionId, pushId }));
if ((await store.account(sampleAccount.serverId)) === undefined) {
  await store.createAccount(sampleAccount);
  await store.createDevice(sampleDevice({ addresses: [address] }));
}
const server = new Server({ store, bindings: { wap: forHostAddresses(createWapSender()) }, node: 'killed' });
const { port } = await startDmListener(server.endpoint, { port: 0, host: '127.0.0.1' });
print({ port });
if ((await server.pushes.list({ limit: 1 })).items.length === 0) {
  const { push: notification } = await server.pushes.createNotification({ device: sampleDevice().id });
  print({ accepted: notification.id, sessionId: notification.sessionId });
}
await server.start();
