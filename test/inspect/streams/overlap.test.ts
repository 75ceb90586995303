// Segments of TCP that come twice with other octets: those that came first stand, and it is said of the message that they are in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureReader } from '../../../src/inspect/index.ts';
import { StreamBuffer } from '../../../src/inspect/streams/stream-buffer.ts';
import { pcap, type SamplePacket } from '../capture/samples.ts';
import { conversation } from './samples.ts';

const enquireLink = Uint8Array.of(0, 0, 0, 16, 0, 0, 0, 0x15, 0, 0, 0, 0, 0, 0, 0, 7);
const packets = conversation([{ from: 'client', octets: enquireLink }], { size: 6 });
const at = packets.findIndex(({ octets }) => octets.length > 14 + 20 + 20);
const [before, [a, b, c], behind] = [packets.slice(0, at), packets.slice(at, at + 3), packets.slice(at + 3)];
assert.ok(a && b && c);
const other = { ...b, octets: b.octets.with(-1, 0xff) };
const said = 'segments of it overlap and differ; the octets that came first stand';

function read(middle: readonly SamplePacket[]): readonly string[] {
  const reader = new CaptureReader();
  const found = [...reader.feed(pcap([...before, ...middle, ...behind])), ...reader.end().messages];
  return found.map(({ octets, note }) => `${octets.at(11)} ${note ?? ''}`.trim());
}

test('segments that differ are said, in whatever order they come', () => {
  assert.deepEqual(read([a, b, b, c]), ['0']);
  assert.deepEqual(read([a, b, other, c]), [`0 ${said}`]);
  assert.deepEqual(read([a, other, b, c]), [`255 ${said}`]);
  assert.deepEqual(read([b, other, a, c]), [`0 ${said}`]);
  assert.deepEqual(read([a, b, c, other]), ['0'], 'the message was read before');
});

test('the octet of a keepalive is none of the stream', () => {
  const keepalive = { ...b, octets: b.octets.slice(0, 14 + 20 + 20 + 1).with(-1, 0xff) };
  // Its length stands in the header of IP.
  keepalive.octets.set([0, 41], 16);
  assert.deepEqual(read([a, b, keepalive, c]), ['0']);
});

test('octets are compared where they are still there', () => {
  const buffer = new StreamBuffer();
  buffer.add(Uint8Array.of(1, 2, 3, 4), { frame: 1 });
  assert.equal(buffer.differs(Uint8Array.of(2, 3), 1), false);
  assert.equal(buffer.differs(Uint8Array.of(2, 4), 1), true);
  assert.equal(buffer.differs(Uint8Array.of(9, 1, 2), 2), false);
  buffer.take(2);
  assert.equal(buffer.differs(Uint8Array.of(9, 9, 3, 4), 0), false);
});
