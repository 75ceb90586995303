// What happens to a notification that is due: a pure function of its record, the policy and the time.
import type { NotificationChange, NotificationRecord } from '../store/index.ts';
import type { PushPolicy } from './push-policy.ts';

/** The change that a due notification gets when it is claimed: it is sent, sent again, or over. */
export function decide(due: NotificationRecord, policy: PushPolicy, now: number): NotificationChange {
  if (due.state === 'answered') {
    // Nothing came of the session: the one who held it has crashed, or says that it broke off.
    const why = due.reason ?? 'the session did not go on';
    if (due.sends >= policy.attempts) return { event: 'failed', detail: `after ${due.sends} pushes: ${why}` };
    if (now >= due.expiresAt) return { event: 'failed', detail: `no time left for another push: ${why}` };
    return { event: 'sending', detail: why };
  }
  if (now >= due.expiresAt) {
    const how = due.sends === 0 ? 'before a push went out' : `unanswered after ${pushes(due.sends)}`;
    return { event: 'expired', detail: `its time ended ${how}${lastReason(due)}` };
  }
  if (due.state === 'queued' || due.state === 'sending') return { event: 'sending' };
  if (due.sends >= policy.attempts) {
    return { event: 'failed', detail: `no answer after ${pushes(due.sends)}${lastReason(due)}` };
  }
  return { event: 'sending', detail: 'no answer so far' };
}

function pushes(count: number): string {
  return count === 1 ? '1 push' : `${count} pushes`;
}

/** What an earlier attempt or session met: who reads the end of it should not have to search the timeline. */
function lastReason({ reason }: NotificationRecord): string {
  return reason === undefined ? '' : `; met on the way: ${reason}`;
}
