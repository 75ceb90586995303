// What is counted of campaigns, for those who watch a server.
import { type CampaignState, campaignDeviceStates } from '../../store/index.ts';
import { Counter, gauge, type MetricFamily } from '../metrics/instruments.ts';
import type { CampaignRun } from './campaign-run.ts';

/** States of campaigns that are not over. */
const openStates: readonly CampaignState[] = [
  'awaiting-approval',
  'scheduled',
  'running',
  'paused',
  'stopped',
];

/** Counts devices that were begun. */
export function begunDevices(): Counter {
  return new Counter(
    'reveille_campaign_devices_begun_total',
    'Devices of campaigns that were begun with a push or a job of their own.',
  );
}

/** Campaigns that are not over, the devices of those that are running, and how many were begun. */
export function campaignFamilies({
  runs,
  begun,
}: {
  readonly runs: ReadonlyMap<string, CampaignRun>;
  readonly begun: Counter;
}): readonly MetricFamily[] {
  const campaigns = new Map(openStates.map((state) => [state as string, 0]));
  const devices = new Map<string, number>(campaignDeviceStates.map((state) => [state, 0]));
  for (const { record, counts } of runs.values()) {
    campaigns.set(record.state, (campaigns.get(record.state) ?? 0) + 1);
    if (record.state !== 'running') continue;
    for (const { state, count } of counts) devices.set(state, (devices.get(state) ?? 0) + count);
  }
  const samples = (values: ReadonlyMap<string, number>) =>
    [...values].map(([state, value]) => ({ labels: [state], value }));
  return [
    gauge('reveille_campaigns', 'Campaigns that are not over, by state.', ['state'], samples(campaigns)),
    gauge(
      'reveille_campaign_devices',
      'Devices of campaigns that are running, by state.',
      ['state'],
      samples(devices),
    ),
    begun.family(),
  ];
}
