// The role of campaigns on any SQL engine: the programs, given to the engine's runner.
import type { Clock } from '../../../core/index.ts';
import type { CampaignStore } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import type { ProgramRunner } from '../engine/program.ts';
import type { jobPrograms } from '../job/job-programs.ts';
import type { enqueuePrograms } from '../push/enqueue.ts';
import type { pushSets } from '../set/push-set.ts';
import type { campaignPrograms } from './campaign-programs.ts';
import { campaignDevicePrograms } from './device-programs.ts';
import { feedPrograms } from './feed-programs.ts';
import { pendingPrograms } from './pending-programs.ts';
import { queuedPrograms } from './queued-programs.ts';
import { settlePrograms } from './settle-programs.ts';

/** `clock` is the runner's. */
export function campaignCalls(
  engine: SqlEngine,
  runner: ProgramRunner,
  clock: Clock,
  {
    campaigns,
    sets,
    queue,
    jobs,
  }: {
    readonly campaigns: ReturnType<typeof campaignPrograms>;
    readonly sets: ReturnType<typeof pushSets>;
    readonly queue: ReturnType<typeof enqueuePrograms>;
    readonly jobs: Pick<ReturnType<typeof jobPrograms>, 'take'>;
  },
): CampaignStore {
  const devices = campaignDevicePrograms(engine);
  const pending = pendingPrograms(engine);
  const feed = feedPrograms(engine, sets, queue, jobs.take);
  const outcomes = settlePrograms(engine);
  const queued = queuedPrograms(engine);
  return {
    createCampaign: (creation) => runner.write((transaction) => campaigns.create(transaction, creation)),
    campaign: (id) => runner.read(() => campaigns.get(id)),
    listCampaigns: (page) => runner.read(() => campaigns.list(page)),
    openCampaigns: () => runner.read(() => campaigns.open()),
    changeCampaign: (id, change, version) =>
      runner.write((transaction) => campaigns.change(transaction, id, change, version)),
    addCampaignDevices: (id, found, look) =>
      runner.write((transaction) => devices.add(transaction, id, found, look)),
    pendingCarriers: (id, step) => runner.read(() => pending.carriers(id, step, clock.now())),
    pendingDevices: (request) => runner.read(() => pending.devices(request, clock.now())),
    feedCampaign: async (id, items, options) =>
      items.length === 0 ? [] : await runner.write((transaction) => feed(transaction, id, items, options)),
    wakesSince: async (deviceIds, since) =>
      deviceIds.length === 0 ? new Map() : await runner.read(() => queued.wakes(deviceIds, since)),
    settleCampaignDevices: async (ended) =>
      ended.length === 0 ? [] : await runner.write((transaction) => outcomes.settle(transaction, ended)),
    unsettledDevices: (id, limit) => runner.scan(() => outcomes.unsettled(id, limit)),
    endPendingDevices: (id, as, limit) =>
      runner.write((transaction) => devices.endPending(transaction, id, as, limit)),
    cancellablePushes: (id, limit, after) => runner.scan(() => outcomes.cancellable(id, limit, after)),
    retryCampaignDevices: async (id, limit) => {
      // Looked for beside everything else: a campaign of a million may have few of them, and at its end.
      const ordinals = await runner.scan(() => devices.failed(id, limit));
      return ordinals.length === 0 ? 0 : await runner.write(() => devices.retry(id, ordinals));
    },
    campaignCounts: (id) => runner.read(() => devices.counts(id)),
    campaignDevices: (id, page) => runner.scan(() => devices.page(id, page)),
    ungatePushes: (campaign, limit) =>
      runner.write((transaction) => queued.ungate(transaction, campaign, limit)),
    queuedOfCampaigns: () => runner.scan(() => queued.queued()),
    dropCampaigns: (before, limit) => runner.write(() => campaigns.drop(before, limit)),
  };
}
