import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeHttpHeaders,
  decodeRequest,
  encodeHttpHeaders,
  headerIds,
  type ObexHeader,
  ObjectAssembler,
  opcodes,
  putPackets,
  typeOctets,
  typeText,
} from '../../../src/codec/obex/index.ts';
import { utf8ToBytes, ValueError } from '../../../src/core/index.ts';

const type = 'application/vnd.syncml.dm.notification';
const headers = (length: number): ObexHeader[] => [
  { id: headerIds.type, value: typeOctets(type) },
  { id: headerIds.length, value: length },
];

test('IrOBEX §3.3.3: an object of any size, cut for any peer, comes together again within its packets', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 255, max: 1200 }), (size, max) => {
      const body = Uint8Array.from({ length: size }, (_, index) => index & 255);
      const assembler = new ObjectAssembler(size);
      const states: string[] = [];
      for (const packet of putPackets(headers(size), body, max)) {
        assert.ok(packet.length <= max, `${packet.length} of ${max}`);
        const request = decodeRequest(packet);
        assert.equal(request.opcode, opcodes.put);
        states.push(assembler.add(request.headers, request.final));
      }
      assert.equal(states.pop(), 'complete');
      assert.ok(states.every((state) => state === 'more'));
      const object = assembler.finish();
      assert.deepEqual(object.body, body);
      assert.equal(object.type, type);
      assert.equal(object.length, size);
    }),
  );
});

test('IrOBEX §2.2.9: all packets but the last are full, only the last is final and has End-of-Body', () => {
  const packets = [...putPackets(headers(1000), new Uint8Array(1000), 255)].map((packet) => {
    const { final, headers: list } = decodeRequest(packet);
    return { length: packet.length, final, ids: list.map(({ id }) => id) };
  });
  assert.deepEqual(packets[0], { length: 255, final: false, ids: [0x42, 0xc3, 0x48] });
  assert.deepEqual(packets.at(-1), { length: 1000 - 202 - 3 * 249 + 6, final: true, ids: [0x49] });
  for (const packet of packets.slice(1, -1)) {
    assert.deepEqual(packet, { length: 255, final: false, ids: [0x48] });
  }
  assert.equal(packets.length, 5);
});

test('IrOBEX §2.2.9: an empty object is an empty End-of-Body in the only packet', () => {
  const [only, ...more] = putPackets([], new Uint8Array(0), 255);
  assert.deepEqual(only, Uint8Array.of(0x82, 0, 6, 0x49, 0, 3));
  assert.equal(more.length, 0);
});

test('headers that do not fit one packet are spread over several, each whole', () => {
  const blocks = [1, 2, 3].map((octet) => new Uint8Array(200).fill(octet));
  const list = blocks.map((value) => ({ id: headerIds.http, value }));
  const packets = [...putPackets(list, utf8ToBytes('body'), 255)].map((packet) => decodeRequest(packet));
  assert.deepEqual(
    packets.map(({ headers: some }) => some.map(({ id }) => id)),
    [[0x47], [0x47], [0x47, 0x49]],
  );
  const assembler = new ObjectAssembler(100);
  for (const { headers: some, final } of packets) assembler.add(some, final);
  assert.deepEqual(assembler.head().http, blocks);
});

test('a header beyond the packet, and a maximum below 255, are refused before the first packet', () => {
  const long = [{ id: headerIds.http, value: new Uint8Array(250) }];
  assert.throws(() => putPackets(long, new Uint8Array(0), 255), ValueError);
  assert.throws(() => putPackets([], new Uint8Array(0), 254), ValueError);
  assert.throws(() => putPackets([], new Uint8Array(0), 65536), ValueError);
});

const assembled = (maxLength: number, ...packets: [ObexHeader[], boolean][]) => {
  const assembler = new ObjectAssembler(maxLength);
  return packets.map(([list, final]) => assembler.add(list, final));
};
const body = (length: number) => ({ id: headerIds.body, value: new Uint8Array(length) });
const end = (length: number) => ({ id: headerIds.endOfBody, value: new Uint8Array(length) });

test('IrOBEX §2.2.9: End-of-Body in a packet of its own; Body without it in the final packet (libopenobex)', () => {
  assert.deepEqual(assembled(10, [[body(4)], false], [[end(0)], true]), ['more', 'complete']);
  assert.deepEqual(assembled(10, [[body(4)], true]), ['complete']);
});

test('IrOBEX §3.3.3.6: a PUT without any body is a request to delete', () => {
  assert.deepEqual(assembled(10, [headers(0), true]), ['no-body']);
  assert.deepEqual(assembled(10, [[...headers(0), end(0)], true]), ['complete']);
});

test('objects beyond the limit are told by their Length or by what comes; Length is only a hint', () => {
  assert.deepEqual(assembled(10, [headers(11), false]), ['too-large']);
  assert.deepEqual(assembled(10, [[body(6)], false], [[body(5)], false]), ['more', 'too-large']);
  assert.deepEqual(assembled(10, [[...headers(3), end(10)], true]), ['complete']);
  assert.deepEqual(assembled(0, [[end(0)], true]), ['complete']);
});

test('IrOBEX §2.2.3: Type is ASCII with a closing 00, read with and without it', () => {
  assert.deepEqual(typeOctets('a/b'), Uint8Array.of(0x61, 0x2f, 0x62, 0));
  assert.equal(typeText(Uint8Array.of(0x61, 0x2f, 0x62, 0)), 'a/b');
  assert.equal(typeText(Uint8Array.of(0x61, 0x2f, 0x62)), 'a/b');
  assert.throws(() => typeOctets('ä/b'), ValueError);
  assert.throws(() => typeOctets('a/b\0'), ValueError);
});

test('IrOBEX §2.2.8: lines of HTTP headers, both directions', () => {
  const hmac = 'algorithm=MD5, username="dms", mac=Dgpoz4Pbi4XC8ecBBYLw3w==';
  const octets = encodeHttpHeaders({ 'x-syncml-hmac': hmac });
  assert.deepEqual(octets, utf8ToBytes(`x-syncml-hmac: ${hmac}\r\n`));
  assert.deepEqual(decodeHttpHeaders([octets]), { 'x-syncml-hmac': hmac });
  const block = utf8ToBytes(
    'POST / HTTP/1.1\r\nX-SyncML-HMAC:  a \nx-syncml-hmac: b\r\n: none\r\n__proto__: p\r\n\r\n',
  );
  const found = decodeHttpHeaders([block]);
  assert.deepEqual(Object.entries(found), [
    ['x-syncml-hmac', 'a'],
    ['__proto__', 'p'],
  ]);
  assert.throws(() => encodeHttpHeaders({ a: 'b\r\nc: d' }), ValueError);
  assert.throws(() => encodeHttpHeaders({ 'a b': 'c' }), ValueError);
});
