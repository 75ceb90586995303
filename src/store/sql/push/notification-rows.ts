// Rows of notifications and their events to records.
import type { NotificationEvent, NotificationRecord } from '../../index.ts';
import type { EventTable, NotificationTable } from '../engine/schema.ts';

/** A row of notifications as selected. */
export type NotificationRow = NotificationTable;
/** A row of events as selected. */
export type EventRow = Omit<EventTable, 'sequence'> & { readonly sequence: number };

export function notificationRecord(row: NotificationRow): NotificationRecord {
  return {
    id: row.id,
    deviceId: row.device_id,
    serverId: row.server_id,
    sessionId: row.session_id,
    format: row.format,
    message: JSON.parse(row.message) as Record<string, unknown>,
    state: row.state,
    attempts: row.attempts,
    sends: row.sends,
    failures: row.failures,
    defaultNonce: row.default_nonce,
    refusedAddresses: JSON.parse(row.refused_addresses) as string[],
    resynchronise: row.resynchronise !== 0,
    lease: row.lease,
    ...(row.claimed_by !== null && { claimedBy: row.claimed_by }),
    ...(row.due_at !== null && { dueAt: row.due_at }),
    expiresAt: row.expires_at,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.idempotency_key !== null && { idempotencyKey: row.idempotency_key }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function eventRecord(row: EventRow): NotificationEvent {
  return {
    sequence: row.sequence,
    notificationId: row.notification_id,
    deviceId: row.device_id,
    sessionId: row.session_id,
    at: row.at,
    event: row.event,
    state: row.state,
    ...(row.node !== null && { node: row.node }),
    ...(row.attempt !== null && { attempt: row.attempt }),
    ...(row.binding !== null && { binding: row.binding }),
    ...(row.address !== null && { address: row.address }),
    ...(row.detail !== null && { detail: row.detail }),
    ...(row.reference !== null && { reference: row.reference }),
  };
}
