// Captures of WTLS and TLS read through with what opens them, and to the record layer without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, utf8ToBytes } from '../../../src/core/index.ts';
import {
  type CapturedMessage,
  CaptureReader,
  type CaptureSecrets,
  explainCaptured,
} from '../../../src/inspect/index.ts';
import { device } from '../../codec/wtls/support.ts';
import { pcap } from '../capture/samples.ts';
import { echoServer, exchangeWith } from '../secret/tls-exchange.ts';
import { wtlsCapture } from '../secret/wtls-capture.ts';
import { conversation } from '../streams/samples.ts';

function readAll(file: Uint8Array, secrets: CaptureSecrets = {}): readonly CapturedMessage[] {
  const reader = new CaptureReader(secrets);
  const messages = [...reader.feed(file.slice()), ...reader.end().messages];
  return structuredClone(messages);
}

test('WTLS with its secret is read to Package #0, and its handshake with it', () => {
  const messages = readAll(wtlsCapture(), { wtlsSecrets: [device] });
  const explained = messages.map((message) => explainCaptured(message, { key: { secret: 'secret' } }));
  const last = explained.at(-1);
  assert.deepEqual(
    last?.layers.map(({ name }) => name),
    ['ethernet', 'ip', 'udp', 'wtls', 'wtls', 'wsp', 'package0'],
  );
  assert.equal(last?.verified, true);
  assert.match(
    last?.layers[4]?.title ?? '',
    /^WTLS, opened with the secret: application_data, identity "dev1" \(/,
  );
  const fields = explained.flatMap(({ layers }) => layers.flatMap((layer) => layer.fields));
  assert.equal(fields.filter(({ name }) => name === 'finished.verifyData').length, 2);
  assert.ok(explained.every(({ error, note }) => error === undefined && note === undefined));
});

test('WTLS without its secret is read to the record layer, and says what would open it', () => {
  const messages = readAll(wtlsCapture());
  const why = 'the secret under the identity "dev1" would open it, and was not given';
  assert.deepEqual(
    messages.map(({ note }) => note),
    [
      undefined,
      undefined,
      `WTLS stays closed: ${why}`,
      `WTLS stays closed: ${why}`,
      `WTLS stays closed: ${why}`,
    ],
  );
  const last = messages.at(-1);
  assert.ok(last !== undefined);
  const { layers } = explainCaptured(last);
  assert.equal(layers.at(-1)?.fields.at(-1)?.meaning, why);
});

test('a secret that cannot be one is refused before anything is read, without being shown', () => {
  assert.throws(
    () =>
      new CaptureReader({ wtlsSecrets: [{ identity: utf8ToBytes('dev1'), secret: utf8ToBytes('short') }] }),
    /wtlsSecrets\[0\]\.secret: has 5 octets, at least 16 are needed/,
  );
});

const request = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: dm.example.com\r\nContent-Type: text/plain\r\nContent-Length: 35\r\n\r\n${'x'.repeat(35)}`;

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`${version} with its key log: two requests over HTTPS are read`, async (t) => {
    const lines = [request('/a'), request('/b')];
    const client = { minVersion: version, maxVersion: version };
    const exchange = await exchangeWith(t, await echoServer(t), { client, lines });
    const said = exchange.pieces.map(
      ({ end, octets }) => ({ from: end === 0 ? 'client' : 'server', octets }) as const,
    );
    const file = pcap(conversation(said, { port: 443, size: 200 }));
    const opened = readAll(file, { tlsKeyLog: exchange.keyLog });
    const requests = opened.filter(
      ({ protocol, destination }) => protocol === 'http' && destination?.port === 443,
    );
    assert.deepEqual(
      requests.map((message) =>
        explainCaptured(message)
          .layers.slice(0, 1)
          .map(({ name }) => name),
      ),
      [['http'], ['http']],
    );
    assert.match(requests[0]?.note ?? '', new RegExp(`^read under TLS 1\\.${version.at(-1)}, TLS_`));
    const closed = readAll(file);
    assert.ok(closed.every(({ protocol }) => protocol === 'tls'));
    assert.ok(closed.some(({ note }) => note?.includes('ClientHello for dm.example.com') === true));
    assert.match(
      closed.at(-1)?.note ?? '',
      /stay closed: a key log of either end would open it, with the line /,
    );
    const hello = closed.find(({ note }) => note?.includes('ClientHello') === true);
    assert.ok(hello !== undefined);
    const fields = explainCaptured(hello).layers[0]?.fields ?? [];
    assert.ok(
      fields.some(({ name, value }) => name === 'clientHello.serverName' && value === 'dm.example.com'),
    );
    // With a segment missing in the middle, what comes before it is read.
    const packets = conversation(said, { port: 443, size: 200 });
    const cut = readAll(pcap(packets.filter((_, index) => index !== packets.length - 8)), {
      tlsKeyLog: exchange.keyLog,
    });
    assert.ok(cut.length > 0);
  });
}

test('faults of a key log are told by line; keys that a capture carries count too', async (t) => {
  const exchange = await exchangeWith(t, await echoServer(t), { lines: [request('/a')] });
  const said = exchange.pieces.map(
    ({ end, octets }) => ({ from: end === 0 ? 'client' : 'server', octets }) as const,
  );
  const packets = conversation(said, { port: 8443 });
  assert.deepEqual(new CaptureReader({ tlsKeyLog: 'CLIENT_RANDOM 1 2\n' }).keyLogFaults, [
    { line: 1, what: 'CLIENT_RANDOM: its random is not 32 octets in hex' },
  ]);
  const word = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
  const block = (type: number, body: Uint8Array): Uint8Array => {
    const padded = concatBytes(body, new Uint8Array(-body.length & 3));
    return concatBytes(word(type), word(padded.length + 12), padded, word(padded.length + 12));
  };
  const keys = utf8ToBytes(exchange.keyLog);
  const file = concatBytes(
    block(0x0a0d0d0a, concatBytes(word(0x1a2b3c4d), word(1), word(0xffffffff), word(0xffffffff))),
    block(1, concatBytes(word(1), word(262_144))),
    block(10, concatBytes(word(0x544c534b), word(keys.length), keys)),
    ...packets.map(({ octets }) =>
      block(6, concatBytes(word(0), word(0), word(0), word(octets.length), word(octets.length), octets)),
    ),
  );
  assert.ok(
    readAll(file).some(
      ({ protocol, note }) => protocol === 'http' && note?.startsWith('read under') === true,
    ),
  );
});
