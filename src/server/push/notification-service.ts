// Notifications, as callers create, cancel and read them.
import { type Clock, ValueError } from '../../core/index.ts';
import type {
  CreatedJob,
  DeviceStore,
  Enqueued,
  EventStore,
  JobStore,
  JobSummary,
  NotificationEvent,
  NotificationQueue,
  NotificationReader,
  NotificationRecord,
  NotificationState,
  Page,
  PageRequest,
} from '../../store/index.ts';
import { readJobCommands } from '../command/job-input.ts';
import { idempotencyOf } from '../input/idempotency.ts';
import { InputReader } from '../input/input-reader.ts';
import { jobFamilyWarnings, notificationFamilyWarnings } from '../warning/family-warnings.ts';
import type { BindingTable } from './bindings.ts';
import { neededUntil } from './notification-life.ts';
import { readNotificationRequest } from './notification-request.ts';
import type { PushPolicy } from './push-policy.ts';

/** What the service works with. */
export interface NotificationServiceOptions {
  readonly store: DeviceStore & NotificationQueue & NotificationReader & EventStore & JobStore;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  readonly requestedMo: number;
}

/** What `create` gives. */
export interface CreatedNotification extends Enqueued {
  /** The job that came with it. */
  readonly job?: JobSummary;
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
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
   * resynchronise?, job? }` and the fields of the message without `serverId` and `sessionId`; `format` defaults to the
   * device's. `job` is a list of commands: they become a job of the device, created together with the notification.
   * @param idempotencyKey the same key with the same value gives the same notification
   * @throws {ValueError} for the first thing wrong, and for a device that does not exist
   * @throws {ConfigError} when no address of the device has a configured binding
   * @throws {StoreError} SESSION_IDS_EXHAUSTED, IDEMPOTENCY_CONFLICT, TOO_MANY_JOBS
   */
  async create(value: unknown, idempotencyKey?: string): Promise<CreatedNotification> {
    const { store, policy, clock } = this.#options;
    const now = clock.now();
    const input = new InputReader(value, 'a notification');
    const deviceId = input.text('device', { max: 255 });
    const job = input.take('job');
    const device = await store.device(deviceId);
    if (device === undefined) {
      throw new ValueError('OUT_OF_RANGE', `there is no device ${deviceId}: create it first`, 'device');
    }
    const request = {
      ...readNotificationRequest(input, device, { ...this.#options, now }),
      ...idempotencyOf(idempotencyKey, value),
    };
    const warnings = notificationFamilyWarnings(device, request, now);
    if (job === undefined) return { ...(await store.enqueue(request)), warnings };
    const commands = readJobCommands(job, 'job');
    const created = await store.createJob({
      deviceId,
      commands,
      onFailure: 'stop',
      // The commands may run in any session of the device, also after the notification has ended.
      expiresAt: Math.max(now + policy.lifetimeMs, neededUntil(request)),
      endCounted: request.endCounted === true,
      wake: request,
    });
    return withNotification(created, [...warnings, ...jobFamilyWarnings(device, commands, 'job')]);
  }

  /** Ends a notification that is not over and whose session has not begun. Its job, if it has one, stays. */
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

  /** The job that was created with a notification. */
  jobOf(id: string): Promise<JobSummary | undefined> {
    return this.#options.store.jobOfNotification(id);
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

function withNotification(
  { job, notification, created }: CreatedJob,
  warnings: readonly string[],
): CreatedNotification {
  if (notification === undefined) throw new TypeError('a job that wakes has a notification');
  return { notification, job, created, warnings };
}
