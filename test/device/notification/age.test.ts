import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  checkAge,
  countsFromArrival,
  deviceTime,
  secondsAhead,
  validUntil,
} from '../../../src/device/notification/age.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const sent = 1_331_000_000;
const arrival = (nowMs: number, more = {}) => ({ nowMs, trustworthy: true, skewMs: 300_000, ...more });
const sixty = { timeoutMinutes: 60, timestamp: sent };

test('N13-C-009 DM-NOTI-1.3 §6.4.9: a message older than TIMEOUT minutes and the allowance is ignored', () => {
  const end = sent * 1000 + 60 * 60_000 + 300_000;
  assert.equal(checkAge(sixty, arrival(end)), undefined);
  assert.equal(checkAge(sixty, arrival(end + 1))?.ignore, 'expired');
  assert.equal(checkAge(sixty, arrival(end + 1, { skewMs: 400_000 })), undefined);
});

test('DM-NOTI-1.3 §6.4.7: TIMEOUT counts minutes, not days, and 0 is no limit (spec-notes ruling 4)', () => {
  const twoDays = arrival(sent * 1000 + 2 * 86_400_000);
  assert.equal(checkAge({ ...sixty, timeoutMinutes: 3 }, twoDays)?.ignore, 'expired');
  assert.equal(checkAge({ ...sixty, timeoutMinutes: 0 }, twoDays), undefined);
  assert.equal(checkAge({ ...sixty, timeoutMinutes: 65_535 }, twoDays), undefined);
});

test('spec-notes ruling 4: without a trustworthy clock nothing is discarded by age; validity counts from the arrival', () => {
  const wrong = arrival(sent * 1000 + 900 * 86_400_000, { trustworthy: false });
  assert.equal(checkAge(sixty, wrong), undefined);
  assert.equal(validUntil(sixty, wrong), wrong.nowMs + 60 * 60_000);
});

test('a clock that is behind: a time stamp ahead is no reason to ignore, and is told', () => {
  const behind = arrival((sent - 1000) * 1000);
  assert.equal(checkAge(sixty, behind), undefined);
  assert.equal(secondsAhead(sixty, behind), 700);
  assert.equal(secondsAhead(sixty, arrival(sent * 1000)), 0);
  assert.equal(secondsAhead(sixty, { ...behind, trustworthy: false }), 0);
  assert.equal(secondsAhead({ timeoutDays: 2 }, behind), 0, 'dm1.3-2010 has none');
});

test('DM-NOTI-1.3-2010 §6.2.12: days bound how long the session may be put off, from the arrival', () => {
  const at = arrival(sent * 1000);
  assert.equal(checkAge({ timeoutDays: 2 }, at), undefined);
  assert.equal(validUntil({ timeoutDays: 2 }, at), at.nowMs + 2 * 86_400_000);
  assert.equal(validUntil({ timeoutDays: 0 }, at), undefined);
  assert.equal(validUntil({}, at), undefined);
});

test('a validity counts from the arrival: in days, without a time stamp, and where the clock may be anything', () => {
  const at = arrival(sent * 1000);
  for (const [validity, untilMs, fromArrival] of [
    [{ timeoutDays: 2 }, 2 * 86_400_000, true],
    [{ timeoutDays: 2, timestamp: sent - 60 }, 2 * 86_400_000, true],
    [{ timeoutMinutes: 60 }, 60 * 60_000, true],
    [{ timeoutMinutes: 60, timestamp: sent - 60 }, 59 * 60_000 + 300_000, false],
    [{ timeoutDays: 0, timeoutMinutes: 60, timestamp: sent - 60 }, 59 * 60_000 + 300_000, false],
  ] as const) {
    assert.equal(validUntil(validity, at), at.nowMs + untilMs);
    assert.equal(countsFromArrival(validity, at), fromArrival);
    assert.equal(countsFromArrival(validity, { ...at, trustworthy: false }), true);
  }
});

test('what has expired says for how many minutes it was valid, and how many minutes ago that was', () => {
  const end = sent * 1000 + 60 * 60_000 + 300_000;
  for (const [lateMs, minutes] of [
    [1, 1],
    [60_000, 1],
    [60_001, 2],
    [600_000, 10],
  ] as const) {
    assert.equal(
      checkAge(sixty, arrival(end + lateMs))?.detail,
      `its 60 minutes were over ${minutes} minutes ago`,
    );
  }
});

test('the device asks anew how far its clock is to be trusted; what fails to answer is not trusted', () => {
  const clock = new ManualClock();
  const trustOf = (trustworthyClock: boolean | (() => boolean)) =>
    deviceTime({ clock, trustworthyClock, clockSkewMs: 5 });
  for (const trustworthy of [true, false]) {
    const time = { nowMs: clock.now(), trustworthy, skewMs: 5 };
    assert.deepEqual(trustOf(trustworthy), time);
    assert.deepEqual(
      trustOf(() => trustworthy),
      time,
    );
  }
  const failing = trustOf(() => {
    throw new Error('no time source');
  });
  assert.equal(failing.trustworthy, false);
});

test('property: a message is never expired before its TIMEOUT, and always after TIMEOUT and allowance', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.integer({ min: 1, max: 65_535 }),
      fc.integer({ min: -100_000, max: 100_000 }),
      (timestamp, timeoutMinutes, minutesOff) => {
        const nowMs = timestamp * 1000 + (timeoutMinutes + minutesOff) * 60_000;
        const expired = checkAge({ timestamp, timeoutMinutes }, arrival(nowMs)) !== undefined;
        assert.equal(expired, minutesOff > 5);
      },
    ),
  );
});
