// The example of a reverse proxy (deploy/nginx.conf) in the real nginx: a wake and its session, and the streams of the API.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { eventually } from '../../src/testing/index.ts';
import { CliProcess } from '../cli/long-running.ts';
import { freePort, PeerProcess } from './child-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-nginx-'));
const at = (name: string): string => join(folder, name);
const example = readFileSync(resolve(import.meta.dirname, '../../deploy/nginx.conf'), 'utf8');
const running: { end(): Promise<unknown> }[] = [];
/** Ports of nginx. */
let ports = { dm: 0, api: 0 };
let nginx: PeerProcess;
let token = '';

function replaced(text: string, from: string | RegExp, to: string): string {
  const made = text.replace(from, to);
  assert.notEqual(made, text, `the example has no ${String(from)}`);
  return made;
}

/** The example with ports, certificates and logs of this test. */
function configuration(behind: typeof ports): string {
  let text = replaced(example, '127.0.0.1:8080;', `127.0.0.1:${behind.dm};`);
  text = replaced(text, '127.0.0.1:8081;', `127.0.0.1:${behind.api};`);
  text = text.replaceAll(/^ *listen \[::\].*\n/gm, '');
  for (const port of [ports.dm, ports.api])
    text = replaced(text, 'listen 443 ssl', `listen 127.0.0.1:${port} ssl`);
  text = text.replaceAll(/\/etc\/ssl\/\S+\.(pem|key);/g, (_, end) => `${at(`tls.${end}`)};`);
  text = text.replaceAll('/var/log/nginx/', `${folder}/`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (each) => `${each}_temp_path ${at(each)};`,
  );
  return `daemon off; master_process off; pid ${at('nginx.pid')}; error_log ${at('error.log')};
    events { worker_connections 256; }
    http { ${temporary.join(' ')} ${text} }`;
}

function makeCertificate(): void {
  const { status, stderr } = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:api.example.com'],
      ...['-keyout', at('tls.key'), '-out', at('tls.pem')],
    ],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
}

/** `reveille ARGS` as a process that trusts nginx, to its end. */
async function cli(...args: readonly string[]): Promise<CliProcess> {
  const command = new CliProcess(args, {
    cwd: folder,
    env: { NODE_EXTRA_CA_CERTS: at('tls.pem'), REVEILLE_API_TOKEN: token },
  });
  assert.equal(await command.exited, 0, `${args.join(' ')}: ${command.stdout}${command.stderr}`);
  return command;
}

before(async () => {
  makeCertificate();
  ports = { dm: await freePort(), api: await freePort() };
  const behind = { dm: await freePort(), api: await freePort() };
  writeFileSync(at('nginx.conf'), configuration(behind));
  const server = new CliProcess([
    ...['serve', '--data', at('data'), '--dm', `127.0.0.1:${behind.dm}`, '--trust-proxy', '127.0.0.1'],
    ...['--server-id', 'com.example.dm', '--url', `https://localhost:${ports.dm}/dm`],
    ...['--api', `127.0.0.1:${behind.api}`, '--api-host', 'api.example.com', '--api-host', 'localhost'],
  ]);
  running.push(server);
  await server.prints(/REST API http/);
  token = readFileSync(at('data/first-admin-token'), 'utf8').trim();
  nginx = new PeerProcess('nginx', ['-c', at('nginx.conf'), '-p', folder]);
  await eventually(async () => {
    nginx.expectRunning();
    return (await ask('/readyz')).status === 200;
  }, 'nginx');
});

after(async () => {
  for (const each of running.reverse()) await each.end();
  await nginx?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An exchange with the API through nginx, under the name of the example. */
function open(path: string, method = 'GET', headers: Record<string, string> = {}) {
  return request({
    ...{ host: '127.0.0.1', port: ports.api, servername: 'api.example.com', path, method, agent: false },
    ca: readFileSync(at('tls.pem')),
    headers: { host: 'api.example.com', authorization: `Bearer ${token}`, ...headers },
  });
}

function ask(path: string): Promise<{ status: number; text: string }> {
  return new Promise((answer) => {
    const sent = open(path);
    sent.on('error', () => answer({ status: 0, text: '' }));
    sent.on('response', async (response) => {
      let text = '';
      for await (const piece of response) text += String(piece);
      answer({ status: response.statusCode ?? 0, text });
    });
    sent.end();
  });
}

/** Sends what comes, and gives the lines of the answer as they come. */
async function stream(path: string, method: string, type: string) {
  const sent = open(path, method, { 'content-type': type });
  sent.on('error', () => undefined);
  sent.flushHeaders();
  const lines = new Promise<AsyncIterator<string>>((resolveLines) => {
    sent.once('response', (response) => resolveLines(createInterface(response)[Symbol.asyncIterator]()));
  });
  return { sent, next: async () => (await (await lines).next()).value as string | undefined };
}

const records = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `${JSON.stringify({
        ...{ id: `IMEI:${index}`, serverId: 'com.example.dm', addresses: ['wap:127.0.0.1:9'] },
        serverCredentials: { scheme: 'md5', secret: `of the server ${index}` },
        clientCredentials: { scheme: 'md5', name: `d${index}`, secret: `of the device ${index}` },
      })}\n`,
  ).join('');

test('a device is woken and its session goes through nginx, whose log keeps no token of it', async () => {
  const account = {
    ...{ serverId: 'com.example.dm', address: `https://localhost:${ports.dm}/dm` },
    client: { scheme: 'md5', name: 'e1', secret: 'client secret' },
    server: { scheme: 'md5', secret: 'server secret' },
  };
  const identity = { deviceId: 'IMEI:493005100592800', man: 'Example', mod: 'E1' };
  writeFileSync(at('e1.json'), JSON.stringify({ ...identity, accounts: [account] }));
  const device = new CliProcess(
    [
      ...['device', '--state', 'e1-state', '--provision', 'e1.json', '--listen', 'wap:127.0.0.1:0'],
      ...['--ca', 'tls.pem'],
    ],
    { cwd: folder },
  );
  running.push(device);
  const [, port] = await device.prints(/listens on wap:127\.0\.0\.1:(\d+)/);
  writeFileSync(
    at('e1.ndjson'),
    JSON.stringify({
      ...{ id: identity.deviceId, serverId: account.serverId, addresses: [`wap:127.0.0.1:${port}`] },
      ...{ format: 'dm1.2', clientCredentials: account.client, serverCredentials: account.server },
    }),
  );
  const server = ['--server', `https://localhost:${ports.api}`];
  await cli('devices', 'import', 'e1.ndjson', ...server);
  const { stdout } = await cli('run', identity.deviceId, 'get', './DevInfo/Man', ...server);
  assert.equal(stdout.trim(), 'Example');
  const log = readFileSync(at('reveille-dm.log'), 'utf8');
  assert.match(log, /^127\.0\.0\.1 \[[^\]]+\] "POST \/dm" 200 /m);
  assert.doesNotMatch(log, /\?s=/, 'tokens of sessions stay out of the log');
});

test('a batch is answered line by line while it is sent', async () => {
  writeFileSync(at('one.ndjson'), records(1));
  await cli('devices', 'import', 'one.ndjson', '--server', `https://localhost:${ports.api}`);
  const batch = await stream('/v1/notifications/batch', 'POST', 'application/x-ndjson');
  for (let line = 1; line <= 3; line += 1) {
    batch.sent.write(
      '{"device":"IMEI:0","notBefore":"2099-01-01T00:00:00Z","expiresAt":"2099-01-02T00:00:00Z"}\n',
    );
    // The next line is sent when this one is answered: what is held back on either way stops here.
    assert.match((await batch.next()) ?? '', new RegExp(`^\\{"line":${line},"status":202`));
  }
  batch.sent.end();
  assert.equal(await batch.next(), undefined);
});

test('events come as they happen', async () => {
  const events = await stream('/v1/events', 'GET', 'text/plain');
  events.sent.end();
  assert.match((await events.next()) ?? '', /^(:|retry|id|event)/);
  const asked = await stream('/v1/notifications', 'POST', 'application/json');
  asked.sent.end('{"device":"IMEI:0","notBefore":"2099-01-01T00:00:00Z","expiresAt":"2099-01-02T00:00:00Z"}');
  const { id } = JSON.parse((await asked.next()) ?? '{}') as { id?: string };
  for (;;) {
    const line = await events.next();
    assert.notEqual(line, undefined, 'the stream has ended');
    if (id !== undefined && line?.startsWith('data:') && line.includes(id)) break;
  }
  events.sent.destroy();
});

test('an import of more than nginx takes by itself goes in, and a copy of the store comes out', async () => {
  writeFileSync(at('many.ndjson'), records(12_000));
  const server = ['--server', `https://localhost:${ports.api}`];
  const { stdout } = await cli('devices', 'import', 'many.ndjson', '--mode', 'upsert', ...server);
  assert.match(stdout, /^11999 created, 1 unchanged, 0 refused/);
  await cli('backup', 'copy.sqlite', ...server);
  mkdirSync(at('elsewhere'), { mode: 0o700 });
  await cli('restore', 'copy.sqlite', '--data', 'elsewhere');
});

test('what is not /dm is not there for devices, and a name that is not ours is refused by the API', async () => {
  assert.equal(await fetchStatus(ports.dm, '/v1/devices', 'dm.example.com'), 404);
  assert.equal(await fetchStatus(ports.api, '/v1/devices', 'evil.example'), 421);
});

function fetchStatus(port: number, path: string, host: string): Promise<number> {
  return new Promise((resolveStatus, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host }, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolveStatus(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
