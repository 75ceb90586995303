// Pushes of campaigns: whether an attempt of one may begin now. Pushes that no campaign made pass without being looked at.
import type { PushChange, PushRecord } from '../../store/index.ts';

/** Whether attempts may begin; times in milliseconds since the POSIX epoch. */
export type Gate =
  | { readonly open: true }
  | {
      readonly open: false;
      /** When it opens by itself; absent: only when somebody lets it. */
      readonly opensAt?: number;
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
 * joined it, and none of them keeps it back.
 */
export function keptBack(
  { campaign, campaigns, expiresAt }: Pick<PushRecord, 'campaign' | 'campaigns' | 'expiresAt'>,
  gates: PushGates | undefined,
  now: number,
): Pick<PushChange, 'detail' | 'dueAt' | 'gated'> | undefined {
  if (campaign === undefined || gates === undefined) return undefined;
  const gate = gates.of(campaigns ?? [campaign], now);
  if (gate.open) return undefined;
  return { detail: gate.why, dueAt: Math.min(gate.opensAt ?? expiresAt, expiresAt), gated: true };
}
