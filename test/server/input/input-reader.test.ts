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

test('texts and numbers hold to their bounds, octets and times to their forms', () => {
  const of = (value: unknown) => new InputReader({ f: value }, 'a value');
  assert.equal(of('äb').optionalText('f', { max: 3 }), 'äb');
  assert.equal(errorOf(() => of('äbc').optionalText('f', { max: 3 })).code, 'TOO_LONG');
  assert.equal(errorOf(() => of('').optionalText('f', { max: 3 })).code, 'OUT_OF_RANGE');
  assert.equal(of('').optionalText('f', { min: 0, max: 3, content: 'free' }), '');
  assert.equal(errorOf(() => of('a\nb').optionalText('f', { max: 3 })).code, 'BAD_FORMAT');
  assert.equal(of('a\nb').optionalText('f', { max: 3, content: 'free' }), 'a\nb');
  for (const good of [1, 9]) assert.equal(of(good).optionalInteger('f', 1, 9), good);
  for (const bad of [0, 10, 1.5, Number.NaN]) {
    assert.equal(errorOf(() => of(bad).optionalInteger('f', 1, 9)).code, 'OUT_OF_RANGE');
  }
  assert.equal(errorOf(() => of('1').optionalInteger('f', 1, 9)).code, 'WRONG_TYPE');
  assert.deepEqual(of('AAEC').optionalBase64('f', 3), new Uint8Array([0, 1, 2]));
  assert.equal(errorOf(() => of('AAECAw==').optionalBase64('f', 3)).code, 'TOO_LONG');
  assert.equal(of('2026-01-31T12:00:00+01:00').optionalTime('f'), Date.UTC(2026, 0, 31, 11));
  assert.equal(of('2026-01-31T12:00Z').optionalTime('f'), Date.UTC(2026, 0, 31, 12));
  for (const bad of ['2026-01-31', '2026-01-31T12:00:00', '2026-02-31T99:00:00Z', 'x2026-01-31T12:00:00Z']) {
    assert.equal(errorOf(() => of(bad).optionalTime('f')).code, 'BAD_FORMAT', bad);
  }
});
