// Medians, spreads and percentiles.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { median, percentile, spread } from '../../bench/lib/statistics.ts';

const values = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('statistics', () => {
  test('the median is the middle, or half way between the two in the middle', () => {
    assert.equal(median([30, 10, 20]), 20);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(median([7]), 7);
  });

  test('the spread is (max − min) / median', () => {
    assert.equal(spread([100, 90, 110]), 0.2);
    assert.equal(spread([5]), 0);
    assert.equal(spread([0, 0]), 0);
  });

  test('a percentile is the value that so great a share does not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.equal(percentile(hundred, 0.99), 99);
    assert.equal(percentile(hundred, 0.5), 50);
    assert.equal(percentile(hundred, 1), 100);
    assert.equal(percentile(hundred, 0), 1);
    assert.equal(percentile([3], 0.99), 3);
  });

  test('of nothing there is none', () => {
    for (const figure of [median, spread, (none: number[]) => percentile(none, 0.5)]) {
      assert.throws(() => figure([]), RangeError);
    }
  });

  test('whatever the order: the same, within the values, and the arguments stay as they are', () => {
    fc.assert(
      fc.property(values, (given) => {
        const before = [...given];
        const [low, high] = [Math.min(...given), Math.max(...given)];
        assert.ok(median(given) >= low && median(given) <= high);
        assert.equal(median(given), median([...given].reverse()));
        assert.ok(given.includes(percentile(given, 0.99)));
        assert.ok(spread(given) >= 0);
        assert.deepEqual(given, before);
      }),
    );
  });
});
