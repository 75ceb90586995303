// The doors of `serve`: tokens, TLS of the API, names, and what is refused because strangers could get in.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../../src/testing/index.ts';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-doors-'));
after(() => rmSync(folder, { recursive: true }));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../device/tls/${name}.pem`, import.meta.url));
const token = 'a-token-of-operators';
const tokens = join(folder, 'tokens');
writeFileSync(tokens, `${token}\n`, { mode: 0o600 });
let count = 0;

/** A copy of a pair of certificate and key, which may be replaced. */
function pair(name: 'server' | 'device'): {
  readonly cert: string;
  readonly key: string;
  use(other: string): void;
} {
  count += 1;
  const [cert, key] = [join(folder, `${count}.pem`), join(folder, `${count}.key`)];
  const use = (other: string): void => {
    copyFileSync(fixture(other), cert);
    writeFileSync(key, readFileSync(fixture(`${other}.key`)), { mode: 0o600 });
  };
  use(name);
  return { cert, key, use };
}

const serve = (...args: string[]): string[] => [
  'serve',
  ...['--data', join(folder, `data-${count}`), '--dm', '127.0.0.1:0'],
  ...args,
];
/** Starts and stops at once. */
const briefly = (args: readonly string[], env: Record<string, string> = {}) =>
  runCli(args, { stop: AbortSignal.abort(), env });

test('serve: a token shorter than 16 characters is refused in one line wherever it comes from, with the remedy', async () => {
  const short = join(folder, 'short');
  writeFileSync(short, `${token}\nfifteen-letters\n`, { mode: 0o600 });
  for (const [args, env, source] of [
    [['--token-file', short], {}, /--token-file .*short/],
    [[], { REVEILLE_API_TOKEN: 'fifteen-letters' }, /REVEILLE_API_TOKEN/],
  ] as const) {
    const { status, stderr } = await briefly(serve(...args), env);
    assert.equal(status, 2);
    assert.match(stderr, /^reveille: .*has 15 characters, at least 16 are needed.*reveille secret\n$/);
    assert.match(stderr, source);
    assert.doesNotMatch(stderr, /fifteen-letters/);
  }
  assert.equal((await briefly(serve('--api', '127.0.0.1:0'), { REVEILLE_API_TOKEN: token })).status, 0);
});

test('serve: a token that a server has made may do what its store says, wherever else it is given', async () => {
  count += 1;
  const own = serve('--api', '127.0.0.1:0');
  assert.equal((await briefly(own)).status, 0);
  const data = own[2] ?? '';
  const made = await runCli([
    'token',
    'create',
    '--data',
    data,
    '--owner',
    'a',
    '--name',
    'b',
    '--scope',
    'read',
  ]);
  const text = made.stdout.trim();
  assert.match(text, /^rvl_/);
  const inFile = join(folder, 'made');
  writeFileSync(inFile, `${text}\n`, { mode: 0o600 });
  for (const [args, env] of [
    [[], { REVEILLE_API_TOKEN: text }],
    [['--token-file', inFile], {}],
  ] as const) {
    const server = new CliProcess([...own, ...args], { env });
    try {
      const [, url = ''] = await server.prints(/REST API (http:[^;]+);/);
      const asked = await fetch(new URL('/v1/whoami', url), { headers: { authorization: `Bearer ${text}` } });
      const { actor, scopes } = (await asked.json()) as { actor: string; scopes: readonly string[] };
      assert.deepEqual([actor, scopes], ['a/b', ['read']]);
      assert.equal((await fetch(new URL('/v1/whoami', url))).status, 401);
      await server.prints(/"level":40.*one that a server has made/);
    } finally {
      assert.equal(await server.end('SIGINT'), 0);
    }
  }
});

test('serve: beyond the loopback the API needs a token and TLS, or the word that it may do without, and then warns', async () => {
  const { cert, key } = pair('server');
  const open = ['--token-file', tokens, '--api', '0.0.0.0:0'];
  for (const api of ['0.0.0.0:0', '[::]:0', '192.0.2.1:8081', 'api.example.com:8081']) {
    const { status, stderr } = await briefly(serve('--token-file', tokens, '--api', api));
    assert.equal(status, 2, stderr);
    assert.match(stderr, /--api: .*plain HTTP.*--api-tls-certificate.*--api-without-tls\n$/);
  }
  const plain = await briefly(serve(...open, '--api-without-tls'));
  assert.equal(plain.status, 0, plain.stderr);
  assert.match(plain.stderr, /"level":40.*without TLS: whoever sees the traffic can use its tokens/);
  const secure = await briefly(serve(...open, '--api-tls-certificate', cert, '--api-tls-key', key));
  assert.equal(secure.status, 0, secure.stderr);
  assert.doesNotMatch(secure.stderr, /without TLS/);
  assert.match(secure.stderr, /REST API https:/);
  for (const api of ['127.0.0.1:0', 'localhost:0', '[::1]:0']) {
    const { status, stderr } = await briefly(serve('--api', api));
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /without TLS/);
  }
});

test('serve: options of the API that do not go together, or do not work, are one line', async () => {
  const { cert, key } = pair('server');
  const other = pair('device');
  for (const [args, status, words] of [
    [['--api-tls-key', key], 2, /--api-tls-certificate and --api-tls-key belong together/],
    [['--api-tls-certificate', cert, '--api-tls-key', key, '--api-without-tls'], 2, /exclude each other/],
    [
      ['--api-tls-certificate', cert, '--api-tls-key', other.key],
      1,
      /certificate or the key of the API does not work/,
    ],
    [['--api-tls-certificate', tokens, '--api-tls-key', key], 1, /holds no PEM block of a certificate/],
    [['--api-host', 'http://api.example.com'], 1, /is not HOST or HOST:PORT/],
  ] as const) {
    const { status: found, stderr } = await briefly(serve('--api', '127.0.0.1:0', ...args));
    assert.equal(found, status, stderr);
    assert.match(stderr, words);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});

test('serve: --api-host may be repeated, and other names stay refused', async () => {
  const server = new CliProcess(
    serve('--api', '127.0.0.1:0', '--api-host', 'one.example', '--api-host', 'two.example:443'),
  );
  try {
    const port = Number((await server.prints(/REST API http:\/\/127\.0\.0\.1:(\d+)/))[1]);
    const status = async (host: string): Promise<number | undefined> => {
      const request = get({ port, host: '127.0.0.1', path: '/v1/devices', headers: { host } });
      const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    assert.deepEqual(
      [await status('one.example'), await status('two.example:443'), await status(`localhost:${port}`)],
      [200, 200, 200],
    );
    assert.deepEqual([await status('two.example:444'), await status('evil.example')], [421, 421]);
  } finally {
    await server.end();
  }
});

async function met(port: number): Promise<{ readonly socket: TLSSocket; readonly serial: string }> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return { socket, serial: socket.getPeerCertificate().serialNumber };
}

async function serialAt(port: number): Promise<string> {
  const { socket, serial } = await met(port);
  socket.destroy();
  return serial;
}

test('serve: SIGHUP has certificates read again for API and DM endpoint; open connections go on, a bad pair changes nothing', async () => {
  const api = pair('server');
  const dm = pair('server');
  const server = new CliProcess(
    serve(
      ...['--api', '127.0.0.1:0', '--api-tls-certificate', api.cert, '--api-tls-key', api.key],
      ...['--tls-certificate', dm.cert, '--tls-key', dm.key],
    ),
  );
  try {
    const [, dmPort, apiPort] = await server.prints(
      /DM endpoint https:\/\/127\.0\.0\.1:(\d+).*REST API https:\/\/127\.0\.0\.1:(\d+)/,
    );
    const ports = [Number(apiPort), Number(dmPort)] as const;
    const before = await met(ports[0]);
    assert.equal(await serialAt(ports[1]), before.serial);

    writeFileSync(api.cert, 'no certificate');
    copyFileSync(fixture('device'), dm.cert);
    server.hangUp();
    await server.prints(/"error":".*no PEM block of a certificate.*stays as it was/);
    await server.prints(/"error":".*key is not that of the certificate".*stays as it was/);
    assert.deepEqual([await serialAt(ports[0]), await serialAt(ports[1])], [before.serial, before.serial]);

    api.use('device');
    dm.use('device');
    server.hangUp();
    await server.prints(/"changed":\["api\.tls","dm\.tls"\],"msg":"the configuration was read again"/);
    await eventually(
      async () => (await serialAt(ports[0])) !== before.serial,
      'the new certificate of the API',
    );
    assert.notEqual(await serialAt(ports[1]), before.serial);

    before.socket.write(`GET /livez HTTP/1.1\r\nHost: localhost:${ports[0]}\r\n\r\n`);
    const [chunk] = (await once(before.socket, 'data')) as [Buffer];
    assert.match(chunk.toString('latin1'), /^HTTP\/1\.1 200/);
    before.socket.destroy();
  } finally {
    assert.equal(await server.end(), 0);
  }
});
