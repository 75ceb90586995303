// What handling a push, or a session of the device's own, came to.
import type { NonceVerdict, SessionOutcome } from './events.ts';
import type { MessageCounts } from './message-counts.ts';
import type { RunResult } from './run-session.ts';
import type { IgnoreReason } from './verdict.ts';

/** What became of a push. */
export type PushOutcome =
  | { readonly outcome: 'ignored'; readonly reason: IgnoreReason; readonly detail: string }
  /** A sessionless message: what it changed is stored. */
  | ({ readonly outcome: 'processed'; readonly serverId: string } & MessageCounts)
  /** A new account. */
  | { readonly outcome: 'bootstrapped'; readonly serverId: string }
  | {
      readonly outcome: SessionOutcome;
      readonly serverId: string;
      readonly sessionId: number;
      readonly nonce: NonceVerdict;
      /** Why it was not completed. */
      readonly reason?: string;
    };

/** What became of a session of the device's own. */
export type ConnectOutcome = Exclude<PushOutcome, { readonly outcome: 'processed' | 'bootstrapped' }>;

/** The outcome of a session as events and counters name it. */
export function outcomeOf({ end, answers, retryable }: Omit<RunResult, 'resynchronised'>): SessionOutcome {
  return retryable && answers === 0 ? 'unreachable' : end.outcome;
}

/** Why it was not completed, to be spread. */
export function reasonOf({ end }: Pick<RunResult, 'end'>): { readonly reason?: string } {
  return 'reason' in end ? { reason: end.reason } : {};
}
