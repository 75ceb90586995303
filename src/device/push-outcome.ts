// What handling a push, or a session of the device's own, came to.
import type { NonceVerdict, SessionOutcome } from './events.ts';
import type { RunResult } from './run-session.ts';
import type { IgnoreReason } from './verdict.ts';

/** What became of a push, or of a session of the device's own. */
export type PushOutcome =
  | { readonly outcome: 'ignored'; readonly reason: IgnoreReason; readonly detail: string }
  | {
      readonly outcome: SessionOutcome;
      readonly serverId: string;
      readonly sessionId: number;
      readonly nonce: NonceVerdict;
      /** Why it was not completed. */
      readonly reason?: string;
    };

/** The outcome of a session as events and counters name it. */
export function outcomeOf({ end, answers, retryable }: Omit<RunResult, 'resynchronised'>): SessionOutcome {
  return retryable && answers === 0 ? 'unreachable' : end.outcome;
}

/** Why it was not completed, to be spread. */
export function reasonOf({ end }: Pick<RunResult, 'end'>): { readonly reason?: string } {
  return 'reason' in end ? { reason: end.reason } : {};
}
