// What a campaign would do, before it is made: how many devices, by carrier, how long, and who is left out.
import type { Clock } from '../../core/index.ts';
import type { CampaignRecord, DeviceRecord, DeviceStore } from '../../store/index.ts';
import { estimatedEnd } from '../campaign-rules/estimate.ts';
import { loopTurn } from '../work/loop-turns.ts';
import { type ContentReading, found } from './content.ts';
import { selectionOf } from './look-up.ts';

/** What a preview is made with. */
export interface PreviewContext {
  readonly store: Pick<DeviceStore, 'listDevices' | 'devices'>;
  readonly reading: ContentReading;
  readonly clock: Clock;
  /** Pushes of campaigns a second that left to a carrier lately. */
  readonly rateOf: (carrier: string) => number | undefined;
}

/** Devices that begin with a carrier. */
export interface PreviewCarrier {
  /** Absent: they need none. */
  readonly carrier?: string;
  readonly devices: number;
}

/** Devices that would be left out for one reason. */
export interface PreviewLeftOut {
  readonly reason: string;
  readonly devices: number;
  /** Ids of the first of them. */
  readonly examples: readonly string[];
}

/** What a campaign would do. */
export interface CampaignPreview {
  /** All that it is for. */
  readonly devices: number;
  /** Of those, the ones that were looked at: carriers and who is left out count these. */
  readonly examined: number;
  readonly carriers: readonly PreviewCarrier[];
  readonly leftOut: readonly PreviewLeftOut[];
  /** When the last device would have been begun, milliseconds since the POSIX epoch; absent where nobody can say. */
  readonly estimatedEndAt?: number;
  /** True where a second owner has to approve it. */
  readonly needsApproval: boolean;
  readonly warnings: readonly string[];
}

/** Devices that are looked at, at most. */
const mostExamined = 20_000;
const pageSize = 500;
const examples = 100;

/** Looks at devices of a campaign that is not made yet. `list`: ids of its list. Rejects as the store does. */
export async function examine(
  campaign: Pick<CampaignRecord, 'plan' | 'accounts' | 'devices'>,
  list: readonly string[] | undefined,
  { store, reading, clock, rateOf }: PreviewContext,
): Promise<Omit<CampaignPreview, 'needsApproval' | 'warnings'>> {
  const { plan, devices } = campaign;
  const carriers = new Map<string | null, number>();
  const leftOut = new Map<string, { devices: number; examples: string[] }>();
  let examined = 0;
  const count = (device: DeviceRecord): void => {
    examined += 1;
    const { deviceId, carrier, leftOut: out } = found(plan.content, device, reading);
    if (out === undefined) {
      carriers.set(carrier ?? null, (carriers.get(carrier ?? null) ?? 0) + 1);
      return;
    }
    const of = leftOut.get(out.reason) ?? { devices: 0, examples: [] };
    of.devices += 1;
    if (of.examples.length < examples) of.examples.push(deviceId);
    leftOut.set(out.reason, of);
  };
  for await (const some of pagesOf(campaign, list, store)) for (const device of some) count(device);
  const times = examined === 0 ? 0 : devices / examined;
  const begun = new Map([...carriers].map(([carrier, of]) => [carrier, Math.round(of * times)] as const));
  const paced =
    plan.pace !== undefined ||
    [...begun.keys()].some((carrier) => carrier !== null && rateOf(carrier) !== undefined);
  const from = Math.max(clock.now(), plan.startAt ?? 0);
  const end = paced
    ? estimatedEnd({ devices: begun, rules: plan, rateOf, from, canaryWaitMs: plan.canary?.waitMs ?? 0 })
    : undefined;
  return {
    devices,
    examined,
    carriers: [...carriers].map(([carrier, of]) => ({ ...(carrier !== null && { carrier }), devices: of })),
    leftOut: [...leftOut].map(([reason, of]) => ({ reason, ...of })),
    ...(end !== undefined && { estimatedEndAt: end }),
  };
}

async function* pagesOf(
  campaign: Pick<CampaignRecord, 'plan' | 'accounts'>,
  list: readonly string[] | undefined,
  store: PreviewContext['store'],
): AsyncGenerator<readonly DeviceRecord[], void, undefined> {
  if (list !== undefined) {
    for (let at = 0; at < Math.min(list.length, mostExamined); at += pageSize) {
      await loopTurn();
      yield await store.devices(list.slice(at, at + pageSize));
    }
    return;
  }
  const selection = selectionOf(campaign);
  let after: string | undefined;
  for (let seen = 0; seen < mostExamined; ) {
    await loopTurn();
    const { items, next } = await store.listDevices({
      ...selection,
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    yield items;
    seen += items.length;
    if (next === undefined) return;
    after = next;
  }
}
