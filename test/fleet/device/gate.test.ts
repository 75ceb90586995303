// Turns: so many inside, the others in order, nobody forgotten.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gate } from '../../../src/fleet/device/gate.ts';

test('so many are let in, the others in the order in which they came, and too many are told', async () => {
  const gate = new Gate(2, 3);
  const order: number[] = [];
  const come = (name: number): Promise<unknown> =>
    gate.enter().then((refusal) => {
      if (refusal === undefined) order.push(name);
      return refusal;
    });
  const ends = [1, 2, 3, 4, 5].map(come);
  assert.equal(await come(6), 'full');
  await Promise.all(ends.slice(0, 2));
  assert.deepEqual([order, gate.inside, gate.waiting], [[1, 2], 2, 3]);
  for (const end of ends.slice(2)) {
    gate.leave();
    await end;
  }
  assert.deepEqual([order, gate.inside, gate.waiting], [[1, 2, 3, 4, 5], 2, 0]);
  gate.leave();
  gate.leave();
  assert.equal(gate.inside, 0);
});

test('a long row is let in whole, and closing turns away who waits and who comes', async () => {
  const gate = new Gate(1, 100_000);
  let inside = 0;
  const ends = Array.from({ length: 5000 }, () =>
    gate.enter().then((refusal) => (inside += refusal ? 0 : 1)),
  );
  for (let left = 1; left < 4000; left += 1) gate.leave();
  await Promise.resolve();
  const { waiting } = gate;
  assert.equal(waiting, 1000);
  gate.close();
  await Promise.all(ends);
  assert.equal(inside, 4000);
  assert.equal(await gate.enter(), 'closed');
});
