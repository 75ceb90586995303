import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longestRelativeSeconds, relativeTime, secondsUntil } from '../../../src/codec/smpp/index.ts';
import { ValueError } from '../../../src/core/index.ts';

const now = Date.UTC(2026, 0, 31, 12);

test('SMPP 3.4 §7.1.1.2: durations as relative times', () => {
  assert.equal(relativeTime(1), '000000000001000R');
  assert.equal(relativeTime(3600), '000000010000000R');
  assert.equal(relativeTime(86_400 + 2 * 3600 + 3 * 60 + 4), '000001020304000R');
  for (const seconds of [0, -1, 1.5, longestRelativeSeconds + 1, Number.NaN]) {
    assert.throws(() => relativeTime(seconds), ValueError);
  }
});

test('SMPP 3.4 §7.1.1.2: any duration comes back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: longestRelativeSeconds }), (seconds) => {
      assert.equal(secondsUntil(relativeTime(seconds), now), seconds);
    }),
  );
});

test('SMPP 3.4 §7.1.1.1: absolute times with their distance from UTC in quarters of an hour', () => {
  assert.equal(secondsUntil('260131130000000+', now), 3600);
  assert.equal(secondsUntil('260131140000004+', now), 3600);
  assert.equal(secondsUntil('260131120000004-', now), 3600);
  assert.equal(secondsUntil('260131110000000+', now), -3600);
  for (const text of ['', 'x', '261331130000000+', '26013113000000+'])
    assert.equal(secondsUntil(text, now), undefined);
});
