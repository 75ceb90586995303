// All roles of the store on any SQL engine: the shared programs, given to the engine's runner.
import type { Clock } from '../../core/index.ts';
import {
  type DeviceRecord,
  type Enqueued,
  type ImportedDevice,
  type ImportedOutcome,
  importedId,
  type PushOf,
  type PushRequest,
  type RefusedRequest,
  type Store,
} from '../index.ts';
import { auditPrograms } from './access/audit-programs.ts';
import { tokenPrograms } from './access/token-programs.ts';
import { campaignCalls } from './campaign/campaign-calls.ts';
import { campaignPrograms } from './campaign/campaign-programs.ts';
import type { SqlEngine } from './engine/engine.ts';
import { optimistically } from './engine/optimistic.ts';
import type { ProgramRunner, Transaction } from './engine/program.ts';
import { heldPrograms } from './held-programs.ts';
import { jobPrograms } from './job/job-programs.ts';
import { jobProgress } from './job/job-progress.ts';
import { JoinedEnqueue } from './joined-enqueue.ts';
import { JoinedImport } from './joined-import.ts';
import { noticePrograms } from './notice/notice-programs.ts';
import { webhookPrograms } from './notice/webhook-programs.ts';
import { claimPrograms } from './push/claims.ts';
import { enqueuePrograms } from './push/enqueue.ts';
import { eventPrograms } from './push/event-programs.ts';
import { pushPrograms } from './push/push-programs.ts';
import { retentionPrograms } from './push/retention-programs.ts';
import { sessionPrograms } from './push/session-programs.ts';
import { accountPrograms } from './record/account-programs.ts';
import { deviceImport } from './record/device-import.ts';
import { deviceLists } from './record/device-lists.ts';
import { devicePrograms } from './record/device-programs.ts';
import { deviceRemoval } from './record/device-removal.ts';
import { DeviceWrites } from './record/device-writes.ts';
import { suspensionPrograms } from './record/suspension-programs.ts';
import { rotationPrograms } from './rotation-programs.ts';
import { sessionFacts } from './session-facts.ts';
import { pushSets } from './set/push-set.ts';

/** A store on a database that has been migrated. `clock` is the runner's. */
export function sqlStore(engine: SqlEngine, runner: ProgramRunner, clock: Clock): Store {
  const notices = noticePrograms(engine);
  const webhooks = webhookPrograms(engine, notices);
  const accounts = accountPrograms(engine);
  const retention = retentionPrograms(engine);
  const devices = devicePrograms(engine);
  const lists = deviceLists(engine);
  const removal = deviceRemoval(engine, retention);
  const takeDevices = deviceImport(engine);
  const joinedImport = new JoinedImport(runner, takeDevices);
  const events = eventPrograms(engine);
  const sets = pushSets(engine);
  const pushes = pushPrograms(engine, sets);
  const claims = claimPrograms(engine, sets);
  const queue = enqueuePrograms(engine, sets);
  const joined = new JoinedEnqueue(runner, queue, clock);
  const rotations = rotationPrograms(engine, queue);
  const writes = new DeviceWrites();
  const jobs = jobPrograms(engine, pushes, queue, notices);
  const sessions = sessionPrograms(engine, sets, jobs);
  const facts = sessionFacts(engine);
  const progress = jobProgress(engine, notices);
  const campaigns = campaignPrograms(engine, notices);
  const held = heldPrograms(engine, webhooks, campaigns);
  const suspensions = suspensionPrograms(engine, notices);
  const tokens = tokenPrograms(engine);
  const audit = auditPrograms(engine);
  function* wouldTake(transaction: Transaction, imported: readonly ImportedDevice[]) {
    const outcomes = yield* takeDevices(transaction, [{ devices: imported, isLast: true }], true);
    return imported.map((each) => outcomes.get(importedId(each)) as ImportedOutcome);
  }
  return {
    createAccount: (input) => runner.write((transaction) => accounts.create(transaction, input)),
    account: (serverId) => runner.read(() => accounts.get(serverId)),
    updateAccount: (serverId, patch, expected) =>
      runner.write((transaction) => accounts.update(transaction, serverId, patch, expected)),
    deleteAccount: (serverId, expected) => runner.write(() => accounts.remove(serverId, expected)),
    listAccounts: (page) => runner.read(() => accounts.list(page)),

    createDevice: (input) => runner.write((transaction) => devices.create(transaction, input)),
    device: (id) => runner.read(() => devices.get(id)),
    devices: (ids) => runner.read(() => devices.many(ids)),
    // A filter may look through all devices before it has found a page of them.
    listDevices: (page) =>
      page.filter === undefined
        ? runner.read(() => lists.list(page, clock.now()))
        : runner.scan(() => lists.list(page, clock.now())),
    listDeviceIds: (page) => runner.scan(() => lists.ids(page, clock.now())),
    countDevices: (selection) => runner.scan(() => lists.count(selection, clock.now())),
    devicesSince: async (read) => {
      const ids = read
        .filter(({ id, readAt }) => engine.locksRows || writes.mayHaveChanged(id, readAt))
        .map(({ id }) => id);
      const now = new Map<string, DeviceRecord>();
      if (ids.length > 0)
        for (const device of await runner.read(() => devices.many(ids))) now.set(device.id, device);
      return ids.map((id) => {
        const device = now.get(id);
        return device === undefined ? { id } : { id, device };
      });
    },
    updateDevice: (id, patch, expected) =>
      writes.watch([id], () =>
        runner.write((transaction) => devices.update(transaction, id, patch, expected)),
      ),
    deleteDevice: (id, expected) => writes.watch([id], () => runner.write(() => removal.one(id, expected))),
    putDevice: (input, expected) =>
      writes.watch([input.id], () =>
        runner.write((transaction) => devices.put(transaction, input, expected)),
      ),
    importDevices: (imported, { dryRun = false } = {}) => {
      if (imported.length === 0) return Promise.resolve([]);
      if (dryRun) return runner.write((transaction) => wouldTake(transaction, imported));
      // What is new has been read by nobody.
      const changed = imported.flatMap((each) => ('patch' in each ? [each.id] : []));
      const taken = joinedImport.take(imported);
      return changed.length === 0 ? taken : writes.watch(changed, () => taken);
    },
    deleteDevices: async (ids, { dryRun = false } = {}) =>
      ids.length === 0
        ? []
        : await writes.watch(dryRun ? [] : ids, () => runner.write(() => removal.many(ids, dryRun))),

    // Each request becomes a push of its own purpose.
    enqueue: <Request extends PushRequest>(requests: readonly Request[]) =>
      joined.whole(requests) as Promise<readonly Enqueued<PushOf<Request>>[]>,
    enqueueEach: <Request extends PushRequest>(requests: readonly Request[]) =>
      joined.each(requests) as Promise<readonly (Enqueued<PushOf<Request>> | RefusedRequest)[]>,
    enqueueDraft: (draft) => joined.draft(draft),
    allocateMessageSessionId: (deviceId) => runner.write(() => queue.allocateMessageSessionId(deviceId)),
    claimDue: async (request, decide) => {
      const { moment } = writes;
      const found = await runner.read(() => claims.due(request, request.limit, clock.now(), moment));
      if (found.length === 0) return [];
      return await optimistically(
        () => {
          const judged = claims.judge(found, request, decide, clock.now());
          return runner.write((transaction) => claims.write(transaction, judged), true);
        },
        () => runner.write((transaction) => claims.claim(transaction, request, decide, moment)),
      );
    },
    releaseClaims: (node, carriers) =>
      runner.write((transaction) => pushes.release(transaction, node, carriers)),
    nextDueAt: (of = {}) => runner.read(() => claims.nextDueAt(of)),
    overdue: (request) => runner.scan(() => claims.overdue(request, clock.now())),
    unplaced: (limit) => runner.read(() => claims.due({ carrier: null }, limit, clock.now(), writes.moment)),
    place: async (placements) => {
      if (placements.length > 0) await runner.write(() => pushes.place(placements));
    },
    change: async (changes) => {
      if (changes.length === 0) return [];
      const surely = () => runner.write((transaction) => pushes.change(transaction, changes));
      const judged = pushes.judgedAsKnown(changes, clock.now());
      if (judged === undefined) return await surely();
      return await optimistically(
        () => runner.write((transaction) => pushes.write(transaction, judged), true),
        surely,
      );
    },
    offerDefaultNonces: (offers, limit, node) =>
      runner.write((transaction) => sessions.offerDefaultNonces(transaction, offers, limit, node)),

    push: (id) => runner.read(() => pushes.byId(id)),
    pushOfSession: (deviceId, sessionId) => runner.read(() => pushes.ofSession(deviceId, sessionId)),
    pushesOfInitiator: (initiator, pushId) => runner.read(() => pushes.ofInitiator(initiator, pushId)),
    listPushes: (page) =>
      page.devices === undefined
        ? runner.read(() => pushes.list(page, clock.now()))
        : runner.scan(() => pushes.list(page, clock.now())),
    queues: (most) => runner.read(() => claims.queues(most, clock.now())),
    countPushes: (most) => runner.read(() => pushes.counts(most)),
    claimDueResults: (request) => runner.write((transaction) => pushes.claimResults(transaction, request)),
    nextResultDueAt: () => runner.read(() => pushes.nextResultDueAt()),

    timeline: (id) => runner.read(() => events.timeline(id)),
    awaitedReports: (limit, after) => runner.read(() => events.awaited(limit, after)),
    eventsAfter: (sequence, limit, kinds) => runner.read(() => events.after(sequence, limit, kinds)),
    onEvent: (listener) => runner.onEvent(listener),
    onJobEnd: (listener) => runner.onJobEnd(listener),

    note: async (noted) => {
      if (noted.length > 0) await runner.write((transaction) => notices.note(transaction, noted));
    },
    noticesAfter: (sequence, limit, kinds) => runner.read(() => notices.after(sequence, limit, kinds)),
    onNotice: (listener) => runner.onNotice(listener),
    feedEnd: () => runner.read(() => notices.end()),
    feedPositionAt: async (at) => ({
      event: (await runner.scan(() => retention.firstSince(at))) - 1,
      notice: await runner.scan(() => notices.lastBefore(at)),
    }),
    removeNotices: (limits, limit) => runner.write(() => notices.remove(limits, limit)),

    createWebhook: (input) => runner.write((transaction) => webhooks.create(transaction, input)),
    webhook: (id) => runner.read(() => webhooks.get(id)),
    listWebhooks: (page) => runner.read(() => webhooks.list(page)),
    changeWebhook: (id, change, expected) =>
      runner.write((transaction) => webhooks.change(transaction, id, change, expected)),
    deleteWebhook: (id, expected) => runner.write(() => webhooks.delete(id, expected)),
    settleWebhook: (id, step) => runner.write((transaction) => webhooks.settle(transaction, id, step)),
    heldOfWebhook: (id) => runner.read(() => webhooks.held(id)),
    dueDeliveries: (id, limit) => runner.read(() => webhooks.due(id, clock.now(), limit)),
    nextDeliveryAt: (id) => runner.read(() => webhooks.nextDue(id)),
    deadDeliveries: (id, page) => runner.read(() => webhooks.dead(id, page)),
    retryDead: (id, eventIds) => runner.write((transaction) => webhooks.retryDead(transaction, id, eventIds)),
    dropDead: (id, eventIds) => runner.write(() => webhooks.dropDead(id, eventIds)),

    holdRestored: () => runner.write((transaction) => held.hold(transaction)),
    releaseHeld: (selection, limit, how) =>
      runner.write((transaction) => held.release(transaction, selection, limit, how)),
    countHeld: (most) => runner.read(() => held.count(most)),
    heldPushes: (selection, limit) => runner.read(() => held.pushIds(selection, limit)),
    heldJobs: (selection, limit) => runner.read(() => held.jobIds(selection, limit)),

    suspendCarrier: (request) => runner.write((transaction) => suspensions.suspend(transaction, request)),
    resumeCarrier: (carrier, actor) =>
      runner.write((transaction) => suspensions.resume(transaction, carrier, actor)),
    suspendedCarriers: () => runner.read(() => suspensions.list()),

    removeOver: async (limits, limit) => {
      const { events: before } = limits;
      // Events only come behind, so that what is read before the transaction holds in it.
      const until = before === undefined ? 0 : await runner.read(() => retention.firstSince(before));
      return await runner.write(() => retention.removeOver(limits, limit, until));
    },

    beginRotation: (request) =>
      writes.watch([request.deviceId], () =>
        runner.write((transaction) => rotations.begin(transaction, request)),
      ),
    advanceRotation: (deviceId, side, id, step) =>
      writes.watch([deviceId], () =>
        runner.write((transaction) => rotations.advance(transaction, deviceId, side, id, step)),
      ),

    sessionFacts: (deviceId, sessionIds) => runner.read(() => facts.of(deviceId, sessionIds)),
    recordSession: (update) =>
      writes.watch([update.deviceId], () => {
        const surely = () => runner.write((transaction) => sessions.record(transaction, update));
        if (!sessions.isKnown(update)) return surely();
        return optimistically<'recorded' | 'refused'>(
          () => runner.write((transaction) => sessions.recordAsKnown(transaction, update), true),
          surely,
        );
      }),

    createJob: (request) => runner.write((transaction) => jobs.create(transaction, request)),
    createJobs: async (requests) =>
      requests.length === 0 ? [] : await runner.write((transaction) => jobs.take(transaction, requests)),
    job: (id) => runner.read(() => jobs.get(id)),
    jobOfPush: (id) => runner.read(() => jobs.ofPush(id)),
    listJobs: (page) =>
      page.devices === undefined
        ? runner.read(() => jobs.list(page, clock.now()))
        : runner.scan(() => jobs.list(page, clock.now())),
    advanceJobs: async (step) =>
      (await runner.read(() => progress.isIdle(step)))
        ? { taken: [], matched: (step.reports ?? []).map(() => false), pushIds: [] }
        : runner.write((transaction) => progress.advance(transaction, step)),
    cancelJob: (id, reason, actor) =>
      runner.write((transaction) => jobs.cancel(transaction, id, reason, actor)),
    expireJobs: (limit) => runner.write((transaction) => jobs.expire(transaction, limit)),
    nextJobExpiry: () => runner.read(() => jobs.nextExpiry()),

    ...campaignCalls(engine, runner, clock, { campaigns, sets, queue, jobs }),

    createToken: (input) => runner.write((transaction) => tokens.create(transaction, input)),
    token: (id) => runner.read(() => tokens.get(id)),
    listTokens: (page) => runner.read(() => tokens.list(page)),
    rotateToken: (id, rotation) => runner.write((transaction) => tokens.rotate(transaction, id, rotation)),
    revokeToken: (id) => runner.write((transaction) => tokens.revoke(transaction, id)),
    noteTokenUses: async (uses) => {
      if (uses.length > 0) await runner.write(() => tokens.noteUses(uses));
    },

    addAudit: async (entries) => {
      if (entries.length > 0) await runner.write(() => audit.add(entries));
    },
    listAudit: (page) => runner.read(() => audit.list(page)),
    removeAudit: (before, limit) => runner.write(() => audit.remove(before, limit)),

    onClockMoved: (listener) => runner.onClockMoved(listener),
    check: () => runner.check(),
    close: () => runner.close(),
  };
}
