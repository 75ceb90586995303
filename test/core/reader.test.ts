import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteReader, ByteWriter, DecodeError, hexToBytes } from '../../src/core/index.ts';

const readerOf = (hex: string): ByteReader => new ByteReader(hexToBytes(hex), 'DOC');
const fails = (run: () => unknown, code: string, offset: number): void => {
  assert.throws(
    run,
    (error) =>
      error instanceof DecodeError &&
      error.code === code &&
      error.at.offset === offset &&
      error.at.path === 'field' &&
      error.spec.doc === 'DOC' &&
      error.spec.section === '1.2',
  );
};

test('numbers are big-endian and unsigned', () => {
  const reader = readerOf('ff 0102 80000000 ffffffffffff 00');
  assert.equal(reader.peek(), 0xff);
  assert.equal(reader.u8('', ''), 0xff);
  assert.equal(reader.uint(2, '', ''), 0x0102);
  assert.equal(reader.uint(4, '', ''), 0x80000000);
  assert.equal(reader.uint(6, '', ''), 2 ** 48 - 1);
  assert.deepEqual([reader.offset, reader.left], [13, 1]);
  fails(() => reader.expectEnd('field', '1.2'), 'TRAILING', 13);
  assert.equal(reader.u8('', ''), 0);
  assert.equal(reader.peek(), undefined);
  reader.expectEnd('', '');
});

test('every read is checked against the end, and says where', () => {
  const reads: ((reader: ByteReader) => unknown)[] = [
    (reader) => reader.uint(3, 'field', '1.2'),
    (reader) => reader.take(3, 'field', '1.2'),
    (reader) => reader.sub(3, 'field', '1.2'),
    (reader) => reader.utf8(3, 'field', '1.2'),
    (reader) => reader.untilNul('field', '1.2'),
    (reader) => reader.need(2 ** 40, 'field', '1.2'),
  ];
  for (const read of reads) {
    const reader = readerOf('000102');
    reader.u8('', '');
    fails(() => read(reader), 'TRUNCATED', 1);
    assert.equal(reader.offset, 1);
  }
  fails(() => readerOf('').u8('field', '1.2'), 'TRUNCATED', 0);
});

test('a sub-reader sees its own octets only and keeps offsets of the whole', () => {
  const reader = readerOf('0102030405');
  reader.u8('', '');
  const inner = reader.sub(2, '', '');
  assert.deepEqual([inner.offset, inner.left, reader.offset], [1, 2, 3]);
  assert.deepEqual([...inner.rest()], [2, 3]);
  fails(() => inner.u8('field', '1.2'), 'TRUNCATED', 3);
  assert.deepEqual([...reader.rest()], [4, 5]);
});

test('a text that ends with 00 is searched within the bounds only', () => {
  const reader = readerOf('6162006300');
  assert.deepEqual([...reader.untilNul('', '')], [0x61, 0x62]);
  assert.equal(reader.offset, 3);
  const inner = reader.sub(1, '', '');
  fails(() => inner.untilNul('field', '1.2'), 'TRUNCATED', 3);
});

test('a reader may be given part of a larger buffer, and never reads beyond it', () => {
  const reader = new ByteReader(hexToBytes('0102030405'), 'DOC', 1, 3);
  assert.deepEqual([reader.offset, reader.left], [1, 2]);
  assert.deepEqual([...reader.rest()], [2, 3]);
  assert.equal(new ByteReader(hexToBytes('01'), 'DOC', 0, 99).left, 1);
});

test('UTF-8 that is none is an error at its start', () => {
  const reader = readerOf('00c328');
  reader.u8('', '');
  fails(() => reader.utf8(2, 'field', '1.2'), 'BAD_VALUE', 1);
  assert.equal(readerOf('efbbbfc3a9').utf8(5, '', ''), '\ufeffé');
});

test('WSP §8.1.2: uintvar up to 32 bits in at most 5 octets', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['00', 0],
    ['7f', 127],
    ['8100', 128],
    ['8780', -1],
    ['8080808001', 1],
    ['8fffffff7f', 0xffffffff],
  ];
  for (const [hex, value] of cases) {
    if (value >= 0) assert.equal(readerOf(hex).uintvar('', ''), value);
    else fails(() => readerOf(hex).uintvar('field', '1.2'), 'TRUNCATED', 2);
  }
  for (const hex of ['9080808000', '8080808080', 'ffffffffff', 'ffffffff7f']) {
    fails(() => readerOf(hex).uintvar('field', '1.2'), 'BAD_VALUE', 0);
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
      const octets = new ByteWriter().uintvar(value).finish();
      assert.equal(new ByteReader(octets, 'DOC').uintvar('', ''), value);
    }),
  );
});

test('an error may point into an octet', () => {
  const error = readerOf('00').error('BAD_VALUE', 'odd', 'field', '1.2', 0, 4);
  assert.equal(error.message, 'field: odd (byte 0, bit 4; DOC §1.2)');
});
