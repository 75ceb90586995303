// Rows of pushes to records and back.
import { hexToBytes, StoreError } from '../../../core/index.ts';
import {
  isOpenPush,
  type MessagePush,
  type NotificationPush,
  type PushInitiatorMark,
  type PushPurpose,
  type PushRecord,
  type StoredContentType,
} from '../../index.ts';
import type { KeyScope, PushTable } from '../engine/schema.ts';

/** A row of pushes as selected. */
export type PushRow = PushTable;

/** What a row says. @throws {StoreError} DAMAGED when it lacks a column of its purpose */
export function pushRecord(row: PushRow): PushRecord {
  return row.purpose === 'notification' ? notificationRecord(row) : messageRecord(row, row.purpose);
}

/** As `pushRecord`, for the row of a notification. */
export function notificationRecord(row: PushRow): NotificationPush {
  return {
    ...baseOf(row),
    purpose: 'notification',
    deviceId: held(row, 'device_id'),
    serverId: held(row, 'server_id'),
    sessionId: held(row, 'session_id'),
    format: held(row, 'format'),
    fields: JSON.parse(held(row, 'fields')) as Record<string, unknown>,
    defaultNonce: held(row, 'default_nonce'),
    resynchronise: row.resynchronise !== 0,
  };
}

/** As `pushRecord`, for a row of that purpose. */
export function messageRecord(row: PushRow, purpose: MessagePush['purpose']): MessagePush {
  const initiator = initiatorOf(row);
  return {
    ...baseOf(row),
    purpose,
    ...(row.device_id !== null && { deviceId: row.device_id }),
    ...(row.addresses !== null && { addresses: JSON.parse(row.addresses) as string[] }),
    ...(row.schemes !== null && { schemes: JSON.parse(row.schemes) as string[] }),
    ...(row.server_id !== null && { serverId: row.server_id }),
    contentType: JSON.parse(held(row, 'content_type')) as StoredContentType,
    body: hexToBytes(held(row, 'body')),
    octets: held(row, 'octets'),
    summary: JSON.parse(held(row, 'summary')) as Record<string, unknown>,
    ...(initiator !== undefined && { initiator }),
    ...(row.result_due_at !== null && { resultDueAt: row.result_due_at }),
    resultFailures: row.result_failures,
  };
}

function baseOf(row: PushRow) {
  return {
    id: row.id,
    state: row.state,
    attempts: row.attempts,
    sends: row.sends,
    failures: row.failures,
    refusedAddresses: JSON.parse(row.refused_addresses) as string[],
    ...(row.reference !== null && { reference: row.reference }),
    ...(row.given_up !== null && { givenUp: row.given_up }),
    lease: row.lease,
    ...(row.claimed_by !== null && { claimedBy: row.claimed_by }),
    ...(row.due_at !== null && { dueAt: row.due_at }),
    expiresAt: row.expires_at,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.idempotency_key !== null && { idempotencyKey: row.idempotency_key }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}

function initiatorOf(row: PushRow): PushInitiatorMark | undefined {
  const { initiator, initiator_push_id: pushId, recipient, notify_to: notifyTo } = row;
  if (initiator === null || pushId === null || recipient === null) return undefined;
  return { initiator, pushId, recipient, ...(notifyTo !== null && { notifyTo }) };
}

function held<Column extends keyof PushRow>(row: PushRow, column: Column): NonNullable<PushRow[Column]> {
  const value = row[column];
  if (value === null) throw new StoreError('DAMAGED', `the ${row.purpose} ${row.id} has no ${column}`);
  return value as NonNullable<PushRow[Column]>;
}

/** What shares the idempotency keys of a push. */
export function keyScopeOf(purpose: PushPurpose): KeyScope {
  return purpose === 'notification' ? 'notification' : 'message';
}

/** The columns that a change may touch, besides the body. */
export function changingColumns(push: PushRecord) {
  const isNotification = push.purpose === 'notification';
  return {
    id: push.id,
    state: push.state,
    open: isOpenPush(push) ? 1 : 0,
    attempts: push.attempts,
    sends: push.sends,
    failures: push.failures,
    refused_addresses: JSON.stringify(push.refusedAddresses),
    reference: push.reference ?? null,
    given_up: push.givenUp ?? null,
    default_nonce: isNotification ? push.defaultNonce : null,
    lease: push.lease,
    claimed_by: push.claimedBy ?? null,
    due_at: push.dueAt ?? null,
    ended_at: push.endedAt ?? null,
    reason: push.reason ?? null,
    result_due_at: isNotification ? null : (push.resultDueAt ?? null),
    result_failures: isNotification ? 0 : push.resultFailures,
    updated_at: push.updatedAt,
  };
}
