// JSON texts of people: whatever `JSON.parse` refuses has a place and a reason, and nothing of the text is quoted.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { jsonFault, lineAndColumn, parseJson, ValueError } from '../../src/core/index.ts';

function accepts(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('JSON texts', () => {
  it('RFC 8259: names line, column and what was expected', () => {
    for (const [text, line, column, detail] of [
      ['', 1, 1, /ends where a value/],
      ['{\n  "a": 1,\n}', 3, 1, /comma with nothing behind/],
      ['{\r\n  "a": 1\r\n  "b": 2\r\n}', 3, 3, /comma or \}/],
      ['[1, 2', 1, 6, /ends, \] is missing/],
      ['[1,]', 1, 4, /comma with nothing behind/],
      ["{'a': 1}", 1, 2, /double quotes/],
      ['{"a" 1}', 1, 6, /colon/],
      ['{"a": secret}', 1, 7, /a value was expected/],
      ['{"a": 01}', 1, 8, /comma or \}/],
      ['["a\nb"]', 1, 4, /within quotes/],
      ['["\\x41"]', 1, 3, /backslash/],
      ['["\\u12g4"]', 1, 3, /backslash/],
      ['["\\', 1, 3, /backslash/],
      ['["a', 1, 4, /ends within quotes/],
      ['{} {}', 1, 4, /behind the value/],
      ['// remark\n{}', 1, 1, /a value was expected/],
    ] as const) {
      const fault = jsonFault(text);
      assert.deepEqual([fault?.line, fault?.column], [line, column], text);
      assert.match(fault?.detail ?? '', detail, text);
    }
  });

  it('names the text, counts lines from where it begins, and quotes nothing', () => {
    assert.throws(
      () => parseJson('{"password": hunter2}', 'accounts.json', 7),
      (error) => {
        assert.ok(error instanceof ValueError);
        assert.match(error.message, /^accounts\.json: line 7, column 14: not JSON: a value was expected/);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
    );
    assert.deepEqual(parseJson('\ufeff{"a": [1]}'), { a: [1] });
  });

  it('finds a fault exactly where JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '"\\n"',
        '"\\u00e9"',
        '\\',
        '1',
        '-',
        '0',
        '-0.5e+3',
        '1.',
        'true',
        'nul',
      ],
      ...['null', ' ', '\n', '\t', '\u00a0', 'x', '"a": ', '\u0001'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (list) => {
        const text = list.join('');
        assert.equal(jsonFault(text) === undefined, accepts(text), JSON.stringify(text));
      }),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.json(), (text) => assert.equal(jsonFault(text), undefined)));
  });

  it('takes nesting as deep as the text is long', () => {
    assert.equal(jsonFault('['.repeat(200_000))?.column, 200_001);
  });

  it('counts lines as editors do', () => {
    assert.deepEqual(lineAndColumn('a\r\nb\rc\nd', 7), { line: 4, column: 1 });
    assert.deepEqual(lineAndColumn('a\r\nb', 2), { line: 1, column: 3 });
    assert.deepEqual(lineAndColumn('\u{1f600}x', 2), { line: 1, column: 2 });
  });
});
