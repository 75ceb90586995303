import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Annotation,
  ByteReader,
  ByteWriter,
  bitTable,
  bytesToHex,
  DecodeError,
  fixed,
  flag,
  hexToBytes,
  oneOf,
  uint,
  ValueError,
} from '../../src/core/index.ts';

const table = bitTable('DOC', {
  version: fixed(4, '1', 9, { meaning: 'version nine' }),
  count: uint(3, '2'),
  urgent: flag('3', 'urgent', 'not urgent', false),
  colour: oneOf(2, '4', ['red', 'green', 'blue'], 'green'),
  reserved: fixed(5, '5', 0, { forgiving: true }),
  session: uint(16, '6', 1),
  time: uint(32, '7', 0, { fallback: 5, words: { kind: 'count', one: 's', many: 's' } }),
  last: uint(1, '8', 0, { fallback: 1 }),
});

const encode = (
  ...args: Parameters<typeof table.encode> extends [unknown, ...infer Rest] ? Rest : never
): string => {
  const writer = new ByteWriter();
  table.encode(writer, ...args);
  return bytesToHex(writer.finish());
};
const decode = (hex: string, annotate?: (annotation: Annotation) => void) =>
  table.decode(new ByteReader(hexToBytes(hex), 'DOC'), annotate);

test('rows are packed from the most significant bit, also across octets and at 32 bits', () => {
  assert.equal(table.size, 8);
  const values = {
    count: 7,
    urgent: true,
    colour: 'blue',
    session: 0xffff,
    time: 0xffffffff,
    last: 1,
  } as const;
  assert.equal(encode(values), '9f81ffffffffffff');
  assert.deepEqual(decode(encode(values)), { values, deviations: [] });
  const zeros = { count: 0, urgent: false, colour: 'red', session: 1, time: 0, last: 0 } as const;
  assert.equal(encode(zeros), '9000000200000000');
  assert.deepEqual(decode('9000000200000000').values, zeros);
});

test('fallbacks are written, and what the format fixes never reaches the caller', () => {
  assert.deepEqual(decode(encode({ count: 1, session: 2 })).values, {
    count: 1,
    urgent: false,
    colour: 'green',
    session: 2,
    time: 5,
    last: 1,
  });
});

test('what the codec derives wins over what the caller gives', () => {
  assert.equal(decode(encode({ count: 1, session: 2 }, { count: 6 })).values.count, 6);
});

test('a value that breaks its rule is an error with path and section', () => {
  const error = (run: () => unknown): string => {
    try {
      run();
    } catch (thrown) {
      assert.ok(thrown instanceof ValueError);
      return `${thrown.code} ${thrown.message}`;
    }
    return 'none';
  };
  assert.equal(
    error(() => encode({ count: 1 })),
    'MISSING session: must be an integer from 1 to 65535 (DOC §6)',
  );
  const wrong = { count: 1, session: 0 };
  assert.equal(
    error(() => encode(wrong)),
    'OUT_OF_RANGE session: must be an integer from 1 to 65535 (DOC §6)',
  );
  for (const session of [65536, -1, 1.5, Number.NaN, '1', null]) {
    assert.match(
      error(() => encode({ count: 1, session } as never)),
      /^OUT_OF_RANGE session/,
    );
  }
  assert.equal(
    error(() => encode({ count: 1, session: 1, colour: 'pink' } as never)),
    'OUT_OF_RANGE colour: must be one of red, green, blue (DOC §4)',
  );
  assert.match(
    error(() => encode({ count: 1, session: 1, urgent: 1 } as never)),
    /urgent: must be true or false/,
  );
});

const errorOf = (hex: string): DecodeError => {
  try {
    decode(hex);
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    return error;
  }
  assert.fail('should throw');
};

test('a fixed value that differs, and a number below its minimum, are errors at their bit', () => {
  assert.equal(errorOf('8000000200000000').message, 'version: is 8, must be 9 (byte 0; DOC §1)');
  const session = errorOf('9000000000000000');
  assert.deepEqual(
    [session.code, session.at, session.spec.section],
    ['BAD_VALUE', { path: 'session', offset: 1, bit: 7 }, '6'],
  );
});

test('cut at each octet it is an error within what is left', () => {
  for (let length = 0; length < 8; length += 1) {
    const error = errorOf('9000000200000000'.slice(0, length * 2));
    assert.equal(error.code, 'TRUNCATED');
    assert.ok(error.at.offset <= length);
  }
  assert.equal(errorOf('9000').message, 'session: needs 16 bits, 1 left (byte 1, bit 7; DOC §6)');
});

test('spec-notes 6: reserved bits and reserved numbers are kept beside the values', () => {
  const { values, deviations } = decode('90fe000200000000');
  assert.equal(values.colour, 'red');
  assert.deepEqual(deviations, [
    {
      field: 'colour',
      offset: 1,
      bit: 0,
      value: 3,
      message: 'reserved value 3, read as red',
      section: 'DOC §4',
    },
    {
      field: 'reserved',
      offset: 1,
      bit: 2,
      value: 31,
      message: 'reserved bits are 31, not 0',
      section: 'DOC §5',
    },
  ]);
});

test('annotations cover every bit; bits are told where a field is not whole octets', () => {
  const annotations: Annotation[] = [];
  decode('9000000200000000', (annotation) => annotations.push(annotation));
  assert.deepEqual(
    annotations.map(({ field, offset, length, bit, bits, value, meaning, section }) =>
      [field, offset, length, bit, bits, value, meaning, section].join(' '),
    ),
    [
      'version 0 1 0 4 9 version nine DOC §1',
      'count 0 1 4 3 0  DOC §2',
      'urgent 0 1 7 1 0 not urgent DOC §3',
      'colour 1 1 0 2 0 red DOC §4',
      'reserved 1 1 2 5 0  DOC §5',
      'session 1 3 7 16 1  DOC §6',
      'time 3 5 7 32 0 0 s DOC §7',
      'last 7 1 7 1 0  DOC §8',
    ],
  );
  const whole: Annotation[] = [];
  const bytes = bitTable('DOC', { a: uint(8, '1'), b: uint(16, '2') });
  bytes.decode(new ByteReader(hexToBytes('010203'), 'DOC'), (annotation) => whole.push(annotation));
  assert.deepEqual(
    whole.map((annotation) => [annotation.offset, annotation.length, 'bit' in annotation]),
    [
      [0, 1, false],
      [1, 2, false],
    ],
  );
});

test('any valid header survives a round trip, and any octets decode or throw a DecodeError', () => {
  const values = fc.record(
    {
      count: fc.integer({ min: 0, max: 7 }),
      urgent: fc.boolean(),
      colour: fc.constantFrom('red', 'green', 'blue'),
      session: fc.integer({ min: 1, max: 65535 }),
      time: fc.integer({ min: 0, max: 0xffffffff }),
      last: fc.integer({ min: 0, max: 1 }),
    } as const,
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(values, (row) =>
      assert.deepEqual(decode(encode(row as never)), { values: row, deviations: [] }),
    ),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      try {
        table.decode(new ByteReader(bytes, 'DOC'));
      } catch (error) {
        assert.ok(error instanceof DecodeError);
      }
    }),
  );
});

test('a table must fill whole octets', () => {
  assert.throws(() => bitTable('DOC', { a: uint(7, '1') }), /7 bits are not whole octets/);
});
