// What becomes of a push of several messages when one of them fails and others have left.
import { PushError } from '../../core/index.ts';

/** A failure after `taken` of `total` messages were taken: no other road may begin the push anew. As it is where none was. */
export function partlyOut(error: unknown, taken: number, total: number): unknown {
  if (!(error instanceof PushError) || taken === 0) return error;
  const detail = `message ${taken + 1} of ${total}, those before it are out: ${error.message}`;
  return new PushError(error.code, detail, error.retryable, { cause: error });
}
