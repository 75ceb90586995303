// reveille doctor: doors with one thing wrong each, and it alone is named, with what to do.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { makeCertificate } from './openssl.ts';
import { findings, linesOf, newFolder, put, type SetUp, soundCertificate, soundSetUp } from './set-up.ts';

test('a sound set-up: nothing is found', async () => {
  const sound = await soundSetUp();
  assert.deepEqual(linesOf(await findings(sound), sound), []);
});

/** Holds that one thing is found, and nothing else, with a remedy. */
async function only(
  setUp: SetUp,
  other: Readonly<Record<string, string | undefined>>,
  line: RegExp,
  remedy: RegExp,
  flags: readonly string[] = [],
): Promise<void> {
  const found = await findings(setUp, other, { flags });
  assert.equal(found.length, 1, linesOf(found, setUp).join('\n'));
  assert.match(linesOf(found, setUp)[0] ?? '', line);
  assert.match(found[0]?.remedy ?? '', remedy);
}

test('ports: taken by a process, by another door, of no address of this machine, with the name that cannot be', async (t) => {
  const sound = await soundSetUp();
  const rival = createServer().listen(0, '127.0.0.1');
  await once(rival, 'listening');
  t.after(() => rival.close());
  const taken = `127.0.0.1:${(rival.address() as AddressInfo).port}`;
  const who = process.platform === 'linux' ? `process ${process.pid} \\(.+\\)` : '(another )?process';
  await only(
    sound,
    { api: taken },
    new RegExp(`^error REST API \\(${taken}\\): ${who} has the port`),
    /another port/,
  );
  await new Promise((resolve) => rival.close(resolve));
  const metrics = { api: taken, metrics: taken };
  await only(sound, metrics, /^error metrics .*: REST API \(.*\) has the same port/, /another port/);
  await only(
    sound,
    { dm: '192.0.2.1:0' },
    /^error DM endpoint .*: this machine has no address 192\.0\.2\.1/,
    /ip address/,
  );
  // Who has the port is gone.
  assert.deepEqual(linesOf(await findings(sound, { api: taken }), sound), []);
});

test('ports of sections: one that two of them want', async (t) => {
  const sound = await soundSetUp();
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  t.diagnostic(`port ${port}`);
  const config = put(sound.folder, 'config.json', {
    pap: {
      gateways: [{ name: 'gw', url: 'http://127.0.0.1:9/pap' }],
      listen: { address: '127.0.0.1', port },
    },
    papEndpoint: {
      address: '127.0.0.1',
      port,
      initiators: [{ name: 'i', from: ['127.0.0.1'], addresses: ['127.0.0.1'] }],
    },
  });
  const line = /^error \/config\.json: papEndpoint: \/config\.json: pap\.listen has the same port/;
  await only(sound, { config }, line, /another port/, ['--offline']);
});

test('doors for other machines without TLS', async () => {
  const sound = await soundSetUp();
  await only(
    sound,
    { dm: '0.0.0.0:0', 'tls-certificate': undefined, 'tls-key': undefined },
    /^warning DM endpoint \(0\.0\.0\.0:0\): it listens at all addresses .* plain HTTP/,
    /--tls-certificate.*--trust-proxy/,
  );
  await only(sound, { api: '0.0.0.0:0' }, /^error REST API .* plain HTTP/, /--api-tls-certificate/);
  await only(sound, { api: '0.0.0.0:0' }, /^warning REST API .* plain HTTP/, /127\.0\.0\.1/, [
    '--api-without-tls',
  ]);
  await only(sound, { metrics: '0.0.0.0:0' }, /^warning metrics .* without a token/, /Prometheus/);
});

test('certificates: ended, ending, not begun, of other names, with weak keys, signed with SHA-1', async () => {
  const sound = await soundSetUp();
  const folder = newFolder();
  const authority = makeCertificate(folder, 'authority', { authority: true });
  const cases = [
    [{ from: -20, to: -10 }, /^error .*: it ended on \d{4}-\d\d-\d\d/, /SIGHUP/],
    [{ to: 10 }, /^warning .*: it ends on .*, in (?:9|10) days/, /renew/],
    [{ from: 10, to: 20 }, /^error .*: it is not valid before .*; the clock says/, /set the clock/],
    [
      { names: 'DNS:other.example.com' },
      /^error .*: it is not for dm\.example\.com \(--url .*DNS:other/,
      /dm\.example\.com/,
    ],
    [{ rsaBits: 1024 }, /^error .*: the key of it has 1024 bits/, /2048/],
  ] as const;
  for (const [index, [wanted, line, remedy]] of cases.entries()) {
    const own = newFolder();
    const { certificate, key } = makeCertificate(own, 'it', wanted);
    await only(sound, { 'tls-certificate': certificate, 'tls-key': key }, line, remedy);
    assert.ok(index >= 0);
  }
  const forged = makeCertificate(folder, 'forged', { digest: 'sha1', by: authority });
  const chain = put(
    folder,
    'chain.pem',
    readFileSync(forged.certificate, 'utf8') + readFileSync(authority.certificate, 'utf8'),
  );
  const pair = { 'tls-certificate': chain, 'tls-key': forged.key };
  await only(sound, pair, /^error .*: forged is signed with .*sha1/i, /SHA-256/);
});

test('keys and chains: the key of another, none, a chain in the wrong order, an authority that is none', async () => {
  const sound = await soundSetUp();
  const folder = newFolder();
  const authority = makeCertificate(folder, 'authority', { authority: true });
  const leaf = makeCertificate(folder, 'leaf', { by: authority });
  const stranger = makeCertificate(folder, 'stranger', { authority: true });
  await only(
    sound,
    { 'tls-key': stranger.key },
    /^error .*stranger\.key: the key is not that of sound/,
    /first in its file/,
  );
  await only(
    sound,
    { 'tls-key': leaf.certificate },
    /^error .*leaf\.pem: it holds no private key/,
    /passphrase/,
  );
  await only(
    sound,
    { 'tls-certificate': leaf.key, 'tls-key': leaf.key },
    /^error .*leaf\.key: it holds no certificate in PEM/,
    /BEGIN CERTIFICATE/,
  );
  await only(
    sound,
    { 'tls-certificate': `${folder}/none` },
    /^error .*none: it cannot be read: no such file/,
    /give the file/,
  );
  const text = (path: string): string => readFileSync(path, 'utf8');
  const mixed = put(folder, 'mixed.pem', text(leaf.certificate) + text(stranger.certificate));
  const pair = { 'tls-certificate': mixed, 'tls-key': leaf.key };
  await only(
    sound,
    pair,
    /^warning .*: stranger stands after leaf and does not prove it/,
    /certificate first/,
  );
  // An authority of one's own is no fault, and should be known.
  const alone = { 'tls-certificate': leaf.certificate, 'tls-key': leaf.key };
  await only(
    sound,
    alone,
    /^note .*: the chain ends at leaf, which CN=authority proves/,
    /knows that authority/,
  );
  await only(
    sound,
    { 'client-ca': leaf.certificate },
    /^warning .*: leaf is no authority \(CA:FALSE\)/,
    /authority/,
  );
  const whole = put(folder, 'whole.pem', text(leaf.certificate) + text(authority.certificate));
  assert.deepEqual(
    await findings(sound, {
      'tls-certificate': whole,
      'tls-key': leaf.key,
      'client-ca': authority.certificate,
    }),
    [],
  );
});

test('options that do nothing alone; a key that others can read', async () => {
  const sound = await soundSetUp();
  await only(
    sound,
    { 'tls-key': undefined },
    /^error --tls-certificate: it does nothing without --tls-key/,
    /--tls-key/,
  );
  const { key } = soundCertificate();
  chmodSync(key, 0o644);
  try {
    await only(sound, {}, /^warning .*sound\.key: it has mode 0644/, /chmod 600/);
  } finally {
    chmodSync(key, 0o600);
  }
});
