// Rows of pushes to records and back.
import { hexToBytes, StoreError } from '../../../core/index.ts';
import type {
  MessagePush,
  NotificationPush,
  PushInitiatorMark,
  PushPurpose,
  PushRecord,
  StoredContentType,
} from '../../index.ts';
import type { KeyScope, PushTable } from '../engine/schema.ts';
import type { Seals } from '../seal/seals.ts';

/** A row of pushes as selected. */
export type PushRow = PushTable;

/** Columns of a notification: the others say nothing of it, and each that is read costs time. */
export const notificationColumns = [
  'id',
  'purpose',
  'device_id',
  'server_id',
  'session_id',
  'format',
  'fields',
  'default_nonce',
  'resynchronise',
  'state',
  'attempts',
  'sends',
  'failures',
  'refused_addresses',
  'reference',
  'given_up',
  'lease',
  'claimed_by',
  'version',
  'carrier',
  'due_at',
  'expires_at',
  'ended_at',
  'reason',
  'idempotency_key',
  'created_at',
  'updated_at',
  'held_due_at',
  'campaign_id',
  'other_campaigns',
  'gated',
] as const satisfies readonly (keyof PushTable)[];

/** What only a message has. */
export const contentColumns = [
  'addresses',
  'schemes',
  'content_type',
  'body',
  'octets',
  'summary',
  'initiator',
  'initiator_push_id',
  'recipient',
  'notify_to',
  'result_due_at',
  'result_failures',
  'held_result_at',
] as const satisfies readonly (keyof PushTable)[];

/** A row with the columns of a notification, at least. */
export type NotificationRow = Pick<PushTable, (typeof notificationColumns)[number]>;
/** A row with the columns of a message, at least. */
export type MessageRow = NotificationRow & Pick<PushTable, (typeof contentColumns)[number]>;

/** What a row says. @throws {StoreError} DAMAGED when it lacks a column of its purpose */
export function pushRecord(row: MessageRow, seals: Seals): PushRecord {
  if (row.purpose === 'notification') return notificationRecord(row);
  const { body, unreadable } = bodyOf(row, seals);
  const record = messageRecord(row, row.purpose, body);
  return unreadable === undefined ? record : { ...record, unreadable };
}

/** The body of a message. One that does not open is no reason that nobody may read or end the push. */
function bodyOf(row: MessageRow, seals: Seals): { readonly body: Uint8Array; readonly unreadable?: string } {
  try {
    return { body: hexToBytes(seals.open('pushes', 'body', row.id, held(row, 'body'))) };
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'SEAL_BROKEN') throw error;
    return { body: new Uint8Array(0), unreadable: error.message };
  }
}

/** As `pushRecord`, for the row of a notification. */
export function notificationRecord(row: NotificationRow): NotificationPush {
  return withOptional<NotificationPush>(row, {
    id: row.id,
    purpose: 'notification',
    deviceId: held(row, 'device_id'),
    serverId: held(row, 'server_id'),
    sessionId: held(row, 'session_id'),
    format: held(row, 'format'),
    fields: fieldsOf(held(row, 'fields')),
    defaultNonce: held(row, 'default_nonce'),
    resynchronise: row.resynchronise !== 0,
    state: row.state,
    attempts: row.attempts,
    sends: row.sends,
    failures: row.failures,
    refusedAddresses: listOf(row.refused_addresses),
    lease: row.lease,
    version: row.version,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}

/** As `pushRecord`, for a row of that purpose whose body is known. */
export function messageRecord(
  row: MessageRow,
  purpose: MessagePush['purpose'],
  body: Uint8Array,
): MessagePush {
  const record: Changeable<MessagePush> = {
    id: row.id,
    purpose,
    contentType: contentTypeOf(held(row, 'content_type')),
    body,
    octets: held(row, 'octets'),
    summary: summaryOf(held(row, 'summary')),
    resultFailures: row.result_failures,
    state: row.state,
    attempts: row.attempts,
    sends: row.sends,
    failures: row.failures,
    refusedAddresses: listOf(row.refused_addresses),
    lease: row.lease,
    version: row.version,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
  const initiator = initiatorOf(row);
  if (row.device_id !== null) record.deviceId = row.device_id;
  if (row.addresses !== null) record.addresses = listOf(row.addresses);
  if (row.schemes !== null) record.schemes = listOf(row.schemes);
  if (row.server_id !== null) record.serverId = row.server_id;
  if (initiator !== undefined) record.initiator = initiator;
  if (row.result_due_at !== null) record.resultDueAt = row.result_due_at;
  if (row.held_result_at !== null) record.heldResultAt = row.held_result_at;
  return withOptional<MessagePush>(row, record);
}

type Changeable<Push> = { -readonly [Field in keyof Push]: Push[Field] };

/** The record with what not every push has. */
function withOptional<Push extends PushRecord>(row: NotificationRow, record: Changeable<PushRecord>): Push {
  if (row.reference !== null) record.reference = row.reference;
  if (row.given_up !== null) record.givenUp = row.given_up;
  if (row.claimed_by !== null) record.claimedBy = row.claimed_by;
  if (row.carrier !== null) record.carrier = row.carrier;
  if (row.due_at !== null) record.dueAt = row.due_at;
  if (row.held_due_at !== null) record.heldDueAt = row.held_due_at;
  if (row.reason !== null) record.reason = row.reason;
  if (row.idempotency_key !== null) record.idempotencyKey = row.idempotency_key;
  if (row.ended_at !== null) record.endedAt = row.ended_at;
  if (row.campaign_id !== null) record.campaign = row.campaign_id;
  const campaigns = campaignsOf(row);
  if (campaigns !== undefined) record.campaigns = campaigns;
  if (row.gated === 1) record.gated = true;
  return record as Push;
}

/** The campaigns that a push is for; most are for none. */
function campaignsOf(row: Pick<PushRow, 'campaign_id' | 'other_campaigns'>): readonly string[] | undefined {
  const { campaign_id: maker, other_campaigns: others } = row;
  if (others !== null) return [...(maker === null ? [] : [maker]), ...(JSON.parse(others) as string[])];
  return maker === null ? undefined : [maker];
}

/** The others as a column has them. */
export function otherCampaignsColumn(
  maker: string | undefined,
  campaigns: readonly string[] | undefined,
): string | null {
  const others = campaigns?.filter((each) => each !== maker) ?? none;
  return others.length === 0 ? null : JSON.stringify(others);
}

/** Most lists are empty. */
function listOf(json: string): readonly string[] {
  return json === '[]' ? none : (JSON.parse(json) as string[]);
}

const none: readonly string[] = Object.freeze([]);

const fieldsOf = rememberingLast<NotificationPush['fields']>();
const contentTypeOf = rememberingLast<StoredContentType>();
const summaryOf = rememberingLast<MessagePush['summary']>();

/** Reads JSON, and gives the same object for the same text: pushes of one campaign say the same, one after the other. */
function rememberingLast<Value extends object>(): (json: string) => Value {
  let last: { readonly json: string; readonly value: Value } | undefined;
  return (json) => {
    if (last?.json !== json) last = { json, value: Object.freeze(JSON.parse(json) as Value) };
    return last.value;
  };
}

function initiatorOf(row: MessageRow): PushInitiatorMark | undefined {
  const { initiator, initiator_push_id: pushId, recipient, notify_to: notifyTo } = row;
  if (initiator === null || pushId === null || recipient === null) return undefined;
  return { initiator, pushId, recipient, ...(notifyTo !== null && { notifyTo }) };
}

function held<Row extends Pick<PushRow, 'id' | 'purpose'>, Column extends keyof Row & string>(
  row: Row,
  column: Column,
): NonNullable<Row[Column]> {
  const value = row[column];
  if (value === null || value === undefined)
    throw new StoreError('DAMAGED', `the ${row.purpose} ${row.id} has no ${column}`);
  return value;
}

/** What shares the idempotency keys of a push. */
export function keyScopeOf(purpose: PushPurpose): KeyScope {
  return purpose === 'notification' ? 'notification' : 'message';
}
