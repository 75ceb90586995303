import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter, bytesToHex, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';

test('numbers are big-endian; text is UTF-8', () => {
  const writer = new ByteWriter(1);
  writer
    .u8(0xff)
    .uint(0x0102, 2)
    .uint(0xffffffff, 4)
    .uint(2 ** 48 - 1, 6)
    .bytes(hexToBytes('c0ff'))
    .utf8('é');
  assert.equal(bytesToHex(writer.finish()), 'ff0102ffffffffffffffffffffc0ffc3a9');
  assert.equal(writer.length, 17);
});

test('reserved octets are filled in afterwards', () => {
  const writer = new ByteWriter();
  const at = writer.u8(1).reserve(2);
  writer.utf8('abc');
  writer.fill(at, writer.length, 2);
  assert.equal(bytesToHex(writer.finish()), '010006616263');
});

test('WSP §8.1.2: uintvar takes as few octets as hold the value', () => {
  const cases = { '00': 0, '7f': 127, '8100': 128, ff7f: 16383, '818000': 16384, '8fffffff7f': 0xffffffff };
  for (const [hex, value] of Object.entries(cases)) {
    assert.equal(bytesToHex(new ByteWriter().uintvar(value).finish()), hex);
  }
});

test('the buffer grows, and a finished copy does not change with it', () => {
  const writer = new ByteWriter(2);
  const pieces = Array.from({ length: 50 }, (_, i) => new Uint8Array(i).fill(i));
  for (const piece of pieces) writer.bytes(piece);
  const copy = writer.finish();
  assert.deepEqual(copy, Uint8Array.from(pieces.flatMap((piece) => [...piece])));
  const before = copy[1];
  writer.fill(1, 0xee, 1);
  assert.equal(copy[1], before);
  assert.equal(writer.view()[1], 0xee);
});

test('release hands over an exactly filled buffer, and else a copy of what was written', () => {
  const exact = new ByteWriter(3).utf8('abc');
  assert.equal(exact.release().buffer, exact.view().buffer);
  const larger = new ByteWriter(64).utf8('abc');
  assert.deepEqual([larger.release().length, larger.release().buffer.byteLength], [3, 3]);
});

test('text is written like a text encoder writes it, whatever is around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 40 }), (text, capacity) => {
      const written = new ByteWriter(capacity).u8(7).utf8(text).u8(8).finish();
      assert.deepEqual(written, Uint8Array.of(7, ...utf8ToBytes(text), 8));
    }),
  );
});
