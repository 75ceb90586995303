// A server as a process of its own that replaces a secret of its one device, and kills itself where it is told to: store
// file, address of the device, port of the DM endpoint, whose secret, and the place (`-` for none). Prints how the replacement
// stands whenever that changes, with a hash of the secret of the credentials, one JSON line each.
import { createHash } from 'node:crypto';
import { createWapSender } from '../../../../src/push/wap/index.ts';
import { forHostAddresses, Server, startDmListener } from '../../../../src/server/index.ts';
import type { RotatedSide, Store } from '../../../../src/store/index.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';
import { sampleAccount, sampleDevice } from '../../../../src/testing/index.ts';

const [file = '', address = '', port = '0', side = 'server', place = '-'] = process.argv.slice(2);
const which = side as RotatedSide;
const deviceId = sampleDevice().id;
const print = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const dieAt = (here: string): void => {
  if (here === place) process.kill(process.pid, 'SIGKILL');
};
/** Nothing after it happens where the process dies. */
const opened = await openSqliteStore({ file });
const store: Store = {
  ...opened,
  beginRotation: async (request) => {
    dieAt('before begun');
    const begun = await opened.beginRotation(request);
    dieAt('after begun');
    return begun;
  },
  advanceRotation: async (id, of, rotation, step) => {
    dieAt(`before ${step.step}`);
    const device = await opened.advanceRotation(id, of, rotation, step);
    dieAt(`after ${step.step}`);
    return device;
  },
};
if ((await store.account(sampleAccount.serverId)) === undefined) {
  await store.createAccount({ ...sampleAccount, url: `http://127.0.0.1:${port}/dm` });
  await store.createDevice(sampleDevice({ addresses: [address] }));
}
store.onEvent(({ event, pushId }) => print({ event, pushId }));
const server = new Server({
  store,
  bindings: { wap: forHostAddresses(createWapSender()) },
  policy: { answerTimeoutMs: 1500, attempts: 8 },
  // After a crash in a session its notification is taken up again after three times this.
  endpoint: { retryAfterMs: 200, idleMs: 5000 },
  node: 'killed',
});
await startDmListener(server.endpoint, { port: Number(port), host: '127.0.0.1' });
let told = '';
const tell = async (): Promise<void> => {
  const device = await store.device(deviceId);
  const { secret } = (which === 'server' ? device?.serverCredentials : device?.clientCredentials) ?? {};
  const hash = createHash('sha256')
    .update(secret ?? '')
    .digest('hex');
  const line = JSON.stringify({ state: device?.rotations?.[which]?.state ?? 'none', hash });
  if (line !== told) process.stdout.write(`${line}\n`);
  told = line;
};
setInterval(() => void tell(), 20);
await server.start();
if ((await store.device(deviceId))?.rotations === undefined)
  await server.rotations.begin(deviceId, { which });
process.stdin.on('data', () => {
  // One line: wake the device once more.
  void server.pushes.createNotification({ device: deviceId }).then(({ push }) => print({ woken: push.id }));
});
