// Rows that come as one JSON list each, with the device beside its push: what claims read. A row of so many columns costs twice
// that, by names that are looked up one by one.
import type { ClaimedPush, PushRecord } from '../../index.ts';
import type { DeviceTable } from '../engine/schema.ts';
import { deviceRecord } from '../record/record-rows.ts';
import type { Seals } from '../seal/seals.ts';
import {
  contentColumns,
  type MessageRow,
  type NotificationRow,
  notificationColumns,
  notificationRecord,
  pushRecord,
} from './push-rows.ts';

/** Columns of a message. */
export const messageColumns = [...notificationColumns, ...contentColumns] as const;

/** Columns of a device. */
export const deviceColumns = [
  'id',
  'server_id',
  'addresses',
  'format',
  'srv_scheme',
  'srv_name',
  'srv_secret',
  'srv_nonce',
  'cl_scheme',
  'cl_name',
  'cl_secret',
  'cl_nonce',
  'notification_secret',
  'digest_identifier',
  'srv_schemes',
  'cl_schemes',
  'tls_certificate',
  'message_keys',
  'rotations',
  'family',
  'resync_in_window',
  'resync_window_at',
  'resync_offered',
  'resync_completed',
  'reported',
  'last_session_at',
  'created_at',
  'updated_at',
  'suspended_at',
  'revision',
] as const satisfies readonly (keyof DeviceTable)[];

/** A push as it is read. */
export interface FoldedPush {
  readonly push: string;
}

/** A push and its device as they are read. */
export interface FoldedRow extends FoldedPush {
  /** Nulls where there is none. */
  readonly device: string;
}

// JSON has what the columns have.
// biome-ignore lint/suspicious/noExplicitAny: each place is of the type of its column, as the tests hold it to
type Values = readonly any[];

/** A notification with its device. */
export function foldedNotification({ push, device }: FoldedRow, readAt: number, seals: Seals): ClaimedPush {
  const record = notificationRecord(notificationRow(JSON.parse(push)));
  return claimedPush(record, JSON.parse(device), readAt, seals);
}

/** A push of any purpose, by the columns of a message. */
export function foldedPush({ push }: FoldedPush, seals: Seals): PushRecord {
  return pushRecord(messageRow(JSON.parse(push)), seals);
}

/** A push of another purpose with its device. */
export function foldedMessage({ push, device }: FoldedRow, readAt: number, seals: Seals): ClaimedPush {
  return claimedPush(foldedPush({ push }, seals), JSON.parse(device), readAt, seals);
}

function claimedPush(push: ClaimedPush['push'], device: Values, readAt: number, seals: Seals): ClaimedPush {
  if (device[0] === null) return { push, readAt };
  return { push, device: deviceRecord(deviceRow(device), seals), readAt };
}

function notificationRow(values: Values): NotificationRow {
  return {
    id: values[0],
    purpose: values[1],
    device_id: values[2],
    server_id: values[3],
    session_id: values[4],
    format: values[5],
    fields: values[6],
    default_nonce: values[7],
    resynchronise: values[8],
    state: values[9],
    attempts: values[10],
    sends: values[11],
    failures: values[12],
    refused_addresses: values[13],
    reference: values[14],
    given_up: values[15],
    lease: values[16],
    claimed_by: values[17],
    version: values[18],
    carrier: values[19],
    due_at: values[20],
    expires_at: values[21],
    ended_at: values[22],
    reason: values[23],
    idempotency_key: values[24],
    created_at: values[25],
    updated_at: values[26],
    held_due_at: values[27],
    campaign_id: values[28],
    other_campaigns: values[29],
    gated: values[30],
  };
}

function messageRow(values: Values): MessageRow {
  return {
    ...notificationRow(values),
    addresses: values[31],
    schemes: values[32],
    content_type: values[33],
    body: values[34],
    octets: values[35],
    summary: values[36],
    initiator: values[37],
    initiator_push_id: values[38],
    recipient: values[39],
    notify_to: values[40],
    result_due_at: values[41],
    result_failures: values[42],
    held_result_at: values[43],
  };
}

function deviceRow(values: Values): Pick<DeviceTable, (typeof deviceColumns)[number]> {
  return {
    id: values[0],
    server_id: values[1],
    addresses: values[2],
    format: values[3],
    srv_scheme: values[4],
    srv_name: values[5],
    srv_secret: values[6],
    srv_nonce: values[7],
    cl_scheme: values[8],
    cl_name: values[9],
    cl_secret: values[10],
    cl_nonce: values[11],
    notification_secret: values[12],
    digest_identifier: values[13],
    srv_schemes: values[14],
    cl_schemes: values[15],
    tls_certificate: values[16],
    message_keys: values[17],
    rotations: values[18],
    family: values[19],
    resync_in_window: values[20],
    resync_window_at: values[21],
    resync_offered: values[22],
    resync_completed: values[23],
    reported: values[24],
    last_session_at: values[25],
    created_at: values[26],
    updated_at: values[27],
    suspended_at: values[28],
    revision: values[29],
  };
}
