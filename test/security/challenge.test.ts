import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64ToBytes, bytesToHex } from '../../src/core/index.ts';
import {
  defaultNonce,
  isDefaultNonce,
  randomNonce,
  readChallenge,
  schemeOfType,
  schemesFrom,
  writeChallenge,
} from '../../src/security/index.ts';
import { vectors } from './vectors.ts';

test('DM-SEC-1.2: a challenge names type, Format b64 and, for MD5 and HMAC, NextNonce', () => {
  const nextNonce = Uint8Array.of(1, 2, 3);
  for (const [scheme, type] of [
    ['md5', 'syncml:auth-md5'],
    ['hmac', 'syncml:auth-MAC'],
  ] as const) {
    const chal = writeChallenge({ scheme, nextNonce });
    assert.deepEqual(chal, { meta: { type, format: 'b64', nextNonce } });
    assert.deepEqual(readChallenge(chal), { scheme, nextNonce });
  }
  const basic = writeChallenge({ scheme: 'basic', nextNonce });
  assert.deepEqual(basic, { meta: { type: 'syncml:auth-basic', format: 'b64' } });
  assert.deepEqual(readChallenge(basic), { scheme: 'basic' });
});

test('a challenge of an unknown type, without a type, or with an endless nonce is none', () => {
  assert.equal(readChallenge({ meta: { type: 'syncml:auth-securid' } }), undefined);
  assert.equal(readChallenge({ meta: {} }), undefined);
  const meta = { type: 'syncml:auth-md5', nextNonce: new Uint8Array(256) };
  assert.equal(readChallenge({ meta }), undefined);
  assert.deepEqual(readChallenge({ meta: { ...meta, nextNonce: new Uint8Array() } }), { scheme: 'md5' });
});

for (const { text, octets } of vectors.nextNonce) {
  test(`NextNonce ${text} is Base64 of the octets that the digest takes`, () => {
    assert.equal(bytesToHex(base64ToBytes(text)), octets);
  });
}

test('an account takes its own scheme and stronger ones', () => {
  assert.deepEqual(schemesFrom('basic'), ['basic', 'md5', 'hmac']);
  assert.deepEqual(schemesFrom('md5'), ['md5', 'hmac']);
  assert.deepEqual(schemesFrom('hmac'), ['hmac']);
  assert.equal(schemeOfType('SYNCML:AUTH-mac'), 'hmac');
});

test('DM-NOTI-1.2 §5.1: the default nonce is four zero octets; random ones are 16 octets that differ', () => {
  assert.deepEqual(defaultNonce(), Uint8Array.of(0, 0, 0, 0));
  assert.equal(isDefaultNonce(Uint8Array.of(0, 0, 0, 0)), true);
  assert.equal(isDefaultNonce(new Uint8Array()), false);
  assert.equal(isDefaultNonce(Uint8Array.of(0, 0, 0, 1)), false);
  const nonces = new Set(Array.from({ length: 100 }, () => bytesToHex(randomNonce())));
  assert.equal(nonces.size, 100);
  assert.equal(randomNonce().length, 16);
});
