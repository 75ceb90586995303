// --json on every command: what it prints then is JSON, one value a line.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Command } from 'commander';
import { commandsFor } from '../../src/cli/command-table.ts';
import { run } from '../../src/cli/program.ts';
import { openStateFile, provisionDevice } from '../../src/device/index.ts';
import { runCli, testIo } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-json-'));
after(() => rmSync(folder, { recursive: true }));

/** It has no words of its own on standard output: those are of the command that it runs, and so is --json. */
const without: ReadonlySet<string> = new Set(['capture']);

/** Commands that do something, by their path. */
function commandsBelow(command: Command, path: string): readonly (readonly [string, Command])[] {
  const below = command.commands.flatMap((each) => commandsBelow(each, `${path} ${each.name()}`));
  // One with subcommands alone does nothing by itself; `secret` makes one, and has a subcommand.
  return command.commands.length === 0 || path === 'secret' ? [[path, command], ...below] : below;
}

test('every command has --json', async () => {
  const commands = await commandsFor(['all of them'], testIo().io, run);
  const all = commands.flatMap((command) => commandsBelow(command, command.name()));
  assert.ok(all.length >= 35, `${all.length} commands`);
  const lacking = all.filter(([, command]) => !command.options.some(({ long }) => long === '--json'));
  assert.deepEqual(
    lacking.map(([path]) => path).filter((path) => !without.has(path)),
    [],
  );
});

const notification = '{"format":"dm1.2","serverId":"com.example.dm","sessionId":4660}';
const account = JSON.stringify({
  serverId: 'com.example.dm',
  address: 'http://127.0.0.1:1/dm',
  client: { scheme: 'md5', name: 'c', secret: 'client secret' },
  server: { scheme: 'md5', secret: 'server secret' },
});

async function json(args: readonly string[], stdin?: string, status = 0): Promise<readonly object[]> {
  const result = await runCli([...args, '--json'], stdin === undefined ? {} : { stdin });
  assert.equal(result.status, status, `${args.join(' ')}: ${result.stderr}`);
  assert.ok(result.lines.length > 0, args.join(' '));
  return result.lines.map((line) => JSON.parse(line));
}

test('commands that make octets', async () => {
  const [plain] = await json(['encode', '--secret', 's3cret'], notification);
  assert.match(String(Object(plain).hex), /^[0-9a-f]+$/);
  const [sms] = await json(['encode', '--secret', 's3cret', '--as', 'sms'], notification);
  assert.equal(Object(sms).segments.length, 1);
  const file = join(folder, 'account.json');
  writeFileSync(file, account);
  const [made] = await json(['bootstrap', file, '--sec', 'none']);
  assert.match(Object(made).contentType, /^application\/vnd\.syncml/);
  const built = ['message', 'build', '--server-id', 'com.example.dm', '--device-id', 'IMEI:1'];
  const [message] = await json(built, '{"command":"replace","uri":"./Vendor/Note","data":"hello"}');
  assert.equal(Object(message).hex.length, 2 * Object(message).octets);
  const [lua] = await json(['wireshark']);
  assert.match(Object(lua).program, /Proto/);
});

test('secrets', async () => {
  const [secret] = await json(['secret']);
  assert.ok(Object(secret).secret.length > 20);
  const [weak] = await json(['secret', 'check'], 'password', 1);
  assert.deepEqual(Object.keys(weak ?? {}), ['strong', 'bits', 'needed']);
  assert.equal(Object(weak).strong, false);
});

test('a push over UDP', async () => {
  const args = ['send', 'wap:127.0.0.1:9', '--format', 'dm1.2', '--server-id', 'a', '--secret', 's3cret'];
  const [receipt] = await json(args);
  const { outcome, octets, to, contentType } = Object(receipt);
  assert.deepEqual([outcome, to], ['sent', 'wap:127.0.0.1:9']);
  assert.ok(octets > 0);
  assert.equal(contentType, 'application/vnd.syncml.notification');
});

test('the tree of a device', async () => {
  const file = join(folder, 'device.json');
  const storage = openStateFile(file);
  await provisionDevice(storage, {
    deviceId: 'IMEI:1',
    man: 'E',
    mod: 'E1',
    accounts: [JSON.parse(account)],
  });
  await storage.close();
  const uri = './Vendor/Note';
  assert.deepEqual(await json(['tree', 'set', file, uri, 'hello']), [{ uri, set: true }]);
  assert.deepEqual(await json(['tree', 'get', file, uri]), [
    { uri, format: 'chr', type: 'text/plain', value: 'hello' },
  ]);
  const acl = 'Get=*';
  assert.deepEqual(await json(['tree', 'acl', file, uri, acl]), [{ uri, acl }]);
  assert.deepEqual(await json(['tree', 'acl', file, uri]), [{ uri, acl }]);
  const servers = [{ serverId: 'com.example.dm', may: true, account: true }];
  assert.deepEqual(await json(['tree', 'firmware', file]), [{ servers }]);
  assert.deepEqual(await json(['tree', 'firmware', file, 'com.example.dm']), [{ servers }]);
  assert.deepEqual(await json(['tree', 'delete', file, uri]), [{ uri, deleted: true }]);
});
