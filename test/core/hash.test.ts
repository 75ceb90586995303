// Hashing: the examples of RFC 1321, and the platform's own functions for every length around the blocks.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { bytesToHex, md5, sha256, utf8ToBytes } from '../../src/core/index.ts';

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

test('a digest stays what it was when the next one is made', () => {
  const first = md5(utf8ToBytes('a'));
  md5(utf8ToBytes('b'));
  assert.equal(bytesToHex(first), '0cc175b9c0f1b6a831c399e269772661');
});
