// Counts as plain data: what is added is there, and no more series than there is room for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Histogram, mostSeries } from '../../../src/server/metrics/instruments.ts';

test('a counter has a sample for each of its labels', () => {
  const counter = new Counter('n_total', 'help', ['a', 'b']);
  counter.add(['x', 'y']);
  counter.add(['x', 'y'], 2);
  counter.add(['x', 'z']);
  assert.deepEqual(counter.family(), {
    name: 'n_total',
    help: 'help',
    labels: ['a', 'b'],
    type: 'counter',
    samples: [
      { labels: ['x', 'y'], value: 3 },
      { labels: ['x', 'z'], value: 1 },
    ],
  });
});

test('a histogram counts each value once: at a bound it is below it, beyond all it has a bucket of its own', () => {
  const histogram = new Histogram('h_seconds', 'help', [1, 2]);
  for (const value of [-5, 0.5, 1, 1.5, 2, 2.5]) histogram.observe([], value);
  const family = histogram.family();
  assert.ok(family.type === 'histogram');
  assert.deepEqual(family.samples, [{ labels: [], counts: [3, 2, 1], sum: 7.5 }]);
});

test('beyond the largest number of series all are one, and nothing is lost', () => {
  const counter = new Counter('n_total', 'help', ['a']);
  for (let index = 0; index < mostSeries + 50; index += 1) counter.add([String(index)]);
  const family = counter.family();
  assert.ok(family.type === 'counter');
  assert.equal(family.samples.length, mostSeries + 1);
  assert.equal(
    family.samples.reduce((sum, { value }) => sum + value, 0),
    mostSeries + 50,
  );
  assert.deepEqual(family.samples.at(-1), { labels: ['other'], value: 50 });
});
