// Jobs, as callers create, cancel and read them.
import { type Clock, ValueError } from '../../core/index.ts';
import type {
  CreatedJob,
  DeviceStore,
  JobRecord,
  JobState,
  JobStore,
  JobSummary,
  NotificationRequest,
  Page,
  PageRequest,
} from '../../store/index.ts';
import { jobChoices, readJobCommands } from '../command/job-input.ts';
import { idempotencyOf } from '../input/idempotency.ts';
import { InputReader } from '../input/input-reader.ts';
import type { BindingTable } from '../push/bindings.ts';
import { neededUntil, timeoutOf, tooEarly } from '../push/notification-life.ts';
import { readNotification, readNotificationRequest } from '../push/notification-request.ts';
import type { PushPolicy } from '../push/push-policy.ts';
import type { CreatedNotification, PushService } from '../push/push-service.ts';
import { jobFamilyWarnings, notificationFamilyWarnings } from '../warning/family-warnings.ts';

/** What the service works with. */
export interface JobServiceOptions {
  readonly store: DeviceStore & JobStore;
  readonly pushes: Pick<PushService, 'createNotification'>;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  readonly requestedMo: number;
  /** Called when a job was created: its time may end before those of others. */
  readonly onCreated: () => void;
}

/** A year, in seconds. */
const longestTimeout = 366 * 86_400;

/** What `create` gives. */
export interface WarnedJob extends CreatedJob {
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
}

/** How a cancellation went. */
export type JobCancelOutcome =
  | { readonly outcome: 'cancelled'; readonly job: JobSummary }
  /** It is over. */
  | { readonly outcome: 'refused'; readonly job: JobSummary }
  | { readonly outcome: 'unknown' };

/** Checks what is given and keeps jobs. */
export class JobService {
  readonly #options: JobServiceOptions;

  constructor(options: JobServiceOptions) {
    this.#options = options;
  }

  /**
   * Takes a job in; it is on disk when the promise resolves. `value` is `{ device, commands, onFailure?, expiresAt?,
   * timeoutSeconds?, wake?, notification? }`. `wake` (default true) wakes the device for it; `notification` then says
   * how, with the fields that a notification has. The job's time ends at `expiresAt` or after `timeoutSeconds`, neither of
   * which may be before the end of a TIMEOUT in the notification; without either it has the life of a notification.
   * @param idempotencyKey the same key with the same value gives the same job
   * @throws {ValueError} for the first thing wrong, and for a device that does not exist
   * @throws {ConfigError} when it is to be woken and no address of it has a configured binding
   * @throws {StoreError} SESSION_IDS_EXHAUSTED, IDEMPOTENCY_CONFLICT, TOO_MANY_JOBS
   */
  async create(value: unknown, idempotencyKey?: string): Promise<WarnedJob> {
    const { store, policy, clock, onCreated } = this.#options;
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
      throw new ValueError(
        'OUT_OF_RANGE',
        'expiresAt and timeoutSeconds exclude each other',
        'timeoutSeconds',
      );
    }
    if (endsAt !== undefined && endsAt <= clock.now()) {
      throw new ValueError('OUT_OF_RANGE', 'has passed', 'expiresAt');
    }
    if (!wake && notification !== undefined) {
      throw new ValueError('OUT_OF_RANGE', 'is only for a job that wakes its device', 'notification');
    }
    const device = await store.device(deviceId);
    if (device === undefined) {
      throw new ValueError('OUT_OF_RANGE', `there is no device ${deviceId}: create it first`, 'device');
    }
    const fields = new InputReader(notification ?? {}, 'a notification', 'notification');
    // After the last wait: a clock that is set between counting an end and writing it would be counted in.
    const now = clock.now();
    const lifetimeMs = timeoutSeconds === undefined ? policy.lifetimeMs : timeoutSeconds * 1000;
    const expiresAt = endsAt ?? now + lifetimeMs;
    const counted = endsAt === undefined;
    const rules = { ...this.#options, now };
    const request = wake
      ? readNotificationRequest(fields, device, rules, { at: expiresAt, counted })
      : undefined;
    const named = endsAt === undefined ? 'timeoutSeconds' : 'expiresAt';
    const asked = endsAt === undefined && timeoutSeconds === undefined ? undefined : named;
    const warnings = [
      ...(request === undefined ? [] : notificationFamilyWarnings(device, request, now)),
      ...jobFamilyWarnings(device, commands, 'commands'),
    ];
    const created = await store.createJob({
      deviceId,
      commands,
      onFailure,
      expiresAt: endOfJob(request, expiresAt, asked),
      // A notification that has a date may be what decides.
      endCounted: counted && request?.endCounted !== false,
      ...(request !== undefined && { wake: request }),
      ...idempotencyOf(idempotencyKey, value),
    });
    onCreated();
    return { ...created, warnings };
  }

  /**
   * Takes a notification in, as `PushService.createNotification` does, and with it a job where `value` has one: `job` is a
   * list of commands. Both are created together.
   * @throws {ValueError} for the first thing wrong, and for a device that does not exist
   * @throws {ConfigError} when no address of the device has a configured binding
   * @throws {StoreError} SESSION_IDS_EXHAUSTED, IDEMPOTENCY_CONFLICT, TOO_MANY_JOBS
   */
  async createNotification(value: unknown, idempotencyKey?: string): Promise<CreatedNotification> {
    const { store, pushes, policy, onCreated } = this.#options;
    if (!hasJob(value)) return pushes.createNotification(value, idempotencyKey);
    const asked = await readNotification(value, idempotencyKey, this.#options);
    const { device, request, warnings, now } = asked;
    const commands = readJobCommands(asked.job, 'job');
    const { job, notification, created } = await store.createJob({
      deviceId: device.id,
      commands,
      onFailure: 'stop',
      // The commands may run in any session of the device, also after the notification has ended.
      expiresAt: Math.max(now + policy.lifetimeMs, neededUntil(request)),
      endCounted: request.endCounted === true,
      wake: request,
    });
    if (notification === undefined) throw new TypeError('a job that wakes has a notification');
    onCreated();
    const ofJob = jobFamilyWarnings(device, commands, 'job');
    return { push: notification, job, created, warnings: [...warnings, ...ofJob] };
  }

  /** Ends a job that is not over, and with it the push that was to wake the device for it, where that can still be. */
  async cancel(id: string, reason = 'cancelled by request'): Promise<JobCancelOutcome> {
    const cancelled = await this.#options.store.cancelJob(id, reason);
    if (cancelled === undefined) return { outcome: 'unknown' };
    return { outcome: cancelled.verdict, job: cancelled.job };
  }

  get(id: string): Promise<JobRecord | undefined> {
    return this.#options.store.job(id);
  }

  list(
    page: PageRequest & { readonly deviceId?: string; readonly state?: JobState },
  ): Promise<Page<JobSummary>> {
    return this.#options.store.listJobs(page);
  }
}

function hasJob(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'job' in value && value.job !== undefined;
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
