// What happens to a push that is due, or that its carrier gave up: pure functions of its record, the policy and the time.
import type { AddressScheme } from '../../push/index.ts';
import type { MessagePush, NotificationPush, PushChange, PushRecord } from '../../store/index.ts';
import { timeoutOf } from './notification-life.ts';
import { backOffMs, type PushPolicy } from './push-policy.ts';

/**
 * The change that a due push gets when it is claimed: it is sent, sent again, or over. To a device that is suspended nothing goes
 * out.
 */
export function decideDue(due: PushRecord, policy: PushPolicy, now: number, suspended = false): PushChange {
  const change = decideAwake(due, policy, now);
  if (!suspended || change.event !== 'sending') return change;
  const kept = due.purpose === 'notification' && due.sends > 0 ? wait(due, now) : undefined;
  return kept ?? suspendedChange;
}

/** What becomes of a push that would go to a device which is suspended. */
export const suspendedChange: PushChange = {
  event: 'failed',
  detail: 'the device is suspended',
  cause: 'SUSPENDED',
};

function decideAwake(due: PushRecord, policy: PushPolicy, now: number): PushChange {
  return due.purpose === 'notification' ? decideNotification(due, policy, now) : decideMessage(due, now);
}

/**
 * One with a TIMEOUT is not given up before its time, for its Session-ID was promised to be valid until then (spec-notes
 * ruling 25).
 */
function decideNotification(due: NotificationPush, policy: PushPolicy, now: number): PushChange {
  if (due.state === 'answered') {
    // Nothing came of the session: the one who held it has crashed, or says that it broke off.
    const why = due.reason ?? 'the session did not go on';
    if (due.sends >= policy.attempts) {
      return (
        wait(due, now) ?? { event: 'failed', detail: `after ${due.sends} pushes: ${why}`, cause: 'SESSION' }
      );
    }
    if (now >= due.expiresAt)
      return { event: 'failed', detail: `no time left for another push: ${why}`, cause: 'SESSION' };
    return { event: 'sending', detail: why };
  }
  if (now >= due.expiresAt) {
    const how = due.sends === 0 ? 'before a push went out' : `unanswered after ${pushes(due.sends)}`;
    return { event: 'expired', detail: `its time ended ${how}${lastReason(due)}` };
  }
  if (due.state === 'queued' || due.state === 'sending') return { event: 'sending' };
  if (due.sends >= policy.attempts) {
    return (
      wait(due, now) ?? {
        event: 'failed',
        detail: `no answer after ${pushes(due.sends)}${lastReason(due)}`,
        cause: 'NO_ANSWER',
      }
    );
  }
  return { event: 'sending', detail: 'no answer so far' };
}

/** Its carrier has the last word; without one it goes out until its time ends. */
function decideMessage(due: MessagePush, now: number): PushChange {
  if (due.state === 'accepted') {
    return { event: 'unreported', detail: 'its time ended before the carrier said what became of it' };
  }
  if (now >= due.expiresAt) {
    return { event: 'expired', detail: `its time ended before it was taken${lastReason(due)}` };
  }
  return { event: 'sending' };
}

/** What a giving up is decided with. */
export interface GiveUpContext {
  readonly policy: PushPolicy;
  readonly now: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Of the route that the push took, where it is known. */
  readonly scheme?: AddressScheme | undefined;
}

/**
 * The change of a push whose carrier has given up what it had taken last; `undefined` when nothing is waited for. A
 * notification need not wait for an answer any more; a message goes back into the queue while time and attempts are left.
 * It names the claim, so it counts once. The pause grows with each push that a carrier took.
 * @param why what the carrier said, in words
 */
export function decideGivenUp(
  push: PushRecord,
  why: string,
  { policy, now, random, scheme }: GiveUpContext,
): PushChange | undefined {
  const { purpose, state, lease, sends, expiresAt } = push;
  if (state !== 'accepted' && state !== 'unreported') return undefined;
  const again = (): number => Math.min(now + backOffMs(policy, sends - 1, random, scheme), expiresAt);
  if (purpose === 'notification') return { event: 'note', lease, detail: why, dueAt: again() };
  if (state === 'unreported' || sends >= policy.attempts || now >= expiresAt) {
    return { event: 'failed', lease, detail: why, cause: 'UNDELIVERED' };
  }
  return { event: 'queued', lease, detail: why, dueAt: again() };
}

/** Waits for the end of a TIMEOUT without another push; `undefined` when there is none, or it has come. */
function wait(due: NotificationPush, now: number): PushChange | undefined {
  const { expiresAt, sends } = due;
  if (now >= expiresAt || timeoutOf(due) === undefined) return undefined;
  const detail = `no more pushes after ${sends}; its Session-ID stays valid until its time ends`;
  return { event: 'note', detail, dueAt: expiresAt };
}

function pushes(count: number): string {
  return count === 1 ? '1 push' : `${count} pushes`;
}

/** What an earlier attempt or session met: who reads the end of it should not have to search the timeline. */
function lastReason({ reason }: PushRecord): string {
  return reason === undefined ? '' : `; met on the way: ${reason}`;
}
