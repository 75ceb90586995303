// Whether a campaign goes on: its canary, and the rules by which it stops, judged by what its devices came to. Pure.
import type { CampaignCount, CampaignRecord } from '../../store/index.ts';

/** Devices of a step that is on its way or over, without those that were left out. */
export interface StepTally {
  /** Completed, failed or expired. */
  readonly ended: number;
  /** Failed or expired. */
  readonly failed: number;
  /** Not begun, or begun and not over. */
  readonly open: number;
  /** Of those, begun. */
  readonly underWay: number;
  /** Left out, or ended by request. */
  readonly apart: number;
}

/** What follows. */
export type Judgement =
  | { readonly verdict: 'go-on' }
  /** The canary is out and not judged yet; at the latest then (milliseconds since the POSIX epoch). */
  | { readonly verdict: 'wait'; readonly until: number }
  /** The canary stood the test. */
  | { readonly verdict: 'rest' }
  | { readonly verdict: 'stop'; readonly reason: string };

/** What it is judged by. */
export type Judged = Pick<CampaignRecord, 'plan' | 'step' | 'forgiven' | 'canaryAt' | 'canaryDevices'>;

/** Devices of a step that must have ended before the rate counts, where nothing else is said. */
export const rateFromDefault = 50;

/** Counts of one step as a tally. */
export function tallyOf(counts: readonly CampaignCount[], step: 'canary' | 'rest'): StepTally {
  const tally = { ended: 0, failed: 0, open: 0, underWay: 0, apart: 0 };
  for (const { step: of, state, count } of counts) {
    if (of !== step) continue;
    if (state === 'pending' || state === 'under-way') tally.open += count;
    if (state === 'under-way') tally.underWay += count;
    if (state === 'failed' || state === 'expired') tally.failed += count;
    if (state === 'completed' || state === 'failed' || state === 'expired') tally.ended += count;
    if (state === 'left-out' || state === 'cancelled') tally.apart += count;
  }
  return tally;
}

/** Failed devices of both steps. */
export function failuresOf(counts: readonly CampaignCount[]): number {
  return tallyOf(counts, 'canary').failed + tallyOf(counts, 'rest').failed;
}

/** What is forgiven to a campaign that goes on after it stopped: all that failed so far. */
export function forgivenOf(counts: readonly CampaignCount[], step: 'canary' | 'rest') {
  const { ended, failed } = tallyOf(counts, step);
  return { step, ended, failed, failures: failuresOf(counts) };
}

/** What follows of what a campaign came to so far. `now` in milliseconds since the POSIX epoch. */
export function judge(campaign: Judged, counts: readonly CampaignCount[], now: number): Judgement {
  const { step } = campaign;
  const stopped = byNumber(campaign, counts) ?? byRate(campaign, counts, false);
  if (stopped !== undefined) return { verdict: 'stop', reason: stopped };
  return step === 'canary-wait' ? judgeCanary(campaign, counts, now) : { verdict: 'go-on' };
}

/** Failures of the whole campaign, but those that are forgiven. */
function byNumber({ plan, forgiven }: Judged, counts: readonly CampaignCount[]): string | undefined {
  const most = plan.stop?.failures;
  if (most === undefined) return undefined;
  const failed = failuresOf(counts) - (forgiven?.failures ?? 0);
  if (failed <= most) return undefined;
  return `${failed} devices failed, and ${most} may${forgivenText(forgiven?.failures)}`;
}

/** `whole`: however few have ended. */
function byRate(campaign: Judged, counts: readonly CampaignCount[], whole: boolean): string | undefined {
  const { plan, forgiven } = campaign;
  const rate = plan.stop?.failureRate;
  if (rate === undefined) return undefined;
  const step = campaign.step === 'rest' ? 'rest' : 'canary';
  const tally = tallyOf(counts, step);
  const apart = forgiven?.step === step ? forgiven : undefined;
  const ended = Math.max(0, tally.ended - (apart?.ended ?? 0));
  const failed = Math.max(0, tally.failed - (apart?.failed ?? 0));
  if (ended === 0 || failed === 0) return undefined;
  if (!whole && ended < leastEnded(campaign, tally)) return undefined;
  if (failed / ended <= rate) return undefined;
  const of = step === 'canary' ? ' of the canary' : '';
  return `${failed} of ${ended} devices${of} failed: more than ${percent(rate)}${forgivenText(apart?.failed)}`;
}

function judgeCanary(campaign: Judged, counts: readonly CampaignCount[], now: number): Judgement {
  const { plan, canaryAt = now } = campaign;
  const tally = tallyOf(counts, 'canary');
  if (tally.underWay > 0) {
    const until = canaryAt + (plan.canary?.waitMs ?? 0);
    if (now < until) return { verdict: 'wait', until };
    const least = leastEnded(campaign, tally);
    if (tally.ended < least) {
      const size = tally.ended + tally.underWay;
      return {
        verdict: 'stop',
        reason: `the canary could not be judged: ${tally.ended} of ${size} ended`,
      };
    }
  } else if (tally.ended === 0) {
    const why = tally.apart === 0 ? 'it had no devices' : 'all its devices were left out or cancelled';
    return { verdict: 'stop', reason: `the canary could not be judged: ${why}` };
  }
  const stopped = byRate(campaign, counts, true);
  return stopped === undefined ? { verdict: 'rest' } : { verdict: 'stop', reason: stopped };
}

/** How many must have ended before the rate counts: of a canary that is smaller than that, all that were begun. */
function leastEnded({ plan, step }: Judged, { ended, underWay, open }: StepTally): number {
  const from = plan.stop?.rateFrom ?? rateFromDefault;
  if (step === 'rest') return from;
  return Math.min(from, ended + (step === 'canary' ? open : underWay));
}

function percent(rate: number): string {
  return `${Number((rate * 100).toPrecision(6))} %`;
}

function forgivenText(forgiven: number | undefined): string {
  return forgiven === undefined || forgiven === 0 ? '' : ` (without ${forgiven} before it was resumed)`;
}
