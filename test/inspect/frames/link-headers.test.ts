// The link layer of a frame is the one under which everything fits, and its fields have their names and places.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, DecodeError, hexToBytes } from '../../../src/core/index.ts';
import { readFrame, readFrameOn } from '../../../src/inspect/frames/link-headers.ts';
import { noHeaders, readPacketHeaders } from '../../../src/inspect/frames/packet-headers.ts';
import { datagram, frame, type LinkName, links } from './samples.ts';

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

describe('tags of VLANs, LLC and SNAP', () => {
  it('stand before the type, and are named', () => {
    assert.deepEqual(fields(frame('sll2 two vlans', datagram(payload))), [
      'type 0+2 0x88A8 tag of a VLAN',
      'packetType 10+1 0 to us',
      'source 12+8 02:00:00:00:00:01',
      'vlan 20+2 5 identifier of the VLAN',
      'vlan 22+4 7 identifier of the VLAN',
      'type 26+2 0x0800 IPv4',
    ]);
    assert.deepEqual(fields(frame('sll vlan', datagram(payload))).slice(2), [
      'vlan 14+4 7 identifier of the VLAN',
      'type 18+2 0x0800 IPv4',
    ]);
    assert.deepEqual(fields(frame('snap', datagram(payload))).slice(2), [
      'length 12+2 42',
      'snap 14+6 aaaa03000000 LLC and SNAP',
      'type 20+2 0x0800 IPv4',
    ]);
    assert.equal(fields(frame('sll snap', datagram(payload)))[2], 'type 14+2 0x0004 LLC');
  });

  it('leave what is in them where both readers of headers see it, the authentication header of IP too', () => {
    const number = (link: LinkName): number =>
      link.startsWith('sll2') ? 276 : link.startsWith('sll') ? 113 : link.startsWith('null') ? 0 : 1;
    for (const link of links) {
      for (const version of [4, 6] as const) {
        for (const authenticated of [false, true]) {
          const octets = frame(link, datagram(payload, { version, authenticated }));
          const linkType = link === 'raw' ? 101 : number(link);
          const { start, end, ports, faults } = readFrameOn(linkType, octets);
          assert.deepEqual([start, end], [octets.length - payload.length, octets.length], link);
          assert.deepEqual([ports?.destination, faults], [2948, []], link);
          const headers = noHeaders();
          readPacketHeaders(linkType, octets, headers);
          assert.deepEqual([headers.why, headers.protocol, headers.content], ['', 17, start - 8], link);
          // Cut anywhere, it is told and nothing else.
          for (let length = 0; length < octets.length; length += 1) {
            const cut = octets.subarray(0, length);
            readPacketHeaders(linkType, cut, headers);
            assert.ok(headers.content <= length && headers.end <= length);
            try {
              assert.ok(readFrameOn(linkType, cut).end <= length);
            } catch (error) {
              assert.ok(error instanceof DecodeError);
            }
          }
        }
      }
    }
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
