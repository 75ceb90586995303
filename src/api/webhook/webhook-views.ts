// Webhooks as the API shows them: no secrets.
import type { Static } from 'typebox';
import type { IssuedWebhook, WebhookTest } from '../../server/index.ts';
import { feedCursor, type HeldDelivery, type WebhookRecord } from '../../store/index.ts';
import { isoTime } from '../shapes/iso-time.ts';
import type {
  DeadDeliveryShape,
  IssuedWebhookShape,
  WebhookShape,
  WebhookTestShape,
} from './webhook-shapes.ts';

export function webhookView(record: WebhookRecord): Static<typeof WebhookShape> {
  const { health, name, devices, accounts, owner, reason, secrets } = record;
  return {
    id: record.id,
    url: record.url,
    kinds: [...record.kinds],
    ...(name !== undefined && { name }),
    ...(devices !== undefined && { devices: [...devices] }),
    ...(accounts !== undefined && { accounts: [...accounts] }),
    ...(owner !== undefined && { owner }),
    state: record.state,
    ...(reason !== undefined && { reason }),
    ...moment('suspendedAt', record.suspendedAt),
    position: feedCursor(record.position),
    waiting: record.waiting,
    dead: record.dead,
    delivered: health.delivered,
    dropped: health.dropped,
    failures: health.failures,
    ...moment('failingSince', health.failingSince),
    ...moment('lastSuccessAt', health.lastSuccessAt),
    ...moment('lastErrorAt', health.lastErrorAt),
    ...(health.lastError !== undefined && { lastError: health.lastError }),
    ...moment('previousSecretUntil', secrets.previous?.until),
    createdAt: isoTime(record.createdAt),
    updatedAt: isoTime(record.updatedAt),
  };
}

export function issuedWebhookView({ record, secret }: IssuedWebhook): Static<typeof IssuedWebhookShape> {
  return { ...webhookView(record), secret };
}

export function webhookTestView({ eventId, ...test }: WebhookTest): Static<typeof WebhookTestShape> {
  return { event: eventId, ...test };
}

export function deadView(delivery: HeldDelivery): Static<typeof DeadDeliveryShape> {
  const { eventId, type, at, attempts, error, updatedAt, payload } = delivery;
  return {
    event: eventId,
    type,
    at: isoTime(at),
    attempts,
    ...(error !== undefined && { error }),
    failedAt: isoTime(updatedAt),
    body: payload,
  };
}

function moment<Name extends string>(name: Name, at: number | undefined): { readonly [N in Name]?: string } {
  return (at === undefined ? {} : { [name]: isoTime(at) }) as { readonly [N in Name]?: string };
}
