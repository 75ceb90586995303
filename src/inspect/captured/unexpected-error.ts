// A fault of ours while a message is taken apart: it is told of that message, and the rest of the capture is read.
import { messageOf, ReveilleError } from '../../core/index.ts';

/** Characters at most of what the engine says. */
const longestReason = 200;

/** An error that no rule of a format explains. */
export class UnexpectedError extends ReveilleError {
  constructor(cause: unknown) {
    const what = messageOf(cause).slice(0, longestReason);
    super('UNEXPECTED', `unexpected, please report it with this message: ${what}`, { cause });
  }
}
