// `reveille tree`: what is shown and hidden, and what is refused, on the state file of a device that does not run.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openStateFile, parseProvisioning, provisionDevice } from '../../../src/device/index.ts';
import { type CliResult, runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-tree-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const state = join(folder, 'state.json');

const tree = (command: string, ...args: string[]): Promise<CliResult> =>
  runCli(['tree', command, state, ...args]);
async function ok(command: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await tree(command, ...args);
  assert.equal(status, 0, stderr);
  return stdout;
}
async function refused(message: string, command: string, ...args: string[]): Promise<void> {
  const { status, stdout, stderr } = await tree(command, ...args);
  assert.deepEqual([status, stdout, stderr.split('\n')[0]], [2, '', `reveille: ${message}`]);
}

describe('reveille tree', { concurrency: false }, () => {
  let secret = '';
  before(async () => {
    const storage = openStateFile(state);
    await provisionDevice(
      storage,
      parseProvisioning({
        deviceId: 'IMEI:1',
        man: 'E',
        mod: 'E1',
        accounts: [
          {
            serverId: 'com.example.dm',
            address: 'http://127.0.0.1:9/dm',
            client: { scheme: 'md5', name: 'd1', secret: 'client secret' },
            server: { scheme: 'md5', secret: 'server secret' },
          },
        ],
      }),
    );
    await storage.close();
    const shown = await ok('show', './DMAcc');
    secret = /^(\S+\/AAuthSecret) /m.exec(shown)?.[1] ?? '';
    assert.notEqual(secret, '');
  });

  it('shows what a server may read, and the rest with --secrets only', async () => {
    const shown = await ok('show', './DMAcc');
    assert.match(shown, /\/ServerID {2}chr {2}"com\.example\.dm"$/m);
    assert.match(shown, /\/AAuthSecret {2}chr {2}\(hidden\)$/m);
    assert.doesNotMatch(shown, /(?:client|server) secret/);
    const all = await ok('show', './DMAcc', '--secrets');
    assert.match(all, /\/ServerID {2}chr {2}"com\.example\.dm"$/m);
    assert.match(all, /\/AAuthSecret {2}chr {2}"(?:client|server) secret"$/m);
    assert.doesNotMatch(all, /hidden/);
    const json = (await ok('show', secret, '--json')).trimEnd();
    assert.deepEqual(JSON.parse(json), { uri: secret, format: 'chr', type: 'text/plain', hidden: true });
    const tnds = await ok('show', './DMAcc', '--tnds');
    assert.match(tnds, /<Value>com\.example\.dm<\/Value>/);
    assert.doesNotMatch(tnds, /(?:client|server) secret/);
    assert.match(await ok('show', './DMAcc', '--tnds', '--secrets'), /<Value>server secret<\/Value>/);
  });

  it('gives a readable value as it is, and a hidden one with --secrets only', async () => {
    assert.equal(await ok('get', './DevInfo/DevId'), 'IMEI:1\n');
    assert.match(await ok('get', secret, '--secrets'), /^(?:client|server) secret\n$/);
    const { status, stderr } = await tree('get', secret);
    assert.deepEqual([status, stderr], [2, `reveille: ${secret} is hidden. Give --secrets to print it.\n`]);
    await refused('./DevInfo is an interior node: use tree show', 'get', './DevInfo');
  });

  it('refuses what is not there, for every edit', async () => {
    for (const command of ['show', 'get', 'delete', 'acl']) {
      await refused('there is no node ./Vendor/Gone', command, './Vendor/Gone');
    }
  });

  it('refuses an ACL that is none, and leaves the one that was there', async () => {
    await ok('set', './Vendor/Note', 'hello');
    await ok('acl', './Vendor', 'Get=*');
    await refused('  is no ACL', 'acl', './Vendor', ' ');
    await refused(
      'ACL: "Get" does not begin with Add=, Delete=, Exec=, Get=, Replace= (DM-TND-1.2 §7.7.1)',
      'acl',
      './Vendor',
      'Get',
    );
    assert.equal(await ok('acl', './Vendor'), 'Get=*\n');
    await ok('acl', './Vendor', '');
    assert.equal(await ok('acl', './Vendor'), '\n');
  });

  it('takes a URI that is none for a mistake of the command line where it edits, and for bad input where it looks', async () => {
    const said = 'reveille: "./Vendor//Note" is not the URI of a node, such as ./DevInfo\n';
    for (const [status, command, ...more] of [
      [2, 'set', 'x'],
      [2, 'delete'],
      [1, 'get'],
      [1, 'show'],
    ] as const) {
      const found = await tree(command, './Vendor//Note', ...more);
      assert.deepEqual([found.status, found.stderr], [status, said], command);
    }
  });

  it('refuses a node that lies deeper than a state file is read, and leaves the file as it was', async () => {
    const path = (segments: number): string => `.${'/a'.repeat(segments)}`;
    await refused(`${path(101)}: has more than 100 segments`, 'set', path(101), 'x');
    await ok('set', path(100), 'x');
    assert.equal(await ok('get', path(100)), 'x\n');
  });
});
