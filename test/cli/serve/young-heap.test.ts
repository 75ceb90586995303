// The space for what is rubbish soon does not grow with what a server does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { boundYoungSpace, largestYoungSpace, youngSpace } from '../../../src/cli/serve/young-heap.ts';

/** Makes objects of which a part lasts for some turns, as answers under way do; gives the largest space meanwhile. */
async function work(turns: number): Promise<number> {
  const lasting: object[][] = [];
  let largest = 0;
  for (let each = 0; each < turns; each += 1) {
    lasting.push(Array.from({ length: 20_000 }, (_, index) => ({ index, text: `${each} ${index}` })));
    if (lasting.length > 8) lasting.shift();
    await turn();
    largest = Math.max(largest, youngSpace());
  }
  return largest;
}

test('the young space stays within its bound, or the one doubling that is under way', async () => {
  const unbound = boundYoungSpace();
  try {
    const largest = await work(400);
    assert.ok(largest <= 2 * largestYoungSpace, `${largest} octets`);
  } finally {
    unbound();
  }
});
