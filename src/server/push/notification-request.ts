// What the queue is asked for, from the fields that a caller gave for one of the devices.
import { notificationFormats } from '../../codec/notification/index.ts';
import { type Clock, ValueError } from '../../core/index.ts';
import { contentTypes } from '../../push/index.ts';
import type {
  Asker,
  IdempotencyMark,
  JobSummary,
  NotificationPush,
  NotificationRequest,
  NotifiedDevice,
} from '../../store/index.ts';
import { type Suspensions, suspensionWarnings } from '../carrier/suspension-warning.ts';
import { completeFields } from '../compose/composer.ts';
import type { EachRequest } from '../input/each.ts';
import { idempotencyOf } from '../input/idempotency.ts';
import { InputReader } from '../input/input-reader.ts';
import { requireDevice } from '../input/known-devices.ts';
import { notificationFamilyWarnings } from '../warning/family-warnings.ts';
import { type BindingTable, requireRoute, requireRouteFor } from './bindings.ts';
import { endOfLife, timeoutOf } from './notification-life.ts';
import type { PushPolicy } from './push-policy.ts';
import { firstCarrier } from './routes.ts';

/** What requests are checked against. */
export interface RequestRules {
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly requestedMo: number;
  /** Which carriers are suspended: whoever asks for a push over one is told. Absent: none is. */
  readonly suspensions?: Suspensions | undefined;
  /** Milliseconds since the POSIX epoch. */
  readonly now: number;
}

/** What a notification that somebody asks for is read with. */
export interface NotificationReading extends Omit<RequestRules, 'now'> {
  readonly clock: Clock;
}

/** A notification that was asked for, checked. */
export interface AskedNotification<Device extends NotifiedDevice> {
  readonly device: Device;
  readonly request: NotificationRequest;
  /** What came as `job`, as it came. */
  readonly job: unknown;
  /** What the device's family would not take (docs/families.md), and whether its carrier is suspended. */
  readonly warnings: readonly string[];
  /** When it was read, milliseconds since the POSIX epoch. */
  readonly now: number;
}

/** What creating a notification gives. */
export interface CreatedNotification {
  readonly push: NotificationPush;
  /** The job that came with it. */
  readonly job?: JobSummary;
  /** False when the idempotency key had been used for it before. */
  readonly created: boolean;
  /** What the device's family would not take (docs/families.md), and whether its carrier is suspended. */
  readonly warnings: readonly string[];
}

/** A notification of which the device is known by its id alone. */
export interface OpenedNotification extends EachRequest {
  readonly deviceId: string;
  readonly idempotency: IdempotencyMark | undefined;
  /** What came as `job`, as it came. */
  readonly job: unknown;
  /** What is left to read. */
  readonly input: InputReader;
}

/** Reads `{ device, job? }` of a notification. @throws {ValueError} */
export function openNotification({ value, idempotencyKey, by }: EachRequest): OpenedNotification {
  const input = new InputReader(value, 'a notification');
  const deviceId = input.text('device', { max: 255 });
  const job = input.take('job');
  const { idempotency } = idempotencyOf(idempotencyKey, value);
  return { value, idempotencyKey, by, deviceId, idempotency, job, input };
}

/**
 * Reads the rest, as `readNotificationRequest` does, once the device has been looked for; again and again, if need be. Between
 * `now`, from which its end counts (milliseconds since the POSIX epoch), and the writing of it the clock may be set only where
 * the store knows of it: within the transaction.
 * @throws {ValueError} for the first thing wrong, and for a device that does not exist
 * @throws {ConfigError} when no address of the device has a configured binding that takes notifications
 */
export function readOpened<Device extends NotifiedDevice>(
  { deviceId, idempotency, job, input, by }: OpenedNotification,
  found: Device | undefined,
  { bindings, policy, requestedMo, suspensions }: Omit<RequestRules, 'now'>,
  now: number,
): AskedNotification<Device> {
  const device = requireDevice(deviceId, found, by);
  const read = readNotificationRequest(
    input.fork(),
    device,
    { bindings, policy, requestedMo, now },
    undefined,
    by,
  );
  const request = idempotency === undefined ? read : { ...read, idempotency };
  return { device, request, job, warnings: notificationWarnings(device, request, now, suspensions), now };
}

/** What is worth saying of a notification: its device's family, and its carrier while that is suspended. */
export function notificationWarnings(
  device: NotifiedDevice,
  request: NotificationRequest,
  now: number,
  suspensions: Suspensions | undefined,
): readonly string[] {
  const ofFamily = notificationFamilyWarnings(device, request, now);
  const ofCarrier = suspensionWarnings(suspensions, request.carrier);
  return ofCarrier.length === 0 ? ofFamily : [...ofFamily, ...ofCarrier];
}

/**
 * Reads `{ notBefore?, expiresAt?, resynchronise?, format? }` and the fields of the notification; nothing else may be left in
 * `input`. `latest` is the end of a notification that names none, absent: the policy's; `counted` says that it was counted
 * from now. A TIMEOUT in it decides: see `endOfLife`. `by` is who asks.
 * @throws {ValueError} for the first thing wrong
 * @throws {ConfigError} when no address of the device has a configured binding that takes notifications
 */
export function readNotificationRequest(
  input: InputReader,
  device: NotifiedDevice,
  { bindings, policy, requestedMo, now }: RequestRules,
  latest?: { readonly at: number; readonly counted: boolean },
  by?: Asker,
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
  const contentType = contentTypes[format];
  const carrier = firstCarrier({ bindings, policy }, contentType, device.addresses);
  if (carrier === undefined) {
    requireRoute(bindings, device.addresses, device.id);
    requireRouteFor(contentType, bindings, policy, device);
  }
  const identity = { serverId: device.serverId, sessionId: 1 };
  const sentAt = notBefore ?? now;
  const complete = atPathOf(input, () => completeFields(format, fields, identity, sentAt, requestedMo));
  const bounds = { sentAt, expiresAt: endsAt, otherwise: latest?.at ?? sentAt + policy.lifetimeMs };
  const timed = { format, fields: complete as unknown as Readonly<Record<string, unknown>> };
  const expiresAt = atPathOf(input, () => endOfLife(timed, bounds));
  if (expiresAt <= now) {
    const path = input.pathOf(timeoutOf(timed)?.field ?? 'expiresAt');
    throw new ValueError('OUT_OF_RANGE', 'has passed: it would never be sent', path);
  }
  const request: { -readonly [Field in keyof NotificationRequest]: NotificationRequest[Field] } = {
    purpose: 'notification',
    deviceId: device.id,
    format,
    fields: storedFields(timed.fields, fields),
    expiresAt,
    endCounted:
      notBefore === undefined &&
      endsAt === undefined &&
      fields.timestamp === undefined &&
      (latest?.counted ?? true),
  };
  if (notBefore !== undefined) request.notBefore = notBefore;
  if (carrier !== undefined) request.carrier = carrier;
  if (by?.actor !== undefined) request.actor = by.actor;
  if (resynchronise !== undefined) request.resynchronise = resynchronise;
  return request;
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
function storedFields(complete: Fields, given: Fields): Fields {
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(complete)) {
    if (ofServer.has(name) || (added.has(name) && given[name] === undefined)) continue;
    fields[name] = complete[name];
  }
  return fields;
}

type Fields = Readonly<Record<string, unknown>>;

/** What the server sets in every notification. */
const ofServer: ReadonlySet<string> = new Set(['format', 'serverId', 'sessionId']);
/** What it sets where the creator did not. */
const added: ReadonlySet<string> = new Set(['timestamp', 'requestedMo']);
