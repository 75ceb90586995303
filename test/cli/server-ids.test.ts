// Names that are no ServerIDs, on the command line: the remedy is told, and nothing is made.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openStateFile, provisionDevice } from '../../src/device/index.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-server-ids-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const account = {
  serverId: 'com.example.dm',
  address: 'http://127.0.0.1:9/dm',
  client: { scheme: 'md5', name: 'd1', secret: 'client secret' },
  server: { scheme: 'md5', secret: 'server secret' },
} as const;
const device = { deviceId: 'IMEI:1', man: 'E', mod: 'E1', accounts: [account] };
const refused = ['*', 'a+b', 'a&b', 'a=b', '', 'a b', 'a\nb'];

test('tree: no account under a name that no ACL can name, and none under another name than before', async () => {
  const state = join(folder, 'tree.json');
  const storage = openStateFile(state);
  await provisionDevice(storage, device);
  await storage.close();
  const own = './DMAcc/com.example.dm/ServerID';
  const before = await runCli(['tree', 'show', state]);
  for (const id of refused) {
    const { status, stderr } = await runCli(['tree', 'set', state, './DMAcc/New/ServerID', id]);
    assert.equal(status, 2, id);
    assert.match(stderr, /no ServerID: no ACL could name it/);
  }
  for (const args of [
    ['set', state, own, 'com.example.other'],
    ['delete', state, own],
  ]) {
    const { status, stderr } = await runCli(['tree', ...args]);
    assert.equal(status, 2);
    assert.match(stderr, /an account keeps its ServerID/);
  }
  assert.equal((await runCli(['tree', 'show', state])).stdout, before.stdout);
  assert.equal((await runCli(['tree', 'set', state, './DMAcc/New/ServerID', 'com.example.new'])).status, 0);
});

test('bootstrap, device --provision: the field is named, and there is no message and no state', async () => {
  const state = join(folder, 'none.json');
  for (const serverId of refused) {
    const pin = ['--sec', 'none'];
    const made = await runCli(['bootstrap', file('account.json', { ...account, serverId }), ...pin]);
    assert.equal(made.status, 1, serverId);
    assert.match(made.stderr, /account\.serverId: must/);
    assert.equal(made.stdout, '');
    const provision = file('device.json', { ...device, accounts: [account, { ...account, serverId }] });
    const started = await runCli(['device', '--state', state, '--provision', provision]);
    assert.equal(started.status, 1, serverId);
    assert.match(started.stderr, /accounts\[1\]\.serverId: must/);
    assert.equal(existsSync(state), false);
  }
});
