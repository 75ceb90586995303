// reveille backup, restore and pushes: a server that runs is copied, killed, and put back elsewhere.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-backup-'));

const running: CliProcess[] = [];
after(async () => {
  for (const server of running) await server.end('SIGKILL');
  rmSync(folder, { recursive: true });
});

const start = (data: string) => {
  const server = new CliProcess([
    'serve',
    '--data',
    data,
    '--dm',
    '127.0.0.1:0',
    '--api',
    '127.0.0.1:0',
    '--server-id',
    's',
  ]);
  running.push(server);
  return server;
};
const urlOf = async (server: CliProcess) => (await server.prints(/REST API (http:\/\/[\d.:]+)/))[1] ?? '';

const device = {
  id: 'IMEI:1',
  serverId: 's',
  // Nobody listens there: what goes out is counted in the timeline.
  addresses: ['wap:127.0.0.1:9'],
  serverCredentials: { scheme: 'md5', name: 's', secret: 'of the server' },
  clientCredentials: { scheme: 'md5', name: 'd', secret: 'of the device' },
};

async function call(url: string, method: string, path: string, token: string, body?: object) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

test('copied while it runs, killed, put back elsewhere: nothing goes out before it is released', async () => {
  const data = join(folder, 'first');
  const file = join(folder, 'copy');
  const server = start(data);
  const url = await urlOf(server);
  const tokenFile = join(data, 'first-admin-token');
  const token = readFileSync(tokenFile, 'utf8').trim();
  const made = await call(url, 'POST', '/v1/devices', token, device);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const notBefore = new Date(Date.now() + 3_600_000).toISOString();
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const { status, body } = await call(url, 'POST', '/v1/notifications', token, {
      device: 'IMEI:1',
      notBefore,
    });
    assert.equal(status, 202, JSON.stringify(body));
    ids.push(body.id);
  }
  const job = await call(url, 'POST', '/v1/jobs', token, {
    device: 'IMEI:1',
    commands: [{ command: 'get', uri: './DevInfo/DevId' }],
  });
  assert.ok(job.status < 300, JSON.stringify(job.body));
  const waking: string = job.body.notification;
  const campaign = await call(url, 'POST', '/v1/campaigns', token, {
    name: 'later',
    content: { kind: 'wake' },
    target: { devices: ['IMEI:1'] },
    startAt: notBefore,
  });
  assert.equal(campaign.status, 202, JSON.stringify(campaign.body));
  const webhook = await call(url, 'POST', '/v1/webhooks', token, {
    url: 'https://hooks.example/reveille',
    kinds: ['campaign'],
  });
  assert.equal(webhook.status, 201, JSON.stringify(webhook.body));

  const target = ['--server', url, '--token-file', tokenFile];
  const backup = await runCli(['backup', file, ...target]);
  assert.equal(backup.status, 0, backup.stderr);
  assert.match(backup.stdout, /copy: \d+ octets, version \d+ of the database\n/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const again = await runCli(['backup', file, ...target]);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /is there already/);
  const json = await runCli(['backup', file, ...target, '--force', '--json']);
  assert.equal(JSON.parse(json.stdout).file, file);
  const audit = await call(url, 'GET', '/v1/audit', token);
  assert.ok(audit.body.items.some(({ action }: { action: string }) => action === 'GET /v1/backup'));
  await server.end('SIGKILL');

  const back = join(folder, 'back');
  const restored = await runCli(['restore', file, '--data', back]);
  assert.equal(restored.status, 0, restored.stderr);
  assert.match(restored.stdout, /held: 4 pushes, 1 jobs; paused: 1 campaigns; suspended: 1 webhooks\n/);
  assert.match(restored.stderr, /pushes release, reveille campaign resume, reveille webhook update --resume/);
  assert.match((await runCli(['restore', file, '--data', back])).stderr, /is not empty.* with --force/);
  const next = start(back);
  const there = await urlOf(next);
  const at = ['--server', there, '--token-file', tokenFile];
  assert.match(
    (await runCli(['restore', file, '--data', back, '--force'])).stderr,
    /open in another process/,
  );
  const status = await runCli(['status', ...at]);
  assert.match(status.stdout, /HELD after a restore: 4 pushes, 1 jobs/);
  const list = await runCli(['pushes', 'list', '--held', '--json', ...at]);
  const held = list.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(held.map(({ id }) => id).sort(), [...ids, waking].sort());
  assert.ok(held.every((push) => push.held === true && push.dueAt === undefined));
  const [one = '', two = ''] = ids;
  const nothing = await runCli(['pushes', 'release', ...at]);
  assert.equal(nothing.status, 2);
  assert.match(nothing.stderr, /say which are meant/);
  const release = await runCli(['pushes', 'release', '--id', one, ...at]);
  assert.equal(release.stdout, 'released: 1 pushes, 0 jobs\n');
  const released = await call(there, 'GET', `/v1/pushes/${one}`, token);
  assert.equal(released.body.held, undefined);
  assert.equal(released.body.dueAt, notBefore);
  const cancel = await runCli(['pushes', 'cancel', '--id', two, '--json', ...at]);
  assert.deepEqual(JSON.parse(cancel.stdout), { pushes: 1, jobs: 0 });
  assert.equal((await call(there, 'GET', `/v1/pushes/${two}`, token)).body.state, 'cancelled');
  const rest = await runCli(['pushes', 'release', '--all', ...at]);
  assert.equal(rest.stdout, 'released: 2 pushes, 1 jobs\n');
  assert.equal((await runCli(['pushes', 'list', '--held', ...at])).stdout, '');
  const wrong = await call(there, 'POST', '/v1/pushes/release', token, { all: true, device: 'IMEI:1' });
  assert.deepEqual([wrong.status, wrong.body.path], [400, 'all']);
  assert.equal((await call(there, 'GET', `/v1/campaigns/${campaign.body.id}`, token)).body.state, 'paused');
  await next.end();
});

test('the store of a server that is stopped is copied from its folder', async () => {
  const data = join(folder, 'stopped');
  const server = start(data);
  await urlOf(server);
  await server.end();
  const file = join(folder, 'stopped.copy');
  const { status, stderr } = await runCli(['backup', file, '--data', data]);
  assert.equal(status, 0, stderr);
  assert.ok(existsSync(file));
  writeFileSync(join(folder, 'bad.copy'), 'nothing');
  const bad = await runCli(['restore', join(folder, 'bad.copy'), '--data', join(folder, 'new')]);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /bad\.copy is not a/);
  assert.equal(existsSync(join(folder, 'new')), false);
  const piped = await runCli(['backup', '-', '--data', data]);
  assert.equal(piped.status, 2);
  assert.match(piped.stderr, /written to a file and not to standard output/);
  assert.equal(existsSync('-'), false);
  const nowhere = await runCli(['backup', join(folder, 'gone', 'a.copy'), '--data', data]);
  assert.match(nowhere.stderr, /a\.copy cannot be written: there is no folder .*gone; make it/);
  assert.equal((await runCli(['backup', file])).status, 2);
  assert.equal((await runCli(['backup', file, '--data', join(folder, 'none')])).status, 2);
});
