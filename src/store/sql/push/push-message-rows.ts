// Rows of push messages to records and back.
import { hexToBytes } from '../../../core/index.ts';
import {
  isOpenMessage,
  type PushInitiatorMark,
  type PushMessageEvent,
  type PushMessageRecord,
  type StoredContentType,
} from '../../index.ts';
import type { PushMessageEventTable, PushMessageTable } from '../engine/schema.ts';

/** A row of push messages as selected. */
export type PushMessageRow = PushMessageTable;
/** A row of their events as selected. */
export type PushMessageEventRow = Omit<PushMessageEventTable, 'sequence'> & { readonly sequence: number };

export function pushMessageRecord(row: PushMessageRow): PushMessageRecord {
  const initiator = initiatorOf(row);
  return {
    id: row.id,
    ...(row.device_id !== null && { deviceId: row.device_id }),
    ...(row.addresses !== null && { addresses: JSON.parse(row.addresses) as string[] }),
    ...(row.schemes !== null && { schemes: JSON.parse(row.schemes) as string[] }),
    ...(row.server_id !== null && { serverId: row.server_id }),
    contentType: JSON.parse(row.content_type) as StoredContentType,
    body: hexToBytes(row.body),
    octets: row.octets,
    summary: JSON.parse(row.summary) as Record<string, unknown>,
    state: row.state,
    attempts: row.attempts,
    sends: row.sends,
    failures: row.failures,
    refusedAddresses: JSON.parse(row.refused_addresses) as string[],
    lease: row.lease,
    ...(row.claimed_by !== null && { claimedBy: row.claimed_by }),
    ...(row.due_at !== null && { dueAt: row.due_at }),
    expiresAt: row.expires_at,
    ...(row.reason !== null && { reason: row.reason }),
    ...(initiator !== undefined && { initiator }),
    ...(row.result_due_at !== null && { resultDueAt: row.result_due_at }),
    resultFailures: row.result_failures,
    ...(row.idempotency_key !== null && { idempotencyKey: row.idempotency_key }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function initiatorOf(row: PushMessageRow): PushInitiatorMark | undefined {
  const { initiator, push_id: pushId, recipient, notify_to: notifyTo } = row;
  if (initiator === null || pushId === null || recipient === null) return undefined;
  return { initiator, pushId, recipient, ...(notifyTo !== null && { notifyTo }) };
}

/** The columns that a change may touch, besides the body. */
export function changingColumns(message: PushMessageRecord) {
  return {
    id: message.id,
    state: message.state,
    open: isOpenMessage(message.state) ? 1 : 0,
    attempts: message.attempts,
    sends: message.sends,
    failures: message.failures,
    refused_addresses: JSON.stringify(message.refusedAddresses),
    lease: message.lease,
    claimed_by: message.claimedBy ?? null,
    due_at: message.dueAt ?? null,
    reason: message.reason ?? null,
    result_due_at: message.resultDueAt ?? null,
    result_failures: message.resultFailures,
    updated_at: message.updatedAt,
  };
}

export function pushMessageEvent(row: PushMessageEventRow): PushMessageEvent {
  return {
    sequence: row.sequence,
    messageId: row.message_id,
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
