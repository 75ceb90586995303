// Webhooks and their deliveries as rows and as records.
import type {
  HeldDelivery,
  NewDelivery,
  WebhookChange,
  WebhookHealth,
  WebhookInput,
  WebhookRecord,
  WebhookSecrets,
} from '../../index.ts';
import type { WebhookDeliveryTable, WebhookTable } from '../engine/schema.ts';
import { numbers, type SetColumn, texts } from '../engine/set-statement.ts';
import type { Seals } from '../seal/seals.ts';

/** A row as selected. */
export type DeliveryRow = Omit<WebhookDeliveryTable, 'number'> & { readonly number: number };

/** A new webhook, whose feed begins after a place. */
export function newWebhookRow(
  input: WebhookInput,
  { id, now, event, notice }: { id: string; now: number; event: number; notice: number },
  seals: Seals,
): WebhookTable {
  return {
    id,
    url: input.url,
    name: input.name ?? null,
    kinds: JSON.stringify(input.kinds),
    devices: listColumn(input.devices),
    accounts: listColumn(input.accounts),
    owner: input.owner ?? null,
    actor: input.actor ?? null,
    secrets: sealedSecrets(id, input.secrets, seals),
    state: 'active',
    reason: null,
    suspended_at: null,
    event_position: event,
    notice_position: notice,
    failures: 0,
    failing_since: null,
    last_success_at: null,
    last_error_at: null,
    last_error: null,
    delivered: 0,
    dropped: 0,
    created_at: now,
    updated_at: now,
    revision: 0,
  };
}

/** The columns that a change of its owner writes. */
export function changedColumns(
  row: WebhookTable,
  change: WebhookChange,
  now: number,
  seals: Seals,
): Partial<WebhookTable> {
  const { url, name, kinds, devices, secrets, state, position } = change;
  const suspends = state === 'suspended' && row.state !== 'suspended';
  return {
    ...(url !== undefined && { url }),
    ...(name !== undefined && { name }),
    ...(kinds !== undefined && { kinds: JSON.stringify(kinds) }),
    ...(devices !== undefined && { devices: listColumn(devices ?? undefined) }),
    ...(secrets !== undefined && { secrets: sealedSecrets(row.id, secrets, seals) }),
    ...(suspends && { state, reason: change.reason ?? null, suspended_at: now }),
    ...(state === 'active' && { state, reason: null, suspended_at: null }),
    ...(position !== undefined && { event_position: position.event, notice_position: position.notice }),
    ...(change.fresh === true && { failures: 0, failing_since: null }),
    updated_at: now,
    revision: row.revision + 1,
  };
}

/** How deliveries have gone, as columns. */
export function healthColumns(health: Omit<WebhookHealth, 'dropped'>): Partial<WebhookTable> {
  return {
    failures: health.failures,
    failing_since: health.failingSince ?? null,
    last_success_at: health.lastSuccessAt ?? null,
    last_error_at: health.lastErrorAt ?? null,
    last_error: health.lastError ?? null,
    delivered: health.delivered,
  };
}

/** A webhook with what is held of it. */
export function webhookRecord(
  row: WebhookTable,
  held: { readonly waiting: number; readonly dead: number },
  seals: Seals,
): WebhookRecord {
  return {
    id: row.id,
    url: row.url,
    ...(row.name !== null && { name: row.name }),
    kinds: JSON.parse(row.kinds) as readonly string[],
    ...(row.devices !== null && { devices: JSON.parse(row.devices) as readonly string[] }),
    ...(row.accounts !== null && { accounts: JSON.parse(row.accounts) as readonly string[] }),
    ...(row.owner !== null && { owner: row.owner }),
    ...(row.actor !== null && { actor: row.actor }),
    secrets: JSON.parse(seals.open('webhooks', 'secrets', row.id, row.secrets)) as WebhookSecrets,
    state: row.state,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.suspended_at !== null && { suspendedAt: Number(row.suspended_at) }),
    position: { event: Number(row.event_position), notice: Number(row.notice_position) },
    health: {
      failures: row.failures,
      ...(row.failing_since !== null && { failingSince: Number(row.failing_since) }),
      ...(row.last_success_at !== null && { lastSuccessAt: Number(row.last_success_at) }),
      ...(row.last_error_at !== null && { lastErrorAt: Number(row.last_error_at) }),
      ...(row.last_error !== null && { lastError: row.last_error }),
      delivered: Number(row.delivered),
      dropped: Number(row.dropped),
    },
    ...held,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    revision: row.revision,
  };
}

/** Rows of deliveries that begin to wait. */
export function newDeliveries(
  webhook: string,
  held: readonly NewDelivery[],
  now: number,
): readonly SetColumn[] {
  return [
    texts('webhook_id', held, () => webhook),
    texts('event_id', held, ({ eventId }) => eventId),
    texts('lane', held, ({ lane }) => lane),
    texts('type', held, ({ type }) => type),
    numbers('at', held, ({ at }) => at),
    texts('payload', held, ({ payload }) => payload),
    texts('state', held, () => 'waiting'),
    numbers('attempts', held, ({ attempts }) => attempts),
    numbers('due_at', held, ({ dueAt }) => dueAt),
    texts('error', held, ({ error }) => error ?? null),
    numbers('updated_at', held, () => now),
  ];
}

/** A delivery that is held. */
export function deliveryRecord(row: DeliveryRow): HeldDelivery {
  return {
    number: Number(row.number),
    eventId: row.event_id,
    lane: row.lane,
    type: row.type,
    at: Number(row.at),
    payload: row.payload,
    state: row.state,
    attempts: row.attempts,
    dueAt: Number(row.due_at),
    ...(row.error !== null && { error: row.error }),
    updatedAt: Number(row.updated_at),
  };
}

function listColumn(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}

function sealedSecrets(id: string, secrets: WebhookSecrets, seals: Seals) {
  return seals.seal('webhooks', 'secrets', id, JSON.stringify(secrets));
}
