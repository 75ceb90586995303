// reveille doctor: carriers that cannot be reached, each for one reason, and it alone is named, with what to do.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { SmscSimulator } from '../../../src/testing/index.ts';
import { makeCertificate } from './openssl.ts';
import { findings, linesOf, newFolder, put, type SetUp, soundCertificate, soundSetUp } from './set-up.ts';

const account = { systemId: 'fleet', password: 'k7Xw2mQ9' };

/** Has a server listen until the test is over; gives its port. */
async function listening(server: Server, t: TestContext): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** What is found where these sections are the configuration. */
async function told(
  sections: object,
  flags: readonly string[] = [],
  given?: SetUp,
): Promise<readonly string[]> {
  const setUp = given ?? (await soundSetUp());
  const found = await findings(setUp, { config: put(setUp.folder, 'bindings.json', sections) }, { flags });
  for (const { remedy, check } of found) assert.ok(check !== 'links' || (remedy ?? '') !== '');
  return linesOf(found, setUp);
}

function roads(road: object): object {
  const listen = { address: '127.0.0.1', port: 0, url: 'https://dm.example.com/sms' };
  return { sms: { roads: { acme: road }, routes: [{ prefix: '', roads: ['acme'] }], listen } };
}

test('every kind of link that answers: nothing is found, and nothing is sent', async (t) => {
  const sent: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (data) => sent.push(data.toString('latin1')));
    socket.on('error', () => {});
  });
  const port = await listening(server, t);
  const url = `http://127.0.0.1:${port}/x`;
  for (const sections of [
    { sms: { smscs: [{ host: '127.0.0.1', port, ...account }] } },
    roads({
      kind: 'smpp',
      smscs: [{ host: '127.0.0.1', port, ...account, bind: 'separate', receiver: { port } }],
    }),
    roads({ kind: 'kannel', url, username: 'u', password: 'k7Xw2mQ9', from: 'Acme' }),
    roads({ kind: 'modem', port: `tcp:127.0.0.1:${port}` }),
    { pap: { gateways: [{ name: 'gw', url }] } },
    { sip: { from: 'sip:dms@example.com', outboundProxy: `sip:127.0.0.1:${port};transport=tcp` } },
    { sip: { from: 'sip:dms@example.com', outboundProxy: `sip:127.0.0.1:${port}` } },
  ]) {
    assert.deepEqual(await told(sections), [], JSON.stringify(sections));
  }
  assert.deepEqual(sent, []);
});

test('every kind of link that refuses is named with its place', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/x`;
  const refused = `127.0.0.1:${port} refuses connections`;
  for (const [path, sections] of [
    ['sms.smscs[0]', { sms: { smscs: [{ host: '127.0.0.1', port, ...account }] } }],
    ['sms.roads.acme.smscs[0]', roads({ kind: 'smpp', smscs: [{ host: '127.0.0.1', port, ...account }] })],
    ['sms.roads.acme', roads({ kind: 'kannel', url, username: 'u', password: 'k7Xw2mQ9', from: 'Acme' })],
    ['sms.roads.acme', roads({ kind: 'modem', port: `tcp:127.0.0.1:${port}` })],
    ['pap.gateways[0]', { pap: { gateways: [{ name: 'gw', url }] } }],
    [
      'sip.outboundProxy',
      { sip: { from: 'sip:dms@example.com', outboundProxy: `sip:127.0.0.1:${port};transport=tcp` } },
    ],
  ] as const) {
    assert.deepEqual(await told(sections), [`error /bindings.json: ${path}: ${refused}`]);
  }
});

test('a name that does not resolve; a serial port that is not there; neither with --offline', async () => {
  const nowhere = { sms: { smscs: [{ host: 'smsc.invalid', ...account }] } };
  const [line, ...more] = await told(nowhere);
  assert.match(
    line ?? '',
    /^error \/bindings\.json: sms\.smscs\[0\]: the name smsc\.invalid cannot be resolved \(/,
  );
  assert.deepEqual(more, []);
  assert.deepEqual(await told(nowhere, ['--offline']), []);
  const unplugged = roads({ kind: 'modem', port: '/dev/reveille-no-such-port' });
  assert.deepEqual(await told(unplugged), [
    'error /bindings.json: sms.roads.acme: there is no /dev/reveille-no-such-port',
  ]);
  assert.deepEqual(await told(unplugged, ['--offline']), []);
});

test('TLS: an authority that is not known, another name, a certificate that has ended, a port that speaks none', async (t) => {
  const folder = newFolder();
  const text = (path: string): string => readFileSync(path, 'utf8');
  const { certificate, key } = soundCertificate();
  const ended = makeCertificate(folder, 'ended', { names: 'IP:127.0.0.1', from: -20, to: -10 });
  const other = makeCertificate(folder, 'other', { names: 'DNS:other.example.com' });
  const serving = async (pair: { certificate: string; key: string }): Promise<number> => {
    const server = createTlsServer({ cert: text(pair.certificate), key: text(pair.key) });
    server.on('tlsClientError', () => {});
    return await listening(server, t);
  };
  const plain = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('220 not TLS\r\n');
  });
  const ports = {
    sound: await serving({ certificate, key }),
    ended: await serving(ended),
    other: await serving(other),
    plain: await listening(plain, t),
  };
  const centre = (port: number, ca?: string): object => ({
    sms: { smscs: [{ host: '127.0.0.1', port, ...account, tls: ca === undefined ? {} : { ca: text(ca) } }] },
  });
  const only = async (sections: object, what: RegExp): Promise<void> => {
    const lines = (await told(sections)).filter((line) => !line.includes('tls.ca:'));
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', what);
  };
  const sound = await told(centre(ports.sound, certificate));
  assert.deepEqual(
    sound.filter((line) => !line.includes('is no authority')),
    [],
  );
  await only(
    centre(ports.sound),
    /^error .*: the certificate of 127\.0\.0\.1:\d+ is of an authority that is not known/,
  );
  await only(
    centre(ports.other, other.certificate),
    /^error .*: the certificate of .* is not for 127\.0\.0\.1/,
  );
  await only(centre(ports.ended, ended.certificate), /^error .*: the certificate of .* has ended/);
  await only(centre(ports.plain), /^error .*: 127\.0\.0\.1:\d+ does no TLS that we can do/);
});

test('--deep: a centre that lets the account in, one that does not, one that says nothing', async (t) => {
  const events: string[] = [];
  const smsc = new SmscSimulator({ accounts: [account], onEvent: ({ type }) => void events.push(type) });
  const port = await smsc.start(0);
  t.after(() => smsc.stop());
  const centre = (more: object): object => ({
    sms: { smscs: [{ host: '127.0.0.1', port, ...account, ...more }] },
  });
  assert.deepEqual(await told(centre({})), []);
  assert.deepEqual(events, [], 'without --deep nobody logs in');
  assert.deepEqual(await told(centre({}), ['--deep']), []);
  assert.deepEqual(events, ['bound', 'unbound']);
  const [line, ...more] = await told(centre({ password: 'w9Pq4zRt' }), ['--deep']);
  assert.match(line ?? '', /^error \/bindings\.json: sms\.smscs\[0\]: .*(?:password|ESME_RINVPASWD)/i);
  assert.deepEqual(more, []);
});

test('--deep: the clock of what is asked over HTTP', async (t) => {
  const behind = createHttpServer((_, response) => {
    response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
    response.end();
  });
  const right = createHttpServer((_, response) => response.end());
  const gateways = [
    { name: 'behind', url: `http://127.0.0.1:${await listening(behind, t)}/pap` },
    { name: 'right', url: `http://127.0.0.1:${await listening(right, t)}/pap` },
  ];
  assert.deepEqual(await told({ pap: { gateways } }), []);
  const lines = await told({ pap: { gateways } }, ['--deep']);
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', /^warning .*pap\.gateways\[0\]: the clock of this machine is 3\d\d\d s ahead/);
});
