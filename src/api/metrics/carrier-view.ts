// A carrier and its queue as answers show them.
import type { WholeCarrier, WholeStatus } from '../../server/index.ts';
import { isoTime } from '../shapes/iso-time.ts';

/** A carrier by `CarrierShape`. */
export function carrierView(whole: WholeCarrier) {
  const { since, lastRefusal, queue, perSecond, suspended, getsNone: _, ...carrier } = whole;
  return {
    ...carrier,
    ...(since !== undefined && { since: isoTime(since) }),
    rate: perSecond,
    queue: queueView(queue),
    ...(lastRefusal !== undefined && {
      lastRefusal: { at: isoTime(lastRefusal.at), why: lastRefusal.why },
    }),
    ...(suspended !== undefined && {
      suspended: {
        since: isoTime(suspended.since),
        ...(suspended.actor !== undefined && { by: suspended.actor }),
        ...(suspended.reason !== undefined && { reason: suspended.reason }),
      },
    }),
  };
}

/** A queue by `QueueShape`. */
export function queueView({ due, more, oldestDueAt }: WholeStatus['unplaced']) {
  return { due, more, ...(oldestDueAt !== undefined && { oldestDueAt: isoTime(oldestDueAt) }) };
}
