// One timer for waits of the same length: each ends at its own time, and none is left when nothing is waited for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedTimers } from '../../src/core/index.ts';
import { ManualClock } from '../../src/testing/index.ts';

test('waits of one length share a timer, and each ends at its own time', () => {
  const clock = new ManualClock(0);
  const shared = sharedTimers(clock);
  const ran: [string, number][] = [];
  const wait = (name: string, ms: number) => shared.after(ms, () => void ran.push([name, clock.now()]));
  wait('a', 500);
  clock.advance(100);
  wait('b', 500);
  const c = wait('c', 500);
  wait('d', 500);
  wait('long', 2000);
  assert.equal(clock.waiting, 2);
  c.cancel();
  clock.advance(5000);
  assert.deepEqual(ran, [
    ['a', 500],
    ['b', 600],
    ['d', 600],
    ['long', 2100],
  ]);
  c.cancel();
  assert.equal(clock.waiting, 0);
});

test('the first may be cancelled: the next ends in its time all the same', () => {
  const clock = new ManualClock(0);
  const shared = sharedTimers(clock);
  const ran: number[] = [];
  const first = shared.after(500, () => assert.fail('it was cancelled'));
  clock.advance(200);
  shared.after(500, () => void ran.push(clock.now()));
  first.cancel();
  clock.advance(499);
  assert.deepEqual(ran, []);
  clock.advance(1);
  assert.deepEqual(ran, [700]);
});

test('when nothing is waited for there is no timer that would keep the process alive', () => {
  const clock = new ManualClock(0);
  const shared = sharedTimers(clock);
  const waits = [1, 2, 3].map(() => shared.after(500, () => assert.fail('all were cancelled')));
  for (const wait of [waits[1], waits[2], waits[0]]) wait?.cancel();
  assert.equal(clock.waiting, 0);
  let again = 0;
  shared.after(500, () => {
    again += 1;
  });
  clock.advance(500);
  assert.equal(again, 1);
  assert.equal(clock.waiting, 0);
});

test('what runs may wait again, and cancel what would run with it', () => {
  const clock = new ManualClock(0);
  const shared = sharedTimers(clock);
  const ran: string[] = [];
  shared.after(10, () => {
    ran.push('first');
    second.cancel();
    shared.after(10, () => void ran.push('again'));
    shared.after(0, () => void ran.push('at once'));
  });
  const second = shared.after(10, () => assert.fail('it was cancelled'));
  clock.advance(10);
  assert.deepEqual(ran, ['first', 'at once']);
  clock.advance(10);
  assert.deepEqual(ran, ['first', 'at once', 'again']);
});

test('both readings are those of the clock', () => {
  const clock = new ManualClock();
  const shared = sharedTimers(clock);
  clock.advance(3);
  assert.equal(shared.now(), clock.now());
  assert.equal(shared.monotonic(), clock.monotonic());
});
