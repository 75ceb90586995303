// How long a carrier is asked to try: the life of a push, or less where the settings say so.
import type { Push } from '../../index.ts';
import { lifeLeftSeconds } from '../../index.ts';

/** Longest validity that is asked for, in seconds: 30 days. How long months are, nothing says. */
export const longestValiditySeconds = 30 * 86_400;

/**
 * Whole seconds for which the carrier is to try a push at `now` (milliseconds since the POSIX epoch): the shorter of its own
 * life and of `longestSeconds`, 1 to 2 592 000. `undefined` when neither says anything.
 * @throws {PushError} EXPIRED when its time is over
 */
export function validitySeconds(
  push: Push,
  longestSeconds: number | undefined,
  now: number,
): number | undefined {
  const left = Math.min(lifeLeftSeconds(push, now), longestSeconds ?? Number.POSITIVE_INFINITY);
  return left === Number.POSITIVE_INFINITY ? undefined : Math.min(left, longestValiditySeconds);
}
