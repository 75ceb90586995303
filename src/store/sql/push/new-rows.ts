// Rows of pushes as they are queued.
import { bytesToHex } from '../../../core/index.ts';
import type { MessageRequest, NotificationRequest, PushRequest } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { numberColumn, type RowColumn, rowInserts, textColumn } from '../engine/row-inserts.ts';
import type { Seals } from '../seal/seals.ts';
import { type MessageRow, type NotificationRow, otherCampaignsColumn } from '../set/push-rows.ts';

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

/** What only new rows tell of a push. */
interface NewColumns {
  readonly open: 1;
  readonly end_counted: number;
  readonly result_failures: 0;
}

/** The row of a new notification: what it lacks is null. */
export type NewNotificationRow = NotificationRow & NewColumns;
/** The row of a new message. */
export type NewMessageRow = MessageRow & NewColumns;

export function notificationRow(
  request: NotificationRequest,
  { serverId, sessionId, id, now }: NewNotification,
): NewNotificationRow {
  return {
    ...queuedRow(request, id, now),
    purpose: 'notification',
    device_id: request.deviceId,
    server_id: serverId,
    session_id: sessionId,
    format: request.format,
    fields: JSON.stringify(request.fields),
    default_nonce: 'none',
    resynchronise: request.resynchronise === true ? 1 : 0,
  };
}

export function messageRow(request: MessageRequest, { id, now }: NewPush, seals: Seals): NewMessageRow {
  const { initiator } = request;
  return {
    ...queuedRow(request, id, now),
    purpose: request.purpose,
    device_id: request.deviceId ?? null,
    addresses: listColumn(request.addresses),
    schemes: listColumn(request.schemes),
    server_id: request.serverId ?? null,
    session_id: null,
    format: null,
    fields: null,
    default_nonce: null,
    resynchronise: 0,
    content_type: JSON.stringify(request.contentType),
    body: seals.seal('pushes', 'body', id, bytesToHex(request.body)),
    octets: request.body.length,
    summary: JSON.stringify(request.summary),
    initiator: initiator?.initiator ?? null,
    initiator_push_id: initiator?.pushId ?? null,
    recipient: initiator?.recipient ?? null,
    notify_to: initiator?.notifyTo ?? null,
    result_due_at: null,
    held_result_at: null,
  };
}

/** What a push has of which nothing is known but that it waits. */
const waiting = {
  state: 'queued',
  open: 1,
  attempts: 0,
  sends: 0,
  failures: 0,
  refused_addresses: '[]',
  lease: 0,
  version: 0,
  result_failures: 0,
} as const;

/** The same, with what there is not yet. */
const queued = {
  ...waiting,
  reference: null,
  given_up: null,
  claimed_by: null,
  held_due_at: null,
  gated: null,
  ended_at: null,
  reason: null,
} as const;

function queuedRow(request: PushRequest, id: string, now: number) {
  const [maker] = request.campaigns ?? [];
  return {
    ...queued,
    id,
    carrier: request.carrier ?? null,
    due_at: request.notBefore ?? now,
    expires_at: request.expiresAt,
    end_counted: request.endCounted === true ? 1 : 0,
    idempotency_key: request.idempotency?.key ?? null,
    campaign_id: maker ?? null,
    other_campaigns: otherCampaignsColumn(maker, request.campaigns),
    created_at: now,
    updated_at: now,
  } as const;
}

/** Columns that new pushes of any purpose fill, besides those of `waiting`. */
const ofAll: readonly RowColumn<NewNotificationRow>[] = [
  textColumn('id', ({ id }) => id),
  textColumn('device_id', ({ device_id }) => device_id),
  textColumn('server_id', ({ server_id }) => server_id),
  textColumn('carrier', ({ carrier }) => carrier),
  numberColumn('due_at', ({ due_at }) => due_at),
  numberColumn('expires_at', ({ expires_at }) => expires_at),
  numberColumn('end_counted', ({ end_counted }) => end_counted),
  textColumn('idempotency_key', ({ idempotency_key }) => idempotency_key),
  textColumn('campaign_id', ({ campaign_id }) => campaign_id),
  textColumn('other_campaigns', ({ other_campaigns }) => other_campaigns),
  numberColumn('created_at', ({ created_at }) => created_at),
  numberColumn('updated_at', ({ updated_at }) => updated_at),
];

/** Inserts new notifications. */
export function notificationInserts(engine: SqlEngine) {
  const columns: readonly RowColumn<NewNotificationRow>[] = [
    ...ofAll,
    numberColumn('session_id', ({ session_id }) => session_id),
    textColumn('format', ({ format }) => format),
    textColumn('fields', ({ fields }) => fields),
    numberColumn('resynchronise', ({ resynchronise }) => resynchronise),
  ];
  return rowInserts(engine, 'pushes', columns, {
    ...waiting,
    purpose: 'notification',
    default_nonce: 'none',
  });
}

/** Inserts new messages. */
export function messageInserts(engine: SqlEngine) {
  const columns: readonly RowColumn<NewMessageRow>[] = [
    ...ofAll,
    textColumn('purpose', ({ purpose }) => purpose),
    textColumn('addresses', ({ addresses }) => addresses),
    textColumn('schemes', ({ schemes }) => schemes),
    textColumn('content_type', ({ content_type }) => content_type),
    textColumn('body', ({ body }) => body),
    numberColumn('octets', ({ octets }) => octets),
    textColumn('summary', ({ summary }) => summary),
    textColumn('initiator', ({ initiator }) => initiator),
    textColumn('initiator_push_id', ({ initiator_push_id }) => initiator_push_id),
    textColumn('recipient', ({ recipient }) => recipient),
    textColumn('notify_to', ({ notify_to }) => notify_to),
  ];
  return rowInserts(engine, 'pushes', columns, { ...waiting, resynchronise: 0 });
}

function listColumn(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}
