// What the devices of campaigns came to: heard from pushes and jobs that end, gathered, and written in sets.
import type { Clock, Timer } from '../../core/index.ts';
import {
  type CampaignOutcome,
  type CampaignStore,
  type EventContext,
  isOpenPush,
  type JobStore,
  type JobSummary,
  type PushRecord,
  type SettledCampaign,
} from '../../store/index.ts';
import { failureReason } from '../metrics/failure-reasons.ts';
import { causeOf } from '../metrics/push-metrics.ts';
import { persist } from '../work/persist.ts';
import type { TroubleLog } from '../work/trouble-log.ts';

/** What outcomes are written with. */
export interface CollectorOptions {
  readonly store: Pick<CampaignStore, 'settleCampaignDevices' | 'unsettledDevices'> &
    Pick<JobStore, 'job' | 'cancelJob'>;
  readonly clock: Clock;
  readonly trouble: TroubleLog;
  /** Hears how campaigns stand after a write. Must not throw. */
  readonly onSettled: (settled: readonly SettledCampaign[]) => void;
}

/** How long outcomes wait for company, in milliseconds, and how many are written at once. */
const gatherMs = 25;
const setSize = 500;

/** Most octets of a detail that is kept with a device. */
const longestDetail = 500;

/** Why a job is cancelled whose push came to nothing. */
const inVain = 'the push that was to wake the device for it came to nothing';

/** Writes outcomes until it is stopped. */
export class Collector {
  readonly #options: CollectorOptions;
  #waiting: CampaignOutcome[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #ender = new AbortController();

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** Begins, again too. */
  start(): void {
    this.#ender = new AbortController();
  }

  /** Writes what it has, and nothing more: what comes later is found at the next start. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#begin();
    this.#ender.abort();
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Something happened to a push of campaigns. */
  hear(push: PushRecord, { before, moved, cause }: EventContext): void {
    if (!moved || before === undefined || isOpenPush(push)) return;
    if (!isOpenPush({ purpose: push.purpose, state: before })) return;
    const state = endOf(push);
    if (state === undefined) return;
    const code = causeOf(push, cause);
    this.#add({
      pushId: push.id,
      state,
      reason: code === undefined ? '' : failureReason(code),
      ...(push.reason !== undefined &&
        state !== 'completed' && { detail: push.reason.slice(0, longestDetail) }),
    });
  }

  /** A job is over, which may be that of a campaign. */
  jobOver(job: JobSummary): void {
    const { id: jobId, state, reason, endedAt = 0, expiresAt } = job;
    if (state === 'pending' || state === 'running') return;
    const why =
      state === 'completed'
        ? ''
        : state === 'cancelled'
          ? 'cancelled'
          : endedAt >= expiresAt
            ? 'timeout'
            : 'session';
    this.#add({
      jobId,
      state,
      reason: why,
      ...(reason !== undefined && state !== 'completed' && { detail: reason.slice(0, longestDetail) }),
    });
  }

  /** Looks for what ended unheard in one campaign: before this process, or while the store was in trouble. Rejects as it does. */
  async catchUp(campaign: string): Promise<void> {
    const { store } = this.#options;
    for (;;) {
      const outcomes = await store.unsettledDevices(campaign, setSize);
      if (outcomes.length === 0) return;
      await this.#settle(outcomes.map(withReason));
      if (outcomes.length < setSize) return;
    }
  }

  #add(outcome: CampaignOutcome): void {
    this.#waiting.push(outcome);
    if (this.#waiting.length >= setSize) this.#begin();
    else this.#timer ??= this.#options.clock.after(gatherMs, () => this.#begin());
  }

  #begin(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#writing !== undefined || this.#waiting.length === 0) return;
    const set = this.#waiting.slice(0, setSize);
    this.#waiting = this.#waiting.slice(setSize);
    this.#writing = this.#write(set).finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0) this.#begin();
    });
  }

  async #write(set: readonly CampaignOutcome[]): Promise<void> {
    const { clock, trouble } = this.#options;
    try {
      await persist(() => this.#settle(set), { clock, trouble, signal: this.#ender.signal });
    } catch (error) {
      // A later look finds them.
      trouble.note('outcomes of campaigns could not be written', error);
    }
  }

  async #settle(set: readonly CampaignOutcome[]): Promise<void> {
    const settled = await this.#options.store.settleCampaignDevices(set);
    this.#options.onSettled(settled);
    for (const { jobs } of settled) for (const id of jobs ?? []) await this.#endJob(id);
  }

  /** A device whose push failed is not to do its job some day after all. */
  async #endJob(id: string): Promise<void> {
    const { store } = this.#options;
    const job = await store.job(id);
    if (job?.state === 'pending') await store.cancelJob(id, inVain);
  }
}

/** What a push that is over comes to for its device. */
function endOf({ state }: PushRecord): CampaignOutcome['state'] | undefined {
  switch (state) {
    case 'completed':
    case 'delivered':
    // It left us on a way that tells no more.
    case 'sent':
    case 'unreported':
      return 'completed';
    case 'failed':
    case 'expired':
    case 'cancelled':
      return state;
    default:
      return undefined;
  }
}

/** What was found by looking has no code any more. */
function withReason(outcome: CampaignOutcome): CampaignOutcome {
  if (outcome.reason !== '' || outcome.state === 'completed' || outcome.state === 'left-out') return outcome;
  const reason =
    outcome.state === 'cancelled' ? 'cancelled' : outcome.state === 'expired' ? 'unsent' : 'other';
  return { ...outcome, reason };
}
