// The XML reader beside the one that it took the place of, on documents that a seed makes up (`run.ts` tries millions).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './compare.ts';
import { inputs } from './inputs.ts';
import { FastRandom } from './random.ts';

test('XML: what one reader takes the other takes, as the same elements; what it refuses, for the same reason and place', () => {
  const seen = { taken: 0, refused: 0 };
  let left = 20_000;
  for (const { document, manner } of inputs(new FastRandom(20))) {
    if (left === 0) break;
    left -= 1;
    const { ours, difference } = compare(document, manner);
    if (ours.root === undefined) seen.refused += 1;
    else seen.taken += 1;
    assert.equal(difference, undefined, `${JSON.stringify(document)} ${JSON.stringify(manner)}`);
  }
  // Documents that are all right, or all wrong, would show little.
  assert.ok(seen.taken > 3000 && seen.refused > 3000, JSON.stringify(seen));
});
