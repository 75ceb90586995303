// What devices report about themselves is merged within bounds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxReportedLeaves, mergeReported } from '../../../src/store/index.ts';

test('a reported leaf replaces the earlier one of its URI', () => {
  assert.deepEqual(mergeReported({ './A': '1', './B': '2' }, { './A': '3' }), { './B': '2', './A': '3' });
});

test('a device that names ever new leaves does not make its record grow without end', () => {
  let known: Readonly<Record<string, string>> = {};
  for (let session = 0; session < 20; session += 1) {
    known = mergeReported(
      known,
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`./${session}/${i}`, 'x'])),
    );
  }
  assert.equal(Object.keys(known).length, maxReportedLeaves);
  assert.equal(known['./19/99'], 'x');
  assert.equal(known['./0/0'], undefined);
});
