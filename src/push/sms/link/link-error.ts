// What a connection to a message centre that could not be made, or broke, means for a push. Another connection may fare
// better, so all of it is retryable.
import { PushError } from '../../../core/index.ts';
import { socketFault } from '../../index.ts';

/** The error of a connection to `peer` that could not be made or broke. */
export function connectionError(error: unknown, peer: string): PushError {
  const { code, why } = socketFault(error);
  return new PushError(code, `${peer}: ${why}`, true, { cause: error });
}

/** The link to `peer` is gone, or was never there. */
export function linkLost(peer: string, detail: string, cause?: unknown): PushError {
  return new PushError('LINK_LOST', `${peer}: ${detail}`, true, cause === undefined ? {} : { cause });
}
