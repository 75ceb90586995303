// Filters are read as docs/filters.md has them, and what is no filter is told with its column and what could stand there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Condition, FilterError, filterLimits, parseFilter } from '../../src/filter/index.ts';

const day = 86_400_000;
const choices = { format: ['dm1.2', 'dm1.3'] };
const region: Condition = { is: 'equal', field: { name: 'labels', key: 'region' }, values: ['north'] };
const format: Condition = { is: 'equal', field: { name: 'format' }, values: ['dm1.2'] };
const suspended: Condition = { is: 'suspended' };

test('what is read', () => {
  for (const [text, condition] of [
    ['labels.region = "north"', region],
    ['  labels."region"="north"\n', region],
    ['labels.region != "north"', { is: 'not', of: region }],
    ['labels.region in ("a", "b")', { ...region, values: ['a', 'b'] }],
    [
      'labels.region = "north" and format = "dm1.2" and lastSession within 30d',
      { is: 'and', of: [region, format, { is: 'within', field: 'lastSession', ms: 30 * day }] },
    ],
    [
      'suspended = true or labels.region = "north" AND format = "dm1.2"',
      { is: 'or', of: [suspended, { is: 'and', of: [region, format] }] },
    ],
    ['(suspended = true)', suspended],
    ['suspended != false', suspended],
    ['suspended = false', { is: 'not', of: suspended }],
    ['not not suspended != true', { is: 'not', of: { is: 'not', of: { is: 'not', of: suspended } } }],
    ['has labels.region', { is: 'there', field: { name: 'labels', key: 'region' } }],
    ['has lastSession', { is: 'there', field: { name: 'lastSession' } }],
    ['id starts "IMEI:"', { is: 'starting', field: { name: 'id' }, prefix: 'IMEI:' }],
    [
      'reported."./DevInfo/Man" = "a \\"b\\" \\\\"',
      { is: 'equal', field: { name: 'reported', key: './DevInfo/Man' }, values: ['a "b" \\'] },
    ],
    ['createdAt before 2026-01-31', { is: 'between', field: 'createdAt', to: Date.UTC(2026, 0, 31) }],
    [
      'updatedAt >= "2026-01-31T12:00:00+02:00"',
      { is: 'between', field: 'updatedAt', from: Date.UTC(2026, 0, 31, 10) },
    ],
    ['updatedAt > 1970-01-01', { is: 'between', field: 'updatedAt', from: 1 }],
    ['updatedAt <= 1970-01-01', { is: 'between', field: 'updatedAt', to: 1 }],
  ] as const satisfies readonly (readonly [string, Condition])[]) {
    assert.deepEqual(parseFilter(text, choices), { text, condition }, text);
  }
});

test('what is not, with the column, what was found and what could stand there', () => {
  for (const [text, column, words] of [
    ['', 1, /^the end; expected a field: id, serverId, .*; not, has or \($/],
    ['labels.region', 14, /^the end; expected =, !=, in \(…\) or starts$/],
    ['labels.region = north', 17, /^north; expected a text in " quotes$/],
    ["labels.region = 'north'", 17, /^a text in ' quotes; expected texts in " quotes$/],
    ['labels.region = "north', 17, /^a text that does not end; expected a closing "$/],
    ['labels.region = "a\\n"', 19, /^a backslash alone/],
    ['\u{1F600}', 1, /^the character "\u{1F600}"; expected/u],
    ['id = "\u{1F600}" ;', 10, /^the character ";"/],
    ['labels. = "a"', 1, /^no name of a label; expected a letter/],
    ['labels."a b" = "a"', 1, /^no name of a label/],
    ['reported.DevInfo = "a"', 1, /^no URI that devices report; expected it in quotes/],
    ['region = "north"', 1, /^region; expected a field/],
    ['format = "dm1.4"', 10, /^no format; expected one of dm1.2, dm1.3$/],
    ['format < "dm1.4"', 8, /^< for a text, which has no order; expected =/],
    ['scheme starts "s"', 8, /^starts; expected =, != or in \(…\)$/],
    ['lastSession = 2026-01-01', 13, /^=; expected within, before, after/],
    ['lastSession within 30', 20, /^30; expected a duration such as/],
    ['lastSession within 0d', 20, /^0d; expected a duration/],
    ['lastSession within "30d"', 20, /^the text "30d"; expected a duration/],
    ['lastSession before 2026-02-30', 20, /^2026-02-30; expected a date such as/],
    ['lastSession before 2026-01-01T25:00Z', 20, /expected a date/],
    ['has format', 5, /^format, which every device has; expected labels.NAME/],
    ['suspended', 10, /^the end; expected = or !=$/],
    ['suspended = "true"', 13, /^the text "true"; expected true or false$/],
    ['id = "a" id = "b"', 10, /^id; expected and, or, or the end$/],
    ['(id = "a"', 10, /^the end; expected and, or, or \)$/],
    ['id = "a")', 9, /^\); expected and, or, or the end$/],
    ['id in ()', 8, /^\); expected a text/],
    ['id in "a"', 7, /expected \( and a list of texts$/],
    ['id in ("a" "b")', 12, /expected , or \)$/],
    ['id = "a" and', 13, /^the end; expected a field/],
  ] as const) {
    assert.throws(
      () => parseFilter(text, choices),
      (error) => {
        assert.ok(error instanceof FilterError, `${text}: ${error}`);
        assert.equal(error.column, column, text);
        assert.equal(error.path, 'filter');
        const start = `column ${column}: `;
        assert.ok(error.detail.startsWith(start), error.detail);
        assert.match(error.detail.slice(start.length), words);
        assert.ok(error.detail.endsWith(error.expected));
        return true;
      },
      text,
    );
  }
});

test('bounds: length, conditions, depth', () => {
  const { length, conditions, depth } = filterLimits;
  const one = 'id = "a"';
  const padded = one.padEnd(length);
  assert.deepEqual(parseFilter(padded).condition, parseFilter(one).condition);
  const many = (count: number) => Array.from({ length: count }, () => 'id="a"').join(' or ');
  assert.ok(parseFilter(many(conditions)));
  const nested = (levels: number) => `${'('.repeat(levels)}${one}${')'.repeat(levels)}`;
  assert.deepEqual(parseFilter(nested(depth)).condition, parseFilter(one).condition);
  const values = (count: number) => `id in (${Array.from({ length: count }, () => '"a"').join(',')})`;
  assert.ok(parseFilter(values(conditions)));
  for (const text of [
    `${padded} `,
    many(conditions + 1),
    values(conditions + 1),
    nested(depth + 1),
    `${'not '.repeat(depth + 1)}${one}`,
    '('.repeat(length),
  ]) {
    assert.throws(() => parseFilter(text), FilterError, text.slice(0, 40));
  }
});

test('any text is a filter or an error with a column within it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'id labels.a = != in ( ) , "a" not has and or lastSession within 3d before 2026-01-01'.split(' '),
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join(' ');
      try {
        assert.equal(parseFilter(text).text, text);
      } catch (error) {
        assert.ok(error instanceof FilterError, String(error));
        assert.ok(error.column >= 1 && error.column <= [...text].length + 1);
        assert.ok(!/[\r\n]/.test(error.message), error.message);
      }
    }),
    { numRuns: 2000 },
  );
});
