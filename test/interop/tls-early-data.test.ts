// What a client of TLS 1.3 sends with its hello (RFC 8446 §2.3), before the server has said anything: its frame and time are those in which
// it came, as tshark has them, with a key log and without. OpenSSL's own client and server write it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import { type CapturedMessage, CaptureReader } from '../../src/inspect/index.ts';
import { pcap } from '../inspect/capture/samples.ts';
import { conversation } from '../inspect/streams/samples.ts';
import { folder, OpensslServer } from './openssl-peers.ts';

const push = hexToBytes('0a75ea9c35da2799065ac1bb0011838c02c800000012340e636f6d2e6578616d706c652e646d');
const head =
  'POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/vnd.syncml.notification\r\n' +
  `Content-Length: ${push.length}\r\n\r\n`;

function messagesOf(file: Uint8Array, tlsKeyLog = ''): readonly CapturedMessage[] {
  const capture = new CaptureReader({ tlsKeyLog });
  return [...capture.feed(file.slice()), ...capture.end().messages];
}

test('early data of a resumed session has the frame and the time that it came in', async () => {
  const session = join(folder, 'session');
  const request = join(folder, 'request');
  writeFileSync(request, Buffer.concat([utf8ToBytes(head), push]));
  const options = ['-tls1_3'];
  const server = await OpensslServer.start([...options, '-early_data', '-no_anti_replay'], 2);
  const early = [...options, '-sess_in', session, '-early_data', request];
  const exchange = await (async () => {
    try {
      await server.exchange('first', [...options, '-sess_out', session], async (client, peer) => {
        // Tickets come before it.
        peer.say('said\n');
        await client.prints(/said/);
        // A connection that breaks off leaves no session to resume.
        client.say('Q\n');
        await once(client.child, 'close');
      });
      return await server.exchange('early', early, async (client) => {
        await client.prints(/Early data was accepted/);
      });
    } finally {
      server.stop();
    }
  })();

  for (const size of [1400, 200]) {
    const packets = conversation(exchange.pieces, { port: 443, size });
    const file = pcap(packets.map((packet, index) => ({ ...packet, seconds: 1_700_000_000 + index })));
    const [path, keys] = [join(folder, 'early.pcap'), join(folder, 'early.log')];
    writeFileSync(path, file);
    const { stdout } = spawnSync(
      'tshark',
      [
        ...['-r', path, '-n', '-o', `tls.keylog_file:${keys}`, '-Y', 'http.request'],
        ...['-T', 'fields', '-e', 'frame.number', '-e', 'frame.time_epoch', '-e', 'tcp.dstport'],
      ],
      { encoding: 'utf8' },
    );
    const [frame, time, port] = stdout.trim().split('\t').map(Number);
    const opened = messagesOf(file, exchange.keyLog);
    const http = opened.find(({ protocol }) => protocol === 'http');
    const seen = [http?.frames.at(-1), Date.parse(http?.time ?? '') / 1000, http?.destination?.port];
    assert.deepEqual(seen, [frame, time, port]);

    const hello = opened.find(({ note = '' }) => note.includes('server, ServerHello'))?.frames[0] ?? 0;
    assert.ok(hello > (frame ?? 0), `the server speaks in ${hello}`);
    for (const messages of [opened, messagesOf(file)]) {
      const change = messages.find(({ note = '' }) => note.includes('client, change_cipher_spec'));
      assert.ok((change?.frames.at(-1) ?? hello) < hello, `${change?.frames}`);
      const first = messages.find(({ note = '' }) => note.includes('client, ClientHello'));
      assert.deepEqual(first?.frames[0], 4);
      // A hello over several segments has the frames of all of them.
      if (size === 200) assert.deepEqual(first?.frames.slice(0, 2), [4, 5]);
    }
    const sealed = messagesOf(file).filter(({ note = '' }) => note.includes('stay closed'));
    const ofClient = sealed.find(({ destination }) => destination?.port === 443);
    assert.ok(ofClient?.frames.includes(frame ?? 0), `${ofClient?.frames}`);
    assert.ok(!ofClient?.frames.includes(hello));
  }
});
