// When deliveries are tried again, and what receivers are given a rest for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReceiverState } from '../../../src/server/webhook/receiver-state.ts';
import { readRetryAfter, retryPause, retryPauses } from '../../../src/server/webhook/retry-schedule.ts';

const failed = { outcome: 'failed', error: '500', status: 500 } as const;
const fresh = { failures: 0, delivered: 0, dropped: 0 };
const day = 86_400_000;

test('ten attempts within four days, each pause longer than the one before, and by a tenth at most', () => {
  assert.equal(retryPauses.length, 9);
  assert.equal(retryPause(1, 0), 5000);
  assert.equal(retryPause(1, 1), 5500);
  assert.equal(retryPause(10, 0), undefined);
  const sum = retryPauses.reduce((total, pause) => total + pause, 0);
  assert.ok(sum > 3 * day && sum < 4 * day);
  for (const [index, pause] of retryPauses.entries()) assert.ok(pause > (retryPauses[index - 1] ?? 0));
});

test('Retry-After in seconds and as a date, for a day at most; what it should not say is passed over', () => {
  const now = Date.UTC(2026, 0, 1);
  assert.equal(readRetryAfter('120', now), 120_000);
  assert.equal(readRetryAfter(['7'], now), 7000);
  assert.equal(readRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now), 60_000);
  assert.equal(readRetryAfter('Thu, 01 Jan 2025 00:01:00 GMT', now), 0);
  assert.equal(readRetryAfter('999999999', now), day);
  for (const none of [undefined, '', ' ', 'soon', '-5x']) assert.equal(readRetryAfter(none, now), undefined);
});

test('a receiver rests once three lanes have failed in a row, longer each time, until it takes one', () => {
  const state = new ReceiverState(fresh);
  for (const lane of ['a', 'a', 'a', 'b']) state.failed(failed, lane, 0, 100);
  assert.ok(state.restsUntil <= 100, 'two lanes');
  state.failed(failed, 'c', 0, 100);
  assert.deepEqual([state.restsUntil, state.isTried], [1100, true]);
  state.failed(failed, 'c', 0, 200);
  assert.equal(state.restsUntil, 1100, 'it rests already');
  state.failed(failed, 'a', 0, 1100);
  assert.equal(state.restsUntil, 3100);
  for (let at = 3100; at < 200_000; at = state.restsUntil) state.failed(failed, 'a', 0, at);
  assert.ok(state.restsUntil <= 260_000);
  state.delivered(5);
  assert.deepEqual([state.restsUntil, state.isTried, state.health.failures], [0, false, 0]);
  assert.deepEqual(
    [state.health.lastSuccessAt, state.health.delivered, state.health.failingSince],
    [5, 1, undefined],
  );
});

test('a receiver that asks for a rest gets it, whoever else fails', () => {
  const state = new ReceiverState(fresh);
  state.failed({ ...failed, status: 429, retryAfterMs: 5000 }, 'a', 0, 100);
  assert.equal(state.restsUntil, 5100);
  state.failed(failed, 'b', 0, 200);
  assert.equal(state.restsUntil, 5100);
});

test('a receiver is given up when it is gone, or nothing was delivered for five days', () => {
  assert.match(new ReceiverState(fresh).failed({ ...failed, status: 410 }, 'a', 0, 0) ?? '', /410/);
  const few = new ReceiverState(fresh);
  few.failed(failed, 'a', 0, 0);
  assert.equal(few.failed(failed, 'a', 6 * day, 0), undefined, 'two attempts are few');
  const many = new ReceiverState({ ...fresh, failures: 9, failingSince: 0 });
  assert.equal(many.failed(failed, 'a', 5 * day - 1, 0), undefined);
  assert.match(many.failed(failed, 'a', 5 * day, 0) ?? '', /five days/);
});
