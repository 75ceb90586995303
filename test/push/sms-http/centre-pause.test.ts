// The pause of a road that was told to wait: it is over when it says so, whatever timers the clock has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Timer } from '../../../src/core/index.ts';
import { CentrePause } from '../../../src/push/sms-http/centre-pause.ts';
import { ManualClock } from '../../../src/testing/index.ts';

/** Timers fire half a millisecond before their end. */
class HastyClock extends ManualClock {
  override after(delayMs: number, run: () => void): Timer {
    return super.after(Math.max(delayMs - 0.5, 0), run);
  }
}

test('a pause is over when it says so, where timers are early', () => {
  const clock = new HastyClock();
  const seen: boolean[] = [];
  const pause = new CentrePause(clock, () => seen.push(pause.isOn));
  pause.begin(1000);
  assert.equal(pause.isOn, true);
  clock.advance(999);
  assert.deepEqual([seen, pause.isOn], [[], true]);
  clock.advance(1);
  assert.deepEqual([seen, pause.isOn], [[false], false]);
});

test('a longer pause takes the place of a shorter one, and one that is shorter changes nothing', () => {
  const clock = new HastyClock();
  let over = 0;
  const pause = new CentrePause(clock, () => {
    over += 1;
  });
  pause.begin(1000);
  pause.begin(3000);
  pause.begin(500);
  clock.advance(2000);
  assert.deepEqual([over, pause.isOn], [0, true]);
  clock.advance(1000);
  assert.deepEqual([over, pause.isOn], [1, false]);
});
