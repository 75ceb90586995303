// Which requests are sent again, and when.
import { wholeNumber } from '../core/index.ts';
import type { ApiProblem } from './problem.ts';

/** How often and how long the same is tried again. */
export interface RetryOptions {
  /** Times that a request is sent again, 0 to 100. Default 2. */
  readonly times?: number;
  /** Longest wait before one of them, in milliseconds; what the server puts off for longer is refused at once. Default 30000. */
  readonly longestWaitMs?: number;
}

/** Defaults of `RetryOptions`, and the wait where the server names none, in milliseconds. */
export const retryDefaults = Object.freeze({ times: 2, longestWaitMs: 30_000, waitMs: 1000 });

/** Methods that come to the same however often (RFC 9110 §9.2.2). */
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
/** Statuses that say that nothing was done, and that it may be later. */
const forLater: ReadonlySet<number> = new Set([429, 503]);

/** @throws {ValueError} OUT_OF_RANGE with the option */
export function checkedRetry(options: RetryOptions = {}): Required<RetryOptions> {
  const { times, longestWaitMs } = { ...retryDefaults, ...options };
  return {
    times: wholeNumber(times, 0, 100, 'retry.times'),
    longestWaitMs: wholeNumber(longestWaitMs, 0, 86_400_000, 'retry.longestWaitMs'),
  };
}

/** True for a request that may be sent again: its method says so, or it has a key. */
export function mayRepeat(request: Pick<Request, 'method' | 'headers'>): boolean {
  return repeatable.has(request.method) || request.headers.has('idempotency-key');
}

/** Milliseconds until a refused request is sent again; `undefined` where it is not. */
export function waitAfter(
  { status, retryAfterSeconds }: Pick<ApiProblem, 'status' | 'retryAfterSeconds'>,
  { longestWaitMs }: Required<RetryOptions>,
): number | undefined {
  if (!forLater.has(status)) return undefined;
  const waitMs = retryAfterSeconds === undefined ? retryDefaults.waitMs : retryAfterSeconds * 1000;
  return waitMs > longestWaitMs ? undefined : waitMs;
}
