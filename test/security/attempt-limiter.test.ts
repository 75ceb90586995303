import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AttemptLimiter } from '../../src/security/index.ts';

test('after so many failures a key is refused until its window ends', () => {
  const limiter = new AttemptLimiter({ maxFailures: 3, windowMs: 1000 });
  for (const nowMs of [0, 100, 200]) {
    assert.deepEqual(limiter.check('device', nowMs), { allowed: true });
    limiter.failed('device', nowMs);
  }
  assert.deepEqual(limiter.check('device', 300), { allowed: false, retryAfterMs: 700 });
  assert.deepEqual(limiter.check('other', 300), { allowed: true });
  assert.deepEqual(limiter.check('device', 1000), { allowed: true });
  limiter.failed('device', 1000);
  assert.deepEqual(limiter.check('device', 1001), { allowed: true });
});

test('a success forgets the failures', () => {
  const limiter = new AttemptLimiter({ maxFailures: 1 });
  limiter.failed('device', 0);
  assert.equal(limiter.check('device', 1).allowed, false);
  limiter.succeeded('device');
  assert.equal(limiter.check('device', 2).allowed, true);
});

test('memory is bounded: old windows go, and beyond the limit the oldest gives way', () => {
  const limiter = new AttemptLimiter({ maxFailures: 1, windowMs: 1000, maxKeys: 10 });
  for (let i = 0; i < 100; i += 1) limiter.failed(`key ${i}`, i);
  assert.equal(limiter.size, 10);
  assert.equal(limiter.check('key 89', 100).allowed, true);
  assert.equal(limiter.check('key 90', 100).allowed, false);
  limiter.failed('late', 5000);
  assert.equal(limiter.size, 1);
});
