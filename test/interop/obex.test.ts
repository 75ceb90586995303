// OBEX with peers that we did not write: obex_tcp and obex_test of libopenobex, and tshark.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../src/core/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createObexSender, ObexListener } from '../../src/push/obex/index.ts';
import { content, type Seen, summary } from './obex-tcp-peer.ts';
import { runInPrivateNetwork } from './private-network.ts';
import { capture, type PacketFields } from './tshark.ts';

async function scene(name: string, size = 0): Promise<Seen> {
  const program = new URL('obex-tcp-peer.ts', import.meta.url);
  return (await runInPrivateNetwork(program, [name, String(size)])) as Seen;
}

for (const size of [1, 55, 1000, 12 * 1024, 100_000]) {
  test(`N10-S-006 N13-S-013 PB-S-006 obex_tcp takes our PUT of ${size} octets`, async () => {
    const seen = await scene('send-to', size);
    assert.deepEqual(seen.outcomes, ['delivered']);
    assert.deepEqual(seen.objects, [summary(content(size))], seen.peer);
    assert.match(seen.peer, new RegExp(`HEADER_LENGTH = ${size}\n`));
    assert.equal(seen.peerCode, 0);
  });
}

test('IrOBEX §3.3.5: obex_tcp takes our ABORT, and our DISCONNECT after it, and keeps nothing', async () => {
  const seen = await scene('abort-to');
  assert.deepEqual(seen.outcomes, ['ABORTED', 'clean'], seen.peer);
  assert.deepEqual(seen.objects, []);
  assert.equal(seen.peerCode, 0);
});

for (const size of [1, 55, 1000, 12 * 1024, 100_000]) {
  test(`N10-C-005 N13-C-021 PB-C-006 we take the PUT of obex_tcp of ${size} octets`, async () => {
    const seen = await scene('receive-from', size);
    assert.deepEqual(seen.objects, [summary(content(size))], seen.peer);
    assert.deepEqual(seen.drops, []);
    assert.match(seen.peer, /PUT successful/);
  });
}

test('an object of obex_tcp, which names no type, is refused unless the owner knows one', async () => {
  const seen = await scene('refuse-from', 5000);
  assert.deepEqual(seen.objects, []);
  assert.deepEqual(seen.drops, ['content-type: object of no type is answered unsupportedMediaType']);
});

test('IrOBEX §3.3.4: a GET of obex_test is answered Not Implemented, and the session goes on', async () => {
  const seen = await scene('get-from');
  assert.match(seen.peer, /Connect OK!/);
  assert.match(seen.peer, /GET failed 0x51!/);
  assert.match(seen.peer, /Disconnect done!/);
  assert.deepEqual(seen.drops, ['operation: get is answered notImplemented']);
});

const fields = [
  'obex.opcode',
  'obex.final_flag',
  'obex.pkt_len',
  'obex.max_pkt_len',
  'obex.header.id.meaning',
  'obex.header.value.byte_sequence',
  'obex.type',
  'obex.length',
  'obex.connection_id',
  'obex.authentication.user_id',
  '_ws.malformed',
];

test('N13-S-013 PB-S-008 tshark dissects our requests: CONNECT with Target and proof, PUT, DISCONNECT', async (t) => {
  const credentials = { userId: 'dms', password: 'secret' };
  const listener = new ObexListener({
    port: 0,
    address: '127.0.0.1',
    handler: () => {},
    accounts: [credentials],
    maxPacketLength: 255,
  });
  const port = await listener.start();
  t.after(() => listener.close());
  const tshark = await capture(`tcp dst port ${port}`, fields, 60, ['-d', `tcp.port==${port},obex`]);
  t.after(() => tshark.stop());
  const body = content(300);
  await createObexSender({ push: { credentials } }).send(
    { id: 'p', contentType: contentTypes['dm+wbxml'], body },
    { host: '127.0.0.1', port },
    new AbortController().signal,
  );
  const requests: PacketFields[] = [];
  for (;;) {
    const packet = await tshark.next();
    assert.deepEqual(packet['_ws.malformed'], []);
    if (packet['obex.opcode']?.length !== 0) requests.push(packet);
    if (packet['obex.opcode']?.[0] === '0x01') break;
  }
  const seen = (name: string): string[][] => requests.map((packet) => [...(packet[name] ?? [])]);
  assert.deepEqual(seen('obex.opcode').flat(), ['0x00', '0x00', '0x02', '0x02', '0x01']);
  assert.deepEqual(seen('obex.final_flag').flat(), ['1', '1', '0', '1', '1']);
  assert.deepEqual(seen('obex.max_pkt_len').flat(), ['4096', '4096']);
  // Target and challenge; Target, response and challenge; Connection Id, Type, Length and Body; End-of-Body.
  assert.deepEqual(seen('obex.header.id.meaning'), [
    ['0x06', '0x0d'],
    ['0x06', '0x0e', '0x0d'],
    ['0x0b', '0x02', '0x03', '0x08'],
    ['0x09'],
    ['0x0b'],
  ]);
  const target = bytesToHex(utf8ToBytes('SYNCML-DM'));
  const [first, second, ...packets] = seen('obex.header.value.byte_sequence');
  assert.deepEqual([first, second], [[target], [target]]);
  assert.equal(packets.flat().join(''), bytesToHex(body));
  assert.deepEqual(seen('obex.type').flat(), [contentTypes['dm+wbxml'].mime]);
  assert.deepEqual(seen('obex.length').flat(), ['300']);
  assert.deepEqual(seen('obex.connection_id').flat(), ['1', '1']);
  assert.deepEqual(seen('obex.authentication.user_id').flat(), [bytesToHex(utf8ToBytes('dms'))]);
});
