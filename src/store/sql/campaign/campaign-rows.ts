// Rows of campaigns and of their devices to records and back.
import type {
  CampaignApproval,
  CampaignContent,
  CampaignDevice,
  CampaignForgiven,
  CampaignPlan,
  CampaignRecord,
} from '../../index.ts';
import type { CampaignDeviceTable, CampaignTable } from '../engine/schema.ts';
import { ifOpen } from '../record/device-secrets.ts';
import type { Seals } from '../seal/seals.ts';

/** Columns of a plan. */
export type PlanColumns = Pick<CampaignTable, 'kind' | 'plan' | 'content'>;

/** The columns of a plan. A content that a row `before` has already stays as it is sealed there. */
export function planColumns(
  { content, ...rules }: CampaignPlan,
  id: string,
  seals: Seals,
  before?: CampaignTable,
): PlanColumns {
  const { kind } = content;
  const plan = JSON.stringify(rules);
  if (before === undefined) {
    return { kind, plan, content: seals.seal('campaigns', 'content', id, JSON.stringify(content.body)) };
  }
  // What does not open cannot have been changed by who read it.
  const text = ifOpen(() => JSON.stringify(content.body));
  const was = ifOpen(() => seals.open('campaigns', 'content', id, before.content));
  const stays = text === undefined || text === was;
  return { kind, plan, content: stays ? before.content : seals.seal('campaigns', 'content', id, text) };
}

/** Reading the body of the content throws SEAL_BROKEN where it does not open; all else can be read. */
export function campaignRecord(row: CampaignTable, seals: Seals): CampaignRecord {
  const record: { -readonly [Field in keyof CampaignRecord]: CampaignRecord[Field] } = {
    id: row.id,
    plan: { ...JSON.parse(row.plan), content: contentOf(row, seals) } as CampaignPlan,
    state: row.state,
    step: row.step,
    lookedUp: row.looked_up !== 0,
    devices: row.devices,
    canaryDevices: row.canary_devices,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
  if (row.accounts !== null) record.accounts = JSON.parse(row.accounts) as string[];
  if (row.actor !== null) record.actor = row.actor;
  if (row.owner !== null) record.owner = row.owner;
  if (row.approval !== null) record.approval = JSON.parse(row.approval) as CampaignApproval;
  if (row.cursor !== null) record.cursor = row.cursor;
  if (row.canary_at !== null) record.canaryAt = row.canary_at;
  if (row.forgiven !== null) record.forgiven = JSON.parse(row.forgiven) as CampaignForgiven;
  if (row.reason !== null) record.reason = row.reason;
  if (row.started_at !== null) record.startedAt = row.started_at;
  if (row.ended_at !== null) record.endedAt = row.ended_at;
  return record;
}

function contentOf({ id, kind, content: kept }: CampaignTable, seals: Seals): CampaignContent {
  const open = () => JSON.parse(seals.open('campaigns', 'content', id, kept)) as CampaignContent['body'];
  if (seals.isPlain(kept)) return { kind, body: open() };
  let opened: CampaignContent['body'] | undefined;
  return {
    kind,
    get body() {
      opened ??= open();
      return opened;
    },
  };
}

export function campaignDevice(row: CampaignDeviceTable): CampaignDevice {
  return {
    deviceId: row.device_id,
    ordinal: row.ordinal,
    step: row.step,
    state: row.state,
    ...(row.carrier !== null && { carrier: row.carrier }),
    ...(row.due_at !== null && { dueAt: row.due_at }),
    tries: row.tries,
    ...(row.push_id !== null && { pushId: row.push_id }),
    ...(row.job_id !== null && { jobId: row.job_id }),
    shared: row.shared !== 0,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.detail !== null && { detail: row.detail }),
    ...(row.began_at !== null && { beganAt: row.began_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}
