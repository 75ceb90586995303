// One attempt: its content made, handed to the binding of its route, and bounded in time from then on.
import { type Clock, type Logger, PushError, ReveilleError, ValueError } from '../../core/index.ts';
import { expiredCode, lifeLeftMs, type Push } from '../../push/index.ts';
import { type PushPolicy, sendTimeoutOf } from '../push/push-policy.ts';
import type { Route } from '../push/routes.ts';
import type { Bounded, Deadlines } from './deadlines.ts';
import type { RouteOutcome } from './settle.ts';

/** What attempts are made with. */
export interface HandOverContext {
  readonly policy: PushPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly deadlines: Deadlines;
}

/** Longest pause that a carrier may ask for, in milliseconds: beyond it, it is not the carrier's to say. */
const longestPauseMs = 3_600_000;

/** Hands a push to the binding of its route; `over` is called once with what came of it, at the latest when its time is over. */
export function handOver(
  context: HandOverContext,
  push: Push,
  { binding, to, address }: Route,
  over: (outcome: RouteOutcome) => void,
): void {
  const { policy, clock, logger, deadlines } = context;
  const timeoutMs = sendTimeoutOf(policy, to.scheme);
  const aborter = new AbortController();
  const bounded: Bounded = {
    deadline: clock.monotonic() + timeoutMs,
    expire() {
      const error = new PushError('TIMEOUT', `not taken within ${timeoutMs} ms`, true);
      aborter.abort(error);
      over(refused(error));
    },
  };
  const refused = (error: unknown): RouteOutcome => {
    const outcome = refusalOf(error);
    logger.debug({ push: push.id, address, why: outcome.why }, 'push not taken');
    return outcome;
  };
  deadlines.add(bounded);
  const end = (outcome: () => RouteOutcome): void => {
    // What comes after its time is nobody's business.
    if (deadlines.end(bounded)) over(outcome());
  };
  try {
    lifeLeftMs(push, clock.now());
    binding.send(push, to, aborter.signal).then(
      (receipt) => end(() => ({ taken: true, receipt })),
      (error: unknown) => end(() => refused(error)),
    );
  } catch (error) {
    end(() => refused(error));
  }
}

/** What an error of a binding says. */
function refusalOf(error: unknown): Extract<RouteOutcome, { readonly taken: false }> {
  // A push whose time is over ends as expired with the next look at it, and no address has refused it.
  const retryable =
    error instanceof PushError
      ? error.retryable || error.code === expiredCode
      : !(error instanceof ValueError);
  const retryAfterMs = retryAfterOf(error);
  return {
    taken: false,
    retryable,
    code: error instanceof ReveilleError ? error.code : 'UNKNOWN',
    why: error instanceof Error ? error.message : String(error),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** What a carrier asks for beside its refusal, as SIP does. */
function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof PushError) || !('retryAfterMs' in error)) return undefined;
  const { retryAfterMs } = error;
  return typeof retryAfterMs === 'number' && retryAfterMs > 0
    ? Math.min(retryAfterMs, longestPauseMs)
    : undefined;
}
