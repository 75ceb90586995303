// How often a session asks the store: once for what it begins with, and once for each message that changes something.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Server } from '../../../src/server/index.ts';
import type { Store } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { ManualClock, sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { ScriptedDevice } from '../scripted-device.ts';

/** The store, and the names of its functions as they are called. */
function watched(store: Store): { readonly store: Store; readonly called: string[] } {
  const called: string[] = [];
  const handler: ProxyHandler<Store> = {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => {
        called.push(String(name));
        return Reflect.apply(value, target, args);
      };
    },
  };
  return { store: new Proxy(store, handler), called };
}

test('a session of two messages reads once and is two transactions; its device is read with the rest', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-session-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  let commits = 0;
  const opened = await openSqliteStore({
    file: join(folder, 'store.db'),
    groupCommitMs: 0,
    onCommit: () => {
      commits += 1;
    },
  });
  t.after(() => opened.close());
  await opened.createAccount(sampleAccount);
  const { id, serverId, clientCredentials, serverCredentials } = await opened.createDevice(sampleDevice());
  const { store, called } = watched(opened);
  const get = { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo/Man' } }] } as const;
  const answers: string[] = [];
  const server = new Server({
    store,
    bindings: {},
    clock: new ManualClock(),
    work: {
      commands: () => {
        const packages = [[get]];
        return { next: async () => packages.shift() ?? [] };
      },
      reported: async ({ device }, reports) => {
        answers.push(...reports.map(({ effect }) => `${effect} of ${device.id}`));
      },
    },
  });
  const nonce = new Uint8Array(0);
  const device = new ScriptedDevice(
    {
      deviceId: id,
      serverId,
      serverUri: sampleAccount.url,
      client: { name: '', secret: '', nonce, ...clientCredentials, scheme: 'md5' },
      server: { nonce, ...serverCredentials },
    },
    (request) => server.endpoint.handle(request),
    { form: 'wbxml' },
  );
  const session = (sessionId: number) => device.run({ sessionId, trigger: 'server' });
  // Both ends get their nonces, and what the device reports is known.
  assert.deepEqual((await session(1)).end, { outcome: 'completed' });
  called.length = 0;
  commits = 0;
  answers.length = 0;
  const { end, requests } = await session(2);
  assert.deepEqual([end, requests.length], [{ outcome: 'completed' }, 2]);
  assert.deepEqual(called, ['sessionFacts', 'recordSession', 'recordSession']);
  assert.equal(commits, 2);
  assert.deepEqual(answers.at(-1), `answered of ${id}`);
  // What both ends hold is on disk.
  const stored = await opened.device(id);
  assert.deepEqual(stored?.clientCredentials?.nonce, device.state.client.nonce);
  assert.deepEqual(stored?.serverCredentials.nonce, device.state.server.nonce);
  await server.stop();
});

test('what a device reports is merged, also where another one wrote it meanwhile', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-session-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const opened = await openSqliteStore({ file: join(folder, 'store.db'), groupCommitMs: 0 });
  t.after(() => opened.close());
  await opened.createAccount(sampleAccount);
  const { id: deviceId } = await opened.createDevice(sampleDevice());
  const clientNonce = new Uint8Array([1]);
  const record = (reported: Record<string, string>, reportedBefore: Record<string, string>) =>
    opened.recordSession({ deviceId, clientNonce, changes: [], reported, reportedBefore });
  assert.equal(await record({ './DevInfo/Man': 'Acme' }, {}), 'recorded');
  // It goes by what was read before the other wrote.
  assert.equal(await record({ './DevInfo/Mod': 'X' }, {}), 'recorded');
  const both = { './DevInfo/Man': 'Acme', './DevInfo/Mod': 'X' };
  assert.deepEqual((await opened.device(deviceId))?.reported, both);
  assert.equal(await record({ './DevInfo/Mod': 'X' }, both), 'recorded');
  assert.deepEqual((await opened.device(deviceId))?.reported, both);
  const gone = { deviceId: 'IMEI:0', clientNonce, changes: [] };
  assert.equal(await opened.recordSession(gone), 'refused');
});
