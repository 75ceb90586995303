// TLS read from outside: connections of the platform's OpenSSL over loopback, with the key log that it writes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { tlsAlertName, tlsMessageName } from '../../../src/inspect/secret/tls-code-points.ts';
import { TlsKeyLog } from '../../../src/inspect/secret/tls-key-log.ts';
import { type ReadTlsRecord, TlsReader } from '../../../src/inspect/secret/tls-reader.ts';
import { type Exchange, echoServer, exchangeWith } from './tls-exchange.ts';

function logOf(text: string): TlsKeyLog {
  const log = new TlsKeyLog();
  assert.deepEqual(log.add(text), []);
  return log;
}

function readAll(
  { pieces, keyLog }: Exchange,
  log = logOf(keyLog),
  order: (pieces: Exchange['pieces']) => Exchange['pieces'] = (all) => all,
): readonly ReadTlsRecord[] {
  const reader = new TlsReader(log);
  const read = order(pieces).flatMap(({ end, octets }) => reader.read(octets, end));
  return [...read, ...reader.finish()];
}

/** Application data of each end, as text. */
function said(records: readonly ReadTlsRecord[]): readonly [string, string] {
  const of = (end: number): string =>
    records
      .flatMap((each) => (each.end === end && each.opened?.contentType === 23 ? [each.opened.data] : []))
      .map((data) => Buffer.from(data).toString())
      .join('');
  return [of(0), of(1)];
}

const whys = (records: readonly ReadTlsRecord[]): readonly string[] => [
  ...new Set(records.flatMap(({ why }) => (why === undefined ? [] : [why]))),
];

const cipher = (name: string): { readonly ciphers: string } => ({ ciphers: `${name}:@SECLEVEL=0` });
const tls12 = { maxVersion: 'TLSv1.2' } as const;

const suites13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const suites12 = [
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ...['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ...['ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-SHA384'],
];

for (const name of suites13) {
  test(`RFC 8446 §7: TLS 1.3 with ${name} is read with its key log`, async (t) => {
    const exchange = await exchangeWith(t, await echoServer(t), { client: { ciphers: name } });
    assert.equal(exchange.cipher, name);
    const records = readAll(exchange);
    assert.deepEqual(said(records), ['onetwo', 'ONETWO']);
    assert.deepEqual(whys(records), []);
    const messages = records.flatMap(({ messages: each }) => each.map(({ type }) => tlsMessageName(type)));
    for (const one of ['ClientHello', 'ServerHello', 'EncryptedExtensions', 'Certificate', 'Finished']) {
      assert.ok(messages.includes(one), one);
    }
    assert.equal(
      tlsAlertName(records.findLast(({ alert }) => alert !== undefined)?.alert?.description ?? 99),
      'close_notify',
    );
  });
}

for (const name of suites12) {
  test(`RFC 5246 §6: TLS 1.2 with ${name} is read with its key log`, async (t) => {
    const port = await echoServer(t, cipher(name));
    const exchange = await exchangeWith(t, port, { client: { ...tls12, ...cipher(name) } });
    const records = readAll(exchange);
    assert.deepEqual(said(records), ['onetwo', 'ONETWO']);
    assert.deepEqual(whys(records), []);
    const suite = records
      .flatMap(({ messages }) => messages)
      .find(({ hello }) => hello?.type === 'server-hello');
    assert.ok(suite?.hello?.type === 'server-hello');
    assert.equal(suite.hello.version, 0x0303);
  });
}

test('RFC 8446 §4.6.1, RFC 5246 §7.3: resumed connections are read in both versions', async (t) => {
  const port = await echoServer(t, cipher('DEFAULT'));
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const client = { minVersion: version, maxVersion: version };
    const { session } = await exchangeWith(t, port, { client });
    assert.ok(session !== undefined);
    const exchange = await exchangeWith(t, port, { client: { ...client, session } });
    const records = readAll(exchange);
    assert.deepEqual(said(records), ['onetwo', 'ONETWO']);
    assert.ok(!records.some(({ messages }) => messages.some(({ type }) => type === 11)), 'no certificate');
  }
});

test('RFC 8446 §4.1.4: a server that asks for another hello is read', async (t) => {
  const port = await echoServer(t, { ecdhCurve: 'P-521' });
  const exchange = await exchangeWith(t, port, { client: { ecdhCurve: 'X25519:P-256:P-384:P-521' } });
  const records = readAll(exchange);
  const hellos = records.flatMap(({ messages }) =>
    messages.flatMap(({ hello }) => (hello === undefined ? [] : [hello.type])),
  );
  assert.deepEqual(hellos, ['client-hello', 'server-hello', 'client-hello', 'server-hello']);
  assert.deepEqual(said(records), ['onetwo', 'ONETWO']);
});

test('RFC 5746: a handshake within a connection of TLS 1.2 changes the keys, and both are read', async (t) => {
  const port = await echoServer(t, { ...tls12, ...cipher('ECDHE-ECDSA-AES128-GCM-SHA256') });
  const between = (socket: TLSSocket): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.renegotiate({ rejectUnauthorized: false }, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  const exchange = await exchangeWith(t, port, {
    client: { ...tls12, ...cipher('ECDHE-ECDSA-AES128-GCM-SHA256') },
    between,
  });
  const records = readAll(exchange);
  assert.deepEqual(said(records), ['onetwo', 'ONETWO']);
  assert.equal(records.filter(({ messages }) => messages.some(({ type }) => type === 1)).length, 2);
});

test('without keys: versions, names and ciphers in the clear, and what would open the rest', async (t) => {
  const port = await echoServer(t, { ALPNProtocols: ['http/1.1'] });
  const client = { ...tls12, ALPNProtocols: ['http/1.1', 'h2'] };
  const exchange = await exchangeWith(t, port, { client });
  const reader = new TlsReader(new TlsKeyLog());
  const records = exchange.pieces.flatMap(({ end, octets }) => reader.read(octets, end));
  const { client: clientHello, server } = reader.hellos;
  assert.equal(clientHello?.serverName, 'dm.example.com');
  assert.deepEqual(clientHello?.alpn, ['http/1.1', 'h2']);
  assert.equal(server?.alpn, 'http/1.1');
  assert.equal(server?.version, 0x0303);
  assert.deepEqual(said(records), ['', '']);
  assert.match(
    whys(records).join('\n'),
    /^a key log of either end would open it, with the line CLIENT_RANDOM [0-9a-f]{8}…$/,
  );
});

test('keys of another connection, changed keys, another cipher: said, never guessed', async (t) => {
  const port = await echoServer(t, { ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256' });
  const exchange = await exchangeWith(t, port);
  const other = await exchangeWith(t, port);
  assert.match(
    whys(readAll(exchange, logOf(other.keyLog))).join(),
    /^the key log has no line SERVER_HANDSHAKE_TRAFFIC_SECRET/,
  );
  const changed = exchange.keyLog.replaceAll(/([0-9a-f])$/gm, (digit) => (digit === '0' ? '1' : '0'));
  const wrong = readAll(exchange, logOf(changed));
  assert.deepEqual(said(wrong), ['', '']);
  assert.match(whys(wrong).join(), /^it does not open: the key log has another secret/);
  const ccm = await exchangeWith(t, port, { client: { ciphers: 'TLS_AES_128_CCM_SHA256' } });
  assert.match(whys(readAll(ccm)).join(), /^its cipher is TLS_AES_128_CCM_SHA256, which is not read here$/);
});

test('only part of a log: application data is read without the secrets of the handshake', async (t) => {
  const exchange = await exchangeWith(t, await echoServer(t));
  const part = exchange.keyLog.replaceAll(/^.*HANDSHAKE_TRAFFIC.*\n/gm, '');
  const records = readAll(exchange, logOf(part));
  assert.deepEqual(said(records), ['onetwo', 'ONETWO']);
  assert.match(whys(records).join(), /^it does not open/);
});

test('one direction before the other, and octet by octet: the same is read', async (t) => {
  const exchange = await exchangeWith(t, await echoServer(t));
  const clientFirst = readAll(exchange, logOf(exchange.keyLog), (pieces) =>
    [...pieces].sort((a, b) => a.end - b.end),
  );
  assert.deepEqual(said(clientFirst), ['onetwo', 'ONETWO']);
  const serverFirst = readAll(exchange, logOf(exchange.keyLog), (pieces) =>
    [...pieces].sort((a, b) => b.end - a.end),
  );
  assert.deepEqual(said(serverFirst), ['onetwo', 'ONETWO']);
  const single = readAll(exchange, logOf(exchange.keyLog), (pieces) =>
    pieces.flatMap(({ end, octets }) => [...octets].map((octet) => ({ end, octets: Uint8Array.of(octet) }))),
  );
  assert.deepEqual(said(single), ['onetwo', 'ONETWO']);
});

test('a stream from its middle, with a gap, or damaged, says so and goes on as far as it can', async (t) => {
  const exchange = await exchangeWith(t, await echoServer(t), { lines: ['one', 'two', 'three'] });
  const first = exchange.pieces.findIndex(
    ({ end, octets }) => end === 0 && octets[0] === 23 && octets.length < 40,
  );
  assert.ok(first > 0);
  const middle = readAll({ ...exchange, pieces: exchange.pieces.slice(first) });
  assert.match(whys(middle).join(), /^the ClientHello, whose random names the keys, is not in the capture$/);
  const reader = new TlsReader(logOf(exchange.keyLog));
  const gapped = exchange.pieces.flatMap(({ end, octets }, index) =>
    index === first ? reader.gap(end) : reader.read(octets, end),
  );
  assert.match(whys(gapped).join(), /^octets of the stream before it are missing/);
  assert.equal(said(gapped)[1], 'ONETWOTHREE');
  const damaged = exchange.pieces.map((piece, index) => {
    if (index !== first) return piece;
    const octets = piece.octets.slice();
    octets[6] = (octets[6] ?? 0) ^ 1;
    return { ...piece, octets };
  });
  const records = readAll({ ...exchange, pieces: damaged });
  assert.equal(said(records)[1], 'ONETWOTHREE');
  assert.ok(whys(records).length > 0);
});

test('what is no TLS stops its direction with the place', () => {
  const reader = new TlsReader(new TlsKeyLog());
  assert.deepEqual(reader.read(Buffer.from('GET / HTTP/1.1\r\n'), 0), []);
  assert.match(reader.errorOf(0)?.message ?? '', /0x47 is no type of a TLS record \(byte 0; RFC 8446 §5.1\)/);
  const long = new TlsReader(new TlsKeyLog());
  long.read(Uint8Array.of(22, 3, 1, 0xff, 0xff), 1);
  assert.equal(long.errorOf(1)?.code, 'LIMIT');
  assert.equal(long.errorOf(0), undefined);
});

test('any octets, and any changed octet of a connection, never throw', async (t) => {
  const exchange = await exchangeWith(t, await echoServer(t));
  const log = logOf(exchange.keyLog);
  const { pieces } = exchange;
  fc.assert(
    fc.property(
      fc.nat(pieces.length - 1),
      fc.nat(300),
      fc.uint8Array({ maxLength: 40 }),
      (which, at, octets) => {
        const reader = new TlsReader(log);
        for (const [index, piece] of pieces.entries()) {
          const changed = piece.octets.slice();
          if (index === which)
            changed.set(octets.subarray(0, Math.max(changed.length - at, 0)), Math.min(at, changed.length));
          reader.read(changed, piece.end);
        }
        reader.finish();
      },
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(0, 1), fc.uint8Array({ maxLength: 60 }))), (all) => {
      const reader = new TlsReader(log);
      for (const [end, octets] of all) reader.read(octets, end === 0 ? 0 : 1);
      for (const [end, octets] of all)
        reader.read(Uint8Array.of(22, 3, 3, 0, octets.length, ...octets), end === 0 ? 0 : 1);
      reader.finish();
    }),
  );
});
