// Hashing: the examples of RFC 1321, and the platform's own functions for every length around the blocks.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { bytesToHex, md5, sha256, utf8ToBytes, writeMd5, writeSha256 } from '../../src/core/index.ts';

test('RFC 1321 §A.5: the test suite', () => {
  for (const [text, digest] of [
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      '57edf4a22be3c955ac49da2e2107b67a',
    ],
  ] as const) {
    assert.equal(bytesToHex(md5(utf8ToBytes(text))), digest);
  }
});

test('every length up to five blocks, in parts and as a whole, as the platform has it', () => {
  let random = 1;
  for (let length = 0; length <= 320; length += 1) {
    const octets = Uint8Array.from({ length }, () => {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      return random >> 16;
    });
    const cut = length >> 1;
    for (const [name, own] of [
      ['md5', md5],
      ['sha256', sha256],
    ] as const) {
      const expected = createHash(name).update(octets).digest('hex');
      assert.equal(bytesToHex(own(octets)), expected, `${name} of ${length}`);
      assert.equal(bytesToHex(own(octets.subarray(0, cut), octets.subarray(cut))), expected);
    }
  }
});

test('a megabyte and some, and what is written into the octets that it is of', () => {
  const octets = Uint8Array.from({ length: 1_048_583 }, (_, at) => (at * 7 + (at >> 8)) & 255);
  for (const [name, own, write] of [
    ['md5', md5, writeMd5],
    ['sha256', sha256, writeSha256],
  ] as const) {
    const of = (from: number, to: number) => createHash(name).update(octets.subarray(from, to)).digest('hex');
    assert.equal(bytesToHex(own(octets)), of(0, octets.length));
    for (const [from, to] of [
      [3, 3],
      [3, 58],
      [3, 59],
      [1, 65],
      [5, 1000],
    ] as const) {
      const copy = octets.slice(0, 2000);
      write(copy, from, to, copy, from);
      const size = name === 'md5' ? 16 : 32;
      assert.equal(bytesToHex(copy.subarray(from, from + size)), of(from, to), `${name} of ${from} to ${to}`);
      assert.deepEqual(copy.subarray(0, from), octets.subarray(0, from));
      assert.deepEqual(copy.subarray(from + size), octets.subarray(from + size, 2000));
    }
  }
});

test('a digest stays what it was when the next one is made', () => {
  const first = md5(utf8ToBytes('a'));
  md5(utf8ToBytes('b'));
  assert.equal(bytesToHex(first), '0cc175b9c0f1b6a831c399e269772661');
});
