// Nonces and what sessions leave behind, in SQL.
import {
  isLive,
  isOpen,
  type JobSummary,
  mergeReported,
  type NotificationChange,
  type NotificationRecord,
  type ResynchronisationLimit,
  type SessionUpdate,
  takeResynchronisation,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { once, statement } from '../engine/statement.ts';
import { deviceRecord, octetsColumn } from '../record/record-rows.ts';
import type { notificationPrograms } from './notification-programs.ts';

/** Finds the job that a notification is to wake the device for. */
export interface JobsOfNotifications {
  ofNotification(notificationId: string): Program<JobSummary | undefined>;
}

export function sessionPrograms(
  { builder, locksRows }: SqlEngine,
  notifications: ReturnType<typeof notificationPrograms>,
  jobs: JobsOfNotifications,
) {
  const deviceById = statement<{ id: string }>()((slot) => {
    const query = builder.selectFrom('devices').selectAll().where('id', '=', slot('id'));
    return locksRows ? query.forUpdate() : query;
  });

  function* change(
    transaction: Transaction,
    notification: NotificationRecord,
    changes: readonly NotificationChange[],
    dueAt: number | undefined,
  ): Program<void> {
    let current = notification;
    for (const each of changes) {
      current = (yield* notifications.write(transaction, current, each)).notification;
    }
    if (dueAt !== undefined && current.state === 'answered') {
      yield* notifications.save({ ...current, dueAt });
    }
  }

  /** What the end of a session means to a notification, by its job. */
  function* byItsJob(
    { id, state }: NotificationRecord,
    changes: readonly NotificationChange[],
    endsWithoutJob = false,
  ): Program<readonly NotificationChange[]> {
    if (!isLive(state) || !changes.some(putsBack)) return changes;
    const job = yield* jobs.ofNotification(id);
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
      const current = yield* notifications.byId(id);
      if (current === undefined || current.state !== 'sending' || current.lease !== lease) return 'stale';
      const row = yield* first(deviceById, { id: current.deviceId });
      if (row === undefined) return 'stale';
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
      yield* notifications.write(
        transaction,
        { ...current, defaultNonce: 'offered' },
        {
          event: 'resynchronising',
          node,
        },
      );
      return 'offered';
    },

    *record(transaction: Transaction, update: SessionUpdate): Program<'recorded' | 'refused'> {
      const device = yield* first(deviceById, { id: update.deviceId });
      if (device === undefined) return 'refused';
      let notification =
        update.notificationId === undefined ? undefined : yield* notifications.byId(update.notificationId);
      if (update.usedDefaultNonce === true) {
        if (notification?.defaultNonce !== 'offered') return 'refused';
        notification = { ...notification, defaultNonce: 'used' };
        yield* notifications.save(notification);
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
      for (const { notificationId, changes, dueAt } of update.answeredToo ?? []) {
        const other = yield* notifications.byId(notificationId);
        if (other === undefined || other.deviceId !== update.deviceId || !isLive(other.state)) continue;
        yield* change(transaction, other, yield* byItsJob(other, changes), dueAt);
      }
      return 'recorded';
    },
  };
}

/** True for a session that broke off after its client had proved itself. */
const putsBack = ({ event, dueAt }: NotificationChange): boolean =>
  event === 'session-failed' && dueAt !== undefined;

/** There is no job to come back for. */
function asFailed(change: NotificationChange): NotificationChange {
  if (!putsBack(change)) return change;
  const { dueAt: _, ...rest } = change;
  return { ...rest, event: 'failed' };
}

/** The job of a notification was done before its session broke off. */
function asCompleted(change: NotificationChange): NotificationChange {
  if (!putsBack(change)) return change;
  const { dueAt: _, ...rest } = change;
  return { ...rest, event: 'completed', detail: 'its job was done before the session broke off' };
}
