// reveille seal and serve --seal-key, as an operator calls them: a plain store sealed, its key replaced, copied and put back.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-seal-'));
const running: CliProcess[] = [];
after(async () => {
  for (const server of running) await server.end('SIGKILL');
  rmSync(folder, { recursive: true });
});

const marker = 'Marker-of-a-secret';
const data = join(folder, 'data');
const file = (name: string): string => join(folder, name);
const isOpenIn = (place: string): boolean =>
  readdirSync(place).some((name) => readFileSync(join(place, name)).includes(marker));

/** Starts a server and gives its URL, once it has said something about secrets in its log. */
async function serve(says: RegExp | undefined, args: readonly string[], env: Record<string, string> = {}) {
  const ports = ['--dm', '127.0.0.1:0', '--api', '127.0.0.1:0', '--server-id', 's'];
  const server = new CliProcess(['serve', '--data', data, ...ports, ...args], { env });
  running.push(server);
  const url = (await server.prints(/REST API (http:\/\/[\d.:]+)/))[1] ?? '';
  if (says !== undefined) await server.prints(says);
  return { server, url };
}

async function call(url: string, method: string, path: string, body?: object): Promise<number> {
  const token = readFileSync(join(data, 'first-admin-token'), 'utf8').trim();
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await response.text();
  return response.status;
}

const device = (id: string) => ({
  id,
  serverId: 's',
  addresses: ['wap:127.0.0.1:9'],
  serverCredentials: { scheme: 'md5', name: 's', secret: `${marker} of the server` },
  clientCredentials: { scheme: 'md5', name: 'd', secret: `${marker} of the device` },
});

/** Makes a key and gives its file and id. */
async function newKey(name: string): Promise<{ key: string; id: string }> {
  const { stdout, status } = await runCli(['seal', 'new-key', '--json']);
  assert.equal(status, 0);
  const { key, id } = JSON.parse(stdout);
  writeFileSync(file(name), `${key}\n`, { mode: 0o600 });
  return { key, id };
}

test('new-key prints 32 octets in Base64, each time others', async () => {
  const [one, two] = [await runCli(['seal', 'new-key']), await runCli(['seal', 'new-key'])];
  assert.match(one.stdout, /^[A-Za-z0-9+/]{43}=\n$/);
  assert.notEqual(one.stdout, two.stdout);
});

test('a plain store warns, is sealed, refuses without its key, and its key is replaced', async () => {
  const plain = await serve(/"msg":"secrets will lie open in the database: give a key with --seal-key"/, []);
  assert.equal(await call(plain.url, 'POST', '/v1/devices', device('one')), 201);
  assert.equal(await plain.server.end('SIGTERM'), 0);
  assert.equal(isOpenIn(data), true);
  const open = await serve(
    /secrets lie open in the database \(secrets of the server at devices: 1, secrets of devices: 1\)/,
    [],
  );
  assert.equal(await open.server.end('SIGTERM'), 0);

  const first = await newKey('first.key');
  const sealed = await serve(/they were there before the key; stop the server and seal them/, [
    '--seal-key',
    file('first.key'),
  ]);
  assert.equal(await call(sealed.url, 'POST', '/v1/devices', device('two')), 201);
  const busy = await runCli(['seal', 'apply', '--data', data, '--seal-key', file('first.key')]);
  assert.deepEqual(
    [busy.status, /is open in another process: stop that process/.test(busy.stderr)],
    [1, true],
  );
  await sealed.server.end('SIGKILL');

  const status = await runCli(['seal', 'status', '--data', data]);
  assert.equal(
    status.stdout,
    `keys that are needed: ${first.id}\nsecrets that lie open: secrets of the server at devices: 1, secrets of devices: 1\n`,
  );
  const applied = await runCli(['seal', 'apply', '--data', data, '--seal-key', file('first.key')]);
  assert.equal(applied.status, 0, applied.stderr);
  assert.match(applied.stderr, /reveille: devices: 2 of 2 records\n/);
  assert.match(
    applied.stdout,
    new RegExp(`^3 records, 2 secrets sealed anew; all are sealed under the key ${first.id}`),
  );
  assert.equal(isOpenIn(data), false);

  const second = await newKey('second.key');
  const refused = new CliProcess(['serve', '--data', data, '--seal-key', file('second.key')]);
  assert.equal(await refused.exited, 1);
  assert.ok(
    refused.stderr.includes(`sealed under the key ${first.id} (given: ${second.id})`),
    refused.stderr,
  );
  for (const key of [first.key, second.key]) assert.ok(!refused.stderr.includes(key));

  writeFileSync(file('both.key'), `# the second first\n${second.key}\n${first.key}\n`, { mode: 0o600 });
  const replaced = await runCli(['seal', 'apply', '--data', data, '--seal-key', file('both.key'), '--json']);
  assert.deepEqual(JSON.parse(replaced.stdout), { keyId: second.id, records: 3, values: 4 });
  const env = { REVEILLE_SEAL_KEY: second.key };
  const again = await serve(undefined, [], env);
  assert.equal(await call(again.url, 'POST', '/v1/notifications', { device: 'one' }), 202);
  assert.equal(await again.server.end('SIGTERM'), 0);
  assert.ok(!again.server.stderr.includes('lie open'), again.server.stderr);

  const tokens = await runCli(['token', 'list', '--data', data]);
  assert.match(tokens.stdout, /admin\/first/);
  const copy = await runCli(['backup', file('copy'), '--data', data]);
  assert.equal(copy.status, 0, copy.stderr);
  assert.ok(!readFileSync(file('copy')).includes(marker));
  const back = join(folder, 'back');
  assert.match((await runCli(['restore', file('copy'), '--data', back])).stderr, /sealed under the key/);
  assert.equal((await runCli(['restore', file('copy'), '--data', back], { env })).status, 0);
  assert.equal(isOpenIn(back), false);
  const removed = await runCli(['seal', 'remove', '--data', back, '--seal-key', file('second.key')]);
  assert.match(removed.stdout, /^4 records, 4 secrets laid open; no key is needed any more\n$/);
  assert.equal(isOpenIn(back), true);
});

test('a secret that was changed fails its own push; the server serves the others', async () => {
  const database = new DatabaseSync(join(data, 'reveille.sqlite'));
  database.exec(`update devices set srv_secret = srv_secret || 'AAAA' where id = 'one'`);
  database.close();
  const { server, url } = await serve(undefined, ['--seal-key', file('second.key')]);
  assert.equal(await call(url, 'POST', '/v1/notifications', { device: 'one' }), 202);
  await server.prints(/it cannot be composed: devices\.srv_secret of one does not open: it was changed/);
  assert.equal(await call(url, 'POST', '/v1/notifications', { device: 'two' }), 202);
  for (const path of ['/v1/devices/one', '/v1/devices', '/v1/notifications']) {
    assert.equal(await call(url, 'GET', path), 200, path);
  }
  const { serverCredentials } = device('one');
  assert.equal(await call(url, 'PATCH', '/v1/devices/one', { serverCredentials }), 200);
  assert.equal(await server.end('SIGTERM'), 0);
  assert.ok(!server.stderr.includes(marker));
});

test('keys that cannot be used are refused with their place, and a file open to others is narrowed', async () => {
  const key = file('wide.key');
  writeFileSync(key, `# remark\nnot a key\n`);
  chmodSync(key, 0o644);
  const bad = await runCli(['seal', 'apply', '--data', data, '--seal-key', key]);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /had mode 0644, so that others could use it: it has 0600 now\n/);
  assert.match(
    bad.stderr,
    /wide\.key, line 2: neither hex nor Base64; make a key with reveille seal new-key/,
  );
  assert.equal(statSync(key).mode & 0o777, 0o600);
  const env = { REVEILLE_SEAL_KEY: 'ab'.repeat(20) };
  const short = await runCli(['seal', 'apply', '--data', data], { env });
  assert.match(short.stderr, /REVEILLE_SEAL_KEY, line 1: 20 octets, and a key has 32/);
  const none = await runCli(['seal', 'apply', '--data', data]);
  assert.deepEqual([none.status, none.stderr.includes('--seal-key FILE')], [2, true]);
  const nowhere = await runCli(['seal', 'status', '--data', join(folder, 'nowhere')]);
  assert.deepEqual([nowhere.status, /there is no reveille\.sqlite in it/.test(nowhere.stderr)], [2, true]);
});
