// What the time of a campaign has come for: its start, the judgement of what it came to so far, its end.
import type { Clock } from '../../core/index.ts';
import {
  type CampaignChange,
  type CampaignCount,
  type CampaignRecord,
  canarySize,
  type Store,
} from '../../store/index.ts';
import { judge } from '../campaign-rules/judge.ts';
import type { CampaignRun } from './campaign-run.ts';
import { close, isExpired } from './closing.ts';
import { selectionOf } from './look-up.ts';

/** What steps are made with. */
export interface StepContext {
  readonly store: Store;
  readonly clock: Clock;
  /** Campaigns of more devices need a second owner; `undefined`: none does. */
  readonly approvalAbove: number | undefined;
  /** Writes a change of a campaign. */
  readonly write: (run: CampaignRun, change: CampaignChange) => Promise<unknown>;
  /** Lets go what a campaign kept back. */
  readonly release: (id: string) => Promise<void>;
}

/** So much larger than it was approved a campaign may be when it starts. */
const approvedTimes = 1.1;

/** How long what is under way is waited for before the end of a campaign is looked at unasked, in milliseconds. */
const closingMs = 30_000;

/** Does what the time of a campaign has come for; gives after how many milliseconds there is more. Rejects as the store does. */
export async function advance(run: CampaignRun, context: StepContext): Promise<number> {
  const { store, clock } = context;
  if (run.stale) run.counts = await store.campaignCounts(run.id);
  // How long a canary is waited for is a wait, which the store moves when the clock is set.
  const moved = run.record.step === 'canary-wait' ? await store.campaign(run.id) : undefined;
  if (moved !== undefined) run.put(moved, clock.monotonic());
  const now = clock.now();
  const { record } = run;
  const { plan, state } = record;
  if (state === 'cancelled' || isExpired(record, now)) return await end(run, context);
  if (state === 'running') return await goOn(run, context);
  if (state !== 'scheduled') return plan.expiresAt - now;
  if (plan.startAt !== undefined && plan.startAt > now) return Math.min(plan.startAt, plan.expiresAt) - now;
  await begin(run, context);
  return 0;
}

/** How many devices a campaign has, or would have. Rejects as the store does. */
export async function countOf(
  record: Pick<CampaignRecord, 'plan' | 'accounts' | 'devices'>,
  { store }: Pick<StepContext, 'store'>,
): Promise<number> {
  return record.plan.target.by === 'list' ? record.devices : await store.countDevices(selectionOf(record));
}

/** True where so many devices may not be begun without a second owner, or without another look of that. */
export function needsApproval(
  approval: CampaignRecord['approval'],
  devices: number,
  { approvalAbove }: Pick<StepContext, 'approvalAbove'>,
): boolean {
  if (approvalAbove === undefined || devices <= approvalAbove) return false;
  return approval === undefined || devices > approval.devices * approvedTimes;
}

/** What a campaign is changed to when it starts. */
export function startOf(
  { plan }: Pick<CampaignRecord, 'plan'>,
  devices: number,
  now: number,
): CampaignChange {
  return {
    state: 'running',
    step: plan.canary === undefined ? 'rest' : 'canary',
    devices,
    // The devices of a list are there already, and so is its canary.
    ...(plan.target.by === 'filter' && { canaryDevices: canarySize(plan.canary, devices) }),
    startedAt: now,
    reason: null,
  };
}

/** Counts anew, and starts unless somebody has to approve that. */
async function begin(run: CampaignRun, context: StepContext): Promise<void> {
  const { record } = run;
  const devices = await countOf(record, context);
  if (!needsApproval(record.approval, devices, context)) {
    await context.write(run, startOf(record, devices, context.clock.now()));
    return;
  }
  await context.write(run, {
    state: 'awaiting-approval',
    devices,
    approval: null,
    reason: grownReason(devices),
  });
}

/**
 * Has one wait for another owner of which more devices were found than he approved, or than need nobody: a live one grows, and so
 * does one that is looked for slowly. What it has begun ends; the others wait. Within its turn, before any of them is begun.
 */
export async function holdGrown(run: CampaignRun, context: StepContext): Promise<void> {
  if (context.approvalAbove === undefined || run.record.state !== 'running') return;
  const counts = await context.store.campaignCounts(run.id);
  run.counts = counts;
  const found = counts.reduce((sum, { count }) => sum + count, 0);
  if (!needsApproval(run.record.approval, found, context)) return;
  const devices = Math.max(found, await countOf(run.record, context));
  await context.write(run, {
    state: 'awaiting-approval',
    devices,
    approval: null,
    reason: grownReason(devices),
  });
}

async function end(run: CampaignRun, context: StepContext): Promise<number> {
  const { record } = run;
  const closing = await close(run, context);
  if (closing !== 'done') return closing === 'more' ? 0 : closingMs;
  const endedAt = context.clock.now();
  const cancelled = record.state === 'cancelled';
  const reason = record.reason ?? 'its time was over';
  await context.write(
    run,
    cancelled ? { state: 'cancelled', endedAt } : { state: 'expired', endedAt, reason },
  );
  return 0;
}

/** Judges a campaign that is running. */
async function goOn(run: CampaignRun, context: StepContext): Promise<number> {
  const { write, clock } = context;
  const { record, counts } = run;
  const { plan, step } = record;
  const now = clock.now();
  if (isThrough(run) && (step === 'rest' || !anyEnded(counts))) {
    await write(run, { state: 'completed', endedAt: now });
    return 0;
  }
  const judgement = judge(record, counts, now);
  switch (judgement.verdict) {
    case 'stop':
      await write(run, { state: 'stopped', reason: judgement.reason });
      return 0;
    case 'rest':
      await write(run, { step: 'rest' });
      return 0;
    case 'wait':
      return Math.min(judgement.until, plan.expiresAt) - now;
    default:
  }
  if (step !== 'canary' || !(await canaryIsOut(run, context))) return plan.expiresAt - now;
  await write(run, { step: 'canary-wait', canaryAt: now });
  return 0;
}

/** True when all devices have been found, and all of them have ended. */
function isThrough({ record, open }: CampaignRun): boolean {
  const { target } = record.plan;
  const live = target.by === 'filter' && target.mode === 'live';
  return record.lookedUp && !live && open.pending + open.underWay === 0;
}

function anyEnded(counts: readonly CampaignCount[]): boolean {
  return counts.some(({ state }) => state === 'completed' || state === 'failed' || state === 'expired');
}

/** True when all of the canary has been begun that is due, and some of it has. */
async function canaryIsOut({ id, record, counts }: CampaignRun, { store }: StepContext): Promise<boolean> {
  let size = 0;
  let pending = 0;
  for (const { step, state, count } of counts) {
    if (step !== 'canary') continue;
    size += count;
    if (state === 'pending') pending += count;
  }
  if (size < record.canaryDevices && !record.lookedUp) return false;
  if (pending === 0) return size > 0;
  if (pending === size) return false;
  // Those that wait for a day, for they were woken so often, are begun with the rest.
  const { carriers } = await store.pendingCarriers(id, 'canary');
  return carriers.length === 0;
}

function grownReason(devices: number): string {
  return `it has ${devices} devices by now: somebody else has to approve that`;
}
