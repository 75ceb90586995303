// Header rows in words, shared by the formats' tables.
import type { NumberWords } from '../../core/index.ts';

/** `session 1234 (hex)`: as the DM session will name it. */
export const sessionWords: NumberWords = {
  kind: 'hex',
  before: 'session ',
  after: ' (hex)',
  zero: 'must not be 0',
};

/** `60 minutes`, `1 day`; 0 is no limit. */
export const timeoutWords = (unit: 'day' | 'minute'): NumberWords => ({
  kind: 'count',
  one: unit,
  many: `${unit}s`,
  zero: 'no timeout',
});
