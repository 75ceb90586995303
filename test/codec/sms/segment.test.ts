import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  dataCodings,
  decodeUserData,
  isEightBitData,
  maxSegmentedDatagram,
  segmentCount,
  segmentDatagram,
} from '../../../src/codec/sms/index.ts';
import { encodePackage0Push } from '../../../src/codec/wsp/index.ts';
import { bytesToHex, concatBytes, hexToBytes, ValueError } from '../../../src/core/index.ts';

test('DM-NOTI-1.2 App. C: user data header, WSP headers and message of one SMS', () => {
  const message = hexToBytes(
    '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
  );
  const push = encodePackage0Push({ transactionId: 1, contentType: { code: 0x44 }, body: message });
  assert.deepEqual(segmentDatagram(push, { reference: 0 }).map(bytesToHex), [
    `0605040b84c002010603c4af87${bytesToHex(message)}`,
  ]);
});

test('3GPP TS 23.040 §9.2.3.24.1: 133 octets are one message, 134 are two with ports in both', () => {
  assert.equal(segmentDatagram(new Uint8Array(133), { reference: 0 })[0]?.length, 140);
  const parts = segmentDatagram(new Uint8Array(134), { sourcePort: 9200, reference: 0x2a });
  assert.deepEqual(
    parts.map((part) => [part.length, bytesToHex(part.subarray(0, 12))]),
    [
      [140, '0b00032a020105040b8423f0'],
      [18, '0b00032a020205040b8423f0'],
    ],
  );
});

test('3GPP TS 23.040 §9.2.3.24.8: a 16-bit reference leaves 127 octets a part', () => {
  const parts = segmentDatagram(new Uint8Array(255), { reference: 0x1234, referenceBits: 16 });
  assert.deepEqual(
    parts.map((part) => [part.length, bytesToHex(part.subarray(0, 13))]),
    [
      [140, '0c08041234030105040b84c002'],
      [140, '0c08041234030205040b84c002'],
      [14, '0c08041234030305040b84c002'],
    ],
  );
});

test('3GPP TS 23.040 §9.2.3.24.1: 255 parts are the most', () => {
  for (const referenceBits of [8, 16] as const) {
    const largest = maxSegmentedDatagram(referenceBits);
    assert.equal(segmentDatagram(new Uint8Array(largest), { reference: 1, referenceBits }).length, 255);
    assert.throws(
      () => segmentDatagram(new Uint8Array(largest + 1), { reference: 1, referenceBits }),
      (error) => error instanceof ValueError && error.code === 'TOO_LONG',
    );
  }
  assert.equal(maxSegmentedDatagram(), 32640);
});

test('segmentDatagram refuses ports and references that do not fit', () => {
  const long = new Uint8Array(200);
  assert.throws(() => segmentDatagram(long, { reference: 256 }), ValueError);
  assert.throws(() => segmentDatagram(long, { reference: 65536, referenceBits: 16 }), ValueError);
  assert.throws(() => segmentDatagram(long, { reference: 1, sourcePort: -1 }), ValueError);
  assert.throws(() => segmentDatagram(long, { reference: 1, destinationPort: 65536 }), ValueError);
});

test('segments put together are the datagram, and none is beyond 140 octets', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 1500 }),
      fc.constantFrom(8 as const, 16 as const),
      (datagram, referenceBits) => {
        const parts = segmentDatagram(datagram, { reference: 7, referenceBits });
        assert.equal(parts.length, segmentCount(datagram.length, referenceBits));
        assert.ok(parts.every((part) => part.length <= 140));
        const read = parts.map((part) => decodeUserData(part));
        assert.ok(read.every(({ header }) => header.ports?.destination === 2948));
        assert.deepEqual(concatBytes(...read.map(({ payload }) => payload)), datagram);
      },
    ),
  );
});

test('3GPP TS 23.038 §4: which data codings are octets', () => {
  const octets = [0x04, 0x15, 0xf5, 0xf6, 0xf4, 0x14, 0x24, dataCodings.plain, dataCodings.classOne];
  const text = [0x00, 0x01, 0x08, 0x0c, 0x11, 0xf1, 0xf0, 0xc8, 0xd0, 0xe4, 0x44];
  assert.deepEqual(
    octets.map(isEightBitData),
    octets.map(() => true),
  );
  assert.deepEqual(
    text.map(isEightBitData),
    text.map(() => false),
  );
});
