// What happens to a notification that is due: a pure function of its record, the policy and the time.
import type { NotificationChange, NotificationRecord } from '../../store/index.ts';
import { timeoutOf } from './notification-life.ts';
import type { PushPolicy } from './push-policy.ts';

/**
 * The change that a due notification gets when it is claimed: it is sent, sent again, or over. One with a TIMEOUT is not
 * given up before its time, for its Session-ID was promised to be valid until then (spec-notes ruling 25).
 */
export function decide(due: NotificationRecord, policy: PushPolicy, now: number): NotificationChange {
  if (due.state === 'answered') {
    // Nothing came of the session: the one who held it has crashed, or says that it broke off.
    const why = due.reason ?? 'the session did not go on';
    if (due.sends >= policy.attempts) {
      return wait(due, now) ?? { event: 'failed', detail: `after ${due.sends} pushes: ${why}` };
    }
    if (now >= due.expiresAt) return { event: 'failed', detail: `no time left for another push: ${why}` };
    return { event: 'sending', detail: why };
  }
  if (now >= due.expiresAt) {
    const how = due.sends === 0 ? 'before a push went out' : `unanswered after ${pushes(due.sends)}`;
    return { event: 'expired', detail: `its time ended ${how}${lastReason(due)}` };
  }
  if (due.state === 'queued' || due.state === 'sending') return { event: 'sending' };
  if (due.sends >= policy.attempts) {
    return (
      wait(due, now) ?? { event: 'failed', detail: `no answer after ${pushes(due.sends)}${lastReason(due)}` }
    );
  }
  return { event: 'sending', detail: 'no answer so far' };
}

/** Waits for the end of a TIMEOUT without another push; `undefined` when there is none, or it has come. */
function wait(due: NotificationRecord, now: number): NotificationChange | undefined {
  const { format, message, expiresAt, sends } = due;
  if (now >= expiresAt || timeoutOf({ format, fields: message }) === undefined) return undefined;
  const detail = `no more pushes after ${sends}; its Session-ID stays valid until its time ends`;
  return { event: 'note', detail, dueAt: expiresAt };
}

function pushes(count: number): string {
  return count === 1 ? '1 push' : `${count} pushes`;
}

/** What an earlier attempt or session met: who reads the end of it should not have to search the timeline. */
function lastReason({ reason }: NotificationRecord): string {
  return reason === undefined ? '' : `; met on the way: ${reason}`;
}
