// Campaigns as the API shows them.
import { StoreError } from '../../core/index.ts';
import type { CampaignPreview, CampaignProgress } from '../../server/index.ts';
import type { CampaignDevice, CampaignDeviceState, CampaignPlan, CampaignRecord } from '../../store/index.ts';
import { isoTime } from '../shapes/iso-time.ts';

/** A campaign without what devices get. */
export function campaignView(campaign: CampaignRecord) {
  const { plan, approval } = campaign;
  const { target } = plan;
  return {
    id: campaign.id,
    name: plan.name,
    state: campaign.state,
    step: campaign.step,
    ...(campaign.reason !== undefined && { reason: campaign.reason }),
    kind: plan.content.kind,
    target: target.by === 'list' ? { by: target.by } : target,
    devices: campaign.devices,
    lookedUp: campaign.lookedUp,
    ...(plan.startAt !== undefined && { startAt: isoTime(plan.startAt) }),
    expiresAt: isoTime(plan.expiresAt),
    ...rulesView(plan),
    ...(campaign.accounts !== undefined && { accounts: [...campaign.accounts] }),
    ...(campaign.actor !== undefined && { madeBy: campaign.actor }),
    ...(approval !== undefined && { approval: { ...approval, at: isoTime(approval.at) } }),
    createdAt: isoTime(campaign.createdAt),
    updatedAt: isoTime(campaign.updatedAt),
    ...(campaign.startedAt !== undefined && { startedAt: isoTime(campaign.startedAt) }),
    ...(campaign.endedAt !== undefined && { endedAt: isoTime(campaign.endedAt) }),
  };
}

function rulesView({ pace, timeZone, windows, stop, priority, wakesPerDay, canary }: CampaignPlan) {
  return {
    ...(canary !== undefined && {
      canary: {
        ...(canary.devices !== undefined && { devices: canary.devices }),
        ...(canary.percent !== undefined && { percent: canary.percent }),
        waitSeconds: Math.ceil(canary.waitMs / 1000),
      },
    }),
    ...(pace !== undefined && { pace }),
    ...(timeZone !== undefined && { timeZone }),
    ...(windows !== undefined && {
      windows: windows.map(({ days, from, to }) => ({
        ...(days !== undefined && { days: [...days] }),
        from: clockText(from),
        to: clockText(to),
      })),
    }),
    ...(stop !== undefined && { stop }),
    ...(priority !== undefined && { priority }),
    ...(wakesPerDay !== undefined && { wakesPerDay }),
  };
}

/** Minutes since midnight as `22:05`. */
function clockText(minutes: number): string {
  const digits = (value: number) => String(value).padStart(2, '0');
  return `${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`;
}

/** What devices get, where the caller may see it: of a job or a message it may hold secrets. Absent where it does not open. */
export function bodyView({ plan }: CampaignRecord, maySeeSecrets: boolean) {
  const { content } = plan;
  if (content.kind !== 'wake' && !maySeeSecrets) return {};
  try {
    return { body: { ...content.body } };
  } catch (error) {
    if (error instanceof StoreError && error.code === 'SEAL_BROKEN') return {};
    throw error;
  }
}

export function progressView(progress: CampaignProgress) {
  const sum = (state: CampaignDeviceState): number =>
    progress.counts.reduce((all, each) => all + (each.state === state ? each.count : 0), 0);
  const { window, canary, estimatedEndAt } = progress;
  return {
    pending: sum('pending'),
    underWay: sum('under-way'),
    completed: sum('completed'),
    failed: sum('failed'),
    expired: sum('expired'),
    cancelled: sum('cancelled'),
    leftOut: sum('left-out'),
    counts: progress.counts.map(({ step, state, reason, count }) => ({
      step,
      state,
      ...(reason !== '' && { reason }),
      devices: count,
    })),
    perSecond: progress.perSecond,
    ...(estimatedEndAt !== undefined && { estimatedEndAt: isoTime(estimatedEndAt) }),
    queues: progress.queues.map((queue) => ({ ...queue })),
    ...(window !== undefined && {
      window: window.open
        ? { open: true, until: isoTime(window.until) }
        : { open: false, opensAt: isoTime(window.opensAt) },
    }),
    ...(canary !== undefined && {
      canary: {
        devices: canary.devices,
        ended: canary.ended,
        failed: canary.failed,
        ...(canary.judgedBy !== undefined && { judgedBy: isoTime(canary.judgedBy) }),
      },
    }),
  };
}

export function previewView({ estimatedEndAt, carriers, leftOut, warnings, ...rest }: CampaignPreview) {
  return {
    ...rest,
    carriers: carriers.map((each) => ({ ...each })),
    leftOut: leftOut.map(({ reason, devices, examples }) => ({ reason, devices, examples: [...examples] })),
    ...(estimatedEndAt !== undefined && { estimatedEndAt: isoTime(estimatedEndAt) }),
    warnings: [...warnings],
  };
}

export function campaignDeviceView(device: CampaignDevice) {
  return {
    device: device.deviceId,
    ordinal: device.ordinal,
    step: device.step,
    state: device.state,
    ...(device.reason !== undefined && { reason: device.reason }),
    ...(device.detail !== undefined && { detail: device.detail }),
    ...(device.carrier !== undefined && { carrier: device.carrier }),
    ...(device.dueAt !== undefined && { notBefore: isoTime(device.dueAt) }),
    tries: device.tries,
    ...(device.pushId !== undefined && { push: device.pushId }),
    ...(device.jobId !== undefined && { job: device.jobId }),
    shared: device.shared,
    ...(device.beganAt !== undefined && { beganAt: isoTime(device.beganAt) }),
    ...(device.endedAt !== undefined && { endedAt: isoTime(device.endedAt) }),
  };
}
