// The first token, and `reveille token` at a server that runs and on the store of one that is stopped.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-token-'));
after(() => rmSync(folder, { recursive: true }));

const form = /^rvl_[0-9a-z]{16}_[A-Za-z0-9_-]{43}\n$/;

const doors = ['--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'];
const start = (data: string, ...args: string[]) =>
  new CliProcess(['serve', '--data', data, ...doors, ...args]);
const urlOf = async (server: CliProcess) => (await server.prints(/REST API (http:\/\/[\d.:]+)/))[1] ?? '';
const statusOf = async (url: string, token?: string) =>
  (
    await fetch(
      `${url}/v1/tokens`,
      token === undefined ? {} : { headers: { authorization: `Bearer ${token.trim()}` } },
    )
  ).status;
const operatorOf = (tokenFile: string) => ['--token-file', tokenFile];

test('the first start writes a token for its owner alone; while it is not used, the loopback needs none', async () => {
  const data = join(folder, 'first');
  const file = join(data, 'first-admin-token');
  const server = start(data);
  const url = await urlOf(server);
  await server.prints(/the first token of the REST API, which may do everything, is in .*first-admin-token/);
  const token = readFileSync(file, 'utf8');
  assert.match(token, form);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(server.stderr.includes(token.trim()), false);
  assert.equal(await statusOf(url), 200, 'not used yet');
  assert.equal(await statusOf(url, token), 200);
  assert.equal(await statusOf(url), 401, 'in use by now');
  assert.equal(await server.end(), 0);
  rmSync(file);

  const again = start(data);
  const later = await urlOf(again);
  assert.equal(existsSync(file), false, 'one is enough');
  assert.equal(await statusOf(later), 401);
  assert.equal(await statusOf(later, token), 200);
  assert.equal(await again.end(), 0);
});

test('tokens are made, listed, made anew and revoked at a server; the log has each step, and no token', async () => {
  const data = join(folder, 'remote');
  const server = start(data);
  const url = await urlOf(server);
  const target = ['--server', url, ...operatorOf(join(data, 'first-admin-token'))];
  const run = (command: string, ...args: string[]) => runCli(['token', command, ...target, ...args]);
  const made = await run(
    'create',
    ...['--owner', 'alice', '--name', 'console', '--scope', 'read', '--scope', 'admin'],
  );
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, form);
  assert.match(made.stderr, /alice\/console: read admin, all accounts, never used; it is not shown again\n$/);
  assert.equal(await statusOf(url, made.stdout), 200);
  const narrow = await run(
    'create',
    ...[
      '--owner',
      'bob',
      '--name',
      'ci',
      '--scope',
      'push',
      '--account',
      'com.example.a',
      '--expires',
      '60',
      '--json',
    ],
  );
  const { id, scopes, accounts, token, expiresAt } = JSON.parse(narrow.stdout);
  assert.deepEqual([scopes, accounts], [['push'], ['com.example.a']]);
  assert.ok(Date.parse(expiresAt) > Date.now());
  const list = await run('list');
  assert.deepEqual(
    list.lines.map((line) => line.replace(/^\S+ /, '').replace(/,.*/, '')),
    ['admin/first: admin', 'alice/console: read admin', 'bob/ci: push'],
  );
  assert.equal(list.stdout.includes('rvl_'), false);
  const renewed = await run('rotate', id, '--overlap', '30');
  assert.match(renewed.stdout, form);
  const whoAmI = async (each: string) =>
    (await fetch(`${url}/v1/whoami`, { headers: { authorization: `Bearer ${each.trim()}` } })).status;
  for (const each of [token, renewed.stdout]) assert.equal(await whoAmI(each), 200);
  const revoked = await run('revoke', id);
  assert.match(revoked.stdout, /bob\/ci: push, accounts com\.example\.a, revoked /);
  for (const each of [token, renewed.stdout]) assert.equal(await whoAmI(each), 401);
  assert.match((await run('rotate', id)).stderr, /there is no token .* that is not revoked/);
  assert.match(
    (await run('create', '--owner', 'a/b', '--name', 'x', '--scope', 'read')).stderr,
    /owner: must not hold a slash/,
  );
  const audit = await fetch(`${url}/v1/audit?limit=1000`, {
    headers: { authorization: `Bearer ${made.stdout.trim()}` },
  });
  const text = await audit.text();
  const actions = JSON.parse(text).items.map(
    (entry: { action: string; outcome: string }) => `${entry.action} ${entry.outcome}`,
  );
  assert.deepEqual(
    actions.filter((action: string) => action.includes('/v1/tokens') && !action.startsWith('GET')).reverse(),
    [
      'POST /v1/tokens done',
      'POST /v1/tokens done',
      'POST /v1/tokens/{id}/rotate done',
      'DELETE /v1/tokens/{id} done',
      'POST /v1/tokens/{id}/rotate refused',
      'POST /v1/tokens refused',
    ],
  );
  const issued = [made.stdout, token, renewed.stdout, readFileSync(join(data, 'first-admin-token'), 'utf8')];
  for (const each of issued) {
    const secret = each.trim().slice(21);
    assert.equal(text.includes(secret), false);
    assert.equal(server.stderr.includes(secret), false);
  }
  assert.equal(await server.end(), 0);
  const kept = readFileSync(join(data, 'reveille.sqlite')).toString('latin1');
  for (const each of issued)
    assert.equal(kept.includes(each.trim().slice(21)), false, 'only hashes are kept');
});

test('kill -9 right after a token was made: it opens, and the log has it', async () => {
  const data = join(folder, 'killed');
  const server = start(data);
  const url = await urlOf(server);
  const first = readFileSync(join(data, 'first-admin-token'), 'utf8').trim();
  const answer = await fetch(`${url}/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${first}`, 'content-type': 'application/json' },
    body: JSON.stringify({ owner: 'alice', name: 'console', scopes: ['admin'] }),
  });
  const { token, id } = (await answer.json()) as { readonly token: string; readonly id: string };
  await server.end('SIGKILL');
  const again = start(data);
  const later = await urlOf(again);
  assert.equal(await statusOf(later, token), 200);
  const audit = await fetch(`${later}/v1/audit?id=${id}`, { headers: { authorization: `Bearer ${token}` } });
  const { items } = (await audit.json()) as {
    readonly items: readonly { readonly action: string; readonly actor: string }[];
  };
  assert.deepEqual(
    items.map(({ action, actor }) => [action, actor]),
    [['POST /v1/tokens', 'admin/first']],
  );
  assert.equal(await again.end(), 0);
});

test('who has lost every token makes one in the store of a server that is stopped, and of none that runs', async () => {
  const data = join(folder, 'lost');
  const create = (...args: string[]) =>
    runCli(['token', 'create', '--owner', 'alice', '--name', 'recovered', '--scope', 'admin', ...args]);
  const nothing = await create('--data', data);
  assert.equal(nothing.status, 2);
  assert.match(nothing.stderr, /there is no reveille\.sqlite in it/);
  assert.equal(existsSync(data), false);
  const server = start(data);
  await urlOf(server);
  const busy = await create('--data', data);
  assert.equal(busy.status, 1);
  assert.match(busy.stderr, /another process/i);
  assert.equal(await server.end(), 0);
  const made = await create('--data', data);
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, form);
  const list = await runCli(['token', 'list', '--data', data, '--json']);
  const tokens = list.lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    tokens.map(({ owner, hash }) => [owner, hash]),
    [
      ['admin', undefined],
      ['alice', undefined],
    ],
  );
  const revoked = await runCli(['token', 'revoke', tokens[0].id, '--data', data]);
  assert.match(revoked.stdout, /admin\/first: admin, all accounts, revoked/);
  const renewed = await runCli(['token', 'rotate', tokens[1].id, '--overlap', '0', '--data', data]);
  const again = start(data);
  const url = await urlOf(again);
  assert.deepEqual([await statusOf(url, made.stdout), await statusOf(url, renewed.stdout)], [401, 200]);
  assert.equal(await statusOf(url), 401);
  const audit = await fetch(`${url}/v1/audit?actor=operator`, {
    headers: { authorization: `Bearer ${renewed.stdout.trim()}` },
  });
  const { items } = (await audit.json()) as { readonly items: readonly { readonly action: string }[] };
  assert.deepEqual(
    items.map(({ action }) => action),
    ['reveille token rotate', 'reveille token revoke', 'reveille token create'],
  );
  assert.equal(await again.end(), 0);
});

test('beyond the loopback a server without tokens makes the first one and lets nobody in without; one of a file is warned of', async () => {
  const data = join(folder, 'open');
  const open = new CliProcess([
    ...['serve', '--data', data, '--dm', '127.0.0.1:0', '--api', '0.0.0.0:0', '--api-without-tls'],
  ]);
  const [, port] = await open.prints(/REST API http:\/\/\S+:(\d+)/);
  const url = `http://127.0.0.1:${port}`;
  assert.equal(await statusOf(url), 401);
  assert.equal(await statusOf(url, readFileSync(join(data, 'first-admin-token'), 'utf8')), 200);
  assert.equal(await open.end(), 0);

  const tokens = join(folder, 'tokens');
  writeFileSync(tokens, 'a-token-of-operators\n', { mode: 0o600 });
  const given = join(folder, 'given');
  const server = start(given, '--token-file', tokens);
  const other = await urlOf(server);
  await server.prints(/every token of --token-file may do everything/);
  assert.equal(existsSync(join(given, 'first-admin-token')), false);
  assert.deepEqual([await statusOf(other), await statusOf(other, 'a-token-of-operators')], [401, 200]);
  assert.equal(await server.end(), 0);
});

test('where the tokens are is said once', async () => {
  for (const args of [[], ['--server', 'http://127.0.0.1:1', '--data', folder]]) {
    const { status, stderr } = await runCli(['token', 'list', ...args]);
    assert.equal(status, 2);
    assert.match(stderr, /give --server URL, or --data FOLDER of a server that is stopped/);
  }
});
