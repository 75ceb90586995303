import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodePacket,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  headerForm,
  headerIds,
  type ObexHeader,
  opcodeName,
  opcodes,
  responseCodes,
  responseName,
} from '../../../src/codec/obex/index.ts';
import { type Annotation, bytesToHex, DecodeError, hexToBytes, ValueError } from '../../../src/core/index.ts';
import { vectors } from './vectors.ts';

for (const { name, bytes, request } of vectors.requests) {
  test(`IrOBEX §3.3: ${name}, both directions`, () => {
    assert.equal(bytesToHex(encodeRequest(request)), bytesToHex(bytes));
    assert.deepEqual(decodeRequest(bytes), request);
    assert.deepEqual(decodePacket(bytes), { kind: 'request', ...request });
  });
}

for (const { name, bytes, toConnect, response } of vectors.responses) {
  test(`IrOBEX §3.2: ${name}, both directions`, () => {
    assert.equal(bytesToHex(encodeResponse(response)), bytesToHex(bytes));
    assert.deepEqual(decodeResponse(bytes, { toConnect }), response);
    assert.deepEqual(decodePacket(bytes), { kind: 'response', ...response });
  });
}

for (const { name, bytes } of [...vectors.requests, ...vectors.responses]) {
  test(`IrOBEX §3.1: ${name} cut at each octet is TRUNCATED, one octet more is TRAILING`, () => {
    for (let length = 0; length < bytes.length; length += 1) {
      assert.throws(() => decodePacket(bytes.subarray(0, length)), isDecodeError('TRUNCATED'));
    }
    assert.throws(() => decodePacket(Uint8Array.of(...bytes, 0)), isDecodeError('TRAILING'));
  });
}

test('IrOBEX §3.1: a length below 3 is an error', () => {
  for (const hex of ['800000', '810002', '900001']) {
    assert.throws(() => decodePacket(hexToBytes(hex)), isDecodeError('BAD_VALUE'));
  }
});

test('IrOBEX §2.1: headers of all four forms; unknown ones are kept and can be written again', () => {
  const headers: ObexHeader[] = [
    { id: 0x30, value: 'Grüße \u{1F600}' },
    { id: 0x70, value: Uint8Array.of(1, 2, 3) },
    { id: 0xb0, value: 255 },
    { id: 0xf0, value: 0xffffffff },
    { id: headerIds.name, value: '' },
    { id: headerIds.body, value: new Uint8Array(0) },
  ];
  const bytes = encodeRequest({ opcode: opcodes.get, final: false, headers });
  assert.deepEqual(decodeRequest(bytes), { opcode: opcodes.get, final: false, headers });
});

test('IrOBEX §2.2.2: an empty Name has no terminator, and one is not needed to read', () => {
  const empty = encodeRequest({ opcode: 2, final: true, headers: [{ id: headerIds.name, value: '' }] });
  assert.equal(bytesToHex(empty), '820006010003');
  const unterminated = hexToBytes('82000a 01 0007 00640065');
  assert.deepEqual(decodeRequest(unterminated).headers, [{ id: headerIds.name, value: 'de' }]);
});

const broken: Readonly<Record<string, [string, DecodeError['code'], number]>> = {
  'a header length below 3': ['820006 42 0002', 'BAD_VALUE', 4],
  'a header beyond the packet': ['820008 42 0010 0000', 'TRUNCATED', 6],
  'a text of an odd number of octets': ['820009 01 0006 006400', 'BAD_VALUE', 6],
  'a four-octet header cut short': ['820007 C3 000000', 'TRUNCATED', 4],
  'a CONNECT without its fields': ['800003', 'TRUNCATED', 3],
  'a SETPATH without its fields': ['850003', 'TRUNCATED', 3],
};
for (const [name, [hex, code, offset]] of Object.entries(broken)) {
  test(`IrOBEX §2.1: ${name} is an error with its place`, () => {
    assert.throws(
      () => decodeRequest(hexToBytes(hex)),
      (error: unknown) => error instanceof DecodeError && error.code === code && error.at.offset === offset,
    );
  });
}

test('IrOBEX §2.1: more than 256 headers in a packet are refused', () => {
  const headers = Array.from({ length: 257 }, () => ({ id: 0xb0, value: 1 }));
  assert.throws(
    () => decodeRequest(encodeRequest({ opcode: 2, final: true, headers })),
    isDecodeError('LIMIT'),
  );
});

test('IrOBEX §3.3.1: a refusal of CONNECT may come without the fields; a success may not', () => {
  assert.deepEqual(decodeResponse(hexToBytes('C40003'), { toConnect: true }), { code: 0xc4, headers: [] });
  assert.throws(() => decodeResponse(hexToBytes('A00003'), { toConnect: true }), isDecodeError('TRUNCATED'));
});

test('values that do not fit are refused before anything is written', () => {
  const put = (header: ObexHeader) => () => encodeRequest({ opcode: 2, final: true, headers: [header] });
  assert.throws(put({ id: headerIds.length, value: 2 ** 32 }), isValueError('OUT_OF_RANGE'));
  assert.throws(put({ id: headerIds.length, value: 'x' }), isValueError('WRONG_TYPE'));
  assert.throws(put({ id: headerIds.type, value: 1 }), isValueError('WRONG_TYPE'));
  assert.throws(put({ id: headerIds.name, value: new Uint8Array(1) }), isValueError('WRONG_TYPE'));
  assert.throws(put({ id: headerIds.name, value: 'a\0b' }), isValueError('BAD_FORMAT'));
  assert.throws(put({ id: headerIds.body, value: new Uint8Array(65533) }), isValueError('TOO_LONG'));
  assert.throws(put({ id: headerIds.body, value: new Uint8Array(65530) }), isValueError('TOO_LONG'));
  assert.throws(put({ id: 256, value: 1 }), isValueError('OUT_OF_RANGE'));
  assert.throws(
    () => encodeRequest({ opcode: 0x80, final: true, headers: [] }),
    isValueError('OUT_OF_RANGE'),
  );
  assert.throws(() => encodeRequest({ opcode: 0, final: true, headers: [] }), isValueError('MISSING'));
  assert.throws(
    () => encodeResponse({ code: 0xa0, connect: { maxPacketLength: 254 }, headers: [] }),
    isValueError('OUT_OF_RANGE'),
  );
});

test('names of operations and responses, unknown ones as hex', () => {
  assert.equal(opcodeName(0x82), 'put');
  assert.equal(opcodeName(0xff), 'abort');
  assert.equal(opcodeName(0x0a), '0x0A');
  assert.equal(responseName(0xcf), 'unsupportedMediaType');
  assert.equal(responseName(0x4f), 'unsupportedMediaType');
  assert.equal(responseName(0xff), '0xFF');
  assert.equal(new Set(Object.values(responseCodes)).size, Object.keys(responseCodes).length);
});

test('annotations cover every octet of a packet once, in order', () => {
  for (const { bytes } of [...vectors.requests, ...vectors.responses]) {
    const notes: Annotation[] = [];
    const padded = Uint8Array.of(9, 9, ...bytes);
    decodePacket(padded, { annotate: (note) => notes.push(note), start: 2 });
    let at = 2;
    for (const { offset, length, section } of notes) {
      assert.equal(offset, at);
      assert.match(section, /^IrOBEX §\d/);
      at += length;
    }
    assert.equal(at, padded.length);
  }
  const connect: Annotation[] = [];
  decodePacket(vectors.requests[0]?.bytes ?? new Uint8Array(0), { annotate: (note) => connect.push(note) });
  assert.deepEqual(
    connect.map(({ field, value, meaning }) => [field, value, meaning]),
    [
      ['opcode', '80', 'connect, the whole or last packet'],
      ['length', '19', 'octets of the packet'],
      ['version', '1.0', 'version of OBEX'],
      ['flags', '0', ''],
      ['maxPacketLength', '4096', 'longest packet that the sender of this can receive'],
      ['target', '"SYNCML-DM"', 'service that is wanted'],
    ],
  );
});

const anyHeader = fc.integer({ min: 0, max: 255 }).chain((id): fc.Arbitrary<ObexHeader> => {
  const form = headerForm(id);
  if (form === 'octet') return fc.integer({ min: 0, max: 255 }).map((value) => ({ id, value }));
  if (form === 'word') return fc.integer({ min: 0, max: 0xffffffff }).map((value) => ({ id, value }));
  if (form === 'octets') return fc.uint8Array({ maxLength: 40 }).map((value) => ({ id, value }));
  return fc
    .string({ unit: 'binary', maxLength: 20 })
    .map((value) => ({ id, value: value.replaceAll('\0', '') }));
});

test('any request and any response survive a round trip', () => {
  fc.assert(
    fc.property(
      fc.array(anyHeader, { maxLength: 12 }),
      fc.integer({ min: 0, max: 0x7f }),
      fc.boolean(),
      fc.integer({ min: 255, max: 65535 }),
      (headers, opcode, final, maxPacketLength) => {
        const connect = { version: 0x10, flags: 0, maxPacketLength };
        const request = {
          opcode,
          final,
          ...(opcode === opcodes.connect ? { connect } : {}),
          ...(opcode === opcodes.setPath ? { setPath: { flags: 1, constants: 0 } } : {}),
          headers,
        };
        assert.deepEqual(decodeRequest(encodeRequest(request)), request);
        const response = { code: 0x80 | opcode, connect, headers };
        assert.deepEqual(decodeResponse(encodeResponse(response), { toConnect: true }), response);
      },
    ),
  );
});

test('any octets decode or give a DecodeError', () => {
  const framed = fc.uint8Array({ maxLength: 60 }).map((body) => {
    const bytes = Uint8Array.of(body[0] ?? 0x82, 0, body.length + 3, ...body);
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), framed), fc.boolean(), (bytes, toConnect) => {
      for (const read of [
        () => decodePacket(bytes),
        () => decodeRequest(bytes),
        () => decodeResponse(bytes, { toConnect }),
      ]) {
        try {
          read();
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
        }
      }
    }),
    { numRuns: 1000 },
  );
});

function isDecodeError(code: DecodeError['code']): (error: unknown) => boolean {
  return (error) => error instanceof DecodeError && error.code === code;
}

function isValueError(code: ValueError['code']): (error: unknown) => boolean {
  return (error) => error instanceof ValueError && error.code === code;
}
