import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeRecords,
  encodeRecord,
  maximumFragment,
  maximumFragmentIn,
  RecordProtection,
  ReplayWindow,
  recordTypes,
  tripleDesSuite,
  type WtlsCrypto,
} from '../../../src/codec/wtls/index.ts';
import { bytesToHex, concatBytes, DecodeError, hexToBytes, ValueError } from '../../../src/core/index.ts';
import { nodeWtlsCrypto } from '../../../src/push/waps/index.ts';
import { secrets, vectors } from './vectors.ts';

test('any records survive a round trip, several in a datagram', () => {
  const record = fc.record(
    {
      contentType: fc.nat(15),
      ciphered: fc.boolean(),
      sequenceNumber: fc.nat(65535),
      fragment: fc.uint8Array({ maxLength: 40 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
      const datagram = concatBytes(...records.map(encodeRecord));
      const read = decodeRecords(datagram);
      assert.deepEqual(
        read.map(({ contentType, ciphered, sequenceNumber, fragment }) => ({
          contentType,
          ciphered,
          sequenceNumber,
          fragment,
        })),
        records,
      );
      assert.equal(bytesToHex(concatBytes(...read.map(({ octets }) => octets))), bytesToHex(datagram));
    }),
  );
});

test('WTLS §9.2: without its flag a record has no length, and takes the rest; without the other it has no number', () => {
  const [plain] = decodeRecords(hexToBytes('03 0e0000'));
  assert.deepEqual([plain?.contentType, plain?.sequenceNumber], [3, undefined]);
  assert.equal(bytesToHex(plain?.fragment ?? new Uint8Array(0)), '0e0000');
  const both = decodeRecords(hexToBytes('83 0003 000000 44 0007 aabb'));
  assert.deepEqual(
    both.map(({ contentType, sequenceNumber, fragment }) => [
      contentType,
      sequenceNumber,
      bytesToHex(fragment),
    ]),
    [
      [3, undefined, '000000'],
      [4, 7, 'aabb'],
    ],
  );
});

for (const { name, bytes } of vectors.records) {
  test(`WTLS §9.2: ${name} cut at each octet is TRUNCATED`, () => {
    for (let length = 0; length < bytes.length; length += 1) {
      assert.throws(() => decodeRecords(bytes.subarray(0, length)), isDecodeError('TRUNCATED'));
    }
  });
}

test('WTLS §9.2: more than 64 records in a datagram are refused', () => {
  const one = hexToBytes('c1 0000 0001 01');
  assert.equal(decodeRecords(concatBytes(...Array.from({ length: 64 }, () => one))).length, 64);
  const many = concatBytes(...Array.from({ length: 65 }, () => one));
  assert.throws(() => decodeRecords(many), isDecodeError('LIMIT'));
});

test('values that do not fit are refused', () => {
  const good = { contentType: 3, ciphered: false, sequenceNumber: 0, fragment: new Uint8Array(0) };
  for (const [change, code] of [
    [{ contentType: 16 }, 'OUT_OF_RANGE'],
    [{ contentType: -1 }, 'OUT_OF_RANGE'],
    [{ sequenceNumber: 65536 }, 'OUT_OF_RANGE'],
    [{ sequenceNumber: 0.5 }, 'OUT_OF_RANGE'],
    [{ fragment: new Uint8Array(65536) }, 'TOO_LONG'],
  ] as const) {
    assert.throws(
      () => encodeRecord({ ...good, ...change }),
      (error) => error instanceof ValueError && error.code === code,
    );
  }
});

const protect = () => new RecordProtection(nodeWtlsCrypto, secrets, 'server', 4);

test('WTLS §9.2.3: fragments of 0 to 80 octets and of the largest size open again, with the least padding', () => {
  const lengths = [...Array.from({ length: 81 }, (_, length) => length), 1400, maximumFragment];
  for (const length of lengths) {
    const fragment = new Uint8Array(length).fill(length & 0xff);
    const bytes = protect().seal(recordTypes.applicationData, 5, fragment);
    const [record] = decodeRecords(bytes);
    assert.ok(record !== undefined);
    assert.equal(record.fragment.length, Math.ceil((length + 21) / 8) * 8);
    assert.deepEqual(protect().open(record), fragment);
  }
});

test('maximumFragmentIn gives the largest fragment whose record fits', () => {
  for (let octets = 29; octets < 120; octets += 1) {
    const most = maximumFragmentIn(octets);
    const size = (length: number): number =>
      protect().seal(recordTypes.applicationData, 0, new Uint8Array(length)).length;
    if (most >= 0) assert.ok(size(most) <= octets);
    assert.ok(size(Math.max(most + 1, 0)) > octets);
  }
});

/** A record with the padding and the MAC that the test wants. */
function forged(fragment: Uint8Array, padding: Uint8Array): Uint8Array {
  let plain: Uint8Array = new Uint8Array(0);
  const crypto: WtlsCrypto = {
    ...nodeWtlsCrypto,
    encryptTripleDes(key, iv, data) {
      plain = concatBytes(data.subarray(0, fragment.length + 20), padding);
      return nodeWtlsCrypto.encryptTripleDes(key, iv, plain);
    },
  };
  return new RecordProtection(crypto, secrets, 'server', 4).seal(recordTypes.applicationData, 9, fragment);
}

test('profile 2: any consistent padding is accepted, up to 255 octets; any other is not', () => {
  for (let length = 0; length <= 255; length += 1) {
    const fragment = new Uint8Array((-(20 + 1 + length) & 7) + 8).fill(1);
    const padding = new Uint8Array(length + 1).fill(length);
    const [record] = decodeRecords(forged(fragment, padding));
    assert.ok(record !== undefined);
    assert.deepEqual(protect().open(record), fragment, `padding of ${length}`);
    for (const at of length === 0 ? [] : [0, length >> 1, length - 1]) {
      const [wrong] = decodeRecords(forged(fragment, padding.with(at, length ^ 1)));
      assert.ok(wrong !== undefined);
      assert.equal(protect().open(wrong), undefined);
    }
  }
});

test('profile 2: padding that claims more than there is does not open', () => {
  for (let claimed = 4; claimed < 256; claimed += 1) {
    const [record] = decodeRecords(forged(new Uint8Array(0), new Uint8Array(4).fill(claimed)));
    assert.ok(record !== undefined && record.fragment.length === 24);
    assert.equal(protect().open(record), undefined);
  }
});

test('profile 2: a wrong padding and a wrong MAC cost the same hashing, whatever the padding claims', () => {
  const counts = new Set<number>();
  for (let last = 0; last < 256; last += 1) {
    let blocks = 0;
    const counting: WtlsCrypto = {
      ...nodeWtlsCrypto,
      decryptTripleDes: (_key, _iv, data) => data.slice().fill(last),
      hmacSha1(key, ...parts) {
        const length = parts.reduce((sum, part) => sum + part.length, 0);
        blocks += Math.ceil((64 + length + 9) / 64);
        return nodeWtlsCrypto.hmacSha1(key, ...parts);
      },
      sha1(...parts) {
        blocks += Math.ceil((parts.reduce((sum, part) => sum + part.length, 0) + 9) / 64);
        return nodeWtlsCrypto.sha1(...parts);
      },
    };
    const fragment = new Uint8Array(320);
    const [record] = decodeRecords(
      encodeRecord({ contentType: 4, ciphered: true, sequenceNumber: 9, fragment }),
    );
    assert.ok(record !== undefined);
    const suite = tripleDesSuite;
    assert.equal(new RecordProtection(counting, { ...secrets, suite }, 'server', 4).open(record), undefined);
    counts.add(blocks);
  }
  assert.equal(counts.size, 1);
});

test('profile 3: the replay window against a list of everything seen', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(200), fc.nat(65535)), { maxLength: 300 }), (numbers) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      for (const number of numbers) {
        const highest = Math.max(-1, ...seen);
        const fresh = !seen.has(number) && number > highest - 64;
        assert.equal(window.isFresh(number), fresh);
        if (fresh) {
          window.accept(number);
          seen.add(number);
        }
      }
    }),
  );
});

function isDecodeError(code: DecodeError['code']): (error: unknown) => boolean {
  return (error) => error instanceof DecodeError && error.code === code;
}
