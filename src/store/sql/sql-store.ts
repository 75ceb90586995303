// All roles of the store on any SQL engine: the shared programs, given to the engine's runner.
import type { PushRequest, Store } from '../index.ts';
import type { SqlEngine } from './engine/engine.ts';
import type { ProgramRunner } from './engine/program.ts';
import { jobPrograms } from './job/job-programs.ts';
import { jobProgress } from './job/job-progress.ts';
import { enqueuePrograms } from './push/enqueue.ts';
import { eventPrograms } from './push/event-programs.ts';
import { pushPrograms } from './push/push-programs.ts';
import { retentionPrograms } from './push/retention-programs.ts';
import { sessionPrograms } from './push/session-programs.ts';
import { accountPrograms } from './record/account-programs.ts';
import { devicePrograms } from './record/device-programs.ts';
import { rotationPrograms } from './rotation-programs.ts';

/** A store on a database that has been migrated. */
export function sqlStore(engine: SqlEngine, runner: ProgramRunner): Store {
  const accounts = accountPrograms(engine);
  const retention = retentionPrograms(engine);
  const devices = devicePrograms(engine, retention);
  const events = eventPrograms(engine);
  const pushes = pushPrograms(engine, events);
  const queue = enqueuePrograms(engine, pushes, events);
  const rotations = rotationPrograms(engine, queue);
  const jobs = jobPrograms(engine, pushes, queue);
  const sessions = sessionPrograms(engine, pushes, jobs);
  const progress = jobProgress(engine);
  return {
    createAccount: (input) => runner.write((transaction) => accounts.create(transaction, input)),
    account: (serverId) => runner.read(() => accounts.get(serverId)),
    updateAccount: (serverId, patch) =>
      runner.write((transaction) => accounts.update(transaction, serverId, patch)),
    listAccounts: (page) => runner.read(() => accounts.list(page)),

    createDevice: (input) => runner.write((transaction) => devices.create(transaction, input)),
    device: (id) => runner.read(() => devices.get(id)),
    devices: (ids) => runner.read(() => devices.many(ids)),
    listDevices: (page) => runner.read(() => devices.list(page)),
    updateDevice: (id, patch) => runner.write((transaction) => devices.update(transaction, id, patch)),
    deleteDevice: (id) => runner.write(() => devices.remove(id)),

    enqueue: <Request extends PushRequest>(requests: readonly Request[]) =>
      runner.write((transaction) => queue.enqueue(transaction, requests)),
    allocateMessageSessionId: (deviceId) => runner.write(() => queue.allocateMessageSessionId(deviceId)),
    claimDue: (request, decide) =>
      runner.write((transaction) => pushes.claimDue(transaction, request, decide)),
    releaseClaims: (node) => runner.write((transaction) => pushes.release(transaction, node)),
    nextDueAt: (purpose) => runner.read(() => pushes.nextDueAt(purpose)),
    change: (changes) => runner.write((transaction) => pushes.change(transaction, changes)),
    offerDefaultNonce: (id, lease, limit, node) =>
      runner.write((transaction) => sessions.offerDefaultNonce(transaction, id, lease, limit, node)),

    push: (id) => runner.read(() => pushes.byId(id)),
    pushOfSession: (deviceId, sessionId) => runner.read(() => pushes.ofSession(deviceId, sessionId)),
    pushesOfInitiator: (initiator, pushId) => runner.read(() => pushes.ofInitiator(initiator, pushId)),
    listPushes: (page) => runner.read(() => pushes.list(page)),
    claimDueResults: (request) => runner.write((transaction) => pushes.claimResults(transaction, request)),
    nextResultDueAt: () => runner.read(() => pushes.nextResultDueAt()),

    timeline: (id) => runner.read(() => events.timeline(id)),
    awaitedReports: (limit, after = '') => runner.read(() => events.awaited(limit, after)),
    eventsAfter: (sequence, limit, kinds) => runner.read(() => events.after(sequence, limit, kinds)),
    onEvent: (listener) => runner.onEvent(listener),

    removeOver: (limits, limit) => runner.write(() => retention.removeOver(limits, limit)),

    beginRotation: (request) => runner.write((transaction) => rotations.begin(transaction, request)),
    advanceRotation: (deviceId, side, id, step) =>
      runner.write((transaction) => rotations.advance(transaction, deviceId, side, id, step)),

    recordSession: (update) => runner.write((transaction) => sessions.record(transaction, update)),

    createJob: (request) => runner.write((transaction) => jobs.create(transaction, request)),
    job: (id) => runner.read(() => jobs.get(id)),
    jobOfPush: (id) => runner.read(() => jobs.ofPush(id)),
    listJobs: (page) => runner.read(() => jobs.list(page)),
    advanceJobs: async (step) =>
      (await runner.read(() => progress.isIdle(step)))
        ? { taken: [], matched: (step.reports ?? []).map(() => false), pushIds: [] }
        : runner.write((transaction) => progress.advance(transaction, step)),
    cancelJob: (id, reason) => runner.write((transaction) => jobs.cancel(transaction, id, reason)),
    expireJobs: (limit) => runner.write((transaction) => jobs.expire(transaction, limit)),
    nextJobExpiry: () => runner.read(() => jobs.nextExpiry()),

    onClockMoved: (listener) => runner.onClockMoved(listener),
    check: () => runner.check(),
    close: () => runner.close(),
  };
}
