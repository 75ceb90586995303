// Jobs, as callers create, cancel and read them.
import type {
  Asker,
  DeviceStore,
  JobFilter,
  JobRecord,
  JobStore,
  JobSummary,
  Page,
  PageRequest,
} from '../../store/index.ts';
import type { EachOutcome, EachRequest } from '../input/each.ts';
import { openNotification } from '../push/notification-request.ts';
import type { CreatedNotification, PushService } from '../push/push-service.ts';
import {
  hasJob,
  type JobTaking,
  notificationOf,
  takeJobs,
  takeNotificationsWithJobs,
  type WarnedJob,
} from './job-batch.ts';
import { openJob, readJob, readNotificationJob } from './job-request.ts';

export type { WarnedJob } from './job-batch.ts';

/** What the service works with. */
export interface JobServiceOptions extends JobTaking {
  readonly store: DeviceStore & JobStore;
  readonly pushes: Pick<PushService, 'createNotification' | 'createNotifications'>;
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
   * @param by who asks
   * @throws {ValueError} for the first thing wrong, and for a device that does not exist
   * @throws {ConfigError} when it is to be woken and no address of it has a configured binding
   * @throws {StoreError} SESSION_IDS_EXHAUSTED, IDEMPOTENCY_CONFLICT, TOO_MANY_JOBS
   */
  async create(value: unknown, idempotencyKey?: string, by?: Asker): Promise<WarnedJob> {
    const { store, onCreated } = this.#options;
    const opened = openJob({ value, idempotencyKey, by }, this.#options);
    const device = await store.device(opened.deviceId);
    const { request, warnings } = readJob(opened, device, this.#options);
    const created = await store.createJob(request);
    onCreated();
    return { ...created, warnings };
  }

  /**
   * Takes jobs in, each as `create` would: together, and each for itself, so that one which is refused keeps none of the others
   * back. The outcomes are in the order of the requests; it does not reject.
   */
  createEach(requests: readonly EachRequest[]): Promise<readonly EachOutcome<WarnedJob>[]> {
    return takeJobs(requests, this.#options);
  }

  /**
   * Takes a notification in, as `PushService.createNotification` does, and with it a job where `value` has one: `job` is a
   * list of commands. Both are created together.
   * @throws {ValueError} for the first thing wrong, and for a device that does not exist
   * @throws {ConfigError} when no address of the device has a configured binding
   * @throws {StoreError} SESSION_IDS_EXHAUSTED, IDEMPOTENCY_CONFLICT, TOO_MANY_JOBS
   */
  createNotification(value: unknown, idempotencyKey?: string, by?: Asker): Promise<CreatedNotification> {
    if (hasJob(value)) return this.#createWithJob({ value, idempotencyKey, by });
    return this.#options.pushes.createNotification(value, idempotencyKey, by);
  }

  async #createWithJob(asked: EachRequest): Promise<CreatedNotification> {
    const { store, onCreated } = this.#options;
    const opened = openNotification(asked);
    const device = await store.device(opened.deviceId);
    const { request, warnings } = readNotificationJob(opened, device, this.#options);
    const created = notificationOf(await store.createJob(request));
    onCreated();
    return { ...created, warnings };
  }

  /** Takes notifications in, each as `createNotification` would, in the way of `createEach`. */
  createNotifications(
    requests: readonly EachRequest[],
  ): Promise<readonly EachOutcome<CreatedNotification>[]> {
    return takeNotificationsWithJobs(requests, this.#options);
  }

  /** Ends a job that is not over, and with it the push that was to wake the device for it, where that can still be. */
  async cancel(id: string, reason = 'cancelled by request', by?: Asker): Promise<JobCancelOutcome> {
    const cancelled = await this.#options.store.cancelJob(id, reason, by?.actor);
    if (cancelled === undefined) return { outcome: 'unknown' };
    return { outcome: cancelled.verdict, job: cancelled.job };
  }

  get(id: string): Promise<JobRecord | undefined> {
    return this.#options.store.job(id);
  }

  /** Jobs, newest first. */
  list(page: PageRequest & JobFilter): Promise<Page<JobSummary>> {
    return this.#options.store.listJobs(page);
  }
}
