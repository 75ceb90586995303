// Keys of messages as callers give them (docs/signed-messages.md): what is kept, and what protects nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { readMessageKeys, readMessageSigning } from '../../../src/server/record/message-keys-input.ts';
import { ec, rsa } from '../../security/message-keys.ts';

const hex = (octets: number, digits = '5A'): string => digits.repeat(octets);

function refuses(code: string, path: string, read: () => unknown): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof ValueError, String(error));
    assert.deepEqual([error.code, error.path], [code, path]);
    // Keys never reach errors.
    assert.doesNotMatch(error.message, /5A5A|5a5a|PRIVATE/);
    return true;
  });
}

test('a signing key has the algorithm of its type, and no other', () => {
  const read = (value: object) => readMessageSigning(value, 'k');
  assert.deepEqual(read({ privateKey: rsa.privatePem }), {
    algorithm: 'rsa-sha256',
    privateKey: rsa.privatePem,
  });
  assert.deepEqual(read({ privateKey: ec.privatePem, algorithm: 'ecdsa-sha256', keyName: 'n' }), {
    algorithm: 'ecdsa-sha256',
    privateKey: ec.privatePem,
    keyName: 'n',
  });
  refuses('OUT_OF_RANGE', 'k.privateKey', () =>
    read({ privateKey: rsa.privatePem, algorithm: 'ecdsa-sha256' }),
  );
  refuses('OUT_OF_RANGE', 'k.algorithm', () => read({ privateKey: rsa.privatePem, algorithm: 'rsa-sha1' }));
  refuses('BAD_FORMAT', 'k.privateKey', () => read({ privateKey: rsa.publicPem }));
  refuses('MISSING', 'k.privateKey', () => read({}));
  const long = { privateKey: rsa.privatePem, keyName: 'n'.repeat(256) };
  refuses('TOO_LONG', 'k.keyName', () => read(long));
  assert.equal(read({ ...long, keyName: 'n'.repeat(255) }).keyName?.length, 255);
  refuses('TOO_LONG', 'k.privateKey', () => read({ privateKey: 'x'.repeat(16_385) }));
  refuses('UNKNOWN_FIELD', 'k.publicKey', () => read({ privateKey: rsa.privatePem, publicKey: 'x' }));
});

test('keys are hex in any letter case, kept in one', () => {
  const read = (value: object) => readMessageKeys(value, 'k');
  assert.deepEqual(read({ hmacSecret: hex(16) }), { hmacSecret: hex(16, '5a') });
  assert.deepEqual(
    read({
      hmacSecret: hex(40, 'Ab'),
      encryption: { transport: 'rsa-oaep', publicKey: rsa.publicPem, keyName: 'd' },
      wrapping: { key: hex(24), keyName: 'w' },
    }),
    {
      hmacSecret: hex(40, 'ab'),
      encryption: { transport: 'rsa-oaep', publicKey: rsa.publicPem, keyName: 'd' },
      wrapping: { key: hex(24, '5a'), keyName: 'w' },
    },
  );
  assert.deepEqual(read({ encryption: { publicKey: rsa.publicPem } }), {
    encryption: { transport: 'rsa-oaep', publicKey: rsa.publicPem },
  });
  for (const octets of [16, 24, 32]) {
    const encryption = { transport: 'aes-wrap', key: hex(octets) };
    assert.deepEqual(read({ encryption }), { encryption: { transport: 'aes-wrap', key: hex(octets, '5a') } });
  }
});

test('what protects nothing is refused with its place: short and odd keys, keys of another kind, one key for two uses', () => {
  const read = (value: object) => () => readMessageKeys(value, 'k');
  refuses('MISSING', 'k', read({}));
  refuses('OUT_OF_RANGE', 'k.hmacSecret', read({ hmacSecret: hex(15) }));
  refuses('BAD_FORMAT', 'k.hmacSecret', read({ hmacSecret: `${hex(16)}5` }));
  refuses('BAD_FORMAT', 'k.hmacSecret', read({ hmacSecret: `x${hex(16)}` }));
  refuses('MISSING', 'k.encryption.publicKey', read({ encryption: {} }));
  refuses('OUT_OF_RANGE', 'k.encryption.publicKey', read({ encryption: { publicKey: ec.publicPem } }));
  refuses('MISSING', 'k.encryption.key', read({ encryption: { transport: 'aes-wrap' } }));
  refuses(
    'UNKNOWN_FIELD',
    'k.encryption.key',
    read({ encryption: { publicKey: rsa.publicPem, key: hex(16) } }),
  );
  refuses('OUT_OF_RANGE', 'k.wrapping.key', read({ wrapping: { key: hex(17) } }));
  const keyName = 'n'.repeat(256);
  refuses('TOO_LONG', 'k.wrapping.keyName', read({ wrapping: { key: hex(16), keyName } }));
  const named = { publicKey: rsa.publicPem, keyName };
  refuses('TOO_LONG', 'k.encryption.keyName', read({ encryption: named }));
  refuses('TOO_LONG', 'k.hmacSecret', read({ hmacSecret: hex(257) }));
  refuses('UNKNOWN_FIELD', 'k.wrapping.colour', read({ wrapping: { key: hex(16), colour: 'red' } }));
  refuses('UNKNOWN_FIELD', 'k.colour', read({ hmacSecret: hex(16), colour: 'red' }));
  const hmacSecret = hex(16, '5a');
  refuses('OUT_OF_RANGE', 'k.wrapping.key', read({ hmacSecret, wrapping: { key: hex(16) } }));
  const encryption = { transport: 'aes-wrap', key: hex(16) };
  refuses('OUT_OF_RANGE', 'k.encryption.key', read({ hmacSecret, encryption }));
  assert.ok(read({ hmacSecret, wrapping: { key: hex(16, '5b') } })());
});
