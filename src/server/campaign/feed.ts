// Devices of a campaign begun: so many as its pace and its carriers have room for, in one transaction with what they get.

import type { Clock } from '../../core/index.ts';
import type {
  CampaignDevice,
  CampaignDeviceStep,
  CampaignStore,
  DeviceStore,
  FeedItem,
} from '../../store/index.ts';
import { devicesById } from '../input/known-devices.ts';
import type { CampaignRun } from './campaign-run.ts';
import type { CarrierRooms } from './carrier-room.ts';
import { type ContentReading, itemsOf, wakes } from './content.ts';
import type { CampaignGates } from './gates.ts';

/** What is fed with. */
export interface FeedContext {
  readonly store: Pick<CampaignStore, 'pendingDevices' | 'wakesSince' | 'feedCampaign'> &
    Pick<DeviceStore, 'devices'>;
  readonly reading: ContentReading;
  readonly rooms: CarrierRooms;
  readonly gates: CampaignGates;
  readonly clock: Clock;
  /** Wakes of a device within 24 hours where a campaign says nothing; `undefined`: as many as there are. */
  readonly wakesPerDay: number | undefined;
  /** Called with how many devices were begun. */
  readonly onBegun: (count: number) => void;
  /** Called when jobs may have been made. */
  readonly onJobs: () => void;
  /** By id. */
  readonly runs: ReadonlyMap<string, CampaignRun>;
}

/** Most devices that are begun at once. */
export const largestFeed = 500;

/** Tokens are waited for until so many milliseconds' worth is there, so that devices are not begun one by one. */
const gatherMs = 100;

const dayMs = 86_400_000;

/** What came of one try. */
export interface Fed {
  /** Devices that were found; fewer than asked for where there are no more. */
  readonly found: number;
  readonly begun: number;
}

/**
 * How many devices of a carrier may be begun now; where that is none, and time alone changes it, after how many milliseconds.
 */
export function mayFeed(
  run: CampaignRun,
  carrier: string | null,
  { rooms, clock }: Pick<FeedContext, 'rooms' | 'clock'>,
): { readonly count: number; readonly waitMs: number } {
  const now = clock.monotonic();
  const tokens = run.tokens.available(carrier, now);
  const worth = Math.min(largestFeed, Math.max(1, tokensIn(run, carrier)));
  if (tokens < worth) {
    const waitMs = run.tokens.waitMs(carrier, worth, now);
    if (waitMs > 0) return { count: 0, waitMs };
  }
  const count = Math.min(largestFeed, tokens, rooms.room(carrier));
  return { count, waitMs: Infinity };
}

/** Begins up to `count` devices of one carrier. Rejects as the store does. */
export async function feed(
  run: CampaignRun,
  carrier: string | null,
  step: CampaignDeviceStep,
  count: number,
  context: FeedContext,
): Promise<Fed> {
  const { store, clock, gates, reading } = context;
  const { record } = run;
  const pending = await store.pendingDevices({ campaign: record.id, carrier, step, limit: count });
  if (pending.length === 0) return { found: 0, begun: 0 };
  const ids = pending.map(({ deviceId }) => deviceId);
  const [known, waits] = await Promise.all([devicesById(store, ids), waitsOf(run, ids, context)]);
  const devices = ids.map((deviceId) => ({ deviceId, device: known.get(deviceId) }));
  const items = placed(run, pending, await itemsOf(record, devices, waits, reading), context);
  const now = clock.now();
  const open = gates.openNow(now);
  const fed = await store.feedCampaign(record.id, items, {
    joinable: open,
    alongside: open.filter((id) => id !== record.id && isWake(context.runs.get(id))),
    ...(record.actor !== undefined && { actor: record.actor }),
  });
  let begun = 0;
  const at = clock.monotonic();
  for (const [index, { outcome, alsoFor }] of fed.entries()) {
    const item = items[index];
    if (outcome === 'begun') {
      begun += 1;
      run.tokens.take(carrierOf(item) ?? carrier, 1, at);
    }
    if (item?.do === 'defer') run.nextDueAt[step] = Math.min(run.nextDueAt[step], item.dueAt);
    // It is somewhere else by now.
    if (item?.do === 'place') run.carriers[step] = undefined;
    for (const other of alsoFor ?? []) context.runs.get(other)?.forgetCarriers();
  }
  if (begun > 0 && record.plan.content.kind === 'job') context.onJobs();
  if (begun > 0) context.onBegun(begun);
  run.rate.add(begun, at);
  run.stale = true;
  return { found: pending.length, begun };
}

/** Who has been woken as often as may be in a day waits until the first of those wakes is a day old. */
async function waitsOf(
  run: CampaignRun,
  ids: readonly string[],
  { store, clock, wakesPerDay }: FeedContext,
): Promise<ReadonlyMap<string, number>> {
  const { plan } = run.record;
  const most = plan.wakesPerDay ?? wakesPerDay;
  const waits = new Map<string, number>();
  if (most === undefined || !wakes(plan.content)) return waits;
  const now = clock.now();
  for (const [id, { count, oldestAt }] of await store.wakesSince(ids, now - dayMs)) {
    if (count >= most) waits.set(id, Math.max(now + 1, oldestAt + dayMs));
  }
  return waits;
}

/**
 * What has another carrier than was expected is begun where that has room, and else noted under it. Devices of a list have none
 * before they are looked at.
 */
function placed(
  run: CampaignRun,
  pending: readonly CampaignDevice[],
  items: readonly FeedItem[],
  context: FeedContext,
): readonly FeedItem[] {
  const left = new Map<string, number>();
  return items.map((item, index): FeedItem => {
    const carrier = carrierOf(item);
    if (carrier === undefined || carrier === pending[index]?.carrier) return item;
    const room = left.get(carrier) ?? mayFeed(run, carrier, context).count;
    left.set(carrier, room - 1);
    return room > 0 ? item : { deviceId: item.deviceId, do: 'place', carrier };
  });
}

/** The carrier that what a device gets begins with. */
function carrierOf(item: FeedItem | undefined): string | undefined {
  if (item?.do === 'wake' || item?.do === 'message') return item.request.carrier;
  return item?.do === 'job' ? item.request.wake?.carrier : undefined;
}

function isWake(run: CampaignRun | undefined): boolean {
  return run?.record.plan.content.kind === 'wake';
}

function tokensIn({ record }: CampaignRun, carrier: string | null): number {
  const { pace } = record.plan;
  const own = carrier !== null && pace?.carriers !== undefined && Object.hasOwn(pace.carriers, carrier);
  const rate = Math.min(pace?.perSecond ?? Infinity, own ? (pace.carriers?.[carrier] ?? Infinity) : Infinity);
  return Number.isFinite(rate) ? Math.floor((rate * gatherMs) / 1000) : 0;
}
