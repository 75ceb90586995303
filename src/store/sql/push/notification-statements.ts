// The compiled queries on notifications.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { NotificationTable } from '../engine/schema.ts';
import { statement } from '../engine/statement.ts';

// Written into the text, not bound: only so does SQLite see that the partial index applies.
const isLiveRow = sql.lit(1);

type Changing = Pick<
  NotificationTable,
  | 'id'
  | 'state'
  | 'live'
  | 'attempts'
  | 'sends'
  | 'failures'
  | 'refused_addresses'
  | 'default_nonce'
  | 'lease'
  | 'claimed_by'
  | 'due_at'
  | 'reason'
  | 'updated_at'
>;

export function notificationStatements({ builder, locksRows }: SqlEngine) {
  return {
    byId: statement<{ id: string }>()((slot) =>
      builder.selectFrom('notifications').selectAll().where('id', '=', slot('id')),
    ),
    deviceForEnqueue: statement<{ id: string }>()((slot) => {
      const query = builder
        .selectFrom('devices')
        .select(['server_id', 'last_session_id'])
        .where('id', '=', slot('id'));
      return locksRows ? query.forUpdate() : query;
    }),
    byIdempotencyKey: statement<{ server_id: string; key: string }>()((slot) =>
      builder
        .selectFrom('notifications')
        .selectAll()
        .where('server_id', '=', slot('server_id'))
        .where('idempotency_key', '=', slot('key')),
    ),
    liveSessionId: statement<{ device_id: string; session_id: number }>()((slot) =>
      builder
        .selectFrom('notifications')
        .select('session_id')
        .where('device_id', '=', slot('device_id'))
        .where('session_id', '=', slot('session_id'))
        .where('live', '=', isLiveRow),
    ),
    liveSessionIds: statement<{ device_id: string }>()((slot) =>
      builder
        .selectFrom('notifications')
        .select('session_id')
        .where('device_id', '=', slot('device_id'))
        .where('live', '=', isLiveRow),
    ),
    liveOfSession: statement<{ device_id: string; session_id: number }>()((slot) =>
      builder
        .selectFrom('notifications')
        .selectAll()
        .where('device_id', '=', slot('device_id'))
        .where('session_id', '=', slot('session_id'))
        .where('live', '=', isLiveRow),
    ),
    pastOfSession: statement<{ device_id: string; session_id: number }>()((slot) =>
      builder
        .selectFrom('notifications')
        .selectAll()
        .where('device_id', '=', slot('device_id'))
        .where('session_id', '=', slot('session_id'))
        .orderBy('id', 'desc')
        .limit(1),
    ),
    setLastSessionId: statement<{ id: string; last_session_id: number }>()((slot) =>
      builder
        .updateTable('devices')
        .set({ last_session_id: slot('last_session_id') })
        .where('id', '=', slot('id')),
    ),
    due: statement<{ now: number; limit: number }>()((slot) => {
      const query = builder
        .selectFrom('notifications')
        .selectAll()
        .where('due_at', '<=', slot('now'))
        .orderBy('due_at')
        .limit(slot('limit'));
      return locksRows ? query.forUpdate().skipLocked() : query;
    }),
    release: statement<{ node: string; now: number }>()((slot) =>
      builder
        .updateTable('notifications')
        .set({ due_at: slot('now') })
        .where('state', '=', 'sending')
        .where('claimed_by', '=', slot('node'))
        .returning('id'),
    ),
    nextDueAt: statement<Record<never, never>>()(() =>
      builder
        .selectFrom('notifications')
        .select('due_at')
        .where('due_at', 'is not', null)
        .orderBy('due_at')
        .limit(1),
    ),
    update: statement<Changing>()((slot) =>
      builder
        .updateTable('notifications')
        .set({
          state: slot('state'),
          live: slot('live'),
          attempts: slot('attempts'),
          sends: slot('sends'),
          failures: slot('failures'),
          refused_addresses: slot('refused_addresses'),
          default_nonce: slot('default_nonce'),
          lease: slot('lease'),
          claimed_by: slot('claimed_by'),
          due_at: slot('due_at'),
          reason: slot('reason'),
          updated_at: slot('updated_at'),
        })
        .where('id', '=', slot('id')),
    ),
    insert: statement<NotificationTable>()((slot) =>
      builder.insertInto('notifications').values({
        id: slot('id'),
        device_id: slot('device_id'),
        server_id: slot('server_id'),
        session_id: slot('session_id'),
        format: slot('format'),
        message: slot('message'),
        state: slot('state'),
        live: slot('live'),
        attempts: slot('attempts'),
        sends: slot('sends'),
        failures: slot('failures'),
        refused_addresses: slot('refused_addresses'),
        default_nonce: slot('default_nonce'),
        resynchronise: slot('resynchronise'),
        lease: slot('lease'),
        claimed_by: slot('claimed_by'),
        due_at: slot('due_at'),
        expires_at: slot('expires_at'),
        end_counted: slot('end_counted'),
        reason: slot('reason'),
        idempotency_key: slot('idempotency_key'),
        idempotency_fingerprint: slot('idempotency_fingerprint'),
        created_at: slot('created_at'),
        updated_at: slot('updated_at'),
      }),
    ),
  };
}
