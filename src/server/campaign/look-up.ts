// Which devices a campaign is for: looked for in order of id, some at a time, while those found first are begun already.

import {
  type CampaignRecord,
  type CampaignStore,
  canarySize,
  type DeviceStore,
  type FoundDevice,
} from '../../store/index.ts';
import { deviceFilter } from '../record/device-service.ts';
import { loopTurn } from '../work/loop-turns.ts';
import type { CampaignRun } from './campaign-run.ts';
import { type ContentReading, found } from './content.ts';

/** What is looked with. */
export interface LookUpOptions {
  readonly store: Pick<CampaignStore, 'addCampaignDevices'> & Pick<DeviceStore, 'listDevices'>;
  readonly reading: ContentReading;
}

/** Devices of one look: a millisecond or two of the event loop. */
const pageSize = 100;

/** Pages that are written together. */
const pagesAtOnce = 5;

/** How often a live campaign looks again, in milliseconds, and so many times as long as a look took at least. */
export const lookAgain = Object.freeze({ everyMs: 60_000, times: 20 });

/** Whose devices a campaign means. */
export function selectionOf({ plan, accounts }: Pick<CampaignRecord, 'plan' | 'accounts'>) {
  const { target } = plan;
  return {
    ...(target.by === 'filter' && { filter: deviceFilter(target.filter) }),
    ...(accounts !== undefined && { accounts }),
  };
}

/** True for a campaign whose devices are still to be looked for, the first time or again. */
export function mayLookUp({ record, looking, lookAgainAt }: CampaignRun, now: number): boolean {
  const { target } = record.plan;
  if (looking || record.state !== 'running' || target.by !== 'filter') return false;
  return !record.lookedUp || (target.mode === 'live' && now >= lookAgainAt);
}

/** Devices that were found. */
export interface Look {
  /** True when there are no more. */
  readonly isLast: boolean;
  /** Keeps them, with how far was looked, and gives how the campaign stands then. Rejects as the store does. */
  readonly keep: () => Promise<CampaignRecord>;
}

/**
 * Looks for some more devices. A process that dies goes on from what was kept last; a live campaign that looks again begins
 * from the beginning. Rejects as the store does.
 */
export async function findDevices(run: CampaignRun, { store, reading }: LookUpOptions): Promise<Look> {
  const { record } = run;
  const again = record.lookedUp;
  const selection = selectionOf(record);
  const devices: FoundDevice[] = [];
  let after = again ? run.lookedTo : record.cursor;
  let isLast = false;
  // The first are not to wait for the others.
  const most = after === undefined ? 1 : pagesAtOnce;
  for (let page = 0; page < most && !isLast; page += 1) {
    await loopTurn();
    const wanted = { ...selection, limit: pageSize, ...(after !== undefined && { after }) };
    const { items, next } = await store.listDevices(wanted);
    for (const device of items) devices.push(found(record.plan.content, device, reading));
    after = items.at(-1)?.id ?? after;
    isLast = next === undefined;
  }
  if (again) run.lookedTo = isLast ? undefined : after;
  return {
    isLast,
    keep: async () => {
      if (again && devices.length === 0) return run.record;
      return store.addCampaignDevices(record.id, devices, {
        ...(!again && after !== undefined && { cursor: after }),
        ...(!again && isLast && { lookedUp: true }),
        canaryDevices: canaryOf(run.record, devices.length),
      });
    },
  };
}

/** A live campaign that had no devices when it started has its canary of those that are found first. */
function canaryOf({ plan, step, canaryDevices, devices }: CampaignRecord, count: number): number {
  if (canaryDevices > 0 || step !== 'canary') return canaryDevices;
  return canarySize(plan.canary, Math.max(devices, count));
}
