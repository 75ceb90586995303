// What is remembered of answered requests, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnsweredKeys } from '../../../src/push/sip/answered-keys.ts';
import { ManualClock } from '../../../src/testing/index.ts';

test('a key is kept for its time, and with those that came soon after it; then no timer is left', () => {
  const clock = new ManualClock();
  const keys = new AnsweredKeys(clock, 5000);
  keys.add('alone');
  clock.advance(4999);
  assert.equal(keys.has('alone'), true);
  clock.advance(1);
  assert.equal(keys.has('alone'), false);
  assert.equal(clock.waiting, 0);
  for (let at = 0; at < 40; at += 1) {
    keys.add(`${at}`);
    clock.advance(100);
  }
  assert.equal(clock.waiting, 1);
  for (let at = 0; at < 40; at += 1) assert.equal(keys.has(`${at}`), true, String(at));
  clock.advance(4900 - 3000);
  assert.equal(keys.has('0'), false);
  assert.equal(keys.has('39'), true);
  clock.advance(3000);
  assert.equal(keys.has('39'), false);
  assert.equal(clock.waiting, 0);
});

test('cleared, it knows nothing and waits for nothing', () => {
  const clock = new ManualClock();
  const keys = new AnsweredKeys(clock, 5000);
  keys.add('a');
  keys.clear();
  assert.equal(keys.has('a'), false);
  assert.equal(clock.waiting, 0);
});
