// How long a campaign takes: of its devices, its pace, what carriers took lately, and its windows. Pure.
import type { CampaignRules } from '../../store/index.ts';
import { windowAt } from './window.ts';

/** What is to be done, and from when. */
export interface EstimateRequest {
  /** Devices that are to be begun, by carrier; `null`: of none known. */
  readonly devices: ReadonlyMap<string | null, number>;
  readonly rules: Pick<CampaignRules, 'pace' | 'windows' | 'timeZone'>;
  /** Pushes a second that a carrier takes, where that is known. */
  readonly rateOf?: (carrier: string) => number | undefined;
  /** Milliseconds since the POSIX epoch. */
  readonly from: number;
  /** How long a canary is waited for before the rest, in milliseconds; 0 without one. */
  readonly canaryWaitMs?: number;
}

/** Windows that are looked through before it is too long to say. */
const mostWindows = 64;

/** When the last device will have been begun, milliseconds since the POSIX epoch; `undefined` when that is too far to say. */
export function estimatedEnd(request: EstimateRequest): number | undefined {
  const { rules, canaryWaitMs = 0 } = request;
  let workMs = workMsOf(request);
  let at = request.from + canaryWaitMs;
  const { windows, timeZone } = rules;
  if (windows === undefined || timeZone === undefined) return at + workMs;
  for (let count = 0; count < mostWindows; count += 1) {
    const state = windowAt(windows, timeZone, at);
    if (!state.open) {
      at = state.opensAt;
      continue;
    }
    if (at + workMs <= state.until) return at + workMs;
    workMs -= state.until - at;
    at = state.until;
  }
  return undefined;
}

/** Milliseconds in which all may be begun, were all windows open. */
function workMsOf({ devices, rules: { pace }, rateOf }: EstimateRequest): number {
  let all = 0;
  let seconds = 0;
  for (const [carrier, count] of devices) {
    all += count;
    if (carrier === null) continue;
    const own =
      pace?.carriers !== undefined && Object.hasOwn(pace.carriers, carrier)
        ? pace.carriers[carrier]
        : undefined;
    const rate = Math.min(own ?? Number.POSITIVE_INFINITY, rateOf?.(carrier) ?? Number.POSITIVE_INFINITY);
    seconds = Math.max(seconds, count / rate);
  }
  return Math.ceil(Math.max(seconds, all / (pace?.perSecond ?? Number.POSITIVE_INFINITY)) * 1000);
}
