// TLS between OpenSSL's own client and server as a capture: keys that change within a connection of TLS 1.3, and encrypt-then-MAC
// of TLS 1.2, read through with the key log that OpenSSL writes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureReader, explainCaptured } from '../../src/inspect/index.ts';
import { TlsKeyLog } from '../../src/inspect/secret/tls-key-log.ts';
import { TlsReader } from '../../src/inspect/secret/tls-reader.ts';
import { pcap } from '../inspect/capture/samples.ts';
import { conversation } from '../inspect/streams/samples.ts';
import { exchangeOf, type OpensslExchange } from './openssl-peers.ts';

/** What each end said, and the names of handshake messages under the protection. */
function read({ pieces, keyLog }: OpensslExchange): {
  readonly said: Readonly<Record<'client' | 'server', string>>;
  readonly updates: number;
  readonly closed: readonly string[];
  readonly reader: TlsReader;
} {
  const log = new TlsKeyLog();
  assert.deepEqual(log.add(keyLog), []);
  const reader = new TlsReader(log);
  const records = pieces.flatMap(({ from, octets }) => reader.read(octets, from === 'client' ? 0 : 1));
  const said = { client: '', server: '' };
  for (const { end, opened } of records) {
    if (opened?.contentType !== 23) continue;
    said[end === 0 ? 'client' : 'server'] += Buffer.from(opened.data).toString();
  }
  const updates = records.flatMap(({ messages }) => messages.filter(({ type }) => type === 24)).length;
  const closed = records.flatMap(({ why }) => why ?? []);
  return { said, updates, closed, reader };
}

test('RFC 8446 §4.6.3: KeyUpdate of either end, asked for and not, changes the keys, and what follows is read', async () => {
  const exchange = await exchangeOf('update', ['-tls1_3'], async (client, server, passed) => {
    client.say('one\n');
    await server.prints(/one/);
    // Its keys alone, then those of both.
    client.say('k\n');
    await client.prints(/KEYUPDATE/);
    client.say('two\n');
    await server.prints(/two/);
    client.say('K\n');
    await client.prints(/KEYUPDATE[\s\S]*KEYUPDATE/);
    client.say('three\n');
    await server.prints(/three/);
    server.say('four\n');
    await client.prints(/four/);
    // Read with the line before it, the next line would be passed over.
    const update = passed();
    server.say('K\n');
    await update;
    server.say('five\n');
    await client.prints(/five/);
    client.say('six\n');
    await server.prints(/six/);
  });
  const { said, updates, closed } = read(exchange);
  assert.equal(said.client, 'one\ntwo\nthree\nsix\n');
  assert.equal(said.server, 'four\nfive\n');
  assert.ok(updates >= 3, `${updates} KeyUpdate`);
  assert.deepEqual(closed, []);
});

for (const cipher of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384'] as const) {
  for (const etm of [true, false]) {
    test(`RFC 7366: TLS 1.2 with ${cipher}, ${etm ? 'encrypt-then-MAC' : 'MAC-then-encrypt'}`, async () => {
      const without = etm ? [] : ['-no_etm'];
      const options = ['-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`, ...without];
      const exchange = await exchangeOf(`${cipher}-${etm}`, options, async (client, server) => {
        client.say('one\n');
        await server.prints(/one/);
        server.say('two\n');
        await client.prints(/two/);
      });
      const { said, closed, reader } = read(exchange);
      assert.equal(reader.hellos.server?.encryptThenMac, etm);
      assert.deepEqual([said.client, said.server, closed], ['one\n', 'two\n', []]);
      const capture = new CaptureReader({ tlsKeyLog: exchange.keyLog });
      const file = pcap(conversation(exchange.pieces, { port: 4433 }));
      const messages = [...capture.feed(file), ...capture.end().messages];
      assert.ok(messages.every((message) => explainCaptured(message).error === undefined));
    });
  }
}
