// What is wrong with a filter, and where.
import { ValueError } from '../core/index.ts';

/** Bounds of a filter. */
export const filterLimits = Object.freeze({
  /** UTF-16 code units of its text. */
  length: 4096,
  /** Conditions in it, each value of a list counted. */
  conditions: 200,
  /** Parentheses and `not` within one another. */
  depth: 32,
});

/** A text that is no filter. */
export class FilterError extends ValueError {
  /** Where it is wrong: characters from 1. */
  readonly column: number;
  /** What could stand there, in words. */
  readonly expected: string;

  constructor(column: number, found: string, expected: string) {
    super('BAD_FORMAT', `column ${column}: ${found}; expected ${expected}`, 'filter');
    this.column = column;
    this.expected = expected;
  }
}
