// What is wrong with a text that was pasted, and where.
import { lineAndColumn, ValueError } from '../../core/index.ts';

/** A pasted text cannot be read as octets. */
export class PasteError extends ValueError {
  /** Line and column of what is wrong, from 1, in the text as it was given. */
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, detail: string) {
    super('BAD_FORMAT', `line ${line}, column ${column}: ${detail}`);
    this.line = line;
    this.column = column;
  }

  /** The error about the character at `index` of `text`. */
  static at(text: string, index: number, detail: string): PasteError {
    const { line, column } = lineAndColumn(text, index);
    return new PasteError(line, column, detail);
  }
}

/** Octets of one message at most: no route of a push carries more, and documents are not read beyond it. */
export const largestMessage = 4 * 1024 * 1024;

/** @throws {PasteError} when a message has become too long at that line */
export function checkLength(octets: number, line: number): void {
  if (octets > largestMessage) {
    throw new PasteError(line, 1, `the message is longer than ${largestMessage} octets, which is not read`);
  }
}
