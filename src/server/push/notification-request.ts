// What the queue is asked for, from the fields that a caller gave for one of the devices.
import { contentTypeOf, notificationFormats } from '../../codec/notification/index.ts';
import { ValueError } from '../../core/index.ts';
import type { DeviceRecord, EnqueueRequest } from '../../store/index.ts';
import { completeMessage } from '../compose/composer.ts';
import type { InputReader } from '../input/input-reader.ts';
import { type BindingTable, requireRoad, requireRoadFor } from './bindings.ts';
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

/**
 * Reads `{ notBefore?, expiresAt?, resynchronise?, format? }` and the fields of the message; nothing else may be left in
 * `input`. `latest` is the end of a notification that names none, absent: the policy's; `counted` says that it was counted
 * from now. A TIMEOUT in the message decides: see `endOfLife`.
 * @throws {ValueError} for the first thing wrong
 * @throws {ConfigError} when no address of the device has a configured binding that takes notifications
 */
export function readNotificationRequest(
  input: InputReader,
  device: DeviceRecord,
  { bindings, policy, requestedMo, now }: RequestRules,
  latest?: { readonly at: number; readonly counted: boolean },
): EnqueueRequest {
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
  requireRoad(bindings, device.addresses, device.id);
  requireRoadFor(contentTypeOf(format), bindings, policy, device);
  const identity = { serverId: device.serverId, sessionId: 1 };
  const sentAt = notBefore ?? now;
  const message = atPathOf(input, () => completeMessage(format, fields, identity, sentAt, requestedMo));
  const bounds = { sentAt, expiresAt: endsAt, otherwise: latest?.at ?? sentAt + policy.lifetimeMs };
  const timed = { format, fields: { ...message } };
  const expiresAt = atPathOf(input, () => endOfLife(timed, bounds));
  if (expiresAt <= now) {
    const path = input.pathOf(timeoutOf(timed)?.field ?? 'expiresAt');
    throw new ValueError('OUT_OF_RANGE', 'has passed: it would never be sent', path);
  }
  return {
    deviceId: device.id,
    format,
    message: storedFields(message, fields),
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

/** Errors of the message tell where in the caller's value it stands. */
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
function storedFields(message: object, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { format: _, serverId: __, sessionId: ___, ...fields } = { ...message } as Record<string, unknown>;
  if (given.timestamp === undefined) delete fields.timestamp;
  if (given.requestedMo === undefined) delete fields.requestedMo;
  return fields;
}
