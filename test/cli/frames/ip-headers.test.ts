// Headers of IP, UDP and TCP: a datagram is one where version, lengths and the checksum fit; what does not fit says where.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame } from '../../../src/cli/frames/frame-fields.ts';
import { readIp } from '../../../src/cli/frames/ip-headers.ts';
import { concatBytes, DecodeError, hexToBytes } from '../../../src/core/index.ts';
import { datagram } from '../decode/frames.ts';

const payload = hexToBytes('010603c4af87');
const faultsOf = ({ faults }: Frame): readonly unknown[] =>
  faults.map(({ offset, field, message }) => [offset, field, message]);
const meaning = ({ headers }: Frame, name: string): string | undefined =>
  headers[0]?.annotations.find(({ field }) => field === name)?.meaning;

function refusal(octets: Uint8Array, version: 4 | 6, at = 0): string {
  try {
    readIp(octets, at, version);
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
    assert.equal(refusal(six.with(5, 0), 6), 'BAD_VALUE ip@4 no content, or a jumbogram (RFC 8200)');
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
    assert.equal(read.partial, 'the capture holds 32 of 34 octets');
    assert.deepEqual(faultsOf(read), [[2, 'length', 'the capture holds 32 of 34 octets']]);
  });
});
