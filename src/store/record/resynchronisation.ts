// How many times a device may be offered the default nonce (spec-notes ruling 12).
import type { ResynchronisationCount } from './device.ts';

/** Offers allowed in a window of time. */
export interface ResynchronisationLimit {
  /** Largest number of offers in one window, 0 or more. */
  readonly count: number;
  /** Length of the window in milliseconds; a new one begins with the first offer after it. */
  readonly windowMs: number;
}

/** The count after one more offer, or `undefined` when the limit is reached. */
export function takeResynchronisation(
  current: ResynchronisationCount,
  limit: ResynchronisationLimit,
  now: number,
): ResynchronisationCount | undefined {
  const ageMs = now - current.windowStartedAt;
  // A window that begins in the future was begun under a clock that has been set back: nobody is to wait for it.
  const running = ageMs > -1000 && ageMs < limit.windowMs;
  const inWindow = running ? current.inWindow : 0;
  if (inWindow >= limit.count) return undefined;
  return {
    inWindow: inWindow + 1,
    windowStartedAt: running ? current.windowStartedAt : now,
    offered: current.offered + 1,
    completed: current.completed,
  };
}
