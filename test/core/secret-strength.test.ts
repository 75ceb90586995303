import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { generateSecret, secretStrength, strongSecretBits } from '../../src/core/index.ts';

describe('how hard a secret is to guess', () => {
  const bits = (secret: string) => secretStrength(secret).bits;

  test('what people choose is weak', () => {
    for (const secret of [
      '',
      's3cret',
      'server secret',
      'Password2026!',
      'correct horse battery',
      'a secret of some length',
      'It-is-not-a-key-at-all',
      'aaaaaaaaaaaaaaaaaaaaaaaa',
      '12345678901234567890',
      'abcdefghijklmnopqrstuvwxyz',
      'geheimgeheimgeheimgeheim',
      'Tr0ub4dor&3',
    ]) {
      assert.equal(secretStrength(secret).strong, false, `${secret}: ${bits(secret)}`);
    }
  });

  test('random octets are strong in each of their usual spellings', () => {
    assert.ok(bits('9f86d081884c7d659a2feaa0c55ad015') > 110);
    assert.ok(bits('n4bQgYhMfWWaL+qgxVrQFa') > 110);
    assert.ok(bits('n4bQgYhMfWWaL-qgxVrQFa') > 110);
    assert.ok(bits('MFRGGZDFMZTWQ2LKNNWG23TPOA') >= strongSecretBits);
    assert.equal(secretStrength('2937461095').strong, false);
  });

  test('a repeated or counted-on character is worth a bit', () => {
    assert.equal(bits('77777777'), 10);
    assert.ok(bits('13572468 13572468') < bits('13572468 97208461'));
  });

  test('any text has an estimate, never below 0 and never above 8 bits for each octet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (secret) => {
        const estimate = bits(secret);
        assert.ok(estimate >= 0 && estimate <= 8 * Buffer.byteLength(secret));
      }),
    );
  });

  test('a generated secret is strong, new each time, and fits where secrets go', () => {
    const made = Array.from({ length: 500 }, () => generateSecret());
    assert.equal(new Set(made).size, made.length);
    for (const secret of made) {
      assert.match(secret, /^[A-Za-z0-9_-]{22}$/);
      assert.ok(secretStrength(secret).strong, `a secret of ${bits(secret)} bits`);
    }
    assert.equal(generateSecret(64).length, 86);
    for (const octets of [15, 65, 16.5, Number.NaN]) assert.throws(() => generateSecret(octets), RangeError);
  });
});
