// What the store is asked for, from the fields that a caller gave for a job.
import { ValueError } from '../../core/index.ts';
import type { DeviceRecord, JobCommand, JobRequest, NotificationRequest } from '../../store/index.ts';
import { jobChoices, readJobCommands } from '../command/job-input.ts';
import type { EachRequest } from '../input/each.ts';
import { idempotencyOf } from '../input/idempotency.ts';
import { InputReader } from '../input/input-reader.ts';
import { requireDevice } from '../input/known-devices.ts';
import { neededUntil, timeoutOf, tooEarly } from '../push/notification-life.ts';
import {
  type NotificationReading,
  notificationWarnings,
  type OpenedNotification,
  readNotificationRequest,
  readOpened,
} from '../push/notification-request.ts';
import { jobFamilyWarnings } from '../warning/family-warnings.ts';

/** What jobs are read with. */
export type JobReading = Omit<NotificationReading, 'store'>;

/** A year, in seconds. */
const longestTimeout = 366 * 86_400;

/** A job of which the device is known by its id alone. */
export interface OpenedJob extends EachRequest {
  readonly deviceId: string;
  readonly commands: readonly JobCommand[];
  readonly onFailure: 'stop' | 'continue';
  /** The date that was named, milliseconds since the POSIX epoch. */
  readonly endsAt: number | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly wake: boolean;
  /** What came as `notification`, as it came. */
  readonly notification: unknown;
}

/** A job that was asked for, checked. */
export interface AskedJob {
  readonly request: JobRequest;
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
}

/**
 * Reads `{ device, commands, onFailure?, expiresAt?, timeoutSeconds?, wake?, notification? }`, but for the notification.
 * @throws {ValueError} for the first thing wrong
 */
export function openJob({ value, idempotencyKey, by }: EachRequest, { clock }: JobReading): OpenedJob {
  const input = new InputReader(value, 'a job');
  const deviceId = input.text('device', { max: 255 });
  const commands = readJobCommands(input.take('commands'), 'commands');
  const onFailure = input.optionalChoice('onFailure', jobChoices.onFailure) ?? 'stop';
  const endsAt = input.optionalTime('expiresAt');
  const timeoutSeconds = input.optionalInteger('timeoutSeconds', 1, longestTimeout);
  const wake = input.optionalBoolean('wake') ?? true;
  const notification = input.take('notification');
  input.end();
  if (endsAt !== undefined && timeoutSeconds !== undefined) {
    throw new ValueError('OUT_OF_RANGE', 'expiresAt and timeoutSeconds exclude each other', 'timeoutSeconds');
  }
  if (endsAt !== undefined && endsAt <= clock.now()) {
    throw new ValueError('OUT_OF_RANGE', 'has passed', 'expiresAt');
  }
  if (!wake && notification !== undefined) {
    throw new ValueError('OUT_OF_RANGE', 'is only for a job that wakes its device', 'notification');
  }
  return {
    value,
    idempotencyKey,
    by,
    deviceId,
    commands,
    onFailure,
    endsAt,
    timeoutSeconds,
    wake,
    notification,
  };
}

/**
 * Reads the rest, once the device has been looked for. Nothing is waited for between this and the writing of it: a clock that
 * is set between counting an end and writing it would be counted in.
 * @throws {ValueError} for the first thing wrong, and for a device that does not exist
 * @throws {ConfigError} when it is to be woken and no address of it has a configured binding
 */
export function readJob(opened: OpenedJob, found: DeviceRecord | undefined, reading: JobReading): AskedJob {
  const { deviceId, commands, onFailure, endsAt, timeoutSeconds, wake, by } = opened;
  const device = requireDevice(deviceId, found, by);
  const fields = new InputReader(opened.notification ?? {}, 'a notification', 'notification');
  const now = reading.clock.now();
  const lifetimeMs = timeoutSeconds === undefined ? reading.policy.lifetimeMs : timeoutSeconds * 1000;
  const expiresAt = endsAt ?? now + lifetimeMs;
  const counted = endsAt === undefined;
  const request = wake
    ? readNotificationRequest(fields, device, { ...reading, now }, { at: expiresAt, counted }, by)
    : undefined;
  const named = endsAt === undefined ? 'timeoutSeconds' : 'expiresAt';
  const asked = endsAt === undefined && timeoutSeconds === undefined ? undefined : named;
  return {
    request: {
      deviceId,
      commands,
      onFailure,
      expiresAt: endOfJob(request, expiresAt, asked),
      // A notification that has a date may be what decides.
      endCounted: counted && request?.endCounted !== false,
      ...(request !== undefined && { wake: request }),
      ...idempotencyOf(opened.idempotencyKey, opened.value),
    },
    warnings: [
      ...(request === undefined ? [] : notificationWarnings(device, request, now, reading.suspensions)),
      ...jobFamilyWarnings(device, commands, 'commands'),
    ],
  };
}

/**
 * Reads a notification that has a job, once the device has been looked for: `job` is a list of commands. The same holds as of
 * `readJob`.
 * @throws {ValueError} for the first thing wrong, and for a device that does not exist
 * @throws {ConfigError} when no address of the device has a configured binding that takes notifications
 */
export function readNotificationJob(
  opened: OpenedNotification,
  found: DeviceRecord | undefined,
  reading: JobReading,
): AskedJob {
  const { device, request, warnings, now } = readOpened(opened, found, reading, reading.clock.now());
  const commands = readJobCommands(opened.job, 'job');
  return {
    request: {
      deviceId: device.id,
      commands,
      onFailure: 'stop',
      // The commands may run in any session of the device, also after the notification has ended.
      expiresAt: Math.max(now + reading.policy.lifetimeMs, neededUntil(request)),
      endCounted: request.endCounted === true,
      wake: request,
    },
    warnings: [...warnings, ...jobFamilyWarnings(device, commands, 'job')],
  };
}

/**
 * When a job ends: not before the Session-ID of its notification, for a session that comes in time has to find its job.
 * @param asked the field that asked for `expiresAt`; `undefined` when it is the usual life
 * @throws {ValueError} when an earlier end was asked for
 */
function endOfJob(
  wake: NotificationRequest | undefined,
  expiresAt: number,
  asked: 'expiresAt' | 'timeoutSeconds' | undefined,
): number {
  const timeout = wake && timeoutOf(wake);
  if (wake === undefined || timeout === undefined) return expiresAt;
  if (asked === undefined) return Math.max(expiresAt, neededUntil(wake));
  if (expiresAt < wake.expiresAt) throw tooEarly(timeout, expiresAt, wake.expiresAt, asked);
  return expiresAt;
}
