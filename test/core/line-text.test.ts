// What may name something.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineFault, requireLine, requireWellFormed, toLine, ValueError } from '../../src/core/index.ts';

test('text of a line: CR, LF, NUL, other controls, ends of lines, bidirectional controls and half surrogates are faults', () => {
  const unfit = [
    ...Array.from({ length: 32 }, (_, code) => code),
    ...Array.from({ length: 33 }, (_, code) => 0x7f + code),
    ...[0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0xd800, 0xdbff, 0xdc00, 0xdfff],
    ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
  ];
  for (const code of unfit) {
    const hex = code.toString(16).toUpperCase().padStart(4, '0');
    assert.match(
      lineFault(`ab${String.fromCharCode(code)}c`) ?? '',
      new RegExp(`^U\\+${hex}, .* at character 3$`),
    );
  }
});

test('text of a line: all scripts, signs and spaces are fit', () => {
  for (const text of [
    '',
    'IMEI:493005100592800',
    'urn:uuid:…',
    'Größe 1',
    '設備',
    'جهاز',
    'מכשיר',
    '😀',
    'a b',
  ]) {
    assert.equal(lineFault(text), undefined);
    assert.equal(requireLine(text, 'x'), text);
  }
});

test('text of a line: a fault is an error with the field, and never holds the text', () => {
  assert.throws(
    () => requireLine('secret\u202etext', 'device.id'),
    (error) => {
      assert.ok(error instanceof ValueError);
      assert.deepEqual([error.code, error.path], ['BAD_FORMAT', 'device.id']);
      assert.doesNotMatch(error.message, /secret|\u202e/);
      return true;
    },
  );
});

test('well-formed text: whatever UTF-8 can carry passes, half a surrogate pair does not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      if (Buffer.from(text, 'utf8').toString('utf8') === text)
        assert.equal(requireWellFormed(text, 'x'), text);
      else assert.throws(() => requireWellFormed(text, 'x'), ValueError);
    }),
  );
  assert.throws(() => requireWellFormed('a\ud800b', 'x'), /character 2/);
  assert.equal(requireWellFormed('a\n\u202e\0', 'x'), 'a\n\u202e\0');
});

test('a text of a stranger becomes part of a line: never unfit, never longer than allowed, and itself where it fits', () => {
  assert.equal(toLine('a\r\nb\u202ec\ud800', 10), 'a??b?c?');
  assert.equal(toLine('😀😀😀', 3), '😀😀😀');
  assert.equal(toLine('😀😀😀', 2), '😀😀…');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, maxLength) => {
      const line = toLine(text, maxLength);
      assert.equal(lineFault(line), undefined);
      assert.ok([...line].length <= maxLength + 1);
      if (lineFault(text) === undefined && [...text].length <= maxLength) assert.equal(line, text);
    }),
  );
});
