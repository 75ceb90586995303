// A body of CSV as records: whatever its pieces are, and whatever stands in quotes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CsvLine, CsvLines } from '../../../src/api/bulk/csv-lines.ts';

/** Records of a body that comes in pieces of so many octets, by turns. */
function recordsOf(body: Buffer | string, sizes: readonly number[] = [7], limit = 1000): readonly CsvLine[] {
  const octets = Buffer.from(body);
  const lines = new CsvLines(limit);
  const found: CsvLine[] = [];
  const take = (): void => {
    for (let line = lines.next(); line !== undefined; line = lines.next()) found.push(line);
  };
  for (let at = 0, turn = 0; at < octets.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    lines.add(octets.subarray(at, at + size));
    take();
    at += size;
  }
  lines.end();
  take();
  return found;
}

const fieldsOf = (lines: readonly CsvLine[]) => lines.map(({ number, fields }) => [number, fields]);

test('records, blank lines between them, ends of lines of either kind, and none at the end', () => {
  assert.deepEqual(fieldsOf(recordsOf('\ufeffa,b\r\n\r\n"c\nd","e""f"\n,\n\n  \n"",g')), [
    [1, ['a', 'b']],
    [3, ['c\nd', 'e"f']],
    [5, ['', '']],
    [7, ['  ']],
    [8, ['', 'g']],
  ]);
  assert.deepEqual(recordsOf(''), []);
  assert.deepEqual(recordsOf('\n\r\n'), []);
});

test('any table comes back field for field, in whatever pieces', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom('"', '\n', ',', '\r\n', ' x '),
  );
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(table, sizes, fc.constantFrom('\n', '\r\n'), (rows, pieces, end) => {
      const body = rows
        .map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',') + end)
        .join('');
      assert.deepEqual(
        recordsOf(body, pieces).map(({ fields }) => fields),
        rows,
      );
    }),
    { numRuns: 500 },
  );
});

test('what is wrong with a record is its own fault, with the line that it begins on', () => {
  const body = Buffer.concat([
    Buffer.from(`a,b\n"x"y,1\nc,d\n${'x'.repeat(101)}\ne,f\n"\n",`),
    Buffer.from([0xff, 0x0a]),
    Buffer.from('g,h\n'),
  ]);
  const found = recordsOf(body, [5], 100);
  assert.deepEqual(
    found.map(({ number, fields, fault }) => [number, fault?.code ?? fields.join('+')]),
    [
      [1, 'a+b'],
      [2, 'BAD_FORMAT'],
      [3, 'c+d'],
      [4, 'TOO_LONG'],
      [5, 'e+f'],
      [6, 'BAD_FORMAT'],
      [8, 'g+h'],
    ],
  );
  assert.ok(found.every(({ last }) => last === undefined));
});

test('a text in quotes that does not end is told where it begins, and is the last that is', () => {
  for (const body of ['a,b\nc,"d\ne,f\n', `a,b\nc,"${'d\n'.repeat(200)}`]) {
    const found = recordsOf(body, [11], 100);
    assert.deepEqual(
      found.map(({ number, last }) => [number, last]),
      [
        [1, undefined],
        [2, true],
      ],
    );
  }
});

test('any octets give records and faults, and no more than they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (octets, size) => {
      const body = Buffer.from(octets);
      const found = recordsOf(body, [size], 50);
      for (const { fields, length } of found) {
        assert.ok(length <= 51);
        assert.ok(fields.join('').length <= 51);
      }
    }),
    { numRuns: 500 },
  );
});

test('fields are divided by what stands in the header, or by what a line before it names', () => {
  for (const sign of [';', '\t']) {
    assert.deepEqual(fieldsOf(recordsOf(`\ufeffa${sign}b,c\r\n1,5${sign}"x${sign}y"\r\n`)), [
      [1, ['a', 'b,c']],
      [2, ['1,5', `x${sign}y`]],
    ]);
    assert.deepEqual(fieldsOf(recordsOf(`sep=${sign}\r\na${sign}b\n`, [1])), [[2, ['a', 'b']]]);
  }
  assert.deepEqual(fieldsOf(recordsOf('"a;b",c\nd;e,f\n')), [
    [1, ['a;b', 'c']],
    [2, ['d;e', 'f']],
  ]);
  assert.deepEqual(fieldsOf(recordsOf('sep=;x\n1;2\n')), [
    [1, ['sep=', 'x']],
    [2, ['1', '2']],
  ]);
});

test('UTF-16 and other charsets are told with what to do', () => {
  const [only, ...more] = recordsOf(Buffer.from('\ufeffa,b\r\n1,2\r\n', 'utf16le'));
  assert.match(only?.fault?.message ?? '', /UTF-16: save the file as CSV in UTF-8/);
  assert.deepEqual([only?.last, more], [true, []]);
  const [, row] = recordsOf(Buffer.from('a,b\nM\u00fcnchen,1\n', 'latin1'));
  assert.match(row?.fault?.message ?? '', /not UTF-8 \(octet 2\): save the file as CSV in UTF-8/);
});
