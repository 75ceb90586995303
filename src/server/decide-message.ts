// What happens to a push message that is due: a pure function of its record, the policy and the time.
import type { PushMessageChange, PushMessageRecord } from '../store/index.ts';
import type { PushPolicy } from './push-policy.ts';

/** The change that a due push message gets when it is claimed: it is sent, or over. */
export function decideMessage(due: PushMessageRecord, policy: PushPolicy, now: number): PushMessageChange {
  if (due.state === 'accepted') {
    return { event: 'unreported', detail: 'its time ended before the carrier said what became of it' };
  }
  const met = due.reason === undefined ? '' : `; met on the way: ${due.reason}`;
  if (now >= due.expiresAt) return { event: 'expired', detail: `its time ended before it was taken${met}` };
  if (due.attempts >= policy.messageAttempts) {
    return { event: 'failed', detail: `after ${due.attempts} attempts${met}` };
  }
  return { event: 'sending' };
}
