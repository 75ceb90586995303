// `reveille serve --check`: what a start would refuse, without opening or writing anything; each case is one thing wrong.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-check-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const fixture = (name: string): string => fileURLToPath(new URL(`../../device/tls/${name}`, import.meta.url));
for (const name of ['server.pem', 'device.pem', 'server.key.pem', 'device.key.pem']) {
  copyFileSync(fixture(name), at(name));
  chmodSync(at(name), 0o600);
}
const file = (name: string, text: string, mode = 0o600): string => {
  writeFileSync(at(name), text, { mode });
  return at(name);
};
const token = 'a-token-of-operators';

const check = async (args: readonly string[], env: Record<string, string> = {}) => {
  const data = args.includes('--data') ? [] : ['--data', at('none')];
  const { status, stdout, stderr } = await runCli(['serve', '--check', '--json', ...data, ...args], { env });
  const { ok, findings } = JSON.parse(stdout) as {
    ok: boolean;
    findings: readonly { severity: string; where: string; what: string; remedy?: string }[];
  };
  assert.equal(ok, status === 0);
  assert.equal(stderr, '');
  return {
    status,
    findings,
    said: findings.map(({ severity, where, what }) => `${severity} ${where}: ${what}`),
  };
};

describe('serve --check', { timeout: 120_000 }, () => {
  it('a sound set-up has nothing, and is said to be in words', async () => {
    assert.deepEqual(await check([]), { status: 0, findings: [], said: [] });
    const { status, stdout } = await runCli(['serve', '--check', '--data', at('none')]);
    assert.equal(status, 0);
    assert.match(stdout, /^OK: no configuration file, data in .*none; a server would start/);
    assert.equal(statSync(at('none'), { throwIfNoEntry: false }), undefined);
  });

  const pair = (cert: string, key: string) => ['--tls-certificate', at(cert), '--tls-key', at(key)];
  const cases: readonly (readonly [
    name: string,
    args: () => readonly string[],
    status: number,
    said: RegExp,
  ])[] = [
    ['a number that is none', () => ['--attempts', 'x'], 2, /error --attempts x: must be a whole number/],
    [
      'a key of another certificate',
      () => pair('server.pem', 'device.key.pem'),
      1,
      /error --tls-certificate: .*the key is not that of the certificate/,
    ],
    [
      'a certificate that is not there',
      () => pair('gone.pem', 'server.key.pem'),
      1,
      /error --tls-certificate: cannot read .*gone\.pem: no such file/,
    ],
    [
      'a weak token',
      () => ['--token-file', file('weak', 'short\n')],
      2,
      /weak: an API token has 5 characters/,
    ],
    ['an empty token file', () => ['--token-file', file('empty', '')], 2, /it holds no token/],
    ['a port that others reach in plain HTTP', () => ['--api', '0.0.0.0:81'], 2, /error --api: .*plain HTTP/],
    ['a host that is none', () => ['--api-host', 'http://x'], 1, /error --api-host: .*not HOST/],
    [
      'an identity provider over plain HTTP',
      () => ['--oidc', file('oidc.json', '{"issuer":"http://id.example.com","audience":"a"}')],
      1,
      /must be an https: URL/,
    ],
    ['a folder that is a file', () => ['--data', file('file', '')], 1, /it is a file/],
    [
      'a folder that cannot be made',
      () => ['--data', join(file('below', ''), 'data')],
      1,
      /the folder cannot be made: .*below is a file/,
    ],
    ['a seal key that is none', () => ['--seal-key', file('seal', 'x\n')], 1, /seal/],
    [
      'a YAML file with a slip',
      () => ['--config', file('slip.yaml', 'server:\n  dm: {listen: "127.0.0.1:0"\n')],
      1,
      /slip\.yaml:\d:\d/,
    ],
    [
      'two identity providers',
      () => [
        '--config',
        file('two.yaml', 'server: {api: {oidcFile: a, oidc: {issuer: "https://a", audience: b}}}'),
      ],
      1,
      /two\.yaml:1:26: server\.api\.oidcFile: this and server\.api\.oidc exclude/,
    ],
    [
      'two doors with one port',
      () => ['--dm', '127.0.0.1:81', '--api', '127.0.0.1:81', '--metrics', '82'],
      2,
      /error --api: --dm has the same port: only one of them can listen/,
    ],
    [
      'a door of a section with the port of another one',
      () => [
        '--config',
        file(
          'ports.yaml',
          'server: {metrics: {listen: "0.0.0.0:82"}}\npap: {gateways: [{name: a, url: "http://a.example/", kind: kannel}], listen: {address: 127.0.0.1, port: 82}}',
        ),
      ],
      1,
      /error .*ports\.yaml:2:\d+: pap\.listen: .*server\.metrics\.listen has the same port/,
    ],
    [
      'half of a certificate in the file',
      () => ['--config', file('half.yaml', 'server: {dm: {tls: {keyFile: server.key.pem}}}')],
      1,
      /half\.yaml:1:30: server\.dm\.tls\.keyFile: .*belong together/,
    ],
    [
      'a bound that a binding has',
      () => [
        '--config',
        file(
          'road.json',
          '{"sms":{"roads":{"a":{"kind":"smpp","smscs":[],"window":1}},"routes":[{"prefix":"","roads":["a"]}]}}',
        ),
      ],
      1,
      /road\.json:1:\d+: sms\.roads\.a/,
    ],
  ];
  for (const [name, args, status, said] of cases) {
    it(`${name} is named, status ${status}`, async () => {
      const found = await check(args());
      assert.deepEqual([found.status, found.said.length], [status, 1], found.said.join('\n'));
      assert.match(found.said[0] ?? '', said);
    });
  }

  it('values of the file are looked at as a start would, and not quoted', async () => {
    const config = file(
      'values.yaml',
      'server: {account: {serverId: "a=b", url: "ftp://hidden/dm"}, dm: {listen: "user:hidden@host:80", trustProxy: [hidden]}}',
    );
    const { status, said } = await check(['--config', config]);
    assert.equal(status, 1);
    assert.deepEqual(
      said.map((line) => line.replace(/^.*: server\./, '')),
      [
        'dm.listen: must be HOST, HOST:PORT or [IPV6]:PORT',
        'dm.trustProxy: each must be an address or network such as 10.0.0.0/8',
        'account.serverId: must be printable and without "=", "&", "*", "+" and white space, as an ACL can name it',
        'account.url: must be a URL such as https://dm.example.com/dm',
      ],
    );
    const options = await check(['--server-id', 'a=b', '--url', 'ftp://x/dm']);
    assert.deepEqual([options.status, options.said.length], [2, 2]);
  });

  it('a secret of a road that is not there hides neither certificates nor other sections', async () => {
    const missing = file(
      'missing.yaml',
      [
        'server: { dm: { tls: { certificateFile: gone.pem, keyFile: server.key.pem } } }',
        'sip: { from: "sip:a@example.com", credentials: [{ username: a, password: { env: NOT_SET } }] }',
        'sms: { roads: { a: { kind: smpp, smscs: [], window: 1 } }, routes: [{ prefix: "", roads: [a] }] }',
      ].join('\n'),
    );
    const { status, said } = await check(['--config', missing]);
    assert.deepEqual([status, said.length], [1, 3], said.join('\n'));
    assert.match(said[0] ?? '', /missing\.yaml:2:.*sip\.credentials\[0\]\.password: .*NOT_SET is not set/);
    assert.match(said[1] ?? '', /missing\.yaml:1:.*certificateFile: cannot read .*gone\.pem/);
    assert.match(said[2] ?? '', /missing\.yaml:3:.*sms\.roads\.a/);
  });

  it('a folder that a start would refuse, and one whose mode it would narrow, are as they were afterwards', async () => {
    const open = at('wide');
    mkdirSync(open);
    chmodSync(open, 0o777);
    assert.deepEqual((await check(['--data', open])).said, []);
    writeFileSync(join(open, 'other'), 'x');
    const { status, said } = await check(['--data', open]);
    assert.equal(status, 1);
    assert.match(said.join(), /has mode 0777: everybody can replace the files in it/);
    assert.equal(statSync(open).mode & 0o777, 0o777);
    mkdirSync(at('orphan'), { mode: 0o700 });
    writeFileSync(join(at('orphan'), 'reveille.sqlite-wal'), 'x', { mode: 0o600 });
    assert.match(
      (await check(['--data', at('orphan')])).said.join(),
      /reveille\.sqlite-wal is there without/,
    );
  });

  it('a database of a newer release, of another program, and a damaged one', async () => {
    mkdirSync(at('newer'));
    const database = new DatabaseSync(join(at('newer'), 'reveille.sqlite'));
    database.exec(
      'CREATE TABLE schema_version (version, oldest_writer); INSERT INTO schema_version VALUES (999, 999)',
    );
    assert.match((await check(['--data', at('newer')])).said.join(), /has version 999 of the database/);
    database.exec('DROP TABLE schema_version; CREATE TABLE others (a)');
    assert.match((await check(['--data', at('newer')])).said.join(), /a database of another program/);
    database.close();
    file(
      'newer/reveille.sqlite',
      'no database at all, whatever its name says, and long enough to be one'.repeat(20),
    );
    assert.match((await check(['--data', at('newer')])).said.join(), /not a database of this program/);
    file('newer/reveille.sqlite', '');
    assert.match((await check(['--data', at('newer')])).said.join(), /is empty/);
  });

  it('a database that is sealed under another key', async () => {
    const data = at('sealed');
    const [right, other] = ['11', '22'].map((digits) => {
      const key = createHash('sha256').update(digits).digest('hex');
      return file(`key-${digits}`, `${key}\n`);
    });
    const doors = ['--data', data, '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'];
    const args = ['serve', ...doors, '--seal-key', right ?? ''];
    assert.equal((await runCli(args, { stop: AbortSignal.abort() })).status, 0);
    assert.deepEqual((await check(['--data', data, '--seal-key', right ?? ''])).said, []);
    for (const args of [[], ['--seal-key', other ?? '']]) {
      const { status, said } = await check(['--data', data, ...args]);
      assert.deepEqual([status, said.length], [1, 1], said.join());
      assert.match(said[0] ?? '', /sealed under [0-9a-f]{16}, which is not among the keys/);
    }
  });

  it('what is unwise is warned of, and changed nowhere', async () => {
    const open = file('open', `${token}\n`);
    chmodSync(open, 0o644);
    const { status, findings, said } = await check(['--token-file', open], { REVEILLE_DATTA: 'x' });
    assert.equal(status, 0);
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      ['warning', 'warning', 'note'],
    );
    assert.match(said.join('\n'), /mode 0644[\s\S]*REVEILLE_DATTA; did you mean REVEILLE_DATA/);
    assert.equal(statSync(open).mode & 0o777, 0o644);
  });

  it('what a file asks for is a fault of the file: status 1, and remedies in its own words', async () => {
    file('none.tokens', '');
    const tokens = await check(['--config', file('tokens.yaml', 'server: {api: {tokenFile: none.tokens}}')]);
    assert.equal(tokens.status, 1);
    assert.match(tokens.said.join(), /tokens\.yaml:1:\d+: server\.api\.tokenFile .*: it holds no token/);
    const half = await check([
      '--config',
      file('half.yaml', 'server: {api: {listen: "0.0.0.0:81"}, dm: {tls: {clientCaFile: server.pem}}}'),
    ]);
    assert.equal(half.status, 1);
    const remedies = half.findings.map(({ remedy = '' }) => remedy);
    assert.deepEqual(remedies, [
      'give server.dm.tls.certificateFile and server.dm.tls.keyFile too',
      'give server.api.tls.certificateFile and server.api.tls.keyFile, listen on 127.0.0.1, or say server.api.withoutTls',
    ]);
  });

  it('keys of the environment count more than a file that the configuration names', async () => {
    file('good.key', `${'ab'.repeat(8)}${'0123456789cdef45'.repeat(3)}\n`);
    const config = file('keys.yaml', 'server: {data: {sealKeyFile: good.key}}');
    const { status, said } = await check(['--config', config], { REVEILLE_SEAL_KEY: 'bad' });
    assert.equal(status, 1);
    assert.match(said.join(), /REVEILLE_SEAL_KEY/);
  });

  it('an account that has another URL is told before a start, and not where a journal may know a later one', async () => {
    const data = at('account');
    const own = ['--data', data, '--server-id', 'com.example.dm'];
    const listen = ['--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'];
    const first = await runCli(['serve', ...own, ...listen, '--url', 'https://one.example/dm'], {
      stop: AbortSignal.abort(),
    });
    assert.equal(first.status, 0, first.stderr);
    assert.deepEqual((await check([...own, '--url', 'https://one.example/dm'])).said, []);
    const { status, said } = await check([...own, '--url', 'https://two.example/dm']);
    assert.equal(status, 2);
    assert.deepEqual(said, ['error --url: the account com.example.dm exists with https://one.example/dm']);
    const config = file(
      'url.yaml',
      'server: {account: {serverId: com.example.dm, url: "https://two.example/dm"}}',
    );
    const ofFile = await check(['--data', data, '--config', config]);
    assert.equal(ofFile.status, 1);
    assert.match(ofFile.said.join(), /url\.yaml:1:\d+: server\.account\.url: the account/);
    const started = await runCli(['serve', '--data', data, ...listen, '--config', config], {
      stop: AbortSignal.abort(),
    });
    assert.equal(started.status, 1);
    assert.match(started.stderr, /url\.yaml:1:\d+: server\.account\.url: the account/);
    writeFileSync(join(data, 'reveille.sqlite-wal'), 'not empty');
    assert.deepEqual((await check([...own, '--url', 'https://two.example/dm'])).said, []);
  });

  it('leaves a running server, and its folder, alone', async () => {
    const data = at('running');
    const server = new CliProcess(['serve', '--data', data, '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0']);
    try {
      await server.prints(/DM endpoint/);
      const before = readdirSync(data).sort();
      assert.deepEqual((await check(['--data', data])).said, []);
      assert.deepEqual(readdirSync(data).sort(), before);
    } finally {
      assert.equal(await server.end('SIGINT'), 0);
    }
    assert.deepEqual((await check(['--data', data])).said, []);
  });
});
