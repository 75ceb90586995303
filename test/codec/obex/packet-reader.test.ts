import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PacketReader } from '../../../src/codec/obex/index.ts';
import { concatBytes, DecodeError, hexToBytes } from '../../../src/core/index.ts';
import { vectors } from './vectors.ts';

const packets = [...vectors.requests, ...vectors.responses].map(({ bytes }) => bytes);

test('IrOBEX §3.1: packets come out whole however the stream is cut', () => {
  const stream = concatBytes(...packets);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 30 }), (marks) => {
      const cuts = [0, ...marks.sort((a, b) => a - b), stream.length];
      const reader = new PacketReader(4096);
      const found: Uint8Array[] = [];
      cuts.slice(1).forEach((to, index) => {
        reader.write(stream.subarray(cuts[index], to));
        for (let packet = reader.read(); packet !== undefined; packet = reader.read()) found.push(packet);
      });
      assert.deepEqual(found, packets);
      assert.equal(reader.idle, true);
    }),
  );
});

test('octet by octet, a packet stays intact after the next one came', () => {
  const reader = new PacketReader(255);
  const found: Uint8Array[] = [];
  for (const octet of concatBytes(...packets)) {
    reader.write(Uint8Array.of(octet));
    const packet = reader.read();
    if (packet !== undefined) found.push(packet);
  }
  assert.deepEqual(found, packets);
});

test('a chunk that is not read before the next one is not lost', () => {
  const reader = new PacketReader(255);
  for (const packet of packets) reader.write(packet);
  assert.deepEqual(
    packets.map(() => reader.read()),
    packets,
  );
  assert.equal(reader.read(), undefined);
});

test('a packet cut short is neither given nor idle', () => {
  for (const packet of packets) {
    for (let length = 1; length < packet.length; length += 1) {
      const reader = new PacketReader(255);
      reader.write(packet.subarray(0, length));
      assert.equal(reader.read(), undefined);
      assert.equal(reader.idle, false);
    }
  }
});

test('IrOBEX §3.3.1.4: a packet longer than announced is refused by its length alone, with its place in the stream', () => {
  const reader = new PacketReader(255);
  reader.write(hexToBytes('A00003 820100'));
  assert.deepEqual(reader.read(), hexToBytes('A00003'));
  const isLimit = (error: unknown) =>
    error instanceof DecodeError && error.code === 'LIMIT' && error.at.offset === 4;
  assert.throws(() => reader.read(), isLimit);
  reader.write(hexToBytes('A00003'));
  assert.throws(() => reader.read(), isLimit);
  const exact = new PacketReader(255);
  exact.write(Uint8Array.of(0x82, 0, 255, ...new Uint8Array(252)));
  assert.equal(exact.read()?.length, 255);
});

test('IrOBEX §3.1: a length below 3 is refused', () => {
  for (const hex of ['820000', '820001', '820002']) {
    const reader = new PacketReader(4096);
    reader.write(hexToBytes(hex));
    assert.throws(() => reader.read(), DecodeError);
  }
});

test('any octets give packets of the announced length or a DecodeError', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (chunks) => {
      const reader = new PacketReader(255);
      try {
        for (const chunk of chunks) {
          reader.write(chunk);
          for (let packet = reader.read(); packet !== undefined; packet = reader.read()) {
            assert.equal(packet.length, ((packet[1] ?? 0) << 8) | (packet[2] ?? 0));
          }
        }
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    }),
  );
});
