// All roles of the store on any SQL engine: the shared programs, given to the engine's runner.
import type { Store } from '../index.ts';
import type { SqlEngine } from './engine/engine.ts';
import type { ProgramRunner } from './engine/program.ts';
import { jobPrograms } from './job/job-programs.ts';
import { jobProgress } from './job/job-progress.ts';
import { eventPrograms } from './push/event-programs.ts';
import { notificationPrograms } from './push/notification-programs.ts';
import { pushMessagePrograms } from './push/push-message-programs.ts';
import { sessionPrograms } from './push/session-programs.ts';
import { accountPrograms } from './record/account-programs.ts';
import { devicePrograms } from './record/device-programs.ts';
import { rotationPrograms } from './rotation-programs.ts';

/** A store on a database that has been migrated. */
export function sqlStore(engine: SqlEngine, runner: ProgramRunner): Store {
  const accounts = accountPrograms(engine);
  const devices = devicePrograms(engine);
  const events = eventPrograms(engine);
  const notifications = notificationPrograms(engine, events);
  const messages = pushMessagePrograms(engine);
  const rotations = rotationPrograms(engine, notifications);
  const jobs = jobPrograms(engine, notifications);
  const sessions = sessionPrograms(engine, notifications, jobs);
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

    enqueue: (request) => runner.write((transaction) => notifications.enqueue(transaction, request)),
    claimDue: (request, decide) =>
      runner.write((transaction) => notifications.claimDue(transaction, request, decide)),
    releaseClaims: (node) => runner.write((transaction) => notifications.release(transaction, node)),
    nextDueAt: () => runner.read(() => notifications.nextDueAt()),
    change: (changes) => runner.write((transaction) => notifications.change(transaction, changes)),
    offerDefaultNonce: (id, lease, limit, node) =>
      runner.write((transaction) => sessions.offerDefaultNonce(transaction, id, lease, limit, node)),

    notification: (id) => runner.read(() => notifications.byId(id)),
    notificationOfSession: (deviceId, sessionId) =>
      runner.read(() => notifications.ofSession(deviceId, sessionId)),
    listNotifications: (page) => runner.read(() => notifications.list(page)),

    enqueueMessages: (requests) => runner.write((transaction) => messages.enqueue(transaction, requests)),
    allocateMessageSessionId: (deviceId) => runner.write(() => messages.allocateSessionId(deviceId)),
    claimDueMessages: (request, decide) =>
      runner.write((transaction) => messages.claimDue(transaction, request, decide)),
    releaseMessageClaims: (node) => runner.write((transaction) => messages.release(transaction, node)),
    nextMessageDueAt: () => runner.read(() => messages.nextDueAt()),
    changeMessages: (changes) => runner.write((transaction) => messages.change(transaction, changes)),
    claimDueResults: (request) => runner.write((transaction) => messages.claimResults(transaction, request)),
    nextResultDueAt: () => runner.read(() => messages.nextResultDueAt()),
    message: (id) => runner.read(() => messages.byId(id)),
    messagesOfPush: (initiator, pushId) => runner.read(() => messages.ofPush(initiator, pushId)),
    listMessages: (page) => runner.read(() => messages.list(page)),
    messageTimeline: (id) => runner.read(() => messages.timeline(id)),
    awaitedMessageReports: (limit, after = '') => runner.read(() => messages.awaited(limit, after)),
    onMessageEvent: (listener) => runner.onMessageEvent(listener),

    timeline: (id) => runner.read(() => events.timeline(id)),
    awaitedReports: (limit, after = '') => runner.read(() => events.awaited(limit, after)),
    eventsAfter: (sequence, limit) => runner.read(() => events.after(sequence, limit)),
    onEvent: (listener) => runner.onEvent(listener),

    beginRotation: (request) => runner.write((transaction) => rotations.begin(transaction, request)),
    advanceRotation: (deviceId, side, id, step) =>
      runner.write((transaction) => rotations.advance(transaction, deviceId, side, id, step)),

    recordSession: (update) => runner.write((transaction) => sessions.record(transaction, update)),

    createJob: (request) => runner.write((transaction) => jobs.create(transaction, request)),
    job: (id) => runner.read(() => jobs.get(id)),
    jobOfNotification: (id) => runner.read(() => jobs.ofNotification(id)),
    listJobs: (page) => runner.read(() => jobs.list(page)),
    advanceJobs: async (step) =>
      (await runner.read(() => progress.isIdle(step)))
        ? { taken: [], matched: (step.reports ?? []).map(() => false), notificationIds: [] }
        : runner.write((transaction) => progress.advance(transaction, step)),
    cancelJob: (id, reason) => runner.write((transaction) => jobs.cancel(transaction, id, reason)),
    expireJobs: (limit) => runner.write((transaction) => jobs.expire(transaction, limit)),
    nextJobExpiry: () => runner.read(() => jobs.nextExpiry()),

    onClockMoved: (listener) => runner.onClockMoved(listener),
    check: () => runner.check(),
    close: () => runner.close(),
  };
}
