// Checks of settings.
import { ValueError } from '../../core/index.ts';

/** Timers beyond this fire at once. */
export const longestMs = 2 ** 31 - 1;

/** @throws {ValueError} OUT_OF_RANGE when `value` is not an integer within the bounds */
export function wholeNumber(value: number, minimum: number, maximum: number, name: string): number {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new ValueError('OUT_OF_RANGE', `${value} is not an integer from ${minimum} to ${maximum}`, name);
}
