import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeUserData, encodeUserData, type UserDataHeader } from '../../../src/codec/sms/index.ts';
import { decodePush } from '../../../src/codec/wsp/index.ts';
import { type Annotation, bytesToHex, DecodeError, hexToBytes, ValueError } from '../../../src/core/index.ts';
import vectors from '../../vectors/sms-user-data.json' with { type: 'json' };

for (const vector of vectors.userData) {
  test(`3GPP TS 23.040 §9.2.3.24: ${vector.name}`, () => {
    const { header, payload, payloadOffset, deviations } = decodeUserData(hexToBytes(vector.hex));
    const { ports, concatenation: part } = header;
    assert.deepEqual(
      ports === undefined ? null : [ports.destination, ports.source, ports.bits],
      vector.ports,
    );
    assert.deepEqual(
      part === undefined ? null : [part.reference, part.referenceBits, part.total, part.sequence],
      vector.concatenation,
    );
    assert.deepEqual(
      header.others.map(({ id, data }) => [id, bytesToHex(data)]),
      vector.others,
    );
    assert.equal(bytesToHex(payload), vector.payload);
    assert.equal(payloadOffset, hexToBytes(vector.hex).length - payload.length);
    assert.deepEqual(deviations, []);
  });
}

for (const vector of vectors.ignored) {
  test(`3GPP TS 23.040 §9.2.3.24: ${vector.name} is ignored, with a deviation`, () => {
    const { header, deviations } = decodeUserData(hexToBytes(vector.hex));
    assert.deepEqual(header, { others: [] });
    assert.deepEqual(
      deviations.map(({ field, offset }) => [field, offset]),
      [[vector.field, 1]],
    );
  });
}

for (const vector of vectors.malformed) {
  test(`3GPP TS 23.040 §9.2.3.24: malformed, ${vector.name}`, () => {
    assert.throws(
      () => decodeUserData(hexToBytes(vector.hex)),
      (error) =>
        error instanceof DecodeError && error.code === 'TRUNCATED' && error.at.offset === vector.offset,
    );
  });
}

test('4.4: an SI push within its short message reads through to the WSP headers', () => {
  const { hex } = vectors.userData.find(({ name }) => name.startsWith('4.4')) ?? { hex: '' };
  const input = hexToBytes(hex);
  const push = decodePush(input, { start: decodeUserData(input).payloadOffset });
  assert.equal(push.contentType.mime, 'application/vnd.wap.sic');
  assert.deepEqual(push.applicationIds, [2]);
});

test('annotations name each element and its section', () => {
  const annotations: Annotation[] = [];
  decodeUserData(hexToBytes('ff 0e 0003 2a0201 0504 0b84c002 240103 aa'), {
    start: 1,
    annotate: (annotation) => annotations.push(annotation),
  });
  assert.deepEqual(
    annotations.map((a) => [a.offset, a.length, a.field, a.value, a.meaning, a.section]),
    [
      [
        1,
        1,
        'headerLength',
        '14',
        'UDHL, octets of the user data header that follow',
        '3GPP TS 23.040 §9.2.3.24',
      ],
      [2, 5, 'concatenation', '2a0201', 'part 1 of 2, reference 42', '3GPP TS 23.040 §9.2.3.24.1'],
      [7, 6, 'ports', '0b84c002', 'to port 2948, from port 49154', '3GPP TS 23.040 §9.2.3.24.4'],
      [13, 3, 'element 0x24', '03', 'not used, skipped', '3GPP TS 23.040 §9.2.3.24'],
    ],
  );
});

const bits = fc.constantFrom(8 as const, 16 as const);
const header: fc.Arbitrary<UserDataHeader> = fc
  .tuple(
    fc.option(
      bits.chain((b) => fc.tuple(fc.constant(b), fc.nat(2 ** b - 1), fc.nat(2 ** b - 1))),
      { nil: undefined },
    ),
    fc.option(
      bits.chain((b) =>
        fc
          .integer({ min: 1, max: 255 })
          .chain((total) =>
            fc.tuple(
              fc.constant(b),
              fc.nat(2 ** b - 1),
              fc.constant(total),
              fc.integer({ min: 1, max: total }),
            ),
          ),
      ),
      { nil: undefined },
    ),
    fc.array(fc.tuple(fc.integer({ min: 9, max: 255 }), fc.uint8Array({ maxLength: 20 })), { maxLength: 4 }),
  )
  .map(([ports, part, others]) => ({
    ...(ports === undefined ? {} : { ports: { bits: ports[0], destination: ports[1], source: ports[2] } }),
    ...(part === undefined
      ? {}
      : { concatenation: { referenceBits: part[0], reference: part[1], total: part[2], sequence: part[3] } }),
    others: others.map(([id, data]) => ({ id, data })),
  }));

test('3GPP TS 23.040 §9.2.3.24: any header survives a round trip; cut within it, it is an error', () => {
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 40 }), (given, payload) => {
      const bytes = encodeUserData(given, payload);
      const read = decodeUserData(bytes);
      assert.deepEqual(read.header, given);
      assert.deepEqual(read.payload, payload);
      for (let length = 0; length < read.payloadOffset; length += 1) {
        assert.throws(() => decodeUserData(bytes.subarray(0, length)), DecodeError);
      }
    }),
  );
});

test('3GPP TS 23.040 §9.2.3.24: any octets are read or explained', () => {
  const plausible = fc.uint8Array({ maxLength: 30 }).map((rest) => Uint8Array.of(rest.length >> 1, ...rest));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), plausible), (bytes) => {
      try {
        const { payload, payloadOffset } = decodeUserData(bytes, { annotate: () => {} });
        assert.equal(payloadOffset + payload.length, bytes.length);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test('encodeUserData refuses what does not fit its field', () => {
  const part = { reference: 1, referenceBits: 8, total: 2, sequence: 1 } as const;
  const bad: readonly Partial<UserDataHeader>[] = [
    { ports: { destination: 256, source: 0, bits: 8 } },
    { ports: { destination: 0, source: 65536, bits: 16 } },
    { concatenation: { ...part, reference: 256 } },
    { concatenation: { ...part, total: 256 } },
    { concatenation: { ...part, sequence: 3 } },
    { concatenation: { ...part, sequence: 0 } },
    { others: [{ id: 256, data: new Uint8Array() }] },
    { others: [{ id: 9, data: new Uint8Array(256) }] },
    { others: [{ id: 9, data: new Uint8Array(254) }] },
  ];
  for (const given of bad) assert.throws(() => encodeUserData(given, new Uint8Array()), ValueError);
});
