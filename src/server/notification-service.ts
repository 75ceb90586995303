// Notifications, as callers create, cancel and read them.
import { notificationFormats } from '../codec/notification/index.ts';
import { bytesToHex, type Clock, sha256, utf8ToBytes, ValueError } from '../core/index.ts';
import type {
  DeviceStore,
  Enqueued,
  EventStore,
  NotificationEvent,
  NotificationQueue,
  NotificationReader,
  NotificationRecord,
  NotificationState,
  Page,
  PageRequest,
} from '../store/index.ts';
import { type BindingTable, requireRoad } from './bindings.ts';
import { completeMessage, messageExpiresAt } from './composer.ts';
import { InputReader } from './input-reader.ts';
import type { PushPolicy } from './push-policy.ts';

/** What the service works with. */
export interface NotificationServiceOptions {
  readonly store: DeviceStore & NotificationQueue & NotificationReader & EventStore;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  readonly requestedMo: number;
}

/** How a cancellation went. */
export type CancelOutcome =
  | { readonly outcome: 'cancelled'; readonly notification: NotificationRecord }
  /** Its state does not allow it: it is over, or its session is under way. */
  | { readonly outcome: 'refused'; readonly notification: NotificationRecord }
  | { readonly outcome: 'unknown' };

/** Checks what is given and keeps notifications. */
export class NotificationService {
  readonly #options: NotificationServiceOptions;

  constructor(options: NotificationServiceOptions) {
    this.#options = options;
  }

  /**
   * Takes a notification in; it is on disk when the promise resolves. `value` is `{ device, notBefore?, expiresAt?,
   * resynchronise? }` and the fields of the message without `serverId` and `sessionId`; `format` defaults to the
   * device's.
   * @param idempotencyKey the same key with the same value gives the same notification
   * @throws {ValueError} for the first thing wrong, and for a device that does not exist
   * @throws {ConfigError} when no address of the device has a configured binding
   * @throws {StoreError} SESSION_IDS_EXHAUSTED, IDEMPOTENCY_CONFLICT
   */
  async create(value: unknown, idempotencyKey?: string): Promise<Enqueued> {
    const { store, bindings, policy, clock, requestedMo } = this.#options;
    const now = clock.now();
    const input = new InputReader(value, 'a notification');
    const deviceId = input.text('device', { max: 255 });
    const notBefore = input.optionalTime('notBefore');
    const endsAt = input.optionalTime('expiresAt');
    const resynchronise = input.optionalBoolean('resynchronise');
    const givenFormat = input.optionalChoice('format', notificationFormats);
    for (const name of ['serverId', 'sessionId']) {
      if (input.take(name) !== undefined) {
        throw new ValueError('UNKNOWN_FIELD', 'is set by the server: leave it out', name);
      }
    }
    const fields = input.rest();
    const device = await store.device(deviceId);
    if (device === undefined) {
      throw new ValueError('OUT_OF_RANGE', `there is no device ${deviceId}: create it first`, 'device');
    }
    requireRoad(bindings, device.addresses, deviceId);
    const format = givenFormat ?? device.format;
    const identity = { serverId: device.serverId, sessionId: 1 };
    const message = completeMessage(format, fields, identity, now, requestedMo);
    const expiresAt = Math.min(
      endsAt ?? (notBefore ?? now) + policy.lifetimeMs,
      messageExpiresAt(message, notBefore ?? now) ?? Infinity,
    );
    if (expiresAt <= now) {
      throw new ValueError('OUT_OF_RANGE', 'has passed: it would never be sent', 'expiresAt');
    }
    return store.enqueue({
      deviceId,
      format,
      message: storedFields(message, fields),
      expiresAt,
      ...(notBefore !== undefined && { notBefore }),
      ...(resynchronise !== undefined && { resynchronise }),
      ...(idempotencyKey !== undefined && {
        idempotency: { key: idempotencyKey, fingerprint: fingerprintOf(value) },
      }),
    });
  }

  /** Ends a notification that is not over and whose session has not begun. */
  async cancel(id: string, reason = 'cancelled by request'): Promise<CancelOutcome> {
    const [outcome] = await this.#options.store.change([
      { id, change: { event: 'cancelled', detail: reason } },
    ]);
    if (outcome === undefined) return { outcome: 'unknown' };
    const { verdict, notification } = outcome;
    return { outcome: verdict === 'changed' ? 'cancelled' : 'refused', notification };
  }

  get(id: string): Promise<NotificationRecord | undefined> {
    return this.#options.store.notification(id);
  }

  list(
    page: PageRequest & { readonly deviceId?: string; readonly state?: NotificationState },
  ): Promise<Page<NotificationRecord>> {
    return this.#options.store.listNotifications(page);
  }

  timeline(id: string): Promise<readonly NotificationEvent[] | undefined> {
    return this.#options.store.timeline(id);
  }

  eventsAfter(sequence: number, limit: number): Promise<readonly NotificationEvent[]> {
    return this.#options.store.eventsAfter(sequence, limit);
  }

  /** Calls `listener` with each event once it is on disk. Gives what ends the subscription. */
  onEvent(listener: (event: NotificationEvent) => void): () => void {
    return this.#options.store.onEvent(listener);
  }
}

/** The checked fields without what the server sets; a timestamp only when the creator gave one. */
function storedFields(message: object, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { format: _, serverId: __, sessionId: ___, ...fields } = { ...message } as Record<string, unknown>;
  if (given.timestamp === undefined) delete fields.timestamp;
  if (given.requestedMo === undefined) delete fields.requestedMo;
  return fields;
}

/** Says what was asked, whatever the order of the fields. */
function fingerprintOf(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}
