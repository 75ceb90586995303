// Nonces and what sessions leave behind, in SQL.
import {
  isOpen,
  isOpenPush,
  type JobSummary,
  mergeReported,
  type NotificationPush,
  type PushChange,
  type ResynchronisationLimit,
  type SessionUpdate,
  takeResynchronisation,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { once, statement } from '../engine/statement.ts';
import { deviceRecord, octetsColumn } from '../record/record-rows.ts';
import type { pushPrograms } from './push-programs.ts';

/** Finds the job that a push is to wake the device for. */
export interface JobsOfPushes {
  ofPush(pushId: string): Program<JobSummary | undefined>;
}

export function sessionPrograms(
  { builder, locksRows }: SqlEngine,
  pushes: ReturnType<typeof pushPrograms>,
  jobs: JobsOfPushes,
) {
  const deviceById = statement<{ id: string }>()((slot) => {
    const query = builder.selectFrom('devices').selectAll().where('id', '=', slot('id'));
    return locksRows ? query.forUpdate() : query;
  });

  function* lockedNotification(id: string): Program<NotificationPush | undefined> {
    const push = yield* pushes.locked(id);
    return push?.purpose === 'notification' ? push : undefined;
  }

  function* change(
    transaction: Transaction,
    notification: NotificationPush,
    changes: readonly PushChange[],
    dueAt: number | undefined,
  ): Program<void> {
    let current = notification;
    for (const each of changes) {
      current = (yield* pushes.write(transaction, current, each)).push;
    }
    if (dueAt !== undefined && current.state === 'answered') {
      yield* pushes.save({ ...current, dueAt });
    }
  }

  /** What the end of a session means to a notification, by its job. */
  function* byItsJob(
    notification: NotificationPush,
    changes: readonly PushChange[],
    endsWithoutJob = false,
  ): Program<readonly PushChange[]> {
    if (!isOpenPush(notification) || !changes.some(putsBack)) return changes;
    const job = yield* jobs.ofPush(notification.id);
    if (job === undefined) return endsWithoutJob ? changes.map(asFailed) : changes;
    return isOpen(job.state) ? changes : changes.map(asCompleted);
  }

  return {
    *offerDefaultNonce(
      transaction: Transaction,
      id: string,
      lease: number,
      limit: ResynchronisationLimit,
      node: string,
    ): Program<'offered' | 'limited' | 'stale'> {
      // The device is locked before its pushes, as everywhere.
      const deviceId = (yield* pushes.byId(id))?.deviceId;
      const row = deviceId === undefined ? undefined : yield* first(deviceById, { id: deviceId });
      if (row === undefined) return 'stale';
      const current = yield* lockedNotification(id);
      if (current === undefined || current.state !== 'sending' || current.lease !== lease) return 'stale';
      if (current.defaultNonce === 'used') return 'limited';
      const device = deviceRecord(row);
      // A first contact is no resynchronisation, and an offer that is repeated is one offer.
      if (device.serverCredentials.nonce !== undefined && current.defaultNonce !== 'offered') {
        const count = takeResynchronisation(device.resynchronisations, limit, transaction.now);
        if (count === undefined) return 'limited';
        yield* all(
          once(
            builder
              .updateTable('devices')
              .set({
                resync_in_window: count.inWindow,
                resync_window_at: count.windowStartedAt,
                resync_offered: count.offered,
              })
              .where('id', '=', row.id),
          ),
          undefined,
        );
      }
      const offered: NotificationPush = { ...current, defaultNonce: 'offered' };
      yield* pushes.write(transaction, offered, { event: 'resynchronising', node });
      return 'offered';
    },

    *record(transaction: Transaction, update: SessionUpdate): Program<'recorded' | 'refused'> {
      const device = yield* first(deviceById, { id: update.deviceId });
      if (device === undefined) return 'refused';
      let notification = update.pushId === undefined ? undefined : yield* lockedNotification(update.pushId);
      if (update.usedDefaultNonce === true) {
        if (notification?.defaultNonce !== 'offered') return 'refused';
        notification = { ...notification, defaultNonce: 'used' };
        yield* pushes.save(notification);
      }
      const columns = {
        ...(update.clientNonce !== undefined && { cl_nonce: octetsColumn(update.clientNonce) }),
        ...(update.serverNonce !== undefined && { srv_nonce: octetsColumn(update.serverNonce) }),
        ...(update.authenticated === true && { last_session_at: transaction.now }),
        ...(update.resynchronised === true && { resync_completed: device.resync_completed + 1 }),
        ...(update.reported !== undefined && {
          reported: JSON.stringify(mergeReported(JSON.parse(device.reported), update.reported)),
        }),
      };
      if (Object.keys(columns).length > 0) {
        yield* all(
          once(builder.updateTable('devices').set(columns).where('id', '=', update.deviceId)),
          undefined,
        );
      }
      if (notification !== undefined) {
        const changes = yield* byItsJob(notification, update.changes, update.endsWithoutJob);
        yield* change(transaction, notification, changes, update.dueAt);
      }
      for (const { pushId, changes, dueAt } of update.answeredToo ?? []) {
        const other = yield* lockedNotification(pushId);
        if (other === undefined || other.deviceId !== update.deviceId || !isOpenPush(other)) continue;
        yield* change(transaction, other, yield* byItsJob(other, changes), dueAt);
      }
      return 'recorded';
    },
  };
}

/** True for a session that broke off after its client had proved itself. */
const putsBack = ({ event, dueAt }: PushChange): boolean => event === 'session-failed' && dueAt !== undefined;

/** There is no job to come back for. */
function asFailed(change: PushChange): PushChange {
  if (!putsBack(change)) return change;
  const { dueAt: _, ...rest } = change;
  return { ...rest, event: 'failed' };
}

/** The job of a notification was done before its session broke off. */
function asCompleted(change: PushChange): PushChange {
  if (!putsBack(change)) return change;
  const { dueAt: _, ...rest } = change;
  return { ...rest, event: 'completed', detail: 'its job was done before the session broke off' };
}
