// Checks of numbers and words that our callers give: counts, sizes, times, ports, modes.
import { ValueError } from './errors.ts';

/** Longest time of a setting in milliseconds, 24.8 days: timers beyond it fire at once. */
export const longestMs = 2 ** 31 - 1;

/**
 * `value`, when it is a whole number from `minimum` to `maximum`: never NaN, a fraction, or something that is no number.
 * @throws {ValueError} OUT_OF_RANGE at the path `name`
 */
export function wholeNumber(value: number, minimum: number, maximum: number, name: string): number {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new ValueError('OUT_OF_RANGE', `${value} is not an integer from ${minimum} to ${maximum}`, name);
}

/**
 * `value`, when it is one of `choices`. A word that nobody knows must not count as the most permissive one.
 * @throws {ValueError} OUT_OF_RANGE at the path `name`
 */
export function oneOfWords<const Word extends string>(
  value: Word,
  choices: readonly Word[],
  name: string,
): Word {
  if (choices.includes(value)) return value;
  throw new ValueError('OUT_OF_RANGE', `${JSON.stringify(value)} is none of ${choices.join(', ')}`, name);
}
