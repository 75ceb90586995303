// Rows of pushes as they are queued.
import { bytesToHex } from '../../../core/index.ts';
import type { MessageRequest, NotificationRequest, PushRequest } from '../../index.ts';
import type { PushTable } from '../engine/schema.ts';
import type { SetColumn } from '../engine/set-statement.ts';
import type { ValueType } from '../engine/unfold.ts';
import {
  contentColumns,
  type MessageRow,
  type NotificationRow,
  notificationColumns,
} from '../set/push-rows.ts';

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

export function messageRow(request: MessageRequest, { id, now }: NewPush): NewMessageRow {
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
    body: bytesToHex(request.body),
    octets: request.body.length,
    summary: JSON.stringify(request.summary),
    initiator: initiator?.initiator ?? null,
    initiator_push_id: initiator?.pushId ?? null,
    recipient: initiator?.recipient ?? null,
    notify_to: initiator?.notifyTo ?? null,
    result_due_at: null,
  };
}

/** A push of which nothing is known but that it waits. */
function queuedRow(request: PushRequest, id: string, now: number) {
  return {
    id,
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
    version: 0,
    carrier: request.carrier ?? null,
    due_at: request.notBefore ?? now,
    expires_at: request.expiresAt,
    end_counted: request.endCounted === true ? 1 : 0,
    ended_at: null,
    reason: null,
    result_failures: 0,
    idempotency_key: request.idempotency?.key ?? null,
    created_at: now,
    updated_at: now,
  } as const;
}

type ColumnName = keyof PushTable & string;

const numbers: ReadonlySet<ColumnName> = new Set([
  'session_id',
  'resynchronise',
  'octets',
  'open',
  'attempts',
  'sends',
  'failures',
  'lease',
  'version',
  'due_at',
  'expires_at',
  'end_counted',
  'ended_at',
  'result_due_at',
  'result_failures',
  'created_at',
  'updated_at',
]);

const newColumns = ['open', 'end_counted'] as const satisfies readonly ColumnName[];
/** A set of new notifications. */
export function notificationSet(rows: readonly NewNotificationRow[]): readonly SetColumn[] {
  return columnsOf([...notificationColumns, 'result_failures', ...newColumns], rows);
}

/** A set of new messages. */
export function messageSet(rows: readonly NewMessageRow[]): readonly SetColumn[] {
  return columnsOf([...notificationColumns, ...contentColumns, ...newColumns], rows);
}

function columnsOf<Name extends ColumnName>(
  names: readonly Name[],
  rows: readonly Readonly<Pick<PushTable, Name>>[],
): readonly SetColumn[] {
  return names.map((name) => ({ name, type: typeOf(name), values: rows.map((row) => row[name]) }));
}

function typeOf(name: ColumnName): ValueType {
  return numbers.has(name) ? 'number' : 'text';
}

function listColumn(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}
