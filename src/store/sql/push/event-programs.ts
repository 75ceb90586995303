// Events in SQL.
import type {
  AwaitedReport,
  NotificationChange,
  NotificationEvent,
  NotificationRecord,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { statement } from '../engine/statement.ts';
import { type EventRow, eventRecord } from './notification-rows.ts';

export function eventPrograms({ builder }: SqlEngine) {
  const notificationExists = statement<{ id: string }>()((slot) =>
    builder.selectFrom('notifications').select('id').where('id', '=', slot('id')),
  );
  const ofNotification = statement<{ id: string }>()((slot) =>
    builder.selectFrom('events').selectAll().where('notification_id', '=', slot('id')).orderBy('sequence'),
  );
  const after = statement<{ sequence: number; limit: number }>()((slot) =>
    builder
      .selectFrom('events')
      .selectAll()
      .where('sequence', '>', slot('sequence'))
      .orderBy('sequence')
      .limit(slot('limit')),
  );
  const accepted = statement<{ after: string; limit: number }>()((slot) =>
    builder
      .selectFrom('events')
      .selectAll()
      .where('event', '=', 'accepted')
      .where('notification_id', 'in', (query) =>
        query
          .selectFrom('notifications as notification')
          .select('notification.id')
          .where('notification.state', '=', 'accepted')
          .where('notification.id', '>', slot('after'))
          // Those of which nothing can be reported take no place of the page: an empty page is the last one.
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('events as told')
                .select('told.sequence')
                .whereRef('told.notification_id', '=', 'notification.id')
                .where('told.event', '=', 'accepted')
                .where('told.binding', 'is not', null)
                .where('told.reference', 'is not', null),
            ),
          )
          .orderBy('notification.id')
          .limit(slot('limit')),
      )
      .orderBy('notification_id')
      .orderBy('sequence'),
  );
  const insert = statement<Omit<EventRow, 'sequence'>>()((slot) =>
    builder
      .insertInto('events')
      .values({
        notification_id: slot('notification_id'),
        device_id: slot('device_id'),
        session_id: slot('session_id'),
        at: slot('at'),
        event: slot('event'),
        state: slot('state'),
        node: slot('node'),
        attempt: slot('attempt'),
        binding: slot('binding'),
        address: slot('address'),
        detail: slot('detail'),
        reference: slot('reference'),
      })
      .returning('sequence'),
  );

  return {
    /** Writes the event of a change; `notification` is the record after it. */
    *write(
      transaction: Transaction,
      notification: NotificationRecord,
      change: NotificationChange,
      attempt: number | undefined,
    ): Program<void> {
      const row: Omit<EventRow, 'sequence'> = {
        notification_id: notification.id,
        device_id: notification.deviceId,
        session_id: notification.sessionId,
        at: transaction.now,
        event: change.event,
        state: notification.state,
        node: change.node ?? null,
        attempt: attempt ?? null,
        binding: change.binding ?? null,
        address: change.address ?? null,
        detail: change.detail ?? null,
        reference: change.reference ?? null,
      };
      const written = yield* first(insert, row);
      transaction.events.push(eventRecord({ ...row, sequence: Number(written?.sequence) }));
    },

    *timeline(id: string): Program<readonly NotificationEvent[] | undefined> {
      const rows = yield* all(ofNotification, { id });
      if (rows.length === 0 && (yield* first(notificationExists, { id })) === undefined) return undefined;
      return rows.map(eventRecord);
    },

    *awaited(limit: number, from: string): Program<readonly AwaitedReport[]> {
      const rows = yield* all(accepted, { after: from, limit });
      return rows.flatMap(({ notification_id: notificationId, binding, reference, address }) =>
        binding === null || reference === null
          ? []
          : [{ notificationId, binding, reference, ...(address !== null && { address }) }],
      );
    },

    *after(sequence: number, limit: number): Program<readonly NotificationEvent[]> {
      const rows = yield* all(after, { sequence, limit });
      return rows.map(eventRecord);
    },
  };
}
