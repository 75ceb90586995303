// The life of a push as a pure function: which state follows which, and what a change does to the record. Every back
// end writes what this says (docs/architecture.md, "Life of a push").
import type { MessagePush, PushRecord } from './push.ts';
import {
  type PushEventName,
  type PushPurpose,
  type PushRemark,
  type PushState,
  pushRemarks,
} from './state.ts';

/** What ends a push: the session that answers it, or the word of the carrier. */
type EndedBy = 'session' | 'carrier';

const endOf: Readonly<Record<PushPurpose, EndedBy>> = {
  notification: 'session',
  message: 'carrier',
  relayed: 'carrier',
};

/** Which state may follow which. A state that does not occur has no followers. */
const following: Readonly<Record<PushState, Readonly<Record<EndedBy, readonly PushState[]>>>> = {
  queued: {
    session: ['sending', 'answered', 'failed', 'expired', 'cancelled'],
    // A report on an earlier attempt may come while the next one waits or is under way.
    carrier: ['sending', 'delivered', 'failed', 'expired', 'cancelled'],
  },
  sending: {
    session: [
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
    carrier: ['queued', 'sending', 'sent', 'accepted', 'delivered', 'failed', 'expired'],
  },
  sent: {
    session: ['sending', 'accepted', 'delivered', 'answered', 'failed', 'expired', 'cancelled'],
    carrier: [],
  },
  accepted: {
    session: ['sending', 'delivered', 'answered', 'failed', 'expired', 'cancelled'],
    carrier: ['queued', 'delivered', 'failed', 'unreported'],
  },
  delivered: { session: ['sending', 'answered', 'failed', 'expired', 'cancelled'], carrier: [] },
  // A session that breaks off is tried again or fails; it cannot expire or be cancelled while it runs.
  answered: { session: ['sending', 'completed', 'failed'], carrier: [] },
  completed: { session: [], carrier: [] },
  failed: { session: [], carrier: [] },
  expired: { session: [], carrier: [] },
  cancelled: { session: [], carrier: [] },
  // It is over, and what the carrier says late still counts.
  unreported: { session: [], carrier: ['delivered', 'failed'] },
};

/** What others told us happened; it is worth an event even when it comes too late to move the state. */
const facts: ReadonlySet<PushEventName> = new Set(['sent', 'accepted', 'delivered', 'answered']);
const remarks: ReadonlySet<string> = new Set(pushRemarks);

/** Events whose words become the record's reason. */
const reasonEvents: ReadonlySet<PushEventName> = new Set([
  'queued',
  'failed',
  'expired',
  'cancelled',
  'attempt-failed',
  'session-failed',
]);

/** Events that belong to the attempt that is under way. */
const attemptEvents: ReadonlySet<PushEventName> = new Set([
  'sending',
  'sent',
  'accepted',
  'queued',
  'attempt-failed',
  'resynchronising',
]);

/**
 * True while a push is not over: something may still be sent, a carrier may still report, or its Session-ID may still come
 * back in a session (spec-notes ruling 11).
 */
export function isOpenPush({ purpose, state }: Pick<PushRecord, 'purpose' | 'state'>): boolean {
  return state !== 'unreported' && following[state][endOf[purpose]].length > 0;
}

/** A change that is asked for: an event, and what the engine does next. */
export interface PushChange {
  readonly event: PushEventName;
  /** The claim that it belongs to; of an older claim, it does not move the state. */
  readonly lease?: number;
  /** Number of the attempt that it tells of; absent: the present one. An older claim tells of its own. */
  readonly attempt?: number;
  /** When the engine looks at it next; absent: as before. A state that ends the push clears it. */
  readonly dueAt?: number;
  /** The carrier that the next attempt begins with; absent: as before. Counts where `dueAt` does. */
  readonly carrier?: string;
  /**
   * Its campaigns keep it back until `dueAt`. Counts where that does; whatever else sets it, an attempt, or an answer, lets it
   * go.
   */
  readonly gated?: true;
  /** The push goes out under the default nonce, to a device of which no nonce is known (`PushQueue.offerDefaultNonces`). */
  readonly defaultNonce?: 'offered';
  /** Of `queued` after `sending`: the turns of its addresses in vain, where they are not one more than they were. */
  readonly failures?: number;
  /** When its result is told next; `null`: it need not be told again. */
  readonly resultDueAt?: number | null;
  /**
   * The state that was told, with `resultDueAt`. When the push has got another one meanwhile, the result of that one
   * stays due and `resultDueAt` changes nothing.
   */
  readonly resultOf?: PushState;
  readonly node?: string;
  readonly binding?: string;
  readonly address?: string;
  /** An address that is not tried again for this push. */
  readonly refusedAddress?: string;
  /** Why, as a code such as that of a `PushError`: for who listens to events, and kept nowhere. */
  readonly cause?: string;
  /** In words; becomes the record's reason where the event is one that tells why. */
  readonly detail?: string;
  /** Whose token asked for it. */
  readonly actor?: string;
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
export function judgeChange(current: PushRecord, change: PushChange): ChangeVerdict {
  if (isRemark(change.event)) return 'kept';
  const followers = following[current.state][endOf[current.purpose]];
  if (!isStale(current, change) && followers.includes(change.event)) return 'changed';
  return facts.has(change.event) ? 'kept' : 'refused';
}

type Changeable<Push> = Push extends PushRecord ? { -readonly [K in keyof Push]: Push[K] } : never;

/** The push after a change that was `changed` or `kept`. */
export function changedPush<Push extends PushRecord>(current: Push, change: PushChange, now: number): Push {
  const next: Changeable<PushRecord> = { ...current, updatedAt: now, version: current.version + 1 };
  const verdict = judgeChange(current, change);
  const stale = isStale(current, change);
  if (verdict === 'changed' && !isRemark(change.event)) {
    next.state = change.event;
    if (change.event === 'sending') {
      next.attempts += 1;
      delete next.givenUp;
      delete next.gated;
    }
    // A carrier that gave it up had taken it: no address refused it then.
    if (change.event === 'queued' && current.state === 'sending') {
      next.failures = change.failures ?? current.failures + 1;
    }
    if (current.state === 'sending' && facts.has(change.event)) {
      next.sends += 1;
      next.failures = 0;
      delete next.reference;
    }
    if (change.reference !== undefined && facts.has(change.event)) next.reference = change.reference;
  }
  // Its campaigns have nothing left to keep back: were it let go with their other pushes, it would be due while its session runs.
  if (change.event === 'answered') delete next.gated;
  // The report of a carrier has overtaken its own receipt.
  const givenUp = current.state === 'sending' ? givenUpOf(current, change) : undefined;
  if (givenUp !== undefined) next.givenUp ??= givenUp;
  const over = !isOpenPush(next);
  if (over && isOpenPush(current)) next.endedAt = now;
  // A remark of an older claim is worth an event, but its claimer no longer rules the wait.
  const ruled = verdict === 'changed' || (isRemark(change.event) && !stale);
  if (over) {
    delete next.dueAt;
    delete next.heldDueAt;
    delete next.gated;
  } else if (ruled && change.dueAt !== undefined) {
    // Whoever reckoned it may have read when a message ends before the clock was set.
    const dueAt =
      current.purpose === 'notification' ? change.dueAt : Math.min(change.dueAt, current.expiresAt);
    // What is held stays so, whatever devices and carriers tell of it.
    if (current.heldDueAt === undefined) next.dueAt = dueAt;
    else next.heldDueAt = dueAt;
    if (change.gated === true) next.gated = true;
    else delete next.gated;
    if (change.carrier !== undefined) next.carrier = change.carrier;
  }
  if (next.purpose === 'notification' && ruled && change.defaultNonce !== undefined) {
    next.defaultNonce = change.defaultNonce;
  }
  if (change.refusedAddress !== undefined && !next.refusedAddresses.includes(change.refusedAddress)) {
    next.refusedAddresses = [...next.refusedAddresses, change.refusedAddress];
  }
  if (change.detail !== undefined && reasonEvents.has(change.event) && verdict !== 'refused') {
    next.reason = change.detail;
  }
  if (next.purpose !== 'notification')
    tellResult(next, { change, now, ended: verdict === 'changed' && over });
  return next as Push;
}

/** What only a push without a session has: octets to forget, and an initiator to tell. */
function tellResult(
  next: Changeable<MessagePush>,
  { change, now, ended }: { readonly change: PushChange; readonly now: number; readonly ended: boolean },
): void {
  // Whoever asked for the result is told each end of it, the belated one too.
  if (ended) {
    next.body = new Uint8Array(0);
    delete next.unreadable;
  }
  if (ended && next.initiator?.notifyTo !== undefined) {
    next.resultDueAt = now;
    next.resultFailures = 0;
    delete next.heldResultAt;
  }
  const overtaken = change.resultOf !== undefined && change.resultOf !== next.state;
  if (overtaken) return;
  if (change.resultDueAt === null) delete next.resultDueAt;
  else if (change.resultDueAt !== undefined) {
    next.resultDueAt = change.resultDueAt;
    next.resultFailures += 1;
  }
}

/** Number of the attempt that an event tells of; `undefined` where it tells of none. */
export function attemptOf({ attempts }: PushRecord, { event, attempt }: PushChange): number | undefined {
  return attemptEvents.has(event) && attempts > 0 ? (attempt ?? attempts) : undefined;
}

function isStale(current: PushRecord, { lease }: PushChange): boolean {
  return lease !== undefined && lease !== current.lease;
}

/** What the carrier calls a push that it gave up: only carriers name one when it failed. */
function givenUpOf({ reference }: PushRecord, change: PushChange): string | undefined {
  if (change.event !== 'attempt-failed' || change.reference === reference) return undefined;
  return change.reference;
}

function isRemark(event: PushEventName): event is PushRemark {
  return remarks.has(event);
}
