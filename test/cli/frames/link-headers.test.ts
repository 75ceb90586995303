// The link layer of a frame is the one under which everything fits, and its fields have their names and places.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFrame } from '../../../src/cli/frames/link-headers.ts';
import { concatBytes, DecodeError, hexToBytes } from '../../../src/core/index.ts';
import { datagram, frame } from '../decode/frames.ts';

const payload = hexToBytes('010603c4af87');
const arp = hexToBytes('0001080006040001020000000001c0000201000000000000c0000202');
const ethernet = (type: string): Uint8Array => hexToBytes(`020000000002020000000001${type}`);

/** Name, place, value and meaning of each field of the outermost header. */
const fields = (octets: Uint8Array): readonly string[] =>
  (readFrame(octets).headers[0]?.annotations ?? []).map(({ field, offset, length, value, meaning }) =>
    `${field} ${offset}+${length} ${value} ${meaning}`.trim(),
  );

describe('the link layer of a frame', () => {
  it('names destination, source, VLANs and type of Ethernet', () => {
    const addresses = ['destination 0+6 02:00:00:00:00:02', 'source 6+6 02:00:00:00:00:01'];
    assert.deepEqual(fields(frame('ethernet', datagram(payload))), [...addresses, 'type 12+2 0x0800 IPv4']);
    assert.deepEqual(fields(frame('two vlans', datagram(payload, { version: 6 }))), [
      ...addresses,
      'vlan 12+4 5 identifier of the VLAN',
      'vlan 16+4 7 identifier of the VLAN',
      'type 20+2 0x86DD IPv6',
    ]);
  });

  it('names the one address of Linux cooked captures, and the direction', () => {
    assert.deepEqual(fields(frame('sll', datagram(payload))), [
      'packetType 0+2 0 to us',
      'source 6+8 02:00:00:00:00:01',
      'type 14+2 0x0800 IPv4',
    ]);
    assert.deepEqual(fields(frame('sll2', datagram(payload))), [
      'type 0+2 0x0800 IPv4',
      'packetType 10+1 0 to us',
      'source 12+8 02:00:00:00:00:01',
    ]);
  });

  it('names the family of BSD loopback, in both orders of octets', () => {
    assert.deepEqual(fields(frame('null le', datagram(payload))), [
      'family 0+4 2 IPv4, least significant octet first',
    ]);
    assert.deepEqual(fields(frame('null be', datagram(payload, { version: 6 }))), [
      'family 0+4 30 IPv6, most significant octet first',
    ]);
  });
});

describe('ARP', () => {
  it('is known by its beginning, and carries nothing', () => {
    const octets = concatBytes(ethernet('0806'), arp);
    const { what, certain, faults, headers, start, end, ports } = readFrame(octets);
    assert.deepEqual([what, certain, faults, headers.length], ['ARP', true, [], 1]);
    assert.deepEqual([start, end, ports], [14, octets.length, undefined]);
    assert.equal(fields(octets).at(-1), 'type 12+2 0x0806 ARP');
  });

  it('is no frame when it begins otherwise, or is cut', () => {
    for (const other of [arp.with(1, 6), arp.subarray(0, 27)]) {
      assert.throws(
        () => readFrame(concatBytes(ethernet('0806'), other)),
        (error) => error instanceof DecodeError && error.code === 'BAD_VALUE' && error.at.path === 'arp',
      );
    }
  });

  it('may be filled up to 60 octets with zeros', () => {
    const filled = concatBytes(ethernet('0806'), arp, new Uint8Array(18));
    assert.ok(readFrame(filled).certain);
    assert.deepEqual(
      readFrame(filled.with(45, 1)).faults.map(({ offset, field, message }) => [offset, field, message]),
      [[42, 'trailer', '18 octets behind the ARP are not read']],
    );
  });
});
