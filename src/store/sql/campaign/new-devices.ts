// Rows of devices as they come into a campaign.
import type { CampaignDeviceStep, FoundDevice } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { numberColumn, rowInserts, textColumn } from '../engine/row-inserts.ts';
import type { CampaignDeviceTable } from '../engine/schema.ts';

/** The row of a device that was found; `endedAt`: when one ended that is left out. */
export function newDevice(
  campaign: number,
  ordinal: number,
  { deviceId, carrier, leftOut }: FoundDevice,
  step: CampaignDeviceStep,
  endedAt: number | null,
): CampaignDeviceTable {
  return {
    campaign,
    ordinal,
    device_id: deviceId,
    step,
    state: leftOut === undefined ? 'pending' : 'left-out',
    carrier: carrier ?? null,
    due_at: null,
    push_id: null,
    job_id: null,
    shared: 0,
    tries: 0,
    reason: leftOut?.reason ?? null,
    detail: leftOut?.detail ?? null,
    began_at: null,
    ended_at: leftOut === undefined ? null : endedAt,
  };
}

/** Inserts new devices. */
export function newDevices(engine: SqlEngine) {
  return rowInserts<CampaignDeviceTable>(
    engine,
    'campaign_devices',
    [
      numberColumn('campaign', (row) => row.campaign),
      numberColumn('ordinal', (row) => row.ordinal),
      textColumn('device_id', (row) => row.device_id),
      textColumn('step', (row) => row.step),
      textColumn('state', (row) => row.state),
      textColumn('carrier', (row) => row.carrier),
      textColumn('reason', (row) => row.reason),
      textColumn('detail', (row) => row.detail),
      numberColumn('ended_at', (row) => row.ended_at),
    ],
    { shared: 0, tries: 0 },
  );
}
