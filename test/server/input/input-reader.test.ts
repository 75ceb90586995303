// Values of callers, field by field: what is wrong is told on one line, with the path of the field.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { InputReader } from '../../../src/server/input/input-reader.ts';

function errorOf(read: () => unknown): ValueError {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof ValueError, String(error));
    return error;
  }
  return assert.fail('it is taken');
}

test('a field that nobody takes is named as it is, or as JSON where it could forge a line', () => {
  for (const [name, shown] of [
    ['colour', 'colour'],
    ['a.b-c_1$', 'a.b-c_1$'],
    ['line\nbreak', '"line\\nbreak"'],
    ['\u001b[31mred', '"\\u001b[31mred"'],
    ['trailing ', '"trailing "'],
    ['x'.repeat(65), `"${'x'.repeat(63)}`],
  ] as const) {
    const input = new InputReader({ known: 1, [name]: 2 }, 'a value', 'at');
    input.take('known');
    const error = errorOf(() => input.end());
    assert.deepEqual([error.code, error.path], ['UNKNOWN_FIELD', `at.${shown}`]);
    assert.match(error.detail, /the fields are known$/);
    assert.doesNotMatch(error.message, /\n/);
  }
});

test('what was taken, or is undefined, is no unknown field; the rest may be taken whole', () => {
  const input = new InputReader({ known: 1, absent: undefined, more: 2 }, 'a value');
  assert.equal(input.take('known'), 1);
  assert.equal(input.take('absent'), undefined);
  assert.deepEqual(input.rest(), { more: 2 });
  input.end();
});

const of = (value: unknown) => new InputReader({ f: value }, 'a value');
const code = (read: () => unknown): string => errorOf(read).code;

test('only an object has fields', () => {
  for (const value of [undefined, null, 'x', 7, [], [1]]) {
    const error = errorOf(() => new InputReader(value, 'a value', 'at'));
    assert.deepEqual(
      [error.code, error.path, error.detail],
      ['WRONG_TYPE', 'at', 'a value must be a JSON object'],
    );
  }
  assert.equal(new InputReader({}, 'a value').pathOf('f'), 'f');
  assert.equal(new InputReader({}, 'a value', 'at').pathOf('f'), 'at.f');
});

test('a field that is absent is undefined, whatever it is read as, unless it must be given', () => {
  for (const none of [new InputReader({}, 'a value'), of(undefined)]) {
    assert.equal(none.optionalText('f', { max: 3 }), undefined);
    assert.equal(none.optionalInteger('f', 1, 9), undefined);
    assert.equal(none.optionalBoolean('f'), undefined);
    assert.equal(none.optionalChoice('f', ['a']), undefined);
    assert.equal(none.optionalBase64('f', 3), undefined);
    assert.equal(none.optionalTime('f'), undefined);
    assert.equal(
      code(() => none.text('f', { max: 3 })),
      'MISSING',
    );
    none.end();
  }
});

test('texts hold to their bounds in octets, and to what may name something', () => {
  for (const read of ['text', 'optionalText'] as const) {
    assert.equal(of('äb')[read]('f', { max: 3 }), 'äb');
    assert.equal(of('')[read]('f', { min: 0, max: 3, content: 'free' }), '');
    assert.equal(of('a\nb')[read]('f', { max: 3, content: 'free' }), 'a\nb');
    for (const [value, wanted] of [
      ['äbc', 'TOO_LONG'],
      ['', 'OUT_OF_RANGE'],
      ['a\nb', 'BAD_FORMAT'],
      [7, 'WRONG_TYPE'],
      [null, 'WRONG_TYPE'],
    ] as const) {
      assert.equal(
        code(() => of(value)[read]('f', { max: 3 })),
        wanted,
      );
    }
    assert.equal(
      code(() => of('\ud800')[read]('f', { max: 3, content: 'free' })),
      'BAD_FORMAT',
    );
  }
});

test('numbers are whole and within their bounds', () => {
  for (const good of [1, 9]) assert.equal(of(good).optionalInteger('f', 1, 9), good);
  for (const bad of [0, 10, 1.5, Number.NaN]) {
    assert.equal(
      code(() => of(bad).optionalInteger('f', 1, 9)),
      'OUT_OF_RANGE',
    );
  }
  for (const bad of ['1', null]) {
    assert.equal(
      code(() => of(bad).optionalInteger('f', 1, 9)),
      'WRONG_TYPE',
    );
  }
});

test('a choice is one of those that there are, and a switch is on or off', () => {
  for (const good of ['a', 'b'] as const) assert.equal(of(good).optionalChoice('f', ['a', 'b']), good);
  for (const bad of ['c', '', 7, null, ['a']]) {
    const error = errorOf(() => of(bad).optionalChoice('f', ['a', 'b']));
    assert.deepEqual([error.code, error.detail], ['OUT_OF_RANGE', 'must be one of a, b']);
  }
  for (const good of [true, false]) assert.equal(of(good).optionalBoolean('f'), good);
  for (const bad of ['true', 0, null]) {
    assert.equal(
      code(() => of(bad).optionalBoolean('f')),
      'WRONG_TYPE',
    );
  }
});

test('octets are Base64, and no more than fit', () => {
  assert.deepEqual(of('AAEC').optionalBase64('f', 3), new Uint8Array([0, 1, 2]));
  assert.deepEqual(of('').optionalBase64('f', 3), new Uint8Array(0));
  // Lines of it may be broken.
  assert.deepEqual(of('AA\nEC').optionalBase64('f', 3), new Uint8Array([0, 1, 2]));
  for (const [bad, wanted] of [
    ['AAECAw==', 'TOO_LONG'],
    ['A'.repeat(400), 'TOO_LONG'],
    ['!', 'BAD_FORMAT'],
    [7, 'WRONG_TYPE'],
  ] as const) {
    assert.equal(
      code(() => of(bad).optionalBase64('f', 3)),
      wanted,
    );
  }
});

test('a moment has its date, its time and its zone, and is one that there is', () => {
  const noon = Date.UTC(2026, 0, 31, 12);
  for (const [text, time] of [
    ['2026-01-31T12:00Z', noon],
    ['2026-01-31T12:00:00Z', noon],
    ['2026-01-31T12:00:00.25Z', noon + 250],
    ['2026-01-31T12:00:00.125Z', noon + 125],
    ['2026-01-31T12:00:00+01:00', noon - 3_600_000],
    ['2026-01-31T12:00:00-01:00', noon + 3_600_000],
  ] as const) {
    assert.equal(of(text).optionalTime('f'), time, text);
  }
  for (const bad of [
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-01-31T25:00:00Z',
    'x2026-01-31T12:00:00Z',
    '2026-01-31T12:00:00Z2',
    '2026-01-31T12:00:00.Z',
    'Sat, 31 Jan 2026 12:00:00 GMT',
  ]) {
    assert.equal(
      code(() => of(bad).optionalTime('f')),
      'BAD_FORMAT',
      bad,
    );
  }
  assert.equal(
    code(() => of(`2026-01-31T12:00:00.${'0'.repeat(40)}Z`).optionalTime('f')),
    'TOO_LONG',
  );
});
