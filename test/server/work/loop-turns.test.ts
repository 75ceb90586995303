// Pieces of long work, and what comes between them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loopTurn } from '../../../src/server/index.ts';

test('one piece in each pass of the event loop, in the order of asking, and others between', async () => {
  const seen: string[] = [];
  let passes = 0;
  const other = (): void => {
    passes += 1;
    seen.push('other');
    if (passes < 6) setImmediate(other);
  };
  const pieces = async (name: string): Promise<void> => {
    for (let piece = 0; piece < 2; piece += 1) {
      await loopTurn();
      seen.push(name);
    }
  };
  setImmediate(other);
  await Promise.all([pieces('a'), pieces('b')]);
  assert.deepEqual(
    seen.filter((each) => each !== 'other'),
    ['a', 'b', 'a', 'b'],
  );
  for (const [index, each] of seen.entries()) {
    assert.ok(each === 'other' || seen[index + 1] === 'other' || index === seen.length - 1, seen.join(' '));
  }
});
