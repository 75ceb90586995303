// Pushes of campaigns: whether an attempt of one may begin now. Pushes that no campaign made pass without being looked at.
import type { PushChange, PushRecord } from '../../store/index.ts';
import { timeoutOf } from './notification-life.ts';

/** Whether attempts may begin; times in milliseconds since the POSIX epoch. */
export type Gate =
  | { readonly open: true }
  | {
      readonly open: false;
      /** When it opens by itself; absent: only when somebody lets it. */
      readonly opensAt?: number;
      /** Where it never opens again, for its campaigns are over: how the last of them ended. */
      readonly over?: 'cancelled' | 'expired';
      /** In words, for the timeline. */
      readonly why: string;
    };

/** Knows campaigns, without asking the store. */
export interface PushGates {
  /** How it stands for pushes of these campaigns: open where one of them lets attempts begin. */
  of(campaigns: readonly string[], now: number): Gate;
}

/**
 * What keeps a push back; `undefined` where its attempt may begin. One that somebody else asked for belongs to campaigns that
 * joined it, and none of them keeps it back. One whose campaigns are over ends, for no attempt of it begins any more; but not before
 * the end of a TIMEOUT that went out with it.
 */
export function keptBack(
  push: PushRecord,
  gates: PushGates | undefined,
  now: number,
): PushChange | undefined {
  const { campaign, campaigns, expiresAt } = push;
  if (campaign === undefined || gates === undefined) return undefined;
  const gate = gates.of(campaigns ?? [campaign], now);
  if (gate.open) return undefined;
  if (gate.over !== undefined && !isPromised(push)) return endOf(push, gate.over, gate.why);
  const dueAt = Math.min(gate.opensAt ?? expiresAt, expiresAt);
  return { event: 'note', detail: gate.why, dueAt, gated: true };
}

/** What has not left is cancelled, as it is by what ends a campaign. */
function endOf(
  { purpose, state, sends }: PushRecord,
  over: 'cancelled' | 'expired',
  why: string,
): PushChange {
  if (state === 'answered')
    return { event: 'failed', detail: `${why}: no push after that`, cause: 'SESSION' };
  // A carrier may be taking the message now: nobody can call that back.
  const isOut = purpose === 'message' && state === 'sending';
  if ((over === 'cancelled' || sends === 0) && !isOut) return { event: 'cancelled', detail: why };
  return sends === 0
    ? { event: 'expired', detail: why, cause: 'UNSENT' }
    : { event: 'expired', detail: `${why}, and nobody answered`, cause: 'NO_ANSWER' };
}

/** True for one whose Session-ID has to stay valid (spec-notes ruling 25). */
function isPromised(push: PushRecord): boolean {
  return push.purpose === 'notification' && push.sends > 0 && timeoutOf(push) !== undefined;
}
