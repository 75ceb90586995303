// What the queue is asked for, from the fields that a caller gave for one of the devices.
import { contentTypeOf, notificationFormats } from '../../codec/notification/index.ts';
import { type Clock, ValueError } from '../../core/index.ts';
import type { DeviceRecord, DeviceStore, NotificationRequest } from '../../store/index.ts';
import { completeFields } from '../compose/composer.ts';
import { idempotencyOf } from '../input/idempotency.ts';
import { InputReader } from '../input/input-reader.ts';
import { notificationFamilyWarnings } from '../warning/family-warnings.ts';
import { type BindingTable, requireRoute, requireRouteFor } from './bindings.ts';
import { endOfLife, timeoutOf } from './notification-life.ts';
import type { PushPolicy } from './push-policy.ts';

/** What requests are checked against. */
export interface RequestRules {
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly requestedMo: number;
  /** Milliseconds since the POSIX epoch. */
  readonly now: number;
}

/** What a notification that somebody asks for is read with. */
export interface NotificationReading extends Omit<RequestRules, 'now'> {
  readonly store: Pick<DeviceStore, 'device'>;
  readonly clock: Clock;
}

/** A notification that was asked for, checked. */
export interface AskedNotification {
  readonly device: DeviceRecord;
  readonly request: NotificationRequest;
  /** What came as `job`, as it came. */
  readonly job: unknown;
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
  /** When it was read, milliseconds since the POSIX epoch. */
  readonly now: number;
}

/**
 * Reads `{ device, job? }` and what `readNotificationRequest` takes.
 * @throws {ValueError} for the first thing wrong, and for a device that does not exist
 * @throws {ConfigError} when no address of the device has a configured binding that takes notifications
 */
export async function readNotification(
  value: unknown,
  idempotencyKey: string | undefined,
  reading: NotificationReading,
): Promise<AskedNotification> {
  const input = new InputReader(value, 'a notification');
  const deviceId = input.text('device', { max: 255 });
  const job = input.take('job');
  const device = await reading.store.device(deviceId);
  if (device === undefined) {
    throw new ValueError('OUT_OF_RANGE', `there is no device ${deviceId}: create it first`, 'device');
  }
  // After the last wait: a clock that is set between counting an end and writing it would be counted in.
  const now = reading.clock.now();
  const request = {
    ...readNotificationRequest(input, device, { ...reading, now }),
    ...idempotencyOf(idempotencyKey, value),
  };
  return { device, request, job, warnings: notificationFamilyWarnings(device, request, now), now };
}

/**
 * Reads `{ notBefore?, expiresAt?, resynchronise?, format? }` and the fields of the notification; nothing else may be left in
 * `input`. `latest` is the end of a notification that names none, absent: the policy's; `counted` says that it was counted
 * from now. A TIMEOUT in it decides: see `endOfLife`.
 * @throws {ValueError} for the first thing wrong
 * @throws {ConfigError} when no address of the device has a configured binding that takes notifications
 */
export function readNotificationRequest(
  input: InputReader,
  device: DeviceRecord,
  { bindings, policy, requestedMo, now }: RequestRules,
  latest?: { readonly at: number; readonly counted: boolean },
): NotificationRequest {
  const notBefore = input.optionalTime('notBefore');
  const endsAt = input.optionalTime('expiresAt');
  const resynchronise = input.optionalBoolean('resynchronise');
  const format = input.optionalChoice('format', notificationFormats) ?? device.format;
  for (const name of ['serverId', 'sessionId']) {
    if (input.take(name) !== undefined) {
      throw new ValueError('UNKNOWN_FIELD', 'is set by the server: leave it out', input.pathOf(name));
    }
  }
  const fields = input.rest();
  requireRoute(bindings, device.addresses, device.id);
  requireRouteFor(contentTypeOf(format), bindings, policy, device);
  const identity = { serverId: device.serverId, sessionId: 1 };
  const sentAt = notBefore ?? now;
  const complete = atPathOf(input, () => completeFields(format, fields, identity, sentAt, requestedMo));
  const bounds = { sentAt, expiresAt: endsAt, otherwise: latest?.at ?? sentAt + policy.lifetimeMs };
  const timed = { format, fields: { ...complete } };
  const expiresAt = atPathOf(input, () => endOfLife(timed, bounds));
  if (expiresAt <= now) {
    const path = input.pathOf(timeoutOf(timed)?.field ?? 'expiresAt');
    throw new ValueError('OUT_OF_RANGE', 'has passed: it would never be sent', path);
  }
  return {
    purpose: 'notification',
    deviceId: device.id,
    format,
    fields: storedFields(complete, fields),
    expiresAt,
    endCounted:
      notBefore === undefined &&
      endsAt === undefined &&
      fields.timestamp === undefined &&
      (latest?.counted ?? true),
    ...(notBefore !== undefined && { notBefore }),
    ...(resynchronise !== undefined && { resynchronise }),
  };
}

/** Errors of its fields tell where in the caller's value it stands. */
function atPathOf<Result>(input: InputReader, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const path = error.path === '' ? input.path : input.pathOf(error.path);
    throw new ValueError(error.code, error.detail, path, error.spec, { cause: error });
  }
}

/** The checked fields without what the server sets; a timestamp only when the creator gave one. */
function storedFields(complete: object, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { format: _, serverId: __, sessionId: ___, ...fields } = { ...complete } as Record<string, unknown>;
  if (given.timestamp === undefined) delete fields.timestamp;
  if (given.requestedMo === undefined) delete fields.requestedMo;
  return fields;
}
