// Captures that we write as Wireshark reads them: checksums, numbers, the end of connections, what is in them; and TLS in them,
// which tshark opens with the key log that we open it with.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { encodePdu } from '../../src/codec/smpp/index.ts';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import {
  CapturedConnection,
  CaptureReader,
  capturedDatagram,
  captureHeader,
  explainCaptured,
} from '../../src/inspect/index.ts';
import { echoServer, exchangeWith } from '../inspect/secret/tls-exchange.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-written-'));
after(() => rmSync(folder, { recursive: true }));

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const at = { timeMs: 1_700_000_000_000 };
const pairs = [
  ['192.0.2.1', '192.0.2.2'],
  ['2001:db8::1', '2001:db8::2'],
] as const;

/** Fields of each packet by tshark, which checks all sums. */
function dissect(
  name: string,
  capture: Uint8Array,
  fields: readonly string[],
  more: readonly string[] = [],
): string[][] {
  const path = join(folder, name);
  writeFileSync(path, capture);
  const checks = ['ip', 'udp', 'tcp'].flatMap((each) => ['-o', `${each}.check_checksum:TRUE`]);
  const options = ['-n', '-r', path, ...checks, ...more, '-T', 'fields', '-E', 'separator=|'];
  const { stdout, status, stderr } = spawnSync(
    'tshark',
    [...options, ...fields.flatMap((each) => ['-e', each])],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('|'));
}

for (const [a, b] of pairs) {
  test(`tshark has nothing to complain about in a push between ${a} and ${b}, and names what is in it`, () => {
    const route = { from: { address: a, port: 40_000 }, to: { address: b, port: 2948 } };
    const capture = concatBytes(
      captureHeader('Reveille', 'bindings'),
      capturedDatagram(route, push, { ...at, comment: 'wap, sent' }),
    );
    const fields = ['frame.comment', 'frame.time_epoch', 'udp.checksum.status', '_ws.malformed'];
    const [packet] = dissect('udp.pcapng', capture, [...fields, 'frame.protocols']);
    assert.deepEqual(packet?.slice(0, 3), ['wap, sent', '1700000000.000000000', '1']);
    assert.equal(packet?.[3], '');
    assert.match(packet?.[4] ?? '', /^raw:ipv?6?:udp:wsp/);
  });

  test(`tshark follows a connection between ${a} and ${b} from its opening to its end`, () => {
    const connection = new CapturedConnection({
      from: { address: a, port: 40_000 },
      to: { address: b, port: 80 },
    });
    const head =
      'POST /push HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n';
    const capture = concatBytes(
      captureHeader('Reveille', 'bindings'),
      connection.open(at),
      connection.data(0, utf8ToBytes(head + 'x'.repeat(100_000)), at),
      connection.data(1, utf8ToBytes('HTTP/1.1 204 No Content\r\n\r\n'), at),
      connection.close(0, at),
    );
    const fields = ['tcp.checksum.status', 'tcp.flags.str', 'http.request.uri', 'http.response.code'];
    const packets = dissect('tcp.pcapng', capture, [...fields, '_ws.malformed', 'tcp.analysis.flags']);
    assert.equal(packets.length, 9);
    assert.ok(
      packets.every(([sum, , , , malformed, analysis]) => sum === '1' && malformed === '' && analysis === ''),
    );
    assert.equal(packets.map(([, , uri]) => uri).join(''), '/push');
    assert.equal(packets.map(([, , , code]) => code).join(''), '204');
  });
}

test('tshark finds the destinations of a submit_multi, and who does not get it, where we do', () => {
  const body = concatBytes(
    hexToBytes('00010134393839000301010134393135313100'),
    hexToBytes('02667269656e64730001020834393135320040000000000000040006'),
    hexToBytes('050415811581'),
  );
  const answer = hexToBytes('69642d31000101013439313532000000000b');
  const pdus = [
    encodePdu({ command: 'opaque', commandId: 0x21, status: 0, sequence: 1, body }),
    encodePdu({ command: 'opaque', commandId: 0x80000021, status: 0, sequence: 1, body: answer }),
  ] as const;
  const connection = new CapturedConnection({
    from: { address: '192.0.2.1', port: 40_000 },
    to: { address: '192.0.2.2', port: 2775 },
  });
  const capture = concatBytes(
    captureHeader('Reveille', 'bindings'),
    connection.open(at),
    connection.data(0, pdus[0], at),
    connection.data(1, pdus[1], at),
    connection.close(0, at),
  );
  const names = ['destination_addr', 'dl_name', 'message_id', 'opt_params'].map((each) => `smpp.${each}`);
  const theirs = dissect('multi.pcapng', capture, [...names, '_ws.malformed']).filter((row) => row[0] !== '');
  const reader = new CaptureReader();
  const ours = [...reader.feed(capture), ...reader.end().messages].map((message) => {
    const [layer] = explainCaptured(message).layers;
    const named = (wanted: RegExp): string =>
      (layer?.fields ?? []).flatMap(({ name, value }) => (wanted.test(name) ? [value] : [])).join(',');
    return [named(/\.address$/), named(/\.list$/), named(/^messageId$/)];
  });
  assert.deepEqual(
    ours,
    theirs.map((row) => row.slice(0, 3)),
  );
  assert.deepEqual(ours, [
    ['491511,49152', 'friends', ''],
    ['49152', '', 'id-1'],
  ]);
  assert.ok(theirs.every((row) => row.at(-1) === ''));
});

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`${version}: tshark opens with the key log what we open with it`, async (t) => {
    const lines = ['/one', '/two'].map(
      (path) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`,
    );
    const client = { minVersion: version, maxVersion: version };
    const exchange = await exchangeWith(t, await echoServer(t), { client, lines });
    const connection = new CapturedConnection({
      from: { address: '192.0.2.1', port: 40_000 },
      to: { address: '192.0.2.2', port: 443 },
    });
    const capture = concatBytes(
      captureHeader('Reveille', 'bindings'),
      connection.open(at),
      ...exchange.pieces.map(({ end, octets }) => connection.data(end, octets, at)),
      connection.close(0, at),
    );
    const keys = join(folder, 'keys.log');
    writeFileSync(keys, exchange.keyLog);
    const packets = dissect('tls.pcapng', capture, ['http.request.uri'], ['-o', `tls.keylog_file:${keys}`]);
    const theirs = packets.flatMap(([uris = '']) => (uris === '' ? [] : uris.split(',')));
    const reader = new CaptureReader({ tlsKeyLog: exchange.keyLog });
    const messages = [...reader.feed(capture), ...reader.end().messages];
    const ours = messages.flatMap(({ protocol, octets }) => {
      const uri = /^POST (\S+) /.exec(Buffer.from(octets).toString('latin1'))?.[1];
      return protocol === 'http' && uri !== undefined ? [uri] : [];
    });
    assert.ok(ours.includes('/one') && ours.includes('/two'));
    assert.deepEqual(ours, theirs);
  });
}
