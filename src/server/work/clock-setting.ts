// Moments that are reckoned some time before they are written: where the wall clock is set in between, they go with it. What is
// written after that is written under the new clock, and the store moves only what it had before.
import type { Clock } from '../../core/index.ts';
import type { PushChange } from '../../store/index.ts';

/** A smaller difference is the clock's own gain or loss, in milliseconds. */
const leastMs = 1000;

/** How the wall clock is set, in milliseconds ahead of the monotonic one; for `setSince`. */
export function settingOf(clock: Clock): number {
  return clock.now() - clock.monotonic();
}

/** By how many milliseconds the clock was set since: below 0 when back, 0 when not. */
export function setSince(clock: Clock, setting: number): number {
  const byMs = Math.round(settingOf(clock) - setting);
  return Math.abs(byMs) < leastMs ? 0 : byMs;
}

/** A change whose moments were reckoned before the clock was set by so many milliseconds. */
export function movedChange(change: PushChange, byMs: number): PushChange {
  const { dueAt, resultDueAt } = change;
  if (byMs === 0 || (dueAt === undefined && typeof resultDueAt !== 'number')) return change;
  return {
    ...change,
    ...(dueAt !== undefined && { dueAt: dueAt + byMs }),
    ...(typeof resultDueAt === 'number' && { resultDueAt: resultDueAt + byMs }),
  };
}
