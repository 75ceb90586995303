import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, messageOf, ValueError, wholeNumber } from '../../src/core/index.ts';

test('whole numbers: only integers within the bounds, and the error names the option', () => {
  assert.equal(wholeNumber(0, 0, 5, 'a'), 0);
  assert.equal(wholeNumber(5, 0, 5, 'a'), 5);
  for (const value of [-1, 6, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '3' as unknown as number]) {
    assert.throws(
      () => wholeNumber(value, 0, 5, 'limits.a'),
      (error) =>
        error instanceof ValueError &&
        error.code === 'OUT_OF_RANGE' &&
        error.message === `limits.a: ${value} is not an integer from 0 to 5`,
    );
  }
});

test('the code of a system error, of the first of several, and of what has none', () => {
  const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
  assert.equal(codeOf(refused), 'ECONNREFUSED');
  assert.equal(codeOf(new AggregateError([refused])), 'ECONNREFUSED');
  for (const none of [new Error('x'), new AggregateError([]), 'text', undefined]) {
    assert.equal(codeOf(none), 'UNKNOWN');
  }
  assert.equal(messageOf(refused), 'no');
  assert.equal(messageOf('text'), 'text');
});
