// Octets into lines, whatever the pieces are that they come in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BodyLine, BodyLines } from '../../src/api/request/body-lines.ts';

/** The lines of a body that comes in these pieces. */
function linesOf(pieces: readonly Uint8Array[], limit = 1000): BodyLine[] {
  const lines = new BodyLines(limit);
  const seen: BodyLine[] = [];
  const drain = (): void => {
    for (let line = lines.next(); line !== undefined; line = lines.next()) seen.push(line);
  };
  for (const piece of pieces) {
    lines.add(Buffer.from(piece));
    drain();
  }
  lines.end();
  drain();
  return seen;
}

const octets = (text: string) => Buffer.from(text, 'utf8');

/** Divides octets at some places. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => whole.subarray(from, at[index] ?? whole.length));
}

test('lines end with LF or CR LF, the last one with the body; blank ones count and are left out', () => {
  assert.deepEqual(linesOf([octets('a\r\n\n \t\r\nb\n\ufeff\nc')]), [
    { number: 1, text: 'a\r' },
    { number: 4, text: 'b' },
    { number: 6, text: 'c' },
  ]);
  assert.deepEqual(linesOf([]), []);
  assert.deepEqual(linesOf([octets('\n\n')]), []);
});

test('property: how a body is cut into pieces changes nothing, UTF-8 or not', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }).map(octets),
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom(
      octets('\n'),
      octets('\r\n'),
      octets('ä€😀'),
      octets('{"a":1}\n'),
      octets('x'.repeat(40)),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(part),
      fc.array(fc.nat(400)),
      fc.integer({ min: 1, max: 60 }),
      (parts, places, limit) => {
        const whole = Buffer.concat(parts);
        const told = (lines: readonly BodyLine[]) =>
          lines.map(({ number, text, fault }) => [number, text, fault?.message]);
        assert.deepEqual(told(linesOf(cut(whole, places), limit)), told(linesOf([whole], limit)));
      },
    ),
  );
});

test('property: the lines are those between the ends, in their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))),
      (texts) => {
        const wanted = texts.flatMap((text, index) =>
          /^\ufeff?[ \t\r]*$/.test(text) ? [] : [{ number: index + 1, text }],
        );
        assert.deepEqual(linesOf([octets(texts.join('\n'))], 10_000), wanted);
      },
    ),
  );
});

test('a line of the limit is taken, one octet more is not, wherever its pieces end', () => {
  for (const step of [1, 3, 10, 11, 100]) {
    const whole = octets(`${'x'.repeat(10)}\n${'ä'.repeat(5)}\n${'y'.repeat(11)}\nz\n${'x'.repeat(500)}`);
    const places = Array.from({ length: whole.length / step }, (_, index) => (index + 1) * step);
    const lines = linesOf(cut(whole, places), 10);
    assert.deepEqual(
      lines.map(({ number, text, fault }) => [number, text, fault?.code]),
      [
        [1, 'x'.repeat(10), undefined],
        [2, 'ä'.repeat(5), undefined],
        [3, '', 'TOO_LONG'],
        [4, 'z', undefined],
        [5, '', 'TOO_LONG'],
      ],
    );
  }
});

test('while the end of a line is awaited, that is told', () => {
  const lines = new BodyLines(100);
  assert.equal(lines.isWithinLine, false);
  assert.equal(lines.add(octets('a')), false);
  assert.equal(lines.isWithinLine, true);
  assert.equal(lines.add(octets('\n')), true);
  assert.equal(lines.isWithinLine, false);
  assert.deepEqual(lines.next(), { number: 1, text: 'a' });
});
