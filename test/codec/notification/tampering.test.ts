import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeNotification } from '../../../src/codec/notification/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { encodeFull, fullMessages, key, notificationFormats, verdictOf } from './support.ts';

for (const format of notificationFormats) {
  const check = (octets: Uint8Array, checkKey: typeof key & { readonly nonce?: Uint8Array }): void => {
    assert.notEqual(verdictOf(octets, checkKey), null);
    for (let bit = 0; bit < octets.length * 8; bit += 1) {
      const flipped = octets.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      assert.equal(verdictOf(flipped, checkKey), null, `bit ${bit}, the octets telling the format`);
      assert.equal(verdictOf(flipped, checkKey, { format }), null, `bit ${bit}, read as ${format}`);
    }
  };

  test(`N13-C-019 ${format} digest: refused when any single bit of the whole message flips`, () => {
    check(encodeFull(format), key);
  });

  test(`${format} digest: the same under a nonce that was given`, () => {
    const withNonce = { ...key, nonce: utf8ToBytes('a:b\0c') };
    check(encodeNotification(fullMessages[format], withNonce), withNonce);
  });

  test(`${format} digest: refused when octets are cut off or appended`, () => {
    const octets = encodeFull(format);
    for (let length = 0; length < octets.length; length += 1) {
      assert.equal(verdictOf(octets.subarray(0, length), key), null, `cut to ${length}`);
      assert.equal(verdictOf(octets.subarray(octets.length - length), key), null, `last ${length}`);
    }
    for (const octet of [0x00, 0x3a, 0xff]) {
      assert.equal(verdictOf(Uint8Array.of(...octets, octet), key), null);
      assert.equal(verdictOf(Uint8Array.of(octet, ...octets), key), null);
    }
  });
}

test('a message signed for one format does not pass as another', () => {
  for (const format of notificationFormats) {
    for (const other of notificationFormats) {
      if (other === format) continue;
      assert.equal(verdictOf(encodeFull(format), key, { format: other }), null, `${format} as ${other}`);
    }
  }
});
