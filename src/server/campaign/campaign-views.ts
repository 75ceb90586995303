// How a campaign goes on, for those who look at it: counts, rate, when it will be through, what waits for carriers, its canary.
import type { CampaignCount, CampaignRecord } from '../../store/index.ts';
import { estimatedEnd } from '../campaign-rules/estimate.ts';
import { tallyOf } from '../campaign-rules/judge.ts';
import { type WindowState, windowAt } from '../campaign-rules/window.ts';
import type { CampaignRun } from './campaign-run.ts';
import type { CarrierRooms } from './carrier-room.ts';

/** Pushes that wait for a carrier, of all campaigns. */
export interface CampaignQueue {
  /** Absent: for which none has been found yet. */
  readonly carrier?: string;
  readonly waiting: number;
  /** Pushes of campaigns a second that left to it lately; absent: none did. */
  readonly perSecond?: number;
}

/** How a canary stands. */
export interface CanaryProgress {
  readonly devices: number;
  readonly ended: number;
  readonly failed: number;
  /** When it is judged at the latest, milliseconds since the POSIX epoch; absent while it goes out, and when it is judged. */
  readonly judgedBy?: number;
}

/** How a campaign goes on. Times in milliseconds since the POSIX epoch. */
export interface CampaignProgress {
  readonly counts: readonly CampaignCount[];
  /** Devices a second that it began within the last minute. */
  readonly perSecond: number;
  /** When the last device will have been begun, as things stand; absent where nobody can say. */
  readonly estimatedEndAt?: number;
  /** Carriers that pushes of campaigns wait for. */
  readonly queues: readonly CampaignQueue[];
  /** Absent without windows, and when it is over. */
  readonly window?: WindowState;
  /** Absent without a canary. */
  readonly canary?: CanaryProgress;
}

/** How a campaign goes on; `run`: as far as it is at work. `now` is of both clocks. */
export function progressOf(
  record: CampaignRecord,
  counts: readonly CampaignCount[],
  run: CampaignRun | undefined,
  rooms: CarrierRooms,
  now: { readonly wall: number; readonly monotonic: number },
): CampaignProgress {
  const { plan, state, endedAt } = record;
  const { windows, timeZone } = plan;
  const going = endedAt === undefined && windows !== undefined && timeZone !== undefined;
  const perSecond = run?.rate.perSecond(now.monotonic) ?? 0;
  const end = state === 'running' ? endOf(record, counts, perSecond, now.wall) : undefined;
  const canary = canaryOf(record, counts);
  return {
    counts,
    perSecond,
    ...(end !== undefined && { estimatedEndAt: end }),
    queues: [...rooms.waiting()].map(([carrier, waiting]) => {
      const rate = carrier === null ? undefined : rooms.rateOf(carrier);
      return {
        ...(carrier !== null && { carrier }),
        waiting,
        ...(rate !== undefined && { perSecond: rate }),
      };
    }),
    ...(going && { window: windowAt(windows, timeZone, now.wall) }),
    ...(canary !== undefined && { canary }),
  };
}

/** Goes by what it began lately, and where that is nothing by its pace. */
function endOf(
  { plan, step, canaryAt, devices, lookedUp }: CampaignRecord,
  counts: readonly CampaignCount[],
  perSecond: number,
  now: number,
): number | undefined {
  let pending = 0;
  let known = 0;
  for (const { state, count } of counts) {
    known += count;
    if (state === 'pending') pending += count;
  }
  if (!lookedUp) pending += Math.max(0, devices - known);
  if (pending === 0) return undefined;
  const pace = perSecond > 0 && step === 'rest' ? { perSecond } : plan.pace;
  if (pace?.perSecond === undefined) return undefined;
  const { windows, timeZone, canary } = plan;
  const waitEnd = step === 'rest' ? now : Math.max(now, (canaryAt ?? now) + (canary?.waitMs ?? 0));
  const rules = { pace, ...(windows !== undefined && timeZone !== undefined && { windows, timeZone }) };
  return estimatedEnd({ devices: new Map([[null, pending]]), rules, from: now, canaryWaitMs: waitEnd - now });
}

function canaryOf(
  { plan, step, canaryAt }: CampaignRecord,
  counts: readonly CampaignCount[],
): CanaryProgress | undefined {
  if (plan.canary === undefined) return undefined;
  const { ended, failed, open, apart } = tallyOf(counts, 'canary');
  const waits = step === 'canary-wait' && canaryAt !== undefined;
  return {
    devices: ended + open + apart,
    ended,
    failed,
    ...(waits && { judgedBy: canaryAt + plan.canary.waitMs }),
  };
}
