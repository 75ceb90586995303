// What handling a push, or a session of the device's own, came to.
import type { NonceVerdict, SessionOutcome } from './events.ts';
import type { MessageCounts } from './message-counts.ts';
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
