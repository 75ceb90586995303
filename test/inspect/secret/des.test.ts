// Triple DES and the rest of the portable primitives, held to OpenSSL's.
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesToHex, hexToBytes, ValueError } from '../../../src/core/index.ts';
import { decryptTripleDesCbc, encryptTripleDesCbc } from '../../../src/inspect/secret/des.ts';
import { portableWtlsCrypto } from '../../../src/inspect/secret/wtls-crypto.ts';
import { nodeWtlsCrypto } from '../../../src/push/waps/index.ts';

const octets = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const blocks = fc.uint8Array({ maxLength: 200 }).map((all) => all.subarray(0, all.length - (all.length % 8)));

test('SP 800-67: encrypts and decrypts as OpenSSL does, any keys, vectors and blocks', () => {
  fc.assert(
    fc.property(octets(24), octets(8), blocks, (key, iv, data) => {
      const theirs = createCipheriv('des-ede3-cbc', key, iv).setAutoPadding(false).update(data);
      const ours = encryptTripleDesCbc(key, iv, data);
      assert.equal(bytesToHex(ours), theirs.toString('hex'));
      assert.deepEqual(decryptTripleDesCbc(key, iv, ours), data);
      const back = createDecipheriv('des-ede3-cbc', key, iv).setAutoPadding(false).update(ours);
      assert.equal(bytesToHex(decryptTripleDesCbc(key, iv, ours)), back.toString('hex'));
    }),
  );
});

test('FIPS 46-3: one key three times is single DES', () => {
  const key = hexToBytes('133457799bbcdff1');
  const three = new Uint8Array([...key, ...key, ...key]);
  const encrypted = encryptTripleDesCbc(three, new Uint8Array(8), hexToBytes('0123456789abcdef'));
  assert.equal(bytesToHex(encrypted), '85e813540f0ab405');
});

test('SHA-1 and its HMAC are those of OpenSSL', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.array(fc.uint8Array({ maxLength: 100 })),
      (key, parts) => {
        const hex = (each: Uint8Array): string => bytesToHex(Uint8Array.from(each));
        assert.equal(hex(portableWtlsCrypto.sha1(...parts)), hex(nodeWtlsCrypto.sha1(...parts)));
        const ours = portableWtlsCrypto.hmacSha1(key, ...parts);
        assert.equal(hex(ours), hex(nodeWtlsCrypto.hmacSha1(key, ...parts)));
      },
    ),
  );
});

test('what reading has no use for says so', () => {
  const rsaKey = { exponent: Uint8Array.of(3), modulus: Uint8Array.of(33) };
  assert.throws(() => portableWtlsCrypto.random(4), ValueError);
  assert.throws(() => portableWtlsCrypto.encryptRsa(rsaKey, new Uint8Array(1)), ValueError);
});
