// Whether a request that is answered for long may go on: its token may be revoked, replaced, or come to its end meanwhile.
import type { Clock } from '../../core/index.ts';
import { ApiError } from '../request/problem.ts';
import type { BearerCheck } from './bearer.ts';
import type { Caller } from './caller.ts';

/**
 * Gives what says so. While the store, or the identity provider, is away nobody can know: what has begun goes on then, until the
 * moment that a token names itself.
 */
export function goesOn(
  bearer: BearerCheck,
  { until }: Pick<Caller, 'until'>,
  authorization: string | undefined,
  clock: Clock,
): () => Promise<boolean> {
  return async () => {
    if (until !== undefined && clock.now() >= until) return false;
    try {
      return await bearer.opens(authorization);
    } catch {
      return true;
    }
  };
}

/** What is told to whoever sent such a request when it ends. */
export function endedToken(): ApiError {
  return new ApiError(
    401,
    'UNAUTHORIZED',
    'the token has been revoked, replaced, or has come to its end meanwhile: go on with a valid one',
  );
}

/** Passes on what comes while a request may go on. @throws {ApiError} 401 from then on */
export async function* whileItMay<Part>(
  parts: AsyncIterable<Part>,
  mayGoOn: () => Promise<boolean>,
): AsyncGenerator<Part, void, undefined> {
  for await (const part of parts) {
    yield part;
    if (!(await mayGoOn())) throw endedToken();
  }
}
