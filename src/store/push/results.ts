// Results of pushes that other initiators handed in and asked for.
import type { MessagePush } from './push.ts';
import type { ClaimRequest } from './queue.ts';

/** Results that push initiators asked for. */
export interface PushResults {
  /**
   * Up to `limit` pushes whose result is to be told now, hidden from other callers for `leaseMs`. Whoever has told one,
   * or given it up, says so with `resultDueAt: null`; whoever could not, with the next moment. Both name in `resultOf` the
   * state that it was about.
   */
  claimDueResults(request: ClaimRequest): Promise<readonly MessagePush[]>;
  /** When the next result is to be told; `undefined` when none will be. */
  nextResultDueAt(): Promise<number | undefined>;
}
