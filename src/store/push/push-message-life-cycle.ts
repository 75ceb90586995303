// The life of a push message as a pure function: which state follows which, and what a change does to the record.
import type { ChangeVerdict } from './life-cycle.ts';
import type { PushMessageEventName, PushMessageRecord, PushMessageState } from './push-message.ts';

const following: Readonly<Record<PushMessageState, readonly PushMessageState[]>> = {
  // A report on an earlier attempt may come while the next one waits or is under way.
  queued: ['sending', 'delivered', 'failed', 'expired', 'cancelled'],
  sending: ['queued', 'sending', 'sent', 'accepted', 'delivered', 'failed', 'expired'],
  accepted: ['queued', 'delivered', 'failed', 'unreported'],
  sent: [],
  delivered: [],
  failed: [],
  expired: [],
  cancelled: [],
  unreported: ['delivered', 'failed'],
};

const remarks = ['attempt-failed', 'result-told', 'result-lost', 'note'] as const;
const remarkNames: ReadonlySet<string> = new Set(remarks);

/** What carriers told us; it is worth an event even when it comes too late to move the state. */
const facts: ReadonlySet<PushMessageEventName> = new Set(['sent', 'accepted', 'delivered']);

const reasonEvents: ReadonlySet<PushMessageEventName> = new Set([
  'queued',
  'failed',
  'expired',
  'cancelled',
  'attempt-failed',
]);

/** True while something may still be sent, or a carrier may still report. */
export function isOpenMessage(state: PushMessageState): boolean {
  return state === 'queued' || state === 'sending' || state === 'accepted';
}

/** A change that is asked for: an event, and what is done next. */
export interface PushMessageChange {
  readonly event: PushMessageEventName;
  /** The claim that it belongs to; of an older claim, it does not move the state. */
  readonly lease?: number;
  /** Number of the attempt that it tells of; absent: the present one. An older claim tells of its own. */
  readonly attempt?: number;
  /** When the engine looks at it next; absent: as before. A state that ends the message clears it. */
  readonly dueAt?: number;
  /** When its result is told next; `null`: it need not be told again. */
  readonly resultDueAt?: number | null;
  /**
   * The state that was told, with `resultDueAt`. When the message has got another one meanwhile, the result of that one
   * stays due and `resultDueAt` changes nothing.
   */
  readonly resultOf?: PushMessageState;
  readonly node?: string;
  readonly binding?: string;
  readonly address?: string;
  /** An address that is not tried again for this message. */
  readonly refusedAddress?: string;
  /** In words; becomes the record's reason where the event is one that tells why. */
  readonly detail?: string;
  readonly reference?: string;
}

/** Says how a change would be taken. */
export function judgeMessageChange(current: PushMessageRecord, change: PushMessageChange): ChangeVerdict {
  if (isRemark(change.event)) return 'kept';
  const stale = change.lease !== undefined && change.lease !== current.lease;
  if (!stale && following[current.state].includes(change.event)) return 'changed';
  return facts.has(change.event) ? 'kept' : 'refused';
}

/** The record after a change that was `changed` or `kept`. */
export function changedMessage(
  current: PushMessageRecord,
  change: PushMessageChange,
  now: number,
): PushMessageRecord {
  const next: { -readonly [K in keyof PushMessageRecord]: PushMessageRecord[K] } = {
    ...current,
    updatedAt: now,
  };
  const verdict = judgeMessageChange(current, change);
  const stale = change.lease !== undefined && change.lease !== current.lease;
  if (verdict === 'changed' && !isRemark(change.event)) {
    next.state = change.event;
    if (change.event === 'sending') next.attempts += 1;
    if (change.event === 'queued') next.failures += 1;
    if (current.state === 'sending' && facts.has(change.event)) next.sends += 1;
  }
  const ruled = verdict === 'changed' || (isRemark(change.event) && !stale);
  if (!isOpenMessage(next.state)) delete next.dueAt;
  else if (ruled && change.dueAt !== undefined) next.dueAt = change.dueAt;
  if (change.refusedAddress !== undefined && !next.refusedAddresses.includes(change.refusedAddress)) {
    next.refusedAddresses = [...next.refusedAddresses, change.refusedAddress];
  }
  if (change.detail !== undefined && reasonEvents.has(change.event) && verdict !== 'refused') {
    next.reason = change.detail;
  }
  // Whoever asked for the result is told each end of it, the belated one too.
  const ended = verdict === 'changed' && !isOpenMessage(next.state);
  if (ended) next.body = new Uint8Array(0);
  if (ended && current.initiator?.notifyTo !== undefined) {
    next.resultDueAt = now;
    next.resultFailures = 0;
  }
  const overtaken = change.resultOf !== undefined && change.resultOf !== next.state;
  if (overtaken) return next;
  if (change.resultDueAt === null) delete next.resultDueAt;
  else if (change.resultDueAt !== undefined) {
    next.resultDueAt = change.resultDueAt;
    next.resultFailures += 1;
  }
  return next;
}

function isRemark(event: PushMessageEventName): event is (typeof remarks)[number] {
  return remarkNames.has(event);
}
