// Campaigns and their devices for the suites.
import assert from 'node:assert/strict';
import type {
  CampaignCreation,
  CampaignDevice,
  CampaignPlan,
  CampaignRecord,
  FeedItem,
  FeedOptions,
  FoundDevice,
  Store,
} from '../../store/index.ts';
import { sampleAccount, sampleDevice, sampleRequest } from '../store/store-samples.ts';

/** The plan of wakes for all devices, with what the test changes. */
export function samplePlan(changes: Partial<CampaignPlan> = {}): CampaignPlan {
  return {
    name: 'night',
    content: { kind: 'wake', body: { uiMode: 'background' } },
    target: { by: 'filter', filter: 'family = samsung', mode: 'fixed' },
    expiresAt: Date.UTC(2026, 0, 9),
    ...changes,
  };
}

/** A running campaign of `samplePlan`, with what the test changes. */
export function sampleCampaign(changes: Partial<CampaignCreation> = {}): CampaignCreation {
  return { plan: samplePlan(), state: 'running', owner: 'ann', actor: 'ann/desk', devices: 3, ...changes };
}

/** Devices that are not there yet: so many of the sample account. */
export async function addDevices(store: Store, count: number): Promise<readonly string[]> {
  await store.createAccount(sampleAccount);
  const ids = Array.from({ length: count }, (_, index) => `IMEI:${String(index).padStart(5, '0')}`);
  await store.importDevices(ids.map((id) => ({ input: sampleDevice({ id }) })));
  return ids;
}

/** A campaign to which these were added; all of its devices are there then. */
export async function addCampaign(
  store: Store,
  devices: readonly (string | FoundDevice)[],
  creation: Partial<CampaignCreation> = {},
  canaryDevices = 0,
): Promise<CampaignRecord> {
  const { campaign } = await store.createCampaign(sampleCampaign(creation));
  const found = devices.map((each) => (typeof each === 'string' ? { deviceId: each, carrier: 'a' } : each));
  return await store.addCampaignDevices(campaign.id, found, { lookedUp: true, canaryDevices });
}

/** An item that wakes a device. */
export function wake(deviceId: string): FeedItem {
  return { deviceId, do: 'wake', request: sampleRequest({ deviceId }) };
}

/** Begins devices with wakes of their own; gives the ids of the pushes. */
export async function feedWakes(
  store: Store,
  id: string,
  devices: readonly string[],
  options: Partial<FeedOptions> = {},
): Promise<readonly string[]> {
  const fed = await store.feedCampaign(id, devices.map(wake), { joinable: [], alongside: [], ...options });
  return fed.map(({ pushId }) => pushId ?? '');
}

/** All devices of a campaign, by their ids. */
export async function devicesOf(store: Store, id: string): Promise<ReadonlyMap<string, CampaignDevice>> {
  const found = await store.campaignDevices(id, { limit: 9999 });
  return new Map(found.map((device) => [device.deviceId, device]));
}

/** One device of a campaign. */
export async function deviceOf(store: Store, id: string, deviceId: string): Promise<CampaignDevice> {
  const [found] = await store.campaignDevices(id, { limit: 1, deviceId });
  assert.ok(found, `${deviceId} is there`);
  return found;
}

/** Counts as texts, and what they are when the devices are counted. */
export async function countsOf(store: Store, id: string): Promise<readonly string[]> {
  const counts = (await store.campaignCounts(id)).map(
    ({ step, state, reason, count }) => `${step} ${state} ${reason} ${count}`,
  );
  const counted = new Map<string, number>();
  for (const { step, state, reason } of (await devicesOf(store, id)).values()) {
    const name = `${step} ${state} ${reason ?? ''}`;
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  assert.deepEqual(
    new Set(counts),
    new Set([...counted].map(([name, count]) => `${name} ${count}`)),
    'counts are those of the devices',
  );
  return [...counts].sort();
}
