// What happens to a push message that is due: a pure function of its record and the time.
import { parseAddress } from '../../push/index.ts';
import type { PushMessageChange, PushMessageEvent, PushMessageRecord } from '../../store/index.ts';
import { backOffMs, type PushPolicy } from './push-policy.ts';

/** The change that a due push message gets when it is claimed: it is sent, or over. */
export function decideMessage(due: PushMessageRecord, now: number): PushMessageChange {
  if (due.state === 'accepted') {
    return { event: 'unreported', detail: 'its time ended before the carrier said what became of it' };
  }
  const met = due.reason === undefined ? '' : `; met on the way: ${due.reason}`;
  if (now >= due.expiresAt) return { event: 'expired', detail: `its time ended before it was taken${met}` };
  return { event: 'sending' };
}

/** What a change is decided with. */
export interface GiveUpContext {
  readonly policy: PushPolicy;
  readonly now: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/**
 * The change that a message gets when the carrier of its current push has given that up; `undefined` when the push of
 * the report is not the current one, or nothing is waited for. It names the claim, so it counts once.
 * @param timeline of the message, with the report on it
 */
export function decideGivenUp(
  message: PushMessageRecord,
  timeline: readonly PushMessageEvent[],
  { policy, now, random }: GiveUpContext,
): PushMessageChange | undefined {
  const { state, lease, sends, failures, expiresAt } = message;
  if (state !== 'accepted' && state !== 'unreported') return undefined;
  const accepted = timeline.findLast(({ event }) => event === 'accepted');
  const report = timeline.findLast(
    ({ event, reference }) =>
      event === 'attempt-failed' && reference !== undefined && reference === accepted?.reference,
  );
  if (report === undefined) return undefined;
  const detail = report.detail ?? 'the carrier gave it up';
  if (state === 'unreported' || sends >= policy.attempts || now >= expiresAt) {
    return { event: 'failed', lease, detail };
  }
  const scheme = accepted?.address === undefined ? undefined : parseAddress(accepted.address).scheme;
  const dueAt = Math.min(now + backOffMs(policy, failures, random, scheme), expiresAt);
  return { event: 'queued', lease, detail, dueAt };
}
