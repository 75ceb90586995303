import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  base64ToBytes,
  bytesToBase64,
  bytesToDisplayText,
  bytesToHex,
  bytesToUtf8,
  concatBytes,
  equalConstantTime,
  hexToBytes,
  joinBytes,
  utf8Length,
  utf8ToBytes,
  ValueError,
  writeUtf8,
} from '../../src/core/index.ts';

const badFormat = (run: () => unknown, detail: RegExp): void => {
  assert.throws(
    run,
    (error) => error instanceof ValueError && error.code === 'BAD_FORMAT' && detail.test(error.detail),
  );
};
const octets = fc.uint8Array({ maxLength: 100 });

test('hex: lower case out, either case and separators in', () => {
  assert.equal(bytesToHex(Uint8Array.of(0, 0x0a, 0xff)), '000aff');
  assert.deepEqual(hexToBytes('00 0A:ff-\n10'), Uint8Array.of(0, 0x0a, 0xff, 0x10));
  assert.deepEqual(hexToBytes(''), new Uint8Array(0));
  fc.assert(
    fc.property(octets, (bytes) => {
      assert.equal(bytesToHex(bytes), Buffer.from(bytes).toString('hex'));
      assert.deepEqual(hexToBytes(bytesToHex(bytes).toUpperCase()), bytes);
    }),
  );
});

test('hex: an odd digit and a foreign character are errors that say where', () => {
  badFormat(() => hexToBytes('abc'), /odd number of hex digits \(3\)/);
  badFormat(() => hexToBytes('0x12'), /"x" at character 2/);
  badFormat(() => hexToBytes('1g'), /"g" at character 2/);
  assert.throws(
    () => hexToBytes('z', 'vendorData'),
    /^ValueError: vendorData: "z" at character 1 is not a hex digit$/,
  );
});

test('RFC 4648 §10: Base64 test vectors, both directions', () => {
  const vectors = [
    '',
    '',
    'f',
    'Zg==',
    'fo',
    'Zm8=',
    'foo',
    'Zm9v',
    'foob',
    'Zm9vYg==',
    'fooba',
    'Zm9vYmE=',
    'foobar',
    'Zm9vYmFy',
  ];
  for (let i = 0; i < vectors.length; i += 2) {
    const [text = '', base64 = ''] = vectors.slice(i, i + 2);
    assert.equal(bytesToBase64(utf8ToBytes(text)), base64);
    assert.deepEqual(base64ToBytes(base64), utf8ToBytes(text));
  }
});

test('Base64: agrees with another implementation; padding may be missing, white space is skipped', () => {
  fc.assert(
    fc.property(octets, (bytes) => {
      const base64 = bytesToBase64(bytes);
      assert.equal(base64, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(base64ToBytes(base64), bytes);
      assert.deepEqual(base64ToBytes(base64.replace(/=+$/, '')), bytes);
      assert.deepEqual(base64ToBytes(base64.replace(/(.{5})/g, '$1\r\n ')), bytes);
    }),
  );
});

test('Base64: what is not Base64 is an error', () => {
  for (const text of ['A', 'AAAAA', 'AA=', 'AA===', 'A===', 'AAAA=', '=', 'AA==AA', 'AA=A']) {
    badFormat(() => base64ToBytes(text), /cut short or wrongly padded|is not Base64/);
  }
  for (const text of ['AA-_', 'ÄAAA', 'AAA\u0141']) badFormat(() => base64ToBytes(text), /is not Base64/);
});

test('UTF-8: counted, written and read as it stands, byte order mark included', () => {
  const samples = [
    '',
    'abc',
    'é',
    '€',
    '😀',
    'a😀é€',
    '\ufeffx',
    '\ud800',
    '\udc00\ud800',
    '\ud83d',
    'x\ud83dx',
  ];
  for (const text of samples) {
    const expected = new Uint8Array(Buffer.from(text.toWellFormed(), 'utf8'));
    assert.deepEqual(utf8ToBytes(text), expected);
    assert.equal(utf8Length(text), expected.length);
    assert.equal(bytesToUtf8(expected), text.toWellFormed());
    const target = new Uint8Array(expected.length + 4).fill(0xaa);
    writeUtf8(text, target, 2, utf8Length(text));
    assert.deepEqual(target, concatBytes(Uint8Array.of(0xaa, 0xaa), expected, Uint8Array.of(0xaa, 0xaa)));
  }
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
      (text) => {
        assert.equal(utf8Length(text), utf8ToBytes(text).length);
      },
    ),
  );
});

test('UTF-8: octets that are not UTF-8 give no text, but can be shown', () => {
  for (const hex of ['ff', 'c3', 'c0af', 'eda080', 'f4908080']) {
    assert.equal(bytesToUtf8(hexToBytes(hex)), undefined);
    assert.match(bytesToDisplayText(hexToBytes(hex)), /\ufffd/);
  }
});

test('concatBytes makes a new array of its parts', () => {
  const part = Uint8Array.of(1, 2);
  const whole = concatBytes(part, new Uint8Array(0), Uint8Array.of(3));
  part[0] = 9;
  assert.deepEqual(whole, Uint8Array.of(1, 2, 3));
  assert.deepEqual(concatBytes(), new Uint8Array(0));
  assert.equal(joinBytes(Array.from({ length: 300_000 }, () => part)).length, 300_000 * part.length);
});

test('equalConstantTime tells equal from different, at every octet and length', () => {
  assert.equal(equalConstantTime(new Uint8Array(0), new Uint8Array(0)), true);
  assert.equal(equalConstantTime(Uint8Array.of(1), Uint8Array.of(1, 0)), false);
  const digest = Uint8Array.from({ length: 16 }, (_, i) => i);
  assert.equal(equalConstantTime(digest, digest.slice()), true);
  for (let bit = 0; bit < 128; bit += 1) {
    const other = digest.slice();
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(equalConstantTime(digest, other), false);
  }
});

test('long Base64 and UTF-8 are what the platform makes of them, at every length around where the way changes', () => {
  for (let length = 0; length < 400; length += 1) {
    const octets = Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 0xff);
    assert.equal(bytesToBase64(octets), Buffer.from(octets).toString('base64'));
    const text = 'a'.repeat(length);
    for (const each of [text, `${text}é`, `\ufeff${text}`])
      assert.equal(bytesToUtf8(utf8ToBytes(each)), each);
    assert.equal(bytesToUtf8(concatBytes(utf8ToBytes(text), new Uint8Array([0xc3]))), undefined);
  }
});
