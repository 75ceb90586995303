// Rows of pushes as they are queued.
import { bytesToHex } from '../../../core/index.ts';
import type { MessageRequest, NotificationRequest, PushRequest } from '../../index.ts';
import type { PushRow } from './push-rows.ts';

/** What the store adds to every request. */
export interface NewPush {
  readonly id: string;
  readonly now: number;
}

/** What it adds to a notification. */
export interface NewNotification extends NewPush {
  readonly serverId: string;
  readonly sessionId: number;
}

export function notificationRow(
  request: NotificationRequest,
  { serverId, sessionId, ...of }: NewNotification,
): PushRow {
  return {
    ...queuedRow(request, of),
    device_id: request.deviceId,
    server_id: serverId,
    session_id: sessionId,
    format: request.format,
    fields: JSON.stringify(request.fields),
    default_nonce: 'none',
    resynchronise: request.resynchronise === true ? 1 : 0,
  };
}

export function messageRow(request: MessageRequest, of: NewPush): PushRow {
  const { initiator } = request;
  return {
    ...queuedRow(request, of),
    device_id: request.deviceId ?? null,
    addresses: listColumn(request.addresses),
    schemes: listColumn(request.schemes),
    server_id: request.serverId ?? null,
    content_type: JSON.stringify(request.contentType),
    body: bytesToHex(request.body),
    octets: request.body.length,
    summary: JSON.stringify(request.summary),
    initiator: initiator?.initiator ?? null,
    initiator_push_id: initiator?.pushId ?? null,
    recipient: initiator?.recipient ?? null,
    notify_to: initiator?.notifyTo ?? null,
  };
}

/** A push of which nothing is known but that it waits. */
function queuedRow(request: PushRequest, { id, now }: NewPush): PushRow {
  return {
    id,
    purpose: request.purpose,
    device_id: null,
    addresses: null,
    schemes: null,
    server_id: null,
    session_id: null,
    format: null,
    fields: null,
    default_nonce: null,
    resynchronise: 0,
    content_type: null,
    body: null,
    octets: null,
    summary: null,
    state: 'queued',
    open: 1,
    attempts: 0,
    sends: 0,
    failures: 0,
    refused_addresses: '[]',
    reference: null,
    given_up: null,
    lease: 0,
    claimed_by: null,
    carrier: null,
    due_at: request.notBefore ?? now,
    expires_at: request.expiresAt,
    end_counted: request.endCounted === true ? 1 : 0,
    ended_at: null,
    reason: null,
    initiator: null,
    initiator_push_id: null,
    recipient: null,
    notify_to: null,
    result_due_at: null,
    result_claimed_by: null,
    result_failures: 0,
    idempotency_key: request.idempotency?.key ?? null,
    campaign_id: null,
    created_at: now,
    updated_at: now,
  };
}

function listColumn(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}
