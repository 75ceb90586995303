// The life of a push as a pure function: which state follows which, and what a change does to the record. Every back
// end writes what this says (docs/architecture.md, "Life of a push").
import type { NotificationRecord } from './notification.ts';
import { type NotificationEventName, type NotificationState, notificationRemarks } from './state.ts';

const following: Readonly<Record<NotificationState, readonly NotificationState[]>> = {
  queued: ['sending', 'answered', 'failed', 'expired', 'cancelled'],
  sending: [
    'queued',
    'sending',
    'sent',
    'accepted',
    'delivered',
    'answered',
    'failed',
    'expired',
    'cancelled',
  ],
  sent: ['sending', 'accepted', 'delivered', 'answered', 'failed', 'expired', 'cancelled'],
  accepted: ['sending', 'delivered', 'answered', 'failed', 'expired', 'cancelled'],
  delivered: ['sending', 'answered', 'failed', 'expired', 'cancelled'],
  // A session that breaks off is tried again or fails; it cannot expire or be cancelled while it runs.
  answered: ['sending', 'completed', 'failed'],
  completed: [],
  failed: [],
  expired: [],
  cancelled: [],
};

/** What others told us happened; it is worth an event even when it comes too late to move the state. */
const facts: ReadonlySet<NotificationEventName> = new Set(['sent', 'accepted', 'delivered', 'answered']);
const remarks: ReadonlySet<string> = new Set(notificationRemarks);

/** True while the notification's Session-ID may still come back in a session (spec-notes ruling 11). */
export function isLive(state: NotificationState): boolean {
  return following[state].length > 0;
}

/** A change that is asked for: an event, and what the engine does next. */
export interface NotificationChange {
  readonly event: NotificationEventName;
  /** The claim that it belongs to; of an older claim, it does not move the state. */
  readonly lease?: number;
  /** Number of the attempt that it tells of; absent: the present one. An older claim tells of its own. */
  readonly attempt?: number;
  /** When the engine looks at it next; absent: as before. A state that ends the notification clears it. */
  readonly dueAt?: number;
  readonly node?: string;
  readonly binding?: string;
  readonly address?: string;
  /** An address that is not tried again for this notification. */
  readonly refusedAddress?: string;
  /** In words; becomes the record's reason for `failed`, `expired`, `cancelled`, `queued` and what `-failed`. */
  readonly detail?: string;
  readonly reference?: string;
}

/** How a change was taken. */
export type ChangeVerdict =
  /** The record has a new state. */
  | 'changed'
  /** The event is on the timeline; the state stayed. */
  | 'kept'
  /** Not allowed from here: nothing was written. */
  | 'refused';

/** Says how a change would be taken. */
export function judgeChange(current: NotificationRecord, change: NotificationChange): ChangeVerdict {
  if (isRemark(change.event)) return 'kept';
  const stale = change.lease !== undefined && change.lease !== current.lease;
  if (!stale && following[current.state].includes(change.event)) return 'changed';
  return facts.has(change.event) ? 'kept' : 'refused';
}

/** The record after a change that was `changed` or `kept`. */
export function changedRecord(
  current: NotificationRecord,
  change: NotificationChange,
  now: number,
): NotificationRecord {
  const next: { -readonly [K in keyof NotificationRecord]: NotificationRecord[K] } = {
    ...current,
    updatedAt: now,
  };
  const verdict = judgeChange(current, change);
  if (verdict === 'changed' && !isRemark(change.event)) {
    next.state = change.event;
    if (change.event === 'sending') next.attempts += 1;
    if (change.event === 'queued') next.failures += 1;
    if (current.state === 'sending' && facts.has(change.event)) {
      next.sends += 1;
      next.failures = 0;
    }
  }
  // A remark of an older claim is worth an event, but its claimer no longer rules the wait.
  const stale = change.lease !== undefined && change.lease !== current.lease;
  const ruled = verdict === 'changed' || (isRemark(change.event) && !stale);
  if (!isLive(next.state)) delete next.dueAt;
  else if (ruled && change.dueAt !== undefined) next.dueAt = change.dueAt;
  if (change.refusedAddress !== undefined && !next.refusedAddresses.includes(change.refusedAddress)) {
    next.refusedAddresses = [...next.refusedAddresses, change.refusedAddress];
  }
  if (change.detail !== undefined && reasonEvents.has(change.event) && verdict !== 'refused') {
    next.reason = change.detail;
  }
  return next;
}

const reasonEvents: ReadonlySet<NotificationEventName> = new Set([
  'queued',
  'failed',
  'expired',
  'cancelled',
  'attempt-failed',
  'session-failed',
]);

function isRemark(event: NotificationEventName): event is (typeof notificationRemarks)[number] {
  return remarks.has(event);
}
