import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesToHex, ValueError } from '../../src/core/index.ts';
import { formatHmacHeader, parseHmacHeader } from '../../src/security/index.ts';
import { vectors } from './vectors.ts';

for (const { source, header, username, macHex } of vectors.hmacHeaders) {
  test(`DM-SEC-1.2, x-syncml-hmac: ${source}`, () => {
    const read = parseHmacHeader(header);
    assert.deepEqual(read && { ...read, mac: bytesToHex(read.mac) }, {
      algorithm: 'MD5',
      username,
      mac: macHex,
    });
  });
}

test('a header without user name or mac, with one twice, or with a mac of another length is none', () => {
  for (const header of [
    '',
    'username="a"',
    'mac=KboS7dhL3ITRqmnU6ekvZw==',
    'username="a", mac=',
    'username="a", mac=AAAA',
    'username="a", mac=!',
    'username="a", username="b", mac=KboS7dhL3ITRqmnU6ekvZw==',
    'username="a, mac=KboS7dhL3ITRqmnU6ekvZw==',
    'username="a" mac=KboS7dhL3ITRqmnU6ekvZw==',
    `username="${'a'.repeat(3000)}", mac=KboS7dhL3ITRqmnU6ekvZw==`,
  ]) {
    assert.equal(parseHmacHeader(header), undefined, header);
  }
});

test('what is written is read, for any user name that a header can carry', () => {
  const mac = new Uint8Array(16).fill(7);
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (username) => {
      const text = JSON.stringify(username);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a header must not hold
      if (/[\u0000-\u001f\u007f]/.test(username)) {
        assert.throws(() => formatHmacHeader(username, mac), ValueError, text);
      } else {
        assert.deepEqual(
          parseHmacHeader(formatHmacHeader(username, mac)),
          { algorithm: 'MD5', username, mac },
          text,
        );
      }
    }),
  );
});

test('any text is read or is none', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '=', '"', ',', ' ', '\\', 'mac', 'username') }),
      (text) => {
        const read = parseHmacHeader(text);
        if (read !== undefined) assert.equal(read.mac.length, 16);
      },
    ),
  );
});
