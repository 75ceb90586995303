// Headers of IP, UDP and TCP: a datagram is one where version, lengths and the checksum fit; what does not fit says where.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, DecodeError, hexToBytes } from '../../../src/core/index.ts';
import type { Frame } from '../../../src/inspect/frames/frame-fields.ts';
import { readIp } from '../../../src/inspect/frames/ip-headers.ts';
import { datagram } from './samples.ts';

const payload = hexToBytes('010603c4af87');
const faultsOf = ({ faults }: Frame): readonly unknown[] =>
  faults.map(({ offset, field, message }) => [offset, field, message]);
const meaning = ({ headers }: Frame, name: string): string | undefined =>
  headers[0]?.annotations.find(({ field }) => field === name)?.meaning;

function refusal(octets: Uint8Array, version: 4 | 6, at = 0): string {
  try {
    const { error } = readIp(octets, at, version);
    if (error !== undefined) throw error;
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    return `${error.code} ${error.at.path}@${error.at.offset} ${error.detail} (${error.spec?.doc})`;
  }
  return 'read';
}

describe('the checksum of IPv4', () => {
  it('holds over the header alone', () => {
    const read = readIp(datagram(payload), 0, 4);
    assert.deepEqual(faultsOf(read), []);
    assert.equal(meaning(read, 'checksum'), 'holds');
  });

  it('that does not hold is a fault, at its place', () => {
    const octets = datagram(payload);
    const read = readIp(octets.with(8, 63), 0, 4);
    assert.equal(meaning(read, 'checksum'), 'does not hold');
    assert.deepEqual(faultsOf(read), [[10, 'checksum', 'does not hold']]);
    const behind = readIp(concatBytes(new Uint8Array(14), octets.with(8, 63)), 14, 4);
    assert.deepEqual(faultsOf(behind), [[24, 'checksum', 'does not hold']]);
  });

  it('of zero was left to the network card', () => {
    const read = readIp(datagram(payload, { offloaded: true }), 0, 4);
    assert.equal(meaning(read, 'checksum'), 'left to the network card');
    assert.deepEqual(faultsOf(read), []);
  });
});

describe('octets that are no datagram', () => {
  it('are too few: 20 for IPv4, 40 for IPv6', () => {
    const [four, six] = [datagram(payload), datagram(payload, { version: 6 })];
    assert.equal(four.length, 34);
    assert.equal(refusal(four, 4), 'read', 'less than IPv6 needs');
    assert.equal(refusal(four.subarray(0, 19), 4), 'TRUNCATED ip@0 needs 20 octets, 19 left (RFC 791)');
    assert.equal(refusal(six.subarray(0, 39), 6), 'TRUNCATED ip@0 needs 40 octets, 39 left (RFC 8200)');
    assert.equal(refusal(six.subarray(0, 39), 6, 4), 'TRUNCATED ip@4 needs 40 octets, 35 left (RFC 8200)');
  });

  it('have another version, or no content', () => {
    const [four, six] = [datagram(payload), datagram(payload, { version: 6 })];
    assert.equal(refusal(six, 4), 'BAD_VALUE ip@0 version 6, not 4 (RFC 791)');
    assert.equal(refusal(concatBytes(four, four), 6), 'BAD_VALUE ip@0 version 4, not 6 (RFC 8200)');
    assert.equal(refusal(four.with(0, 0x44), 4), 'BAD_VALUE ip@0 a header of 16 octets in 34 (RFC 791)');
  });
});

describe('what a datagram carries', () => {
  it('stands behind the header of UDP or TCP', () => {
    for (const version of [4, 6] as const) {
      for (const protocol of ['udp', 'tcp'] as const) {
        const octets = datagram(payload, { version, protocol });
        const { start, end, ports, what, headers } = readIp(octets, 0, version);
        assert.deepEqual(octets.subarray(start, end), payload);
        assert.deepEqual(ports, { protocol, source: 49_154, destination: 2948 });
        assert.deepEqual([what, headers.map(({ name }) => name)], [protocol.toUpperCase(), ['ip', protocol]]);
      }
    }
  });

  it('is not whole when the capture cut it', () => {
    const octets = datagram(payload);
    const read = readIp(octets.subarray(0, -2), 0, 4);
    assert.deepEqual([read.partial, read.cut], [undefined, 'the capture holds 32 of 34 octets']);
    assert.deepEqual(faultsOf(read), [[2, 'length', 'the capture holds 32 of 34 octets']]);
    assert.deepEqual([read.start, read.end, read.ports?.destination], [28, 32, 2948]);
  });

  it('is all there is where a network card was to write the length', () => {
    for (const version of [4, 6] as const) {
      const octets = datagram(payload, { version, offloaded: true });
      const said = version === 4 ? 3 : 5;
      const read = readIp(octets.with(said, 0), 0, version);
      assert.deepEqual([faultsOf(read), read.cut, read.error], [[], undefined, undefined]);
      assert.deepEqual(octets.subarray(read.start, read.end), payload);
      assert.equal(meaning(read, 'length'), 'left to the network card: all that is there');
    }
  });

  it('is whole by the length of UDP where that of IP was damaged', () => {
    const octets = concatBytes(datagram(payload, { offloaded: true }).with(3, 90), new Uint8Array(3));
    const read = readIp(octets, 0, 4);
    assert.deepEqual([read.cut, read.start, read.end], [undefined, 28, 34]);
    assert.deepEqual(faultsOf(read), [[2, 'length', 'the capture holds 37 of 90 octets']]);
  });

  it('leaves the headers that were read where the capture ends in one of its own', () => {
    const octets = datagram(payload, { version: 6 });
    for (const [cut, names, error] of [
      [44, ['ip'], 'TRUNCATED udp@40 4 octets of UDP (RFC 768)'],
      [48, ['ip', 'udp'], 'read'],
    ] as const) {
      const read = readIp(octets.subarray(0, cut), 0, 6);
      assert.deepEqual(
        read.headers.map(({ name }) => name),
        names,
      );
      assert.equal(refusal(octets.subarray(0, cut), 6), error);
    }
    const fragment = datagram(payload, { version: 6, fragment: 1 }).subarray(0, 44);
    assert.deepEqual(fieldsOf(readIp(fragment, 0, 6))[0]?.[0], 'IPv6 0-44');
    assert.equal(refusal(fragment, 6), 'TRUNCATED ip@40 an extension of 8 octets (RFC 8200)');
  });
});

/** What is in front of a datagram: fields count in the frame. */
const before = new Uint8Array(2);
const fieldsOf = ({ headers }: Frame): readonly (readonly string[])[] =>
  headers.map(({ title, start, end, annotations }) => [
    `${title} ${start}-${end}`,
    ...annotations.map(({ field, offset, length, value, meaning: says }) =>
      `${field} ${offset}+${length} ${value} ${says}`.trim(),
    ),
  ]);

describe('fields of a datagram', () => {
  it('have names, places and meanings in IPv4 and UDP', () => {
    assert.deepEqual(fieldsOf(readIp(concatBytes(before, datagram(payload)), 2, 4)), [
      [
        'IPv4 2-36',
        'version 2+1 4',
        'length 4+2 34 octets, with this header',
        'identification 6+2 0x1234',
        'fragment 8+2 0x0000 whole',
        'protocol 11+1 17 UDP',
        'checksum 12+2 0xE493 holds',
        'source 14+4 192.0.2.1',
        'destination 18+4 192.0.2.2',
      ],
      [
        'UDP 22-36',
        'sourcePort 22+2 49154',
        'destinationPort 24+2 2948',
        'length 26+2 14 octets, with this header',
      ],
    ]);
  });

  it('have them in IPv6 and TCP', () => {
    const octets = concatBytes(before, datagram(payload, { version: 6, protocol: 'tcp' }));
    assert.deepEqual(fieldsOf(readIp(octets, 2, 6)), [
      [
        'IPv6 2-68',
        'version 2+1 6',
        'length 6+2 26 octets behind this header',
        'nextHeader 8+1 6 TCP',
        'source 10+16 2001:db8::1',
        'destination 26+16 2001:db8::2',
      ],
      [
        'TCP 42-68',
        'sourcePort 42+2 49154',
        'destinationPort 44+2 2948',
        'sequence 46+4 1',
        'flags 55+1 0x18 PSH, ACK',
      ],
    ]);
  });
});

describe('fragments', () => {
  const fragment = (version: 4 | 6, word: number, later: boolean): Frame =>
    readIp(concatBytes(before, datagram(payload, { version, fragment: word, later })), 2, version);
  const why = (text: string): string => `a fragment of a datagram, ${text}: the others stand in other frames`;

  it('say from where on they are, and have ports only in the first', () => {
    for (const [version, word, text] of [
      [4, 0x2004, 'from octet 32 on, more follow'],
      [4, 0x0004, 'from octet 32 on, the last'],
      [6, 0x0009, 'from octet 8 on, more follow'],
      [6, 0x0008, 'from octet 8 on, the last'],
    ] as const) {
      const { partial, ports, what, start, end } = fragment(version, word, true);
      assert.deepEqual([partial, ports, what, end - start], [why(text), undefined, 'UDP', payload.length]);
    }
    for (const [version, word] of [
      [4, 0x2000],
      [6, 0x0001],
    ] as const) {
      const { partial, ports } = fragment(version, word, false);
      assert.deepEqual([partial, ports?.destination], [why('from octet 0 on, more follow'), 2948]);
    }
  });

  it('are none where the whole datagram is in one, or must not be cut', () => {
    assert.equal(fragment(4, 0x4000, false).partial, undefined);
    assert.equal(fragment(6, 0, false).partial, undefined);
  });
});

describe('other protocols', () => {
  it('are named, and have no ports', () => {
    for (const [number, name] of [
      [1, 'ICMP'],
      [58, 'ICMPv6'],
      [47, 'IP protocol 47'],
    ] as const) {
      const { what, ports, start, end } = readIp(
        datagram(payload, { offloaded: true }).with(9, number),
        0,
        4,
      );
      assert.deepEqual([what, ports, start, end], [name, undefined, 20, 34]);
    }
  });

  it('are refused where their header does not fit', () => {
    const short = datagram(new Uint8Array(0), { offloaded: true });
    assert.equal(refusal(short.with(3, 27), 4), 'TRUNCATED udp@20 7 octets of UDP (RFC 768)');
    const tcp = datagram(payload, { protocol: 'tcp' });
    assert.equal(refusal(tcp.with(32, 0x40), 4), 'BAD_VALUE tcp@20 a header of 16 octets in 26 (RFC 9293)');
    assert.equal(refusal(tcp.with(32, 0x70), 4), 'BAD_VALUE tcp@20 a header of 28 octets in 26 (RFC 9293)');
    const wrong = readIp(datagram(payload).with(25, 15), 0, 4);
    assert.deepEqual(faultsOf(wrong), [[24, 'length', 'UDP says 15 octets, IP 14']]);
  });
});
