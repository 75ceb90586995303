import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePdu, PduReader } from '../../../src/codec/smpp/index.ts';
import { concatBytes, DecodeError, hexToBytes } from '../../../src/core/index.ts';

const enquire = encodePdu({ command: 'enquire_link', sequence: 1 });

test('SMPP 3.4 §5.1.1: a length below 16 is an error with its place in the stream', () => {
  for (const length of [0, 4, 15]) {
    const reader = new PduReader();
    reader.read(enquire, () => {});
    const bad = hexToBytes(`${length.toString(16).padStart(8, '0')}0000001500000000`);
    assert.throws(
      () => reader.read(bad, () => assert.fail('nothing to give')),
      (error) => error instanceof DecodeError && error.code === 'BAD_VALUE' && error.at.offset === 16,
    );
  }
});

test('a length beyond the limit is an error before anything is kept', () => {
  const reader = new PduReader(64);
  assert.throws(
    () => reader.read(hexToBytes('00000041'), () => {}),
    (error) => error instanceof DecodeError && error.code === 'LIMIT',
  );
  assert.throws(() => new PduReader().read(hexToBytes('ffffffff00000000'), () => {}), DecodeError);
});

test('a length that comes in pieces is checked as soon as it is there', () => {
  const reader = new PduReader(64);
  reader.read(hexToBytes('0000'), () => {});
  assert.equal(reader.idle, false);
  assert.throws(
    () => reader.read(hexToBytes('0041'), () => {}),
    (error) => error instanceof DecodeError && error.code === 'LIMIT' && error.at.offset === 0,
  );
});

test('whoever takes the PDUs can stop', () => {
  const reader = new PduReader();
  let count = 0;
  reader.read(concatBytes(enquire, enquire, enquire), () => {
    count += 1;
    return count < 2;
  });
  assert.equal(count, 2);
});
