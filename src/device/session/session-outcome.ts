// What a session came to, as events, counters and outcomes of pushes name it.
import type { SessionOutcome } from '../report/events.ts';
import type { RunResult } from './run-session.ts';

/** The outcome of a session as events and counters name it. */
export function outcomeOf({ end, answers, retryable }: Omit<RunResult, 'resynchronised'>): SessionOutcome {
  return retryable && answers === 0 ? 'unreachable' : end.outcome;
}

/** Why it was not completed, to be spread. */
export function reasonOf({ end }: Pick<RunResult, 'end'>): { readonly reason?: string } {
  return 'reason' in end ? { reason: end.reason } : {};
}
