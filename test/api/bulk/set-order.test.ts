// Sets of one request: which of them may be under way at once, and in which order they are told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SetOrder } from '../../../src/api/bulk/set-order.ts';

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Sets with these ids, each let in as soon as may be; the test says when it is taken. */
async function setsOf(...sets: readonly (readonly string[])[]) {
  const order = new SetOrder();
  const log: string[] = [];
  const takes: (() => void)[] = [];
  for (const [index, ids] of sets.entries()) {
    await order.ready();
    const place = order.next();
    const taken = new Promise<void>((resolve) => {
      takes[index] = resolve;
    });
    void place.enter(ids).then(async () => {
      log.push(`${index} in`);
      place.passOn();
      await taken;
      await place.first();
      log.push(`${index} told`);
      place.end();
    });
    await turns();
    if (!log.includes(`${index} in`)) break;
  }
  return { order, log, takes };
}

test('sets that share nothing are under way together, and told in their order', async () => {
  const { log, takes } = await setsOf(['a', 'b'], ['c'], [], ['d']);
  assert.deepEqual(log, ['0 in', '1 in', '2 in', '3 in']);
  for (const index of [3, 1, 0]) {
    takes[index]?.();
    await turns();
  }
  assert.deepEqual(log.slice(4), ['0 told', '1 told']);
  takes[2]?.();
  await turns();
  assert.deepEqual(log.slice(6), ['2 told', '3 told']);
});

test('a set that shares an id with one under way waits for all before it, and the next ones with it', async () => {
  const { order, log, takes } = await setsOf(['a'], ['b'], ['a', 'c']);
  assert.deepEqual(log, ['0 in', '1 in']);
  let isReady = false;
  void order.ready().then(() => {
    isReady = true;
  });
  takes[0]?.();
  await turns();
  assert.deepEqual([log.slice(2), isReady], [['0 told'], false]);
  takes[1]?.();
  await turns();
  assert.deepEqual([log.slice(3), isReady], [['1 told', '2 in'], true]);
  takes[2]?.();
  await turns();
  const next = order.next();
  await next.enter(['a', 'b', 'c']);
  next.end();
});

test('what waits for a set that failed waits for those before it too', async () => {
  const order = new SetOrder();
  const [first, second] = [order.next(), order.next()];
  await first.enter(['a']);
  second.end();
  let isOver = false;
  void order
    .next()
    .first()
    .then(() => {
      isOver = true;
    });
  await turns();
  assert.equal(isOver, false);
  first.end();
  await turns();
  assert.equal(isOver, true);
});
