// The end of a campaign that is cancelled, or whose time is over: devices that were not begun are ended, and so is what of it can be.
import type { CampaignRecord, CampaignStore, JobStore, PushQueue, PushReader } from '../../store/index.ts';
import type { CampaignRun } from './campaign-run.ts';

/** What campaigns are ended with. */
export interface ClosingContext {
  readonly store: Pick<CampaignStore, 'endPendingDevices' | 'cancellablePushes'> &
    Pick<PushQueue, 'change'> &
    Pick<PushReader, 'push'> &
    Pick<JobStore, 'cancelJob'>;
  /** Lets go what a campaign kept back. */
  readonly release: (id: string) => Promise<void>;
}

/** Devices that are ended in one transaction, and pushes. */
const setSize = { devices: 2000, pushes: 200 };

/** How the end of a campaign goes on. */
export type Closing = 'more' | 'waits' | 'done';

/** True for a campaign whose time is over, whatever it did when it was. */
export function isExpired({ plan, endedAt }: CampaignRecord, now: number): boolean {
  return endedAt === undefined && now >= plan.expiresAt;
}

/**
 * Does a part of what is to be done: `more` where there is some left, `waits` while something is under way that cannot be ended.
 * One that is cancelled has its pushes cancelled wherever they are; one whose time is over, those that have not left. Of those that have,
 * each ends when it is answered, or when it would be sent again (`keptBack`).
 * Rejects as the store does.
 */
export async function close(run: CampaignRun, { store, release }: ClosingContext): Promise<Closing> {
  const { id, state } = run.record;
  const cancelled = state === 'cancelled';
  const { pending, underWay } = run.open;
  if (pending > 0) {
    const as = cancelled
      ? ({ state: 'cancelled', reason: 'cancelled' } as const)
      : ({ state: 'left-out', reason: 'campaign-over' } as const);
    await store.endPendingDevices(id, as, setSize.devices);
    run.stale = true;
    return 'more';
  }
  if (run.swept !== 'done') {
    const some = await store.cancellablePushes(id, setSize.pushes, run.swept);
    const pushes: string[] = [];
    for (const { pushId, jobId } of some) {
      const push = pushId === undefined ? undefined : await store.push(pushId);
      const left = push !== undefined && push.sends > 0;
      if (!cancelled && left) continue;
      if (jobId !== undefined) await store.cancelJob(jobId, reasonOf(cancelled), run.record.actor);
      else if (pushId !== undefined) pushes.push(pushId);
    }
    const change = { event: 'cancelled', detail: reasonOf(cancelled) } as const;
    if (pushes.length > 0) await store.change(pushes.map((push) => ({ id: push, change })));
    // What was kept back for long, and belongs to others that are over too, or went out before, ends when the engine looks at it.
    if (some.length < setSize.pushes) await release(id);
    run.swept = some.length < setSize.pushes ? 'done' : some.at(-1)?.ordinal;
    run.stale = true;
    return 'more';
  }
  return underWay > 0 ? 'waits' : 'done';
}

function reasonOf(cancelled: boolean): string {
  return cancelled ? 'its campaign was cancelled' : 'the time of its campaign was over';
}
